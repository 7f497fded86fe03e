// Pooling over images whose channels come last.
#ifndef TFC_CODEGEN_CPU_EMIT_POOLING_H
#define TFC_CODEGEN_CPU_EMIT_POOLING_H

#include "tfc/Codegen/CPU/Emit/Convolution.h"

namespace tfc::cpu {

enum class PoolingKind {
  /// The sum of the inputs in the window.
  sum,
  /// The largest input of the window. Of a NaN and numbers, the numbers.
  max,
  /// The mean of the inputs in the window.
  average,
  /// The sum of the inputs in the window divided by the kernel's size.
  averageWithPadding
};

/// Batch, height and width may be dynamic, channels and kernel sizes not.
struct PoolingOperands {
  /// memref<N x H x W x C x T>, channels contiguous, outer strides free; T is f32, f64, f16 or bf16.
  mlir::Value input;
  /// memref<N x OH x OW x C x T>, channels contiguous; T is what the epilogue gives, sumTypeOf(the input's elements)
  /// without one.
  mlir::Value output;
  PoolingKind kind;
  int64_t kernelHeight, kernelWidth;
  Window height, width;

  /// For ConvolutionPlan::getDepthwise: pooling is cut into work units as depthwise convolutions are.
  ConvolutionSizes sizes() const;
};

/// Computes work units [begin, end). Every window of which an average is taken must hold at least one input.
void emitPooling(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target, const PoolingOperands &operands,
                 mlir::Value begin, mlir::Value end, Epilogue epilogue = {});

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_POOLING_H
