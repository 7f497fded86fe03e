// Lists: references, positions, and what is left when a step ends.
#include "OperationHarness.h"

#include <cstdlib>

using namespace tfc::test;

namespace {

// Lists and tensors inside of one step, with the operations as calls.
class Lists {
public:
  explicit Lists(tfc_context_t *context) : context(context) {}

  tfc_list_t *make(std::vector<tfc_tensor_t> elements) {
    return list(call(tfc_operation_list_make, std::move(elements), unbound(TFC_DTYPE_LIST)));
  }
  tfc_list_t *insert(tfc_list_t *into, const tfc_tensor_t &element) {
    return list(call(tfc_operation_list_insert, {operand(into), element}, unbound(TFC_DTYPE_LIST)));
  }
  tfc_list_t *erase(tfc_list_t *from, int64_t position) {
    return list(call(tfc_operation_list_erase, {operand(from), scalar(position)}, unbound(TFC_DTYPE_LIST)));
  }
  tfc_tensor_t at(tfc_list_t *from, int64_t position, std::initializer_list<int64_t> shape = {-1}) {
    return call(tfc_operation_list_at, {operand(from), scalar(position)}, unbound(TFC_DTYPE_F32, shape));
  }
  tfc_list_t *listAt(tfc_list_t *from, int64_t position) {
    return list(call(tfc_operation_list_at, {operand(from), scalar(position)}, unbound(TFC_DTYPE_LIST)));
  }
  tfc_list_t *add(tfc_list_t *to, tfc_list_t *other) {
    return list(call(tfc_operation_list_add, {operand(to), operand(other)}, unbound(TFC_DTYPE_LIST)));
  }
  tfc_list_t *zeros(tfc_list_t *like) {
    return list(call(tfc_operation_list_zeros, {operand(like)}, unbound(TFC_DTYPE_LIST)));
  }
  int64_t length(tfc_list_t *of) {
    int64_t result = -1;
    tfc_tensor_t output = unbound(TFC_DTYPE_I64);
    output.data = &result;
    output.size = sizeof(result);
    call(tfc_operation_list_length, {operand(of)}, output);
    return result;
  }

  tfc_context_t *context;
  tfc_status_t status = TFC_STATUS_OK; // of the last call
  static tfc_tensor_t operand(tfc_list_t *list) {
    tfc_tensor_t result = unbound(TFC_DTYPE_LIST);
    result.data = list;
    return result;
  }

private:
  tfc_tensor_t scalar(int64_t value) {
    position = {value};
    return tensor(position, {});
  }
  static tfc_list_t *list(const tfc_tensor_t &output) { return static_cast<tfc_list_t *>(output.data); }
  tfc_tensor_t call(tfc_operation_t operation, std::vector<tfc_tensor_t> inputs, tfc_tensor_t output) {
    status = operation(context, inputs.data(), static_cast<int32_t>(inputs.size()), &output, 1, nullptr);
    return output;
  }
  std::vector<int64_t> position;
};

// Counts what is allocated and not yet released.
struct Balance {
  int64_t live = 0;
  tfc_allocator_t table() {
    auto allocate = [](void *user, uint64_t size, uint64_t alignment) -> void * {
      ++static_cast<Balance *>(user)->live;
      return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    };
    auto release = [](void *user, void *pointer) {
      static_cast<Balance *>(user)->live -= pointer != nullptr;
      std::free(pointer);
    };
    return {this, allocate, release};
  }
};

// Runs `body` as a step; returns its status, or what the step itself failed with.
tfc_status_t inStep(std::function<tfc_status_t(Lists &)> given, std::string *message = nullptr) {
  thread_local std::function<tfc_status_t(Lists &)> body;
  body = std::move(given);
  static const TestModel model({}, {}, [](tfc_context_t *context, const tfc_tensor_t *, tfc_tensor_t *) {
    Lists lists(context);
    return body(lists);
  });
  Balance balance;
  tfc_allocator_t allocator = balance.table();
  tfc_options_t options = {};
  options.allocator = &allocator;
  tfc_status_t status;
  {
    Session session(model, options);
    int64_t before = balance.live;
    status = tfc_step_run(session.context, session.step, nullptr, nullptr);
    EXPECT_EQ(balance.live, before) << "a step has left memory behind";
    if (message)
      *message = session.message();
  }
  EXPECT_EQ(balance.live, 0);
  return status;
}

void succeedInStep(std::function<tfc_status_t(Lists &)> body) {
  std::string message;
  EXPECT_EQ(inStep(std::move(body), &message), TFC_STATUS_OK) << message;
}

std::vector<float> one{1}, two{2, 3};

} // namespace

TEST(List, HoldsCopies) {
  std::vector<float> x{1};
  succeedInStep([&](Lists &lists) {
    tfc_list_t *list = lists.make({tensor(x, {1}), tensor(two, {2})});
    x[0] = 5;
    EXPECT_EQ(lists.length(list), 2);
    EXPECT_EQ(valuesOf<float>(lists.at(list, 0)), std::vector<float>{1});
    EXPECT_EQ(valuesOf<float>(lists.at(list, -1)), two);
    return TFC_STATUS_OK;
  });
}

