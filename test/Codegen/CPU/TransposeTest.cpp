// Emitted transposes against plain loops: ranks, tails, parts of the output.
#include "tfc/Codegen/CPU/Emit/Transpose.h"

#include "JitKernel.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tfc;
using namespace tfc::test;

namespace {

/// Transposes input of `sizes` in two calls, cut along dimension `split` of the output.
void run(const std::vector<int64_t> &sizes, const std::vector<int64_t> &permutation, int64_t split, bool isStatic,
         const std::string &cpuName) {
  SCOPED_TRACE(testing::Message() << testing::PrintToString(sizes) << " by " << testing::PrintToString(permutation));
  const size_t rank = sizes.size();
  std::vector<int64_t> outputSizes;
  for (int64_t from : permutation)
    outputSizes.push_back(sizes[from]);
  auto known = [&](std::vector<int64_t> extents) {
    return isStatic ? extents : std::vector<int64_t>(rank, ShapedType::kDynamic);
  };
  Type index = IndexType::get(&JitKernel::context());
  const auto target = *cpu::CpuTarget::get(processorName(cpuName));
  const JitKernel kernel(
      {floats(known(sizes)), floats(known(outputSizes)), index, index},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        cpu::emitTranspose(b, loc, target, {args[0], args[1], permutation}, split, args[2], args[3]);
      },
      cpuName);
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  const int64_t guard = 64, cut = outputSizes[split] / 3;
  std::vector<float> input = randomFloats(count, 1), output(count + guard, -7);
  for (auto [begin, end] : {std::pair(int64_t(0), cut), std::pair(cut, outputSizes[split])})
    kernel({Buffer(input, sizes), Buffer(output, outputSizes)}, {begin, end});
  for (int64_t i = 0; i < guard; ++i)
    ASSERT_EQ(output[count + i], -7) << "wrote past the end";
  for (int64_t i = 0; i < count; ++i) {
    std::vector<int64_t> at(rank);
    for (int64_t d = rank - 1, rest = i; d >= 0; rest /= outputSizes[d--])
      at[permutation[d]] = rest % outputSizes[d];
    int64_t from = 0;
    for (size_t d = 0; d < rank; ++d)
      from = from * sizes[d] + at[d];
    ASSERT_EQ(output[i], input[from]) << "element " << i;
  }
}

class TransposeTest : public testing::TestWithParam<std::string> {};

TEST_P(TransposeTest, Matrices) {
  for (int64_t rows : {1, 7, 16, 33})
    for (int64_t columns : {1, 8, 31, 64})
      for (int64_t split : {0, 1})
        run({rows, columns}, {1, 0}, split, rows % 2, GetParam());
}

TEST_P(TransposeTest, Images) {
  run({2, 19, 5, 7}, {0, 2, 3, 1}, 0, true, GetParam());
  run({2, 5, 7, 19}, {0, 3, 1, 2}, 1, false, GetParam());
}

TEST_P(TransposeTest, AllReversed) { run({3, 17, 4, 18}, {3, 2, 1, 0}, 1, true, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Processors, TransposeTest, testing::ValuesIn(testProcessors()), processorLabel);

} // namespace
