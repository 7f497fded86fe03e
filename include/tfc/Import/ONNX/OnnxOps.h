// ONNX's operators for importers of other formats: most of what another format calls by
// another name is one of them, or two.
#ifndef TFC_IMPORT_ONNX_ONNXOPS_H
#define TFC_IMPORT_ONNX_ONNXOPS_H

#include <variant>

#include "tfc/Import/Common/OpContext.h"

namespace tfc {

struct OnnxAttribute {
  llvm::StringRef name;
  std::variant<int64_t, double, llvm::StringRef, llvm::SmallVector<int64_t>> value;
};

/// The outputs of an operator of ONNX's default domain in its newest version, imported in
/// place of `node`, which errors name. Null inputs are left out. After an error, which is
/// reported, every output is null.
///
///   importOnnxOp(c, c.name(), "TopK", {x, k}, {{"axis", -1}}, 2)
llvm::SmallVector<mlir::Value> importOnnxOp(OpContext &c, llvm::StringRef node, llvm::StringRef op,
                                            llvm::ArrayRef<mlir::Value> inputs,
                                            llvm::ArrayRef<OnnxAttribute> attributes = {}, unsigned outputs = 1);

} // namespace tfc

#endif // TFC_IMPORT_ONNX_ONNXOPS_H
