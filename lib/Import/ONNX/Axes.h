// Axes of nodes, which newer opsets let the step compute.
#ifndef TFC_LIB_IMPORT_ONNX_AXES_H
#define TFC_LIB_IMPORT_ONNX_AXES_H

#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// The axes in an input or else in the attribute `axes`, constant ones checked and all
/// taken from the front; nothing where the node has none.
mlir::FailureOr<std::optional<GraphBuilder::Dims>> axesOf(NodeContext &c, unsigned input, int64_t rank);

/// 1 where `axis` is among `axes`, else 0.
mlir::AffineExpr isAmong(GraphBuilder &b, llvm::ArrayRef<mlir::AffineExpr> axes, int64_t axis);

/// What `import` gives for the axes, in ascending order. Where only run time tells them, a
/// choice among every set of that many axes; null after an error.
mlir::Value withAxes(NodeContext &c, llvm::ArrayRef<mlir::AffineExpr> axes, int64_t rank,
                     llvm::function_ref<mlir::Value(llvm::ArrayRef<int64_t>)> import);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_AXES_H
