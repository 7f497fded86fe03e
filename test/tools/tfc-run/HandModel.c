/* A model written by hand, as tfc-compile would write it: step "main" computes
 * y = x * k and returns k as it came; step "broken" always fails; step "echo" returns a list
 * and an optional as they came. */
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

static uint64_t planMultiply(tfc_context_t *context, const tfc_tensor_t *in, int64_t *words) {
  (void)context;
  words[0] = in[0].shape[0];
  words[1] = 2;
  return 0;
}

/* Of a step without outputs, or with lists. */
static uint64_t planNothing(tfc_context_t *context, const tfc_tensor_t *in, int64_t *words) {
  (void)context, (void)in, (void)words;
  return 0;
}

static tfc_status_t breakDown(tfc_context_t *context, const tfc_tensor_t *in, tfc_tensor_t *out) {
  (void)in, (void)out;
  return tfc_context_fail(context, TFC_STATUS_OUT_OF_RANGE, "gather_7", "index is 9, expected less than 4");
}

static const int64_t open[] = {TFC_DIM_DYNAMIC};
static const tfc_port_t vector = {"", TFC_DTYPE_F32, 1, open, 0};
static const tfc_port_t held[] = {{"s", TFC_DTYPE_LIST, 0, 0, &vector}, {"o", TFC_DTYPE_OPTIONAL, 0, 0, &vector}};
static const tfc_port_t given[] = {{"t", TFC_DTYPE_LIST, 0, 0, &vector}, {"p", TFC_DTYPE_OPTIONAL, 0, 0, &vector}};

static tfc_status_t echo(tfc_context_t *context, const tfc_tensor_t *in, tfc_tensor_t *out) {
  for (int32_t i = 0; i < 2; ++i) {
    tfc_list_t *list;
    tfc_status_t status = tfc_list_import(context, &in[i], &list);
    if (!status)
      status = tfc_list_export(context, out, i, list, i);
    if (status)
      return status;
  }
  return TFC_STATUS_OK;
}

static const tfc_step_t steps[] = {
    {"main", inputs, outputs, symbols, 2, 2, 1, 2, 0, multiply, planMultiply, 0, 0},
    {"broken", 0, 0, 0, 0, 0, 0, 0, 0, breakDown, planNothing, 0, 0},
    {"echo", held, given, 0, 2, 2, 0, 0, 0, echo, planNothing, 1, 0},
};
static const tfc_model_t model = {.abi_version = TFC_ABI_VERSION, .step_count = 3, .name = "hand", .steps = steps};

const tfc_model_t *tfc_model(void) { return &model; }
