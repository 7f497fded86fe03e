// Variables of instances, locals of steps, and lists with places that hold nothing.
#include "StateHarness.h"

#include <atomic>
#include <thread>

using namespace tfc::test;
using Floats = std::vector<float>;

namespace {

constexpr auto unset = TFC_STATUS_FAILED_PRECONDITION;
constexpr auto wrong = TFC_STATUS_INVALID_ARGUMENT;

const float bias[] = {1, 2};

struct Weights : StateModel {
  Weights() {
    variable("dense/w", TFC_DTYPE_F32, {2, TFC_DIM_DYNAMIC});
    variable("dense/b", TFC_DTYPE_F32, {2}, bias);
    variable("count", TFC_DTYPE_I64, {});
  }
};

tfc_status_t read(Caller &caller, int64_t variable, const tfc_tensor_t &expected) {
  return caller.call(tfc_operation_variable_read, {variable}, {}, {expected});
}
tfc_status_t assign(Caller &caller, int64_t variable, const tfc_tensor_t &value) {
  return caller.call(tfc_operation_variable_assign, {variable}, {value});
}

TEST(Variable, HoldsNothingUntilItIsAssigned) {
  Weights model;
  OpenInstance instance(model);
  Caller caller(instance);
  EXPECT_EQ(caller.number(tfc_operation_variable_has_value, 0), 0);
  EXPECT_EQ(read(caller, 0, unbound(TFC_DTYPE_F32, {2, -1})), unset);
  EXPECT_EQ(caller.message(), "variable 'dense/w' holds no value yet");
  Floats w{1, 2, 3, 4};
  ASSERT_EQ(assign(caller, 0, tensor(w, {2, 2})), TFC_STATUS_OK);
  EXPECT_EQ(caller.number(tfc_operation_variable_has_value, 0), 1);
  w.assign(4, 0); // the variable has a copy
  ASSERT_EQ(read(caller, 0, unbound(TFC_DTYPE_F32, {2, -1})), TFC_STATUS_OK);
  EXPECT_EQ(caller.results[0].values<float>(), (Floats{1, 2, 3, 4}));
}

TEST(Variable, BeginsWithItsInitialValue) {
  Weights model;
  OpenInstance instance(model);
  Caller caller(instance);
  ASSERT_EQ(read(caller, 1, unbound(TFC_DTYPE_F32, {2})), TFC_STATUS_OK);
  EXPECT_EQ(caller.results[0].values<float>(), (Floats{1, 2}));
  Floats next{3, 4};
  ASSERT_EQ(assign(caller, 1, tensor(next, {2})), TFC_STATUS_OK);
  ASSERT_EQ(read(caller, 1, unbound(TFC_DTYPE_F32, {2})), TFC_STATUS_OK);
  EXPECT_EQ(caller.results[0].values<float>(), next);
  EXPECT_EQ(bias[0], 1);
}

TEST(Variable, MayChangeOpenExtentsOnly) {
  Weights model;
  OpenInstance instance(model);
  Caller caller(instance);
  Floats values(12, 5);
  for (int64_t width : {3, 6, 0, 1}) {
    Floats part(values.begin(), values.begin() + 2 * width);
    ASSERT_EQ(assign(caller, 0, tensor(part, {2, width})), TFC_STATUS_OK);
    ASSERT_EQ(read(caller, 0, unbound(TFC_DTYPE_F32, {2, -1})), TFC_STATUS_OK);
    EXPECT_EQ(caller.results[0].shape(), (std::vector<int64_t>{2, width}));
    EXPECT_EQ(caller.results[0].values<float>(), part);
  }
  EXPECT_EQ(assign(caller, 0, tensor(values, {3, 4})), wrong);
  EXPECT_EQ(caller.message(), "variable 'dense/w': dimension 0 of the value is 3, expected 2");
  EXPECT_EQ(assign(caller, 0, tensor(values, {12})), wrong);
  EXPECT_EQ(read(caller, 0, unbound(TFC_DTYPE_F32, {2, 9})), wrong);
  EXPECT_EQ(caller.message(), "variable_read: dimension 1 of the tensor is 1, expected 9");
}

TEST(Variable, OfTwoInstancesAreTwo) {
  Weights model;
  OpenInstance one(model), two(model);
  Caller first(one), second(two);
  Floats value{7, 8};
  ASSERT_EQ(assign(first, 1, tensor(value, {2})), TFC_STATUS_OK);
  ASSERT_EQ(read(second, 1, unbound(TFC_DTYPE_F32, {2})), TFC_STATUS_OK);
  EXPECT_EQ(second.results[0].values<float>(), (Floats{1, 2}));
}

TEST(Variable, IsKeptFromOthersWhileAcquired) {
  Weights model;
  OpenInstance instance(model);
  constexpr int rounds = 500;
  std::vector<int64_t> zero{0};
  tfc_tensor_t start = tensor(zero, {});
  ASSERT_EQ(tfc_variable_set(instance, "count", &start), TFC_STATUS_OK);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      Caller caller(instance);
      for (int i = 0; i < rounds; ++i)
        ASSERT_EQ(caller.run([&](tfc_context_t *context) {
          int64_t number = 2, value = 0;
          tfc_tensor_t scalar = unbound(TFC_DTYPE_I64);
          EXPECT_EQ(tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
          EXPECT_EQ(tfc_operation_variable_read(context, nullptr, 0, &scalar, 1, &number), TFC_STATUS_OK);
          value = *static_cast<int64_t *>(scalar.data) + 1;
          scalar.data = &value;
          EXPECT_EQ(tfc_operation_variable_assign(context, &scalar, 1, nullptr, 0, &number), TFC_STATUS_OK);
          // The end of a step releases, too.
          if (i % 2)
            EXPECT_EQ(tfc_operation_variable_release(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
          return TFC_STATUS_OK;
        }),
                  TFC_STATUS_OK);
    });
  for (std::thread &thread : threads)
    thread.join();
  int64_t count = 0;
  tfc_tensor_t result = {};
  result.data = &count;
  result.size = sizeof(count);
  ASSERT_EQ(tfc_variable_get(instance, "count", &result), TFC_STATUS_OK);
  EXPECT_EQ(count, 8 * rounds);
}

// What one step was lent is not what others write, until it gives it back.
TEST(Variable, IsLentAndUpdatedInPlaceWhereNobodyLooks) {
  Weights model;
  OpenInstance instance(model);
  Caller reader(instance), writer(instance);
  Floats start{1, 2}, next{3, 4};
  ASSERT_EQ(assign(writer, 1, tensor(start, {2})), TFC_STATUS_OK);
  int64_t number = 1;
  auto look = [&](tfc_context_t *context, tfc_operation_t operation) {
    tfc_tensor_t lent = unbound(TFC_DTYPE_F32, {2});
    EXPECT_EQ(operation(context, nullptr, 0, &lent, 1, &number), TFC_STATUS_OK);
    return static_cast<float *>(lent.data);
  };
  auto acquire = [&](tfc_context_t *context) {
    EXPECT_EQ(tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
  };
  ASSERT_EQ(reader.run([&](tfc_context_t *context) {
    float *old = look(context, tfc_operation_variable_read);
    EXPECT_EQ(look(context, tfc_operation_variable_read), old); // no copy
    // Another caller's step, while this one runs.
    const Body *outer = runningBody;
    EXPECT_EQ(assign(writer, 1, tensor(next, {2})), TFC_STATUS_OK);
    EXPECT_EQ(writer.run([&](tfc_context_t *other) {
      acquire(other);
      float *mine = look(other, tfc_operation_variable_update);
      mine[0] = 5;
      EXPECT_NE(look(other, tfc_operation_variable_update), mine); // one is lent already
      return TFC_STATUS_OK;
    }),
              TFC_STATUS_OK);
    runningBody = outer;
    EXPECT_EQ(Floats(old, old + 2), start);
    return TFC_STATUS_OK;
  }),
            TFC_STATUS_OK);
  ASSERT_EQ(writer.run([&](tfc_context_t *context) {
    acquire(context);
    float *mine = look(context, tfc_operation_variable_update);
    tfc_scratch_free(context, mine);
    float *again = look(context, tfc_operation_variable_update);
    EXPECT_EQ(again, mine);
    again[1] = 6;
    return TFC_STATUS_OK;
  }),
            TFC_STATUS_OK);
  ASSERT_EQ(read(reader, 1, unbound(TFC_DTYPE_F32, {2})), TFC_STATUS_OK);
  EXPECT_EQ(reader.results[0].values<float>(), (Floats{5, 6}));
  EXPECT_EQ(reader.call(tfc_operation_variable_update, {1}, {}, {unbound(TFC_DTYPE_F32, {2})}), unset);
  EXPECT_EQ(reader.message(), "variable 'dense/b' is updated but not acquired");
}

// Loans end with their frame but for those that are kept.
TEST(Variable, LoansBelongToFrames) {
  Weights model;
  OpenInstance instance(model);
  Caller caller(instance);
  int64_t number = 1;
  ASSERT_EQ(caller.run([&](tfc_context_t *context) {
    auto read = [&] {
      tfc_tensor_t lent = unbound(TFC_DTYPE_F32, {2});
      EXPECT_EQ(tfc_operation_variable_read(context, nullptr, 0, &lent, 1, &number), TFC_STATUS_OK);
      return lent.data;
    };
    EXPECT_EQ(tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
    void *kept = nullptr;
    for (int i = 0; i < 40; ++i) {
      tfc_scratch_enter(context);
      void *value = read();
      read();
      tfc_scratch_free(context, kept);
      tfc_scratch_leave(context, &value, 1);
      kept = value;
    }
    // One loan is left: once it is given back, nobody looks.
    tfc_scratch_free(context, kept);
    tfc_tensor_t own = unbound(TFC_DTYPE_F32, {2});
    EXPECT_EQ(tfc_operation_variable_update(context, nullptr, 0, &own, 1, &number), TFC_STATUS_OK);
    EXPECT_EQ(own.data, kept);
    return TFC_STATUS_OK;
  }),
            TFC_STATUS_OK);
}

TEST(Variable, AcquiringAndReleasingMustMatch) {
  Weights model;
  OpenInstance instance(model);
  Caller caller(instance);
  EXPECT_EQ(caller.call(tfc_operation_variable_release, {0}), unset);
  EXPECT_EQ(caller.message(), "variable 'dense/w' is released but not acquired");
  int64_t numbers[] = {0, 1};
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    for (int64_t &number : numbers)
      EXPECT_EQ(tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &number), TFC_STATUS_OK);
    // Not in the order of acquiring.
    EXPECT_EQ(tfc_operation_variable_release(context, nullptr, 0, nullptr, 0, &numbers[0]), TFC_STATUS_OK);
    return tfc_operation_variable_acquire(context, nullptr, 0, nullptr, 0, &numbers[1]);
  }),
            unset);
  EXPECT_EQ(caller.message(), "variable 'dense/b' is acquired twice");
  // A step that failed holds nothing.
  Caller other(instance);
  EXPECT_EQ(read(other, 1, unbound(TFC_DTYPE_F32, {2})), TFC_STATUS_OK);
}

