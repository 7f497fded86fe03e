// Names of the dynamic extents in a step's signature.
#ifndef TFC_IMPORT_COMMON_DIMNAMES_H
#define TFC_IMPORT_COMMON_DIMNAMES_H

#include "tfc/Import/Common/GraphBuilder.h"
#include "llvm/ADT/StringSet.h"

namespace tfc {

/// Gives equal extents of one step equal names: those of its arguments, or else
/// "EDGE.AXIS" after the result that has them first. Add arguments before results.
class DimNames {
public:
  explicit DimNames(GraphBuilder &b) : b(b) {}

  /// Takes the names in `dfg.dims` of an argument.
  void add(mlir::Value argument, mlir::ArrayAttr names);
  /// The `dfg.dims` of a result. `preferred` is the file's own name of a dimension, or "".
  mlir::ArrayAttr of(mlir::Value value, llvm::StringRef edge,
                     llvm::function_ref<llvm::StringRef(unsigned)> preferred = {});

private:
  GraphBuilder &b;
  llvm::DenseMap<mlir::AffineExpr, std::string> names;
  llvm::StringSet<> taken;
};

} // namespace tfc

#endif // TFC_IMPORT_COMMON_DIMNAMES_H
