/* Two models in one program, two instances of one of them, and calls that are refused. */
#include <string.h>

#include "dense.h"
#include "expect.h"
#include "scale.h"

/* Doubles `count` numbers with an instance of its own context. */
static void run_scale(tfc_context_t *context, int64_t count) {
  float x[8], y[8] = {0};
  for (int64_t i = 0; i < count; ++i)
    x[i] = (float)i - 1;
  scale_main_in_t in = {scale_main_input_x_0(x, count)};
  scale_main_out_t out = {scale_main_output_class_(y, count)};
  EXPECT(scale_main(context, &in, &out) == TFC_STATUS_OK);
  EXPECT(out.class_.rank == 1 && out.class_.shape[0] == count);
  for (int64_t i = 0; i < count; ++i)
    EXPECT(y[i] == 2 * x[i]);
}

static void run_dense(tfc_context_t *context) {
  const float x[2][3] = {{1, 2, 3}, {-1, 0, 0}};
  dense_main_in_t in = {dense_main_input_x(x[0], 2)};
  dense_main_out_t out = {{0}}; /* lent by the context */
  EXPECT(dense_main(context, &in, &out) == TFC_STATUS_OK);
  const float *y = out.y.data;
  EXPECT(out.y.shape[0] == 2 && out.y.shape[1] == 2 && out.y.size == 4 * sizeof(float));
  EXPECT(y[0] == 321.5f && y[1] == 0 && y[2] == 0 && y[3] == 8);
}

/* Arguments that do not fit are refused with a message, and nothing is written. */
static void refuse(tfc_context_t *context) {
  float x[6] = {0}, y[4] = {5, 5, 5, 5};
  dense_main_in_t in = {dense_main_input_x(x, 2)};
  dense_main_out_t out = {dense_main_output_y(y, 2)};
  in.x.shape[1] = 2;
  EXPECT(dense_main(context, &in, &out) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(strstr(tfc_context_message(context), "input 'x'"));
  in = (dense_main_in_t){dense_main_input_x(0, 2)};
  EXPECT(dense_main(context, &in, &out) == TFC_STATUS_INVALID_ARGUMENT);
  in = (dense_main_in_t){dense_main_input_x(x, 2)};
  in.x.dtype = TFC_DTYPE_F64;
  EXPECT(dense_main(context, &in, &out) == TFC_STATUS_INVALID_ARGUMENT);
  in = (dense_main_in_t){dense_main_input_x(x, 2)};
  out.y.size = 4;
  EXPECT(dense_main(context, &in, &out) == TFC_STATUS_RESOURCE_EXHAUSTED);
  EXPECT(out.y.size == 4 * sizeof(float));
  for (int i = 0; i < 4; ++i)
    EXPECT(y[i] == 5);
}

int main(void) {
  tfc_instance_t *first, *second, *other;
  tfc_context_t *a, *b, *c;
  EXPECT(scale_open(0, &first) == TFC_STATUS_OK && scale_open(0, &second) == TFC_STATUS_OK);
  EXPECT(dense_open(0, &other) == TFC_STATUS_OK);
  EXPECT(scale_context_create(first, &a) == TFC_STATUS_OK && scale_context_create(second, &b) == TFC_STATUS_OK);
  EXPECT(dense_context_create(other, &c) == TFC_STATUS_OK);
  EXPECT(strcmp(scale_model.name, dense_model.name) != 0);
  run_scale(a, 5);
  run_dense(c);
  run_scale(b, 8);
  tfc_context_destroy(a);
  scale_close(first);
  run_scale(b, 0);
  refuse(c);
  run_dense(c);
  tfc_context_destroy(b);
  tfc_context_destroy(c);
  scale_close(second);
  dense_close(other);
  return 0;
}
