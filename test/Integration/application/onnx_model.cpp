// A C++ program with a model that was an ONNX file, and another one beside it.
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "expect.h"
#include "scale.h"
#include "tanh.h"

int main() {
  tfc_instance_t *instance = nullptr;
  EXPECT(tanh_open(nullptr, &instance) == TFC_STATUS_OK);
  std::unique_ptr<tfc_instance_t, decltype(&tfc_instance_close)> closer(instance, tfc_instance_close);
  tfc_context_t *context = nullptr;
  EXPECT(tanh_context_create(instance, &context) == TFC_STATUS_OK);
  std::unique_ptr<tfc_context_t, decltype(&tfc_context_destroy)> destroyer(context, tfc_context_destroy);

  // One object, any number of rows.
  for (int64_t rows : {1, 7, 0, 100}) {
    std::vector<float> x(rows * 2), y(rows * 2);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = 0.1f * i - 3;
    tanh_main_in_t in = {tanh_main_input_x(x.data(), rows)};
    tanh_main_out_t out = {tanh_main_output_y(y.data(), rows)};
    EXPECT(tanh_main(context, &in, &out) == TFC_STATUS_OK);
    for (size_t i = 0; i < x.size(); ++i)
      EXPECT(std::fabs(y[i] - (std::tanh(x[i]) + 1 + i % 2)) < 1e-5);
  }

  // The same through the classes for C++.
  tfc::Instance owned;
  tfc::Context scratch;
  EXPECT(tfc::models::tanh::open(owned) == TFC_STATUS_OK && owned.createContext(scratch) == TFC_STATUS_OK);
  const float x[] = {0, 1};
  tfc::models::tanh::main_in in = {tanh_main_input_x(x, 1)};
  tfc::models::tanh::main_out out = {};
  EXPECT(tfc::models::tanh::run_main(scratch, in, out) == TFC_STATUS_OK);
  tfc::View<const float> y = tfc::view<const float>(out.y);
  EXPECT(y.size() == 2 && y.rank() == 2 && y.extent(0) == 1 && y[0] == 1);
  EXPECT(tfc::view<double>(out.y).size() == 0);

  // What a call will need is known before it.
  for (int64_t rows : {1, 7, 100}) {
    tfc::models::tanh::main_out planned;
    tfc_plan_t plan;
    EXPECT(tfc::models::tanh::plan_main(scratch, {tanh_main_input_x(nullptr, rows)}, planned, plan) == TFC_STATUS_OK);
    EXPECT(planned.y.rank == 2 && planned.y.shape[0] == rows && planned.y.shape[1] == 2);
    EXPECT(planned.y.size == rows * 2 * sizeof(float) && !planned.y.data);
    EXPECT(scratch.reserve(plan.arena_size) == TFC_STATUS_OK);
  }

  in.x.rank = 1;
  EXPECT(tfc::models::tanh::run_main(scratch, in, out) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(std::strstr(scratch.message(), "input 'x'"));
  static_assert(tfc::models::tanh::main_arena_size < 1 << 20);

  EXPECT(scale_model.abi_version == TFC_ABI_VERSION && tanh_model.step_count == 1);
  return 0;
}
