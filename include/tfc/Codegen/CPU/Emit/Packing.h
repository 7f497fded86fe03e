// Layouts of weights that the compiler rearranges, and the rearranging itself.
#ifndef TFC_CODEGEN_CPU_EMIT_PACKING_H
#define TFC_CODEGEN_CPU_EMIT_PACKING_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace tfc::cpu {

/// Columns in one panel of packed weights, on every target: AVX-512 reads a panel's row as one vector, AVX2 as two.
constexpr int64_t kPanel = 16;

inline int64_t panelCount(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

/// A matrix KxN (or, `transposed`, NxK), row-major, as panels [ceil(N/16)][K][16]; columns past N hold zero.
std::vector<float> packMatmulWeights(llvm::ArrayRef<float> weights, int64_t k, int64_t n, bool transposed = false);

/// Filters [O][I][KH][KW] as panels [ceil(O/16)][KH][KW][I][16]; filters past O are zero.
std::vector<float> packConvolutionWeights(llvm::ArrayRef<float> weights, int64_t outputs, int64_t inputs,
                                          int64_t height, int64_t width);

/// One filter a channel, [C][KH][KW], as panels [ceil(C/16)][KH][KW][16]; filters past C are zero.
std::vector<float> packDepthwiseWeights(llvm::ArrayRef<float> weights, int64_t channels, int64_t height, int64_t width);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_PACKING_H