TEST(List, ChangesInPlaceWhatNobodyShares) {
  succeedInStep([&](Lists &lists) {
    tfc_list_t *own = lists.make({tensor(one, {1})});
    tfc_list_t *longer = lists.insert(own, tensor(two, {2}));
    EXPECT_EQ(lists.length(longer), 2);
    // A second reference keeps the list as it was.
    tfc_list_retain(longer);
    tfc_list_t *shorter = lists.erase(longer, 0);
    EXPECT_NE(shorter, longer);
    EXPECT_EQ(lists.length(shorter), 1);
    EXPECT_EQ(lists.length(longer), 2);
    // The two share their elements, each with a reference of its own.
    tfc_list_release(lists.context, longer);
    EXPECT_EQ(valuesOf<float>(lists.at(shorter, 0)), two);
    tfc_list_release(lists.context, shorter);
    tfc_list_release(lists.context, nullptr);
    return TFC_STATUS_OK;
  });
}

TEST(List, HoldsLists) {
  succeedInStep([&](Lists &lists) {
    tfc_list_t *inner = lists.make({tensor(two, {2})});
    tfc_list_t *outer = lists.make({Lists::operand(inner), Lists::operand(nullptr)});
    // The outer list has a reference of its own.
    tfc_list_release(lists.context, inner);
    tfc_list_t *taken = lists.listAt(outer, 0);
    EXPECT_EQ(taken, inner);
    EXPECT_EQ(lists.listAt(outer, 1), nullptr);
    tfc_list_retain(outer);
    tfc_list_t *shorter = lists.erase(outer, 0);
    tfc_list_release(lists.context, outer);
    tfc_list_release(lists.context, shorter);
    EXPECT_EQ(valuesOf<float>(lists.at(taken, 0)), two);
    tfc_list_release(lists.context, taken);
    return TFC_STATUS_OK;
  });
}

TEST(List, AddsPlaceByPlace) {
  succeedInStep([&](Lists &lists) {
    tfc_list_t *a = lists.make({tensor(two, {2})}), *b = lists.make({tensor(two, {2}), tensor(one, {1})});
    tfc_list_retain(a);
    tfc_list_t *sum = lists.add(a, b);
    EXPECT_EQ(valuesOf<float>(lists.at(sum, 0)), (std::vector<float>{4, 6}));
    EXPECT_EQ(valuesOf<float>(lists.at(sum, 1)), one);
    EXPECT_EQ(valuesOf<float>(lists.at(a, 0)), two);
    tfc_list_t *nested = lists.make({Lists::operand(a)}), *zeros = lists.zeros(nested);
    EXPECT_EQ(valuesOf<float>(lists.at(lists.listAt(zeros, 0), 0)), (std::vector<float>{0, 0}));
    sum = lists.add(lists.add(zeros, nested), nested);
    EXPECT_EQ(valuesOf<float>(lists.at(lists.listAt(sum, 0), 0)), (std::vector<float>{4, 6}));
    EXPECT_EQ(valuesOf<float>(lists.at(a, 0)), two);
    return TFC_STATUS_OK;
  });
}

TEST(List, RefusesPositionsOutside) {
  for (int64_t position : {int64_t(2), int64_t(-3), INT64_MAX, INT64_MIN}) {
    std::string message;
    EXPECT_EQ(inStep(
                  [&](Lists &lists) {
                    tfc_list_t *list = lists.make({tensor(one, {1}), tensor(two, {2})});
                    lists.at(list, position);
                    return lists.status;
                  },
                  &message),
              TFC_STATUS_OUT_OF_RANGE);
    EXPECT_NE(message.find(std::to_string(position)), std::string::npos) << message;
  }
}

TEST(List, RefusesElementsOfAnotherShape) {
  auto take = [](std::initializer_list<int64_t> shape) {
    return inStep([&](Lists &lists) {
      lists.at(lists.make({tensor(two, {2})}), 0, shape);
      return lists.status;
    });
  };
  EXPECT_EQ(take({2}), TFC_STATUS_OK);
  EXPECT_EQ(take({3}), TFC_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(take({2, -1}), TFC_STATUS_INVALID_ARGUMENT);
}

TEST(List, GrowsAndShrinks) {
  succeedInStep([&](Lists &lists) {
    tfc_list_t *list = lists.make({});
    for (int i = 0; i < 1000; ++i)
      list = lists.insert(list, tensor(two, {2}));
    EXPECT_EQ(lists.length(list), 1000);
    for (int i = 0; i < 1000; ++i)
      list = lists.erase(list, i % 2 ? 0 : -1);
    EXPECT_EQ(lists.length(list), 0);
    return TFC_STATUS_OK;
  });
}
