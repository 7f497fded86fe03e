/* Asks what calls will need, has the memory ready, and sees that they take no more. */
#include <string.h>

#include "expect.h"
#include "rows.h"

static int made;

static void *allocate(void *user, uint64_t size, uint64_t alignment) {
  (void)user;
  ++made;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void release(void *user, void *pointer) {
  (void)user;
  free(pointer);
}

/* Memory for an output of the planned size. */
static void give(tfc_tensor_t *output) {
  EXPECT(!output->data);
  output->data = malloc(output->size);
}

/* Shapes of inputs are all a plan needs; returns the arena of this batch. */
static uint64_t run_planned(tfc_instance_t *instance, int64_t batch) {
  tfc_context_t *context;
  EXPECT(rows_context_create(instance, &context) == TFC_STATUS_OK);
  rows_main_in_t in = {rows_main_input_x(0, batch), rows_main_input_c(0)};
  rows_main_out_t out;
  memset(&out, 0x55, sizeof(out));
  tfc_plan_t plan;
  EXPECT(rows_main_plan(context, &in, &out, &plan) == TFC_STATUS_OK);
  EXPECT(out.y.dtype == TFC_DTYPE_F32 && out.y.rank == 2 && out.y.shape[0] == batch && out.y.shape[1] == 8);
  EXPECT(out.y.size == (uint64_t)batch * 8 * sizeof(float));
  EXPECT(out.flat.rank == 1 && out.flat.shape[0] == 8 * batch && out.flat.size == out.y.size);
  EXPECT(!plan.takes_scratch && tfc_context_arena_size(context) == 0);
  EXPECT(plan.arena_size >= rows_main_ARENA_SIZE + (uint64_t)batch * 256 * sizeof(float));

  EXPECT(tfc_context_reserve(context, plan.arena_size) == TFC_STATUS_OK);
  give(&out.y);
  give(&out.flat);
  float *x = malloc((size_t)batch * 32 * sizeof(float));
  for (int64_t i = 0; i < batch * 32; ++i)
    x[i] = 1;
  tfc_bool_t negated = 1;
  in = (rows_main_in_t){rows_main_input_x(x, batch), rows_main_input_c(&negated)};
  int before = made;
  rows_main_out_t planned = out;
  EXPECT(rows_main(context, &in, &out) == TFC_STATUS_OK);
  EXPECT(memcmp(&planned, &out, sizeof(out)) == 0);
  EXPECT(((float *)out.y.data)[8 * batch - 1] == -1024 && ((float *)out.flat.data)[0] == 1024);
  EXPECT(made == before && tfc_context_arena_size(context) == plan.arena_size);
  free(x);
  free(out.y.data);
  free(out.flat.data);
  tfc_context_destroy(context);
  return plan.arena_size;
}

/* What only data tells is said to be open. */
static void plan_open(tfc_context_t *context) {
  rows_found_in_t in = {rows_found_input_x(0, 100), rows_found_input_y(0, 100)};
  rows_found_out_t out;
  tfc_plan_t plan;
  EXPECT(rows_found_plan(context, &in, &out, &plan) == TFC_STATUS_OK);
  EXPECT(out.where.rank == 2 && out.where.shape[0] == 1 && out.where.shape[1] == TFC_DIM_DYNAMIC);
  EXPECT(out.where.size == 0 && !out.where.data && out.where.dtype == TFC_DTYPE_I64);
  EXPECT(plan.takes_scratch);
  float x[100] = {0}, y[100] = {0};
  x[7] = 1;
  in = (rows_found_in_t){rows_found_input_x(x, 100), rows_found_input_y(y, 100)};
  EXPECT(rows_found(context, &in, &out) == TFC_STATUS_OK);
  EXPECT(out.where.shape[1] == 1 && *(int64_t *)out.where.data == 7);
  EXPECT(tfc_context_arena_size(context) == plan.arena_size);
  /* The result stays while another call is planned. */
  rows_found_out_t other;
  in = (rows_found_in_t){rows_found_input_x(0, 1 << 20), rows_found_input_y(0, 1 << 20)};
  EXPECT(rows_found_plan(context, &in, &other, &plan) == TFC_STATUS_OK && *(int64_t *)out.where.data == 7);
}

static void plan_fixed(tfc_context_t *context) {
  rows_fixed_in_t in = {rows_fixed_input_x(0)};
  rows_fixed_out_t out;
  tfc_plan_t plan;
  EXPECT(rows_fixed_plan(context, &in, &out, &plan) == TFC_STATUS_OK);
  EXPECT(plan.arena_size == rows_fixed_ARENA_SIZE && plan.arena_size >= 4 * 256 * sizeof(float));
  EXPECT(out.y.shape[0] == 4 && out.y.shape[1] == 8 && out.y.size == 4 * 8 * sizeof(float));
}

static void refuse(tfc_context_t *context) {
  rows_main_out_t out;
  tfc_plan_t plan;
  rows_main_in_t in = {rows_main_input_x(0, -3), rows_main_input_c(0)};
  EXPECT(rows_main_plan(context, &in, &out, &plan) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(!strcmp(tfc_context_message(context), "input 'x': dimension 0 is -3, expected 0 or more"));
  in.x.rank = 1;
  EXPECT(rows_main_plan(context, &in, &out, &plan) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(!strcmp(tfc_context_message(context), "input 'x': rank is 1, expected 2"));
  in.x.dtype = TFC_DTYPE_F64;
  EXPECT(rows_main_plan(context, &in, &out, &plan) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(!strcmp(tfc_context_message(context), "input 'x': dtype is f64, expected f32"));
  EXPECT(rows_main_plan(context, 0, &out, &plan) == TFC_STATUS_INVALID_ARGUMENT);
  EXPECT(rows_main_plan(0, &in, &out, &plan) == TFC_STATUS_INVALID_ARGUMENT);
}

int main(void) {
  tfc_allocator_t allocator = {0, allocate, release};
  tfc_options_t options = {0};
  options.allocator = &allocator;
  tfc_instance_t *instance;
  EXPECT(rows_open(&options, &instance) == TFC_STATUS_OK);
  EXPECT(run_planned(instance, 1) < run_planned(instance, 7) && run_planned(instance, 300) > 300 * 1024);
  /* Code for machines with fewer features plans, too. */
  options.cpu_features_off = TFC_CPU_X86_64_V4;
  tfc_instance_t *older;
  EXPECT(rows_open(&options, &older) == TFC_STATUS_OK);
  run_planned(older, 7);
  rows_close(older);
  tfc_context_t *context;
  EXPECT(rows_context_create(instance, &context) == TFC_STATUS_OK);
  plan_open(context);
  plan_fixed(context);
  refuse(context);
  tfc_context_destroy(context);
  rows_close(instance);
  return 0;
}
