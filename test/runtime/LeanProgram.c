/* A C program that runs one step and no parallel loop: what it links is the least
 * that a model needs. */
#include "tfc-rt/generated.h"
#include "tfc-rt/tfc.h"

static tfc_status_t copy(tfc_context_t *context, const tfc_tensor_t *inputs, tfc_tensor_t *outputs) {
  int32_t *y = tfc_output_bind(context, outputs, 0, TFC_DTYPE_I32, 0, inputs[0].shape);
  if (!y)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  *y = *(const int32_t *)inputs[0].data;
  return TFC_STATUS_OK;
}

int main(void) {
  static const tfc_port_t input = {"x", TFC_DTYPE_I32, 0, 0}, output = {"y", TFC_DTYPE_I32, 0, 0};
  static const tfc_step_t step = {"main", &input, &output, 0, 1, 1, 0, 0, 0, copy};
  static const tfc_model_t model = {TFC_ABI_VERSION, 1, "copy", &step, {0, 0, 0}, 0};
  tfc_instance_t *instance;
  tfc_context_t *context;
  if (tfc_instance_open(&model, 0, &instance) || tfc_context_create(instance, &context))
    return 1;
  int32_t value = 42;
  tfc_tensor_t x = {&value, sizeof(value), TFC_DTYPE_I32, 0, {0}}, y = {0};
  int right = tfc_step_run(context, &step, &x, &y) == TFC_STATUS_OK && *(int32_t *)y.data == 42;
  tfc_context_destroy(context);
  tfc_instance_close(instance);
  return right ? 0 : 2;
}
