// Packing of weights at compile time.
#include "tfc/Codegen/CPU/Emit/Packing.h"

#include <algorithm>
#include <cassert>

std::vector<float> tfc::cpu::packMatmulWeights(llvm::ArrayRef<float> weights, int64_t k, int64_t n, bool transposed) {
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
