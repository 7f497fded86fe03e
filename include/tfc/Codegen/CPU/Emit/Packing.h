// Layouts of weights that the compiler rearranges, and the rearranging itself.
#ifndef TFC_CODEGEN_CPU_EMIT_PACKING_H
#define TFC_CODEGEN_CPU_EMIT_PACKING_H

#include <cstdint>
#include <vector>

namespace tfc::cpu {

/// Columns in one panel of packed weights, on every target: AVX-512 reads a panel's row of f32 as one vector, AVX2 as
/// two.
constexpr int64_t kPanel = 16;

inline int64_t panelCount(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

// Elements of f32, f64, of 16 bits and of bytes: T is float, double, uint16_t or int8_t.

/// A matrix KxN (or, `transposed`, NxK), row-major, as panels [ceil(N/16)][K][16]; columns past N hold zero.
template <class T>
std::vector<T> packMatmulWeights(const std::vector<T> &weights, int64_t k, int64_t n, bool transposed = false);

/// Filters [O][I][KH][KW] as panels [ceil(O/16)][KH][KW][I][16]; filters past O are zero.
template <class T>
std::vector<T> packConvolutionWeights(const std::vector<T> &weights, int64_t outputs, int64_t inputs, int64_t height,
                                      int64_t width);

/// Filters [O][I][3][3] as emitWinograd reads them, [6][6][ceil(O/16)][I][16]: transformed in f64, then rounded;
/// filters past O are zero.
std::vector<float> packWinogradWeights(const std::vector<float> &weights, int64_t outputs, int64_t inputs);

/// One filter a channel, [C][KH][KW], as panels [ceil(C/16)][KH][KW][16]; filters past C are zero.
template <class T>
std::vector<T> packDepthwiseWeights(const std::vector<T> &weights, int64_t channels, int64_t height, int64_t width);

/// Panels [...][K][16] of bytes as panels [...][ceil(K/4)][16] of words: each has four bytes of a column, the first in
/// its lowest bits; bytes past K are zero.
std::vector<int32_t> packByteWords(const std::vector<int8_t> &panels, int64_t k);

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_PACKING_H
