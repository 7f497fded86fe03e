/* A model whose weights are in a file, compiled for two CPUs.
 * Arguments: its weights, those of another compilation, a name for spoiled copies. */
#include <string.h>

#include "expect.h"
#include "product.h"

static char message[300];

static tfc_status_t open_with(const char *path, uint64_t cpu_features_off, tfc_instance_t **out_instance) {
  tfc_options_t options = {0};
  options.abi_version = TFC_ABI_VERSION;
  options.weights_path = path;
  options.cpu_features_off = cpu_features_off;
  options.message = message;
  options.message_capacity = sizeof(message);
  return product_open(&options, out_instance);
}

/* Every row is multiplied with columns of ones and twos. */
static void run(tfc_instance_t *instance) {
  tfc_context_t *context;
  EXPECT(product_context_create(instance, &context) == TFC_STATUS_OK);
  float x[3 * 32], y[3 * 32];
  for (int i = 0; i < 3 * 32; ++i)
    x[i] = (float)(i / 32);
  product_main_in_t in = {product_main_input_x(x, 3)};
  product_main_out_t out = {product_main_output_y(y, 3)};
  EXPECT(product_main(context, &in, &out) == TFC_STATUS_OK);
  for (int i = 0; i < 3 * 32; ++i)
    EXPECT(y[i] == (float)(i / 32 * 32 * (1 + i % 2)));
  tfc_context_destroy(context);
}

/* Copies a file, all but its last `cut` bytes, with one bit of byte `flip` changed. */
static void spoil(const char *from, const char *to, long cut, long flip) {
  static char bytes[1 << 16];
  FILE *file = fopen(from, "rb");
  EXPECT(file);
  long size = (long)fread(bytes, 1, sizeof(bytes), file);
  fclose(file);
  EXPECT(size > flip && size > cut);
  if (flip >= 0)
    bytes[flip] ^= 1;
  file = fopen(to, "wb");
  EXPECT(file && fwrite(bytes, 1, (size_t)(size - cut), file) == (size_t)(size - cut) && fclose(file) == 0);
}

static void refused(const char *path, tfc_status_t status, const char *why) {
  tfc_instance_t *instance;
  EXPECT(open_with(path, 0, &instance) == status && !instance);
  EXPECT(strstr(message, why));
}

int main(int argc, char **argv) {
  EXPECT(argc == 4);
  const char *weights = argv[1], *other = argv[2], *spoiled = argv[3];
  EXPECT(strcmp(product_model.weights.file, "product.weights") == 0);

  /* Two instances; one does without AVX-512. */
  tfc_instance_t *first, *second, *third;
  EXPECT(open_with(weights, 0, &first) == TFC_STATUS_OK);
  EXPECT(open_with(weights, TFC_CPU_X86_64_V4, &second) == TFC_STATUS_OK);
  run(first);
  product_close(first);
  run(second);

  refused("nowhere.weights", TFC_STATUS_NOT_FOUND, "nowhere.weights");
  refused(other, TFC_STATUS_FAILED_PRECONDITION, "belongs to another model or compilation");
  spoil(weights, spoiled, 1, -1);
  refused(spoiled, TFC_STATUS_DATA_LOSS, "expected 4160");
  spoil(weights, spoiled, 0, 3);
  refused(spoiled, TFC_STATUS_FAILED_PRECONDITION, "is no weights file");
  spoil(weights, spoiled, 0, 4000);
  refused(spoiled, TFC_STATUS_DATA_LOSS, "is damaged");
  EXPECT(open_with(weights, TFC_CPU_X86_64_V3, &third) == TFC_STATUS_FAILED_PRECONDITION);
  EXPECT(strstr(message, "this one lacks x86-64-v3"));

  /* Moved under another name. */
  spoil(weights, spoiled, 0, -1);
  EXPECT(open_with(spoiled, 0, &third) == TFC_STATUS_OK);
  run(third);
  run(second);
  product_close(second);
  product_close(third);
  return 0;
}
