// Attributes that convolutions and pools have in common: where their windows lie.
#ifndef TFC_LIB_IMPORT_ONNX_WINDOWS_H
#define TFC_LIB_IMPORT_ONNX_WINDOWS_H

#include "tfc/Import/Common/Windows.h"
#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// `strides` or `dilations` of a node: positive, 1 by default.
mlir::FailureOr<llvm::SmallVector<int64_t>> readSteps(NodeContext &c, llvm::StringRef name, unsigned count);
/// `pads` of a node: as many as two per dimension, 0 by default.
mlir::FailureOr<llvm::SmallVector<int64_t>> readPads(NodeContext &c, unsigned count);
/// Windows of a node that reads input 0.
mlir::FailureOr<Windows> readWindows(NodeContext &c, llvm::ArrayRef<mlir::AffineExpr> kernel);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_WINDOWS_H
