// A C++ program with a model that was an ONNX file, and another one beside it.
#include <cmath>
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
  EXPECT(scale_model.abi_version == TFC_ABI_VERSION && tanh_model.step_count == 1);
  return 0;
}
