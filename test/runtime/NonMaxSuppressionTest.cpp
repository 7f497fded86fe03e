// non_max_suppression: the cases of its specification, and agreement over threads.
#include "OperationHarness.h"

using namespace tfc::test;

namespace {
class NonMaxSuppression : public testing::Test {
protected:
  // Runs with the first `inputCount` inputs.
  std::vector<int64_t> selected(size_t inputCount = 5, int64_t centered = 0, int32_t threadCount = 1) {
    int64_t n = static_cast<int64_t>(boxes.size()) / 4 / batches;
    std::vector<tfc_tensor_t> inputs{tensor(boxes, {batches, n, 4}), tensor(scores, {batches, classes, n}),
                                     tensor(limit, {1}), tensor(overlap, {1}), tensor(least, {1})};
    inputs.resize(inputCount);
    Outcome outcome = runOperation(tfc_operation_non_max_suppression, inputs, {unbound()}, {centered}, threadCount);
    EXPECT_EQ(outcome.status, TFC_STATUS_OK) << outcome.message;
    EXPECT_EQ(outcome[0].shape()[1], 3);
    return outcome[0].values<int64_t>();
  }

  int64_t batches = 1, classes = 1;
  std::vector<float> boxes{0, 0,    1, 1,    0, 0.1f,  1, 1.1f,  0, -0.1f, 1, 0.9f,
                           0, 10.f, 1, 11.f, 0, 10.1f, 1, 11.1f, 0, 100,   1, 101};
  std::vector<float> scores{0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f};
  std::vector<int64_t> limit{3};
  std::vector<float> overlap{0.5f}, least{0};
};
} // namespace

TEST_F(NonMaxSuppression, TakesByScore) { EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 3, 0, 0, 0, 0, 0, 5})); }

TEST_F(NonMaxSuppression, HonoursTheLimit) {
  limit[0] = 2;
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 3, 0, 0, 0}));
  limit[0] = 0;
  EXPECT_TRUE(selected().empty());
  limit[0] = -1;
  EXPECT_TRUE(selected().empty());
  EXPECT_TRUE(selected(2).empty());
  limit[0] = INT64_MAX;
  EXPECT_EQ(selected().size(), 9u);
}

TEST_F(NonMaxSuppression, ScoreMustExceedTheThreshold) {
  least[0] = 0.9f;
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 3}));
  scores[5] = -1;
  EXPECT_EQ(selected(4).size(), 9u);
}

TEST_F(NonMaxSuppression, CornersInAnyOrder) {
  for (size_t box = 0; box < boxes.size(); box += 8)
    std::swap(boxes[box], boxes[box + 2]), std::swap(boxes[box + 1], boxes[box + 3]);
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 3, 0, 0, 0, 0, 0, 5}));
}

TEST_F(NonMaxSuppression, CenteredBoxes) {
  boxes = {0.5f, 0.5f,  1, 1, 0.5f, 0.6f,  1, 1, 0.5f, 0.4f,   1, 1,
           0.5f, 10.5f, 1, 1, 0.5f, 10.6f, 1, 1, 0.5f, 100.5f, 1, 1};
  EXPECT_EQ(selected(5, 1), (std::vector<int64_t>{0, 0, 3, 0, 0, 0, 0, 0, 5}));
}

TEST_F(NonMaxSuppression, EqualBoxesAndScores) {
  boxes.assign(40, 0);
  for (size_t box = 0; box < 10; ++box)
    boxes[box * 4 + 2] = boxes[box * 4 + 3] = 1;
  scores.assign(10, 0.9f);
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 0}));
  // Exactly at the threshold is not over it.
  overlap[0] = 1;
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 0, 0, 0, 1, 0, 0, 2}));
}

TEST_F(NonMaxSuppression, BatchesAndClasses) {
  limit[0] = 2;
  batches = 2, classes = 2;
  std::vector<float> twice = boxes;
  twice.insert(twice.end(), boxes.begin(), boxes.end());
  boxes = twice;
  std::vector<float> one = scores;
  for (int i = 1; i < 4; ++i)
    scores.insert(scores.end(), one.begin(), one.end());
  EXPECT_EQ(selected(), (std::vector<int64_t>{0, 0, 3, 0, 0, 0, 0, 1, 3, 0, 1, 0, 1, 0, 3, 1, 0, 0, 1, 1, 3, 1, 1, 0}));
}

TEST_F(NonMaxSuppression, SameOnAnyNumberOfThreads) {
  Sequence sequence;
  classes = 40;
  const int64_t n = 150;
  boxes.resize(n * 4), scores.resize(classes * n);
  for (float &value : boxes)
    value = static_cast<float>(sequence.next(1000)) / 100;
  for (float &value : scores)
    value = static_cast<float>(sequence.next(50)) / 50;
  limit[0] = 20, overlap[0] = 0.1f;
  EXPECT_EQ(selected(5, 0, 3), selected());
}

TEST_F(NonMaxSuppression, NoBoxes) {
  boxes.clear(), scores.clear();
  EXPECT_TRUE(selected().empty());
}

TEST_F(NonMaxSuppression, RefusesScoresOfOtherBoxes) {
  Outcome outcome = runOperation(tfc_operation_non_max_suppression,
                                 {tensor(boxes, {1, 6, 4}), tensor(scores, {1, 2, 3})}, {unbound()}, {0});
  EXPECT_EQ(outcome.status, TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(
      outcome.message,
      "non_max_suppression: scores are 1x2x3, expected 1 batches of any number of classes of 6 boxes with 4 numbers");
}
