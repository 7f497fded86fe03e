/* Runs the model that the stand-in compiler made and returns its value. */
#include "my_net_v2.h"
#include <tfc-rt/tfc.h>

int main(void) {
  tfc_instance_t *instance;
  tfc_context_t *context;
  if (tfc_instance_open(&my_net_v2_model, 0, &instance) || tfc_context_create(instance, &context))
    return 1;
  int32_t value = 0;
  tfc_tensor_t output = {&value, sizeof(value), 0, 0, {0}};
  if (tfc_step_run(context, my_net_v2_model.steps, 0, &output))
    return 2;
  tfc_context_destroy(context);
  tfc_instance_close(instance);
  return value;
}
