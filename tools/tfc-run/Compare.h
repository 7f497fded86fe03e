// How far a result is from its reference.
#ifndef TFC_TOOLS_RUN_COMPARE_H
#define TFC_TOOLS_RUN_COMPARE_H

#include "Value.h"

#include <cstdint>
#include <string>

namespace tfc::run {

struct Tolerance {
  double relative, absolute;
};

/// What a comparison of two arrays found. The largest errors are over elements that
/// are finite on both sides.
struct Difference {
  uint64_t count = 0; // elements outside the tolerance
  uint64_t first = 0; // index of the first of them, in row-major order
  double maxAbsolute = 0;
  double maxRelative = 0; // of elements whose reference is not 0
};

/// Compares `size` elements: they agree where |got - want| <= absolute + relative *
/// |want|, where both are NaN, or where both are the same infinity.
Difference compareElements(int32_t dtype, const uint8_t *got, const uint8_t *want, uint64_t size, Tolerance tolerance);

/// Compares values with references one after the other and prints a line for each.
class Comparison {
public:
  explicit Comparison(Tolerance tolerance) : tolerance(tolerance) {}
  void compare(const std::string &name, const tfc_tensor_t &got, Value &want);
  /// How many values were compared.
  int count() const { return compared; }
  bool agrees() const { return firstDiverging.empty(); }
  /// The first value that does not agree, and where and how it differs.
  const std::string &first() const { return firstDiverging; }

private:
  void compareTensor(const std::string &name, const tfc_tensor_t &got, const Array &want);
  void diverge(const std::string &name, const std::string &why);

  Tolerance tolerance;
  int compared = 0;
  std::string firstDiverging;
};

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_COMPARE_H
