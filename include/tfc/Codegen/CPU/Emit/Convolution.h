// Convolutions over images whose channels come last.
#ifndef TFC_CODEGEN_CPU_EMIT_CONVOLUTION_H
#define TFC_CODEGEN_CPU_EMIT_CONVOLUTION_H

#include "mlir/IR/AffineMap.h"
#include "tfc/Codegen/CPU/Emit/Elements.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"
#include "tfc/Codegen/CPU/Emit/Target.h"

namespace tfc::cpu {

/// How windows lie on the input along one dimension: output o sees inputs o * stride - padding + i * dilation for
/// each i of the kernel. Inputs beyond the borders count as zero; padding after the end follows from the output's size.
struct Window {
  int64_t stride = 1, dilation = 1, padding = 0;
};

/// Batch, height and width may be dynamic, channels and kernel sizes not. A convolution along one dimension has height
/// 1; one of 1x1 with stride 1 and no padding is better written as a product over all pixels.
///
/// Elements are f32, f64, f16 or bf16, or bytes: one side unsigned, the other signed. f16 and bf16 are widened to f32.
/// Bytes need at least 4 channels and are not convolved depthwise.
struct ConvolutionOperands {
  /// memref<N x H x W x C x T>. Outer strides are free; channels must be contiguous if there are more than
  /// kFewChannels of them. With few, any strides will do, so that channels-first images can be read in place.
  mlir::Value input;
  /// memref<ceil(O/16) x KH x KW x C x 16 x T> as packConvolutionWeights lays them out; for a depthwise
  /// convolution memref<ceil(C/16) x KH x KW x 16 x T> as packDepthwiseWeights does. Bytes are words,
  /// memref<ceil(O/16) x KH x KW x ceil(C/4) x 16 x i32> as packByteWords makes them. With an input of f32, weights
  /// that are not depthwise may be bytes [...][16], too, which are widened.
  mlir::Value weights;
  /// memref<N x OH x OW x O x T>, channels contiguous; T is what the epilogue gives, sumTypeOf(the input's elements)
  /// without one.
  mlir::Value output;
  Window height, width;
  /// Whether bytes of the input are unsigned, and those of the weights signed, or the other way round; where only the
  /// weights are bytes, whether they are signed.
  bool unsignedInput = true;
};

constexpr int64_t kFewChannels = 4;

/// The sizes that planning looks at; of those, the output's width may be ShapedType::kDynamic.
struct ConvolutionSizes {
  /// Input channels of each filter, output channels.
  int64_t inputs, outputs;
  int64_t kernelHeight, kernelWidth, outputWidth;
  /// What the input holds; null is f32.
  mlir::Type element = {};

  static ConvolutionSizes of(const ConvolutionOperands &operands, bool depthwise);
};

/// How a convolution is cut into work units, by the target and the static sizes alone. Every output is one sum, in
/// order of kernel row, kernel column and channel, whatever the cut: results do not depend on it.
struct ConvolutionPlan {
  /// The register tile, in pixels of one output row and vectors of channels.
  int64_t tilePixels, tileVectors;
  /// About the size of one work unit: rows of pixels (over all images), and channels.
  int64_t unitLines, unitChannels;
  /// How many input channels (of bytes, words of them) one pass over a unit takes.
  int64_t depth;

  static ConvolutionPlan get(const CpuTarget &target, const ConvolutionSizes &sizes);
  static ConvolutionPlan getDepthwise(const CpuTarget &target, const ConvolutionSizes &sizes);
  static ConvolutionPlan get(const CpuTarget &target, const ConvolutionOperands &operands) {
    return get(target, ConvolutionSizes::of(operands, /*depthwise=*/false));
  }
  static ConvolutionPlan getDepthwise(const CpuTarget &target, const ConvolutionOperands &operands) {
    return getDepthwise(target, ConvolutionSizes::of(operands, /*depthwise=*/true));
  }

  /// (N * OH, O) -> (row units, channel units). A kernel has the product of the two as work units, numbered row by row.
  mlir::AffineMap units(mlir::MLIRContext *context) const;
};

/// Computes work units [begin, end). Uses at most 80 KB of stack.
void emitConvolution(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target,
                     const ConvolutionOperands &operands, mlir::Value begin, mlir::Value end, Epilogue epilogue = {});

/// As emitConvolution, with one filter a channel.
void emitDepthwiseConvolution(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target,
                              const ConvolutionOperands &operands, mlir::Value begin, mlir::Value end,
                              Epilogue epilogue = {});

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_CONVOLUTION_H