TEST(Variable, IsGotAndSetByName) {
  Weights model;
  OpenInstance instance(model);
  tfc_tensor_t result = {};
  EXPECT_EQ(tfc_variable_get(nullptr, "count", &result), wrong);
  EXPECT_EQ(tfc_variable_get(instance, nullptr, &result), wrong);
  EXPECT_EQ(tfc_variable_get(instance, "count", nullptr), wrong);
  EXPECT_EQ(tfc_variable_get(instance, "dense", &result), TFC_STATUS_NOT_FOUND);
  EXPECT_EQ(tfc_variable_get(instance, "dense/w", &result), unset);
  Floats w{1, 2, 3, 4};
  tfc_tensor_t given = tensor(w, {2, 2});
  EXPECT_EQ(tfc_variable_set(nullptr, "dense/w", &given), wrong);
  EXPECT_EQ(tfc_variable_set(instance, nullptr, &given), wrong);
  EXPECT_EQ(tfc_variable_set(instance, "dense/w", nullptr), wrong);
  EXPECT_EQ(tfc_variable_set(instance, "", &given), TFC_STATUS_NOT_FOUND);
  auto refused = [&](auto change) {
    tfc_tensor_t bad = given;
    change(bad);
    EXPECT_EQ(tfc_variable_set(instance, "dense/w", &bad), wrong);
  };
  refused([](tfc_tensor_t &t) { t.dtype = TFC_DTYPE_I32; });
  refused([](tfc_tensor_t &t) { t.rank = 1; });
  refused([](tfc_tensor_t &t) { t.shape[0] = 4; });
  refused([](tfc_tensor_t &t) { t.shape[1] = -2; });
  refused([](tfc_tensor_t &t) { t.shape[1] = INT64_MAX; });
  refused([](tfc_tensor_t &t) { t.size = 15; });
  refused([](tfc_tensor_t &t) { t.data = nullptr; });
  EXPECT_EQ(tfc_variable_get(instance, "dense/w", &result), unset);
  ASSERT_EQ(tfc_variable_set(instance, "dense/w", &given), TFC_STATUS_OK);

  ASSERT_EQ(tfc_variable_get(instance, "dense/w", &result), TFC_STATUS_OK);
  EXPECT_EQ(result.size, 16u);
  EXPECT_EQ(shapeOf(result), (std::vector<int64_t>{2, 2}));
  Floats copy(4);
  result.data = copy.data();
  result.size = 15;
  EXPECT_EQ(tfc_variable_get(instance, "dense/w", &result), TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT_EQ(result.size, 16u);
  ASSERT_EQ(tfc_variable_get(instance, "dense/w", &result), TFC_STATUS_OK);
  EXPECT_EQ(copy, w);
}

//===----------------------------------------------------------------------===//
// Locals and places
//===----------------------------------------------------------------------===//

// The operations on lists inside of one step, numbers of locals and positions as they are.
class Lists {
public:
  explicit Lists(tfc_context_t *context) : context(context) {}

  tfc_tensor_t call(tfc_operation_t operation, std::vector<tfc_tensor_t> inputs, std::vector<int64_t> parameters,
                    tfc_tensor_t output = unbound(TFC_DTYPE_LIST)) {
    status = operation(context, inputs.data(), static_cast<int32_t>(inputs.size()), &output, 1, parameters.data());
    return output;
  }
  tfc_tensor_t make() { return call(tfc_operation_list_make, {}, {}); }
  tfc_tensor_t set(tfc_tensor_t list, float value, int64_t position, bool grows, bool sums = false) {
    Floats data{value, value};
    std::vector<int64_t> at{position};
    return call(tfc_operation_list_set, {list, tensor(data, {2}), tensor(at, {})}, {grows, sums});
  }
  tfc_tensor_t resize(tfc_tensor_t list, int64_t length) {
    std::vector<int64_t> data{length};
    return call(tfc_operation_list_resize, {list, tensor(data, {})}, {});
  }
  Floats gather(tfc_tensor_t list, std::vector<int64_t> positions, int64_t extent = -1) {
    tfc_tensor_t y = call(tfc_operation_list_gather, {list, tensor(positions, {int64_t(positions.size())})}, {},
                          unbound(TFC_DTYPE_F32, {-1, extent}));
    return status ? Floats{} : valuesOf<float>(y);
  }
  std::vector<int64_t> extents(tfc_tensor_t list) {
    return valuesOf<int64_t>(call(tfc_operation_list_extents, {list}, {}, unbound(TFC_DTYPE_I64, {-1})));
  }

  tfc_context_t *context;
  tfc_status_t status = TFC_STATUS_OK;
};

struct OneLocal : StateModel {
  OneLocal() { model.local_count = 1; }
};

TEST(Local, IsEmptyInEveryStep) {
  OneLocal model;
  OpenInstance instance(model);
  Caller caller(instance);
  for (int round = 0; round < 2; ++round)
    ASSERT_EQ(caller.run([&](tfc_context_t *context) {
      Lists lists(context);
      tfc_tensor_t list = lists.call(tfc_operation_local_take, {}, {0});
      EXPECT_TRUE(lists.extents(list).empty());
      list = lists.set(list, 4, 2, /*grows=*/true);
      lists.call(tfc_operation_local_put, {list}, {0});
      tfc_tensor_t peeked = lists.call(tfc_operation_local_peek, {}, {0});
      EXPECT_EQ(lists.extents(peeked), (std::vector<int64_t>{0, 0, 2}));
      // Who changes what the local still has changes a copy.
      lists.set(peeked, 5, 0, /*grows=*/false);
      EXPECT_EQ(lists.extents(lists.call(tfc_operation_local_peek, {}, {0})), (std::vector<int64_t>{0, 0, 2}));
      // Taken, the local is empty.
      lists.call(tfc_operation_local_take, {}, {0});
      EXPECT_TRUE(lists.extents(lists.call(tfc_operation_local_take, {}, {0})).empty());
      return lists.status;
    }),
              TFC_STATUS_OK)
        << caller.message();
}

TEST(Place, HoldsNothingUntilItIsSet) {
  OneLocal model;
  OpenInstance instance(model);
  Caller caller(instance);
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    Lists lists(context);
    tfc_tensor_t list = lists.resize(lists.make(), 3);
    EXPECT_EQ(lists.gather(list, {2, 0}, 2), (Floats{0, 0, 0, 0}));
    EXPECT_EQ(lists.gather(list, {}), Floats{});
    list = lists.set(list, 3, 1, /*grows=*/false);
    // Other places tell the shape.
    EXPECT_EQ(lists.gather(list, {0, 1, 0}), (Floats{0, 0, 3, 3, 0, 0}));
    list = lists.set(list, 4, 1, false, /*sums=*/true);
    list = lists.set(list, 5, 2, false, /*sums=*/true);
    EXPECT_EQ(lists.gather(list, {1, 2}), (Floats{7, 7, 5, 5}));
    list = lists.resize(list, 2);
    EXPECT_EQ(lists.extents(list), (std::vector<int64_t>{0, 2}));
    lists.gather(list, {0});
    return lists.status;
  }),
            wrong);
  EXPECT_EQ(caller.message(), "list_gather: no place holds a tensor yet");
}

