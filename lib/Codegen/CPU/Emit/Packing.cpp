// Packing of weights at compile time.
#include "tfc/Codegen/CPU/Emit/Packing.h"

#include "WinogradPoints.h"
#include "tfc/Codegen/CPU/Emit/Elements.h"

#include <algorithm>
#include <cassert>

namespace tfc::cpu {

template <class T>
std::vector<T> packMatmulWeights(const std::vector<T> &weights, int64_t k, int64_t n, bool transposed) {
  assert(static_cast<int64_t>(weights.size()) == k * n && "weights must be KxN");
  std::vector<T> packed(panelCount(n) * k * kPanel);
  for (int64_t column = 0; column < n; ++column) {
    T *panel = packed.data() + column / kPanel * k * kPanel + column % kPanel;
    const T *source = weights.data() + (transposed ? column * k : column);
    const int64_t stride = transposed ? 1 : n;
    for (int64_t depth = 0; depth < k; ++depth)
      panel[depth * kPanel] = source[depth * stride];
  }
  return packed;
}

template <class T>
std::vector<T> packConvolutionWeights(const std::vector<T> &weights, int64_t outputs, int64_t inputs, int64_t height,
                                      int64_t width) {
  const int64_t taps = height * width;
  assert(static_cast<int64_t>(weights.size()) == outputs * inputs * taps && "weights must be OxIxHxW");
  std::vector<T> packed(panelCount(outputs) * taps * inputs * kPanel);
  for (int64_t output = 0; output < outputs; ++output)
    for (int64_t input = 0; input < inputs; ++input)
      for (int64_t tap = 0; tap < taps; ++tap)
        packed[((output / kPanel * taps + tap) * inputs + input) * kPanel + output % kPanel] =
            weights[(output * inputs + input) * taps + tap];
  return packed;
}

template <class T>
std::vector<T> packDepthwiseWeights(const std::vector<T> &weights, int64_t channels, int64_t height, int64_t width) {
  return packConvolutionWeights(weights, channels, 1, height, width);
}

#define INSTANTIATE(T)                                                                                                 \
  template std::vector<T> packMatmulWeights(const std::vector<T> &, int64_t, int64_t, bool);                           \
  template std::vector<T> packConvolutionWeights(const std::vector<T> &, int64_t, int64_t, int64_t, int64_t);          \
  template std::vector<T> packDepthwiseWeights(const std::vector<T> &, int64_t, int64_t, int64_t)
INSTANTIATE(float);
INSTANTIATE(double);
INSTANTIATE(uint16_t);
INSTANTIATE(int8_t);
#undef INSTANTIATE

std::vector<float> packWinogradWeights(const std::vector<float> &weights, int64_t outputs, int64_t inputs) {
  assert(static_cast<int64_t>(weights.size()) == outputs * inputs * 9 && "weights must be OxIx3x3");
  // A filter is a polynomial; its value at a point is divided by the product of the differences to the others.
  double rows[6][3] = {{0}, {kNearPoint}, {-kNearPoint}, {kFarPoint}, {-kFarPoint}, {0}};
  for (int64_t i = 0; i < 5; ++i) {
    const double point = rows[i][0];
    double divisor = 1;
    for (double other : {0.0, kNearPoint, -kNearPoint, kFarPoint, -kFarPoint})
      divisor *= other == point ? 1 : point - other;
    for (int64_t power = 0; power < 3; ++power)
      rows[i][power] = (power == 0 ? 1 : power == 1 ? point : point * point) / divisor;
  }
  rows[5][2] = 1;
  const int64_t panels = panelCount(outputs);
  std::vector<float> packed(36 * panels * inputs * kPanel);
  for (int64_t output = 0; output < outputs; ++output)
    for (int64_t input = 0; input < inputs; ++input) {
      const float *filter = weights.data() + (output * inputs + input) * 9;
      for (int64_t i = 0; i < 6; ++i)
        for (int64_t j = 0; j < 6; ++j) {
          double sum = 0;
          for (int64_t tap = 0; tap < 9; ++tap)
            sum += rows[i][tap / 3] * rows[j][tap % 3] * filter[tap];
          packed[(((i * 6 + j) * panels + output / kPanel) * inputs + input) * kPanel + output % kPanel] = sum;
        }
    }
  return packed;
}

std::vector<int32_t> packByteWords(const std::vector<int8_t> &panels, int64_t k) {
  const int64_t words = (k + kWordBytes - 1) / kWordBytes, count = k ? panels.size() / (k * kPanel) : 0;
  std::vector<int32_t> packed(count * words * kPanel);
  for (int64_t panel = 0; panel < count; ++panel)
    for (int64_t depth = 0; depth < k; ++depth)
      for (int64_t column = 0; column < kPanel; ++column) {
        const auto byte = static_cast<uint8_t>(panels[(panel * k + depth) * kPanel + column]);
        packed[(panel * words + depth / kWordBytes) * kPanel + column] |= uint32_t(byte) << 8 * (depth % kWordBytes);
      }
  return packed;
}

} // namespace tfc::cpu
