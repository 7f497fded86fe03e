// Sizes of a convolution and how its windows meet the borders of the input.
#ifndef TFC_LIB_CODEGEN_CPU_EMIT_CONVOLUTIONSHAPE_H
#define TFC_LIB_CODEGEN_CPU_EMIT_CONVOLUTIONSHAPE_H

#include "KernelBuilder.h"
#include "tfc/Codegen/CPU/Emit/Convolution.h"

namespace tfc::cpu {

/// One spatial dimension: its sizes, and the window that slides over it.
struct SlidingDim {
  Window window;
  int64_t kernel;
  Value input, output;

  /// Whether some window may reach beyond the input.
  bool crossesBorder() const;
  /// Position in the input of the window's first element; may be negative.
  Value start(KernelBuilder &kb, Value output) const;
  /// The part [low, high) of the kernel that lies inside the input; empty, or low > high, if none does.
  std::pair<Value, Value> insideKernel(KernelBuilder &kb, Value start) const;
};

/// The values of a convolution's sizes.
struct ConvolutionShape {
  ConvolutionShape(KernelBuilder &kb, Value input, Value output, const ConvolutionSizes &sizes, const Window &height,
                   const Window &width);

  Value images;
  SlidingDim height, width;
  /// Output channels, and input channels of each filter.
  int64_t outputs, inputs;
  /// Rows of output pixels over all images.
  Value lines;
};

} // namespace tfc::cpu

#endif // TFC_LIB_CODEGEN_CPU_EMIT_CONVOLUTIONSHAPE_H
