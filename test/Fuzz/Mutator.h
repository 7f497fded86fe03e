// What mutators of all formats choose from.
#ifndef TFC_TEST_FUZZ_MUTATOR_H
#define TFC_TEST_FUZZ_MUTATOR_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace tfc {

/// Deterministic in its seed.
class Mutator {
public:
  /// Changes `size` bytes in place, which may grow to `capacity`; gives their new number.
  using MutateBytes = std::function<size_t(uint8_t *bytes, size_t size, size_t capacity)>;
  /// `operators` are the names to choose operators from.
  Mutator(uint32_t seed, const std::vector<std::string> &operators, MutateBytes mutateBytes)
      : operators(operators), random(seed), mutateBytes(std::move(mutateBytes)) {}

protected:
  size_t below(size_t limit) { return limit ? random() % limit : 0; }
  bool oneIn(size_t n) { return below(n) == 0; }
  template <class Choices> auto &pick(Choices &choices) { return choices[below(std::size(choices))]; }

  int64_t integer() {
    static constexpr int64_t edges[] = {0,         1,         2,         3,         4,         7,         16,
                                        63,        64,        65,        127,       255,       256,       1000,
                                        INT32_MAX, 1LL << 31, 1LL << 32, 1LL << 48, 1LL << 62, INT64_MAX, INT64_MIN};
    int64_t value = pick(edges);
    return oneIn(4) && value != INT64_MIN ? -value : oneIn(4) ? int64_t(below(8)) : value;
  }
  float number() {
    using Limits = std::numeric_limits<float>;
    static constexpr float edges[] = {
        0, 0.5f, 1, 2, 1e30f, 1e-30f, Limits::max(), Limits::infinity(), Limits::quiet_NaN()};
    float value = pick(edges);
    return oneIn(3) ? -value : value;
  }
  void mutateText(std::string &text) {
    size_t size = text.size();
    text.resize(size + 16);
    text.resize(mutateBytes(reinterpret_cast<uint8_t *>(text.data()), size, text.size()));
  }
  /// Changes one of a field's numbers, adds or drops one.
  template <class Field, class Make> void mutateList(Field &field, Make make) {
    size_t how = below(4);
    if (field.empty() || how == 0)
      field.Add(make());
    else if (how == 1)
      field.RemoveLast();
    else
      field.Set(below(field.size()), make());
  }

  const std::vector<std::string> &operators;

private:
  std::minstd_rand random;
  MutateBytes mutateBytes;
};

} // namespace tfc

#endif // TFC_TEST_FUZZ_MUTATOR_H
