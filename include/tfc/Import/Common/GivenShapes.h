// Shapes of inputs that options give: "x=?x3x224xW".
#ifndef TFC_IMPORT_COMMON_GIVENSHAPES_H
#define TFC_IMPORT_COMMON_GIVENSHAPES_H

#include <string>
#include <vector>

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"

namespace tfc {

/// An extent: a number, a name, or open.
struct GivenDim {
  int64_t extent = mlir::ShapedType::kDynamic;
  std::string name;
};
/// By input.
using GivenShapes = llvm::StringMap<llvm::SmallVector<GivenDim>>;

/// Reads options of the form NAME=DIMxDIM. `bad` gives a diagnostic to complete.
mlir::LogicalResult readGivenShapes(llvm::ArrayRef<std::string> options, GivenShapes &shapes,
                                    llvm::function_ref<mlir::InFlightDiagnostic()> bad);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_GIVENSHAPES_H
