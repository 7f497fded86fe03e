// Pieces of attention that its variants share: tensors are [batch, heads, sequence, size].
#ifndef TFC_LIB_IMPORT_ONNX_ATTENTION_H
#define TFC_LIB_IMPORT_ONNX_ATTENTION_H

#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// [batch, sequence, heads * size] by heads; null after an error.
mlir::Value splitHeads(NodeContext &c, mlir::Value x, int64_t heads);
/// The reverse: [batch, sequence, heads * size].
mlir::Value joinHeads(GraphBuilder &b, mlir::Value x);

/// Matrix product of each head of x with the head of y that it shares: with fewer heads
/// in y, consecutive ones of x form a group.
mlir::Value multiplyHeads(GraphBuilder &b, mlir::Value x, mlir::Value y);
/// Fails unless every key head serves equally many query heads.
mlir::LogicalResult checkHeads(NodeContext &c, mlir::AffineExpr queryHeads, mlir::AffineExpr keyHeads);

/// Products of queries and keys times the node's `scale`, 1/sqrt(head size) by default.
mlir::Value scaledScores(NodeContext &c, mlir::Value query, mlir::Value key);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_ATTENTION_H
