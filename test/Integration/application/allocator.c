/* An application's allocator: it serves everything, gets everything back, and may fail at any time. */
#include "expect.h"
#include "maybe.h"

/* Fails from the `fail_at`th allocation on. */
typedef struct {
  int made, live, fail_at;
} counter_t;

static void *allocate(void *user, uint64_t size, uint64_t alignment) {
  counter_t *counter = user;
  if (counter->made++ >= counter->fail_at)
    return 0;
  ++counter->live;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void release(void *user, void *pointer) {
  --((counter_t *)user)->live;
  free(pointer);
}

enum { COUNT = 4096 };

/* Runs once with so many allocations granted; tells how many were asked for. */
static int run(int fail_at) {
  static float a[COUNT], b[COUNT];
  counter_t counter = {0, 0, fail_at};
  tfc_allocator_t allocator = {&counter, allocate, release};
  tfc_options_t options = {0};
  options.allocator = &allocator;
  tfc_instance_t *instance;
  tfc_context_t *context = 0;
  tfc_status_t status = maybe_open(&options, &instance);
  if (status == TFC_STATUS_OK)
    status = maybe_context_create(instance, &context);
  if (status == TFC_STATUS_OK) {
    for (int i = 0; i < COUNT; ++i) {
      a[i] = (float)(i % 3);
      b[i] = 2;
    }
    maybe_main_in_t in = {maybe_main_input_a(a, COUNT), maybe_main_input_b(b, COUNT)};
    maybe_main_out_t out = {{0}};
    status = maybe_main(context, &in, &out);
    if (status == TFC_STATUS_OK) {
      const float *y = out.y.data;
      for (int i = 0; i < COUNT; ++i)
        EXPECT(y[i] == (float)(4 - (i % 3) * (i % 3)));
    } else {
      EXPECT(tfc_context_message(context)[0] != 0);
      /* With memory the context is as good as new. */
      counter.fail_at = 1 << 30;
      out.y = (tfc_tensor_t){0};
      EXPECT(maybe_main(context, &in, &out) == TFC_STATUS_OK);
    }
  }
  EXPECT(counter.made > fail_at ? status == TFC_STATUS_RESOURCE_EXHAUSTED : status == TFC_STATUS_OK);
  tfc_context_destroy(context);
  maybe_close(instance);
  EXPECT(counter.live == 0);
  return counter.made;
}

int main(void) {
  int all = run(1 << 30);
  /* Instance, context, output, temporaries of the kernel. */
  EXPECT(all == 4);
  for (int fail_at = 0; fail_at < all; ++fail_at)
    run(fail_at);
  return 0;
}
