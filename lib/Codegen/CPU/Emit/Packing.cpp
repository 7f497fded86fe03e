// Packing of weights at compile time.
#include "tfc/Codegen/CPU/Emit/Packing.h"

#include <algorithm>
#include <cassert>

namespace tfc::cpu {

std::vector<float> packMatmulWeights(llvm::ArrayRef<float> weights, int64_t k, int64_t n, bool transposed) {
  assert(static_cast<int64_t>(weights.size()) == k * n && "weights must be KxN");
  std::vector<float> packed(panelCount(n) * k * kPanel);
  for (int64_t column = 0; column < n; ++column) {
    float *panel = packed.data() + column / kPanel * k * kPanel + column % kPanel;
    const float *source = weights.data() + (transposed ? column * k : column);
    const int64_t stride = transposed ? 1 : n;
    for (int64_t depth = 0; depth < k; ++depth)
      panel[depth * kPanel] = source[depth * stride];
  }
  return packed;
}

std::vector<float> packConvolutionWeights(llvm::ArrayRef<float> weights, int64_t outputs, int64_t inputs,
                                          int64_t height, int64_t width) {
  const int64_t taps = height * width;
  assert(static_cast<int64_t>(weights.size()) == outputs * inputs * taps && "weights must be OxIxHxW");
  std::vector<float> packed(panelCount(outputs) * taps * inputs * kPanel);
  for (int64_t output = 0; output < outputs; ++output)
    for (int64_t input = 0; input < inputs; ++input)
      for (int64_t tap = 0; tap < taps; ++tap)
        packed[((output / kPanel * taps + tap) * inputs + input) * kPanel + output % kPanel] =
            weights[(output * inputs + input) * taps + tap];
  return packed;
}

std::vector<float> packDepthwiseWeights(llvm::ArrayRef<float> weights, int64_t channels, int64_t height,
                                        int64_t width) {
  return packConvolutionWeights(weights, channels, 1, height, width);
}

} // namespace tfc::cpu
