/* Names the type of files: the model of the Python package magika, compiled by tfc.
 *
 *   identify FILE...      prints a line "FILE: TYPE (SCORE)" for each, in order
 *
 * The exit status is 0 when every file could be read. The rules around the model (which
 * bytes it sees, what low scores mean) are those of magika 1.0, so answers agree with
 * the package's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features.h"
#include "magika.h"
#include "types.h" /* MAGIKA_* sizes and the table magika_types, from the package */

enum { BATCH = 32 }; /* files that the model sees at once */

/* Files whose features wait for the model. */
typedef struct batch_t {
  tfc_context_t *context;
  int count;
  const char *paths[BATCH];
  int32_t features[BATCH][MAGIKA_FEATURES];
} batch_t;

/* What a row of scores says: the best type where its score suffices, else what is known
 * of any file. */
static void print_answer(const char *path, const float *scores) {
  int best = 0;
  for (int i = 1; i < MAGIKA_TYPES; ++i)
    if (scores[i] > scores[best])
      best = i;
  const magika_type_t *type = &magika_types[best];
  const char *label = type->label;
  if (scores[best] < type->threshold)
    label = type->is_text ? "txt" : "unknown";
  printf("%s: %s (%.3f)\n", path, label, scores[best]);
}

/* Runs the model on the files that wait. Returns whether it could. */
static int flush(batch_t *batch) {
  if (batch->count == 0)
    return 1;
  magika_main_in_t in = {magika_main_input_bytes(batch->features[0], batch->count)};
  magika_main_out_t out = {{0}}; /* the context lends the memory of the scores */
  if (magika_main(batch->context, &in, &out) != TFC_STATUS_OK) {
    fprintf(stderr, "error: %s\n", tfc_context_message(batch->context));
    return 0;
  }
  const float *scores = out.target_label.data;
  for (int i = 0; i < batch->count; ++i)
    print_answer(batch->paths[i], scores + i * MAGIKA_TYPES);
  batch->count = 0;
  return 1;
}

/* The type of what needs no model, or null. */
static const char *type_without_model(const struct stat *status, const file_ends_t *ends, int has_features) {
  if (S_ISDIR(status->st_mode))
    return "directory";
  if (!S_ISREG(status->st_mode))
    return "unknown";
  if (ends->file_size == 0)
    return "empty";
  if (!has_features)
    return is_utf8(ends->first, ends->count) ? "txt" : "unknown";
  return 0;
}

/* Prints a file's type, or queues it for the model. Returns whether all went well. */
static int identify(batch_t *batch, const char *path) {
  struct stat status;
  file_ends_t ends = {0};
  if (stat(path, &status) != 0 || (S_ISREG(status.st_mode) && !read_ends(path, &ends))) {
    if (!flush(batch))
      return 0;
    perror(path);
    return 0;
  }
  int has_features = S_ISREG(status.st_mode) && extract_features(&ends, batch->features[batch->count]);
  const char *type = type_without_model(&status, &ends, has_features);
  if (type) {
    int flushed = flush(batch); /* answers keep the order of the files */
    printf("%s: %s (1.000)\n", path, type);
    return flushed;
  }
  batch->paths[batch->count++] = path;
  return batch->count < BATCH || flush(batch);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE...\n", argv[0]);
    return 2;
  }
  char message[256] = "";
  tfc_options_t options = {.message = message, .message_capacity = sizeof(message)};
  tfc_instance_t *instance;
  batch_t *batch = calloc(1, sizeof(batch_t));
  if (!batch || magika_open(&options, &instance) != TFC_STATUS_OK ||
      magika_context_create(instance, &batch->context) != TFC_STATUS_OK) {
    fprintf(stderr, "error: cannot open the model: %s\n", message);
    return 1;
  }
  int ok = 1;
  for (int i = 1; i < argc; ++i)
    ok &= identify(batch, argv[i]);
  ok &= flush(batch);
  tfc_context_destroy(batch->context);
  magika_close(instance);
  free(batch);
  return !ok;
}
