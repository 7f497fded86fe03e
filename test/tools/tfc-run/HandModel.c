/* A model written by hand, as tfc-compile would write it: step "main" computes
 * y = x * k and returns k as it came; step "broken" always fails. */
#include "tfc-rt/generated.h"

static const int64_t matrix[] = {-1, 2};
static const tfc_port_t inputs[] = {{"x", TFC_DTYPE_F32, 2, matrix, 0}, {"k", TFC_DTYPE_I4, 0, 0, 0}};
static const tfc_port_t outputs[] = {{"y", TFC_DTYPE_F32, 2, matrix, 0}, {"k:0", TFC_DTYPE_I4, 0, 0, 0}};
static const char *const symbols[] = {"batch"};

static tfc_status_t multiply(tfc_context_t *context, const tfc_tensor_t *in, tfc_tensor_t *out) {
  float *y = tfc_output_bind(context, out, 0, TFC_DTYPE_F32, 2, in[0].shape);
  int8_t *k = tfc_output_bind(context, out, 1, TFC_DTYPE_I4, 0, 0);
  if (!y || !k)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  const float *x = in[0].data;
  *k = *(const int8_t *)in[1].data;
  for (int64_t i = 0; i < 2 * in[0].shape[0]; ++i)
    y[i] = x[i] * *k;
  return TFC_STATUS_OK;
}

static tfc_status_t breakDown(tfc_context_t *context, const tfc_tensor_t *in, tfc_tensor_t *out) {
  (void)in, (void)out;
  return tfc_context_fail(context, TFC_STATUS_OUT_OF_RANGE, "gather_7", "index is 9, expected less than 4");
}

static const tfc_step_t steps[] = {
    {"main", inputs, outputs, symbols, 2, 2, 1, 0, 0, multiply},
    {"broken", 0, 0, 0, 0, 0, 0, 0, 0, breakDown},
};
static const tfc_model_t model = {.abi_version = TFC_ABI_VERSION, .step_count = 2, .name = "hand", .steps = steps};

const tfc_model_t *tfc_model(void) { return &model; }