TEST(Place, SumsIntoElementsThatOthersShare) {
  OneLocal model;
  OpenInstance instance(model);
  Caller caller(instance);
  ASSERT_EQ(caller.run([&](tfc_context_t *context) {
    Lists lists(context);
    tfc_tensor_t list = lists.set(lists.make(), 1, 0, /*grows=*/true);
    tfc_list_retain(static_cast<tfc_list_t *>(list.data));
    tfc_tensor_t sum = lists.set(list, 2, 0, false, /*sums=*/true);
    EXPECT_EQ(lists.gather(sum, {0}), (Floats{3, 3}));
    EXPECT_EQ(lists.gather(list, {0}), (Floats{1, 1}));
    return lists.status;
  }),
            TFC_STATUS_OK);
}

TEST(Place, IsScatteredTo) {
  OneLocal model;
  OpenInstance instance(model);
  Caller caller(instance);
  EXPECT_EQ(caller.run([&](tfc_context_t *context) {
    Lists lists(context);
    Floats rows{1, 2, 3, 4, 5, 6};
    std::vector<int32_t> positions{2, 0, 2};
    tfc_tensor_t list =
        lists.call(tfc_operation_list_scatter, {lists.make(), tensor(rows, {3, 2}), tensor(positions, {3})}, {1, 1});
    EXPECT_EQ(lists.gather(list, {0, 1, 2}), (Floats{3, 4, 0, 0, 6, 8}));
    lists.call(tfc_operation_list_scatter, {list, tensor(rows, {2, 3}), tensor(positions, {3})}, {1, 0});
    return lists.status;
  }),
            wrong);
  EXPECT_EQ(caller.message(), "list_scatter: 3 positions for 2 elements");
}

TEST(Place, MustExist) {
  OneLocal model;
  OpenInstance instance(model);
  Caller caller(instance);
  auto fails = [&](std::function<void(Lists &)> body) {
    EXPECT_NE(caller.run([&](tfc_context_t *context) {
      Lists lists(context);
      body(lists);
      return lists.status;
    }),
              TFC_STATUS_OK);
    return caller.message();
  };
  EXPECT_EQ(fails([](Lists &lists) { lists.set(lists.resize(lists.make(), 2), 1, 2, false); }),
            "list_set: position is 2, expected 0 to 1");
  EXPECT_EQ(fails([](Lists &lists) { lists.set(lists.make(), 1, -1, true); }),
            "list_set: position is -1, expected 0 to 4294967295");
  EXPECT_EQ(fails([](Lists &lists) { lists.gather(lists.resize(lists.make(), 2), {1, 2}); }),
            "list_gather: position is 2, expected 0 to 1");
  EXPECT_EQ(fails([](Lists &lists) { lists.resize(lists.make(), -1); }),
            "list_resize: length is -1, expected 0 to 4294967296");
}

} // namespace
