// Runs the model once, for debuggers.
#include "net.h"

int main(void) {
  static float x[64 * 256], y[64 * 256];
  tfc_instance_t *instance;
  tfc_context_t *context;
  if (net_open(0, &instance) || net_context_create(instance, &context))
    return 1;
  net_main_in_t in = {net_main_input_x(x)};
  net_main_out_t out = {net_main_output_y(y)};
  return net_main(context, &in, &out);
}
