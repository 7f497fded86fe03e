/* What the model sees of a file: bytes of its two ends. */
#ifndef FEATURES_H
#define FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "types.h"

/* The first and the last `count` bytes of a file; for a file of at most a block both
 * are all of it. */
typedef struct file_ends_t {
  uint64_t file_size;
  size_t count;
  uint8_t first[MAGIKA_BLOCK];
  uint8_t last[MAGIKA_BLOCK];
} file_ends_t;

/* Returns 1, or 0 with errno set. */
int read_ends(const char *path, file_ends_t *out_ends);

/* Fills MAGIKA_FEATURES numbers: bytes from the beginning behind leading white space,
 * then bytes up to trailing white space, each filled up with MAGIKA_PADDING. Returns 0
 * where the file has too few bytes for the model to say anything. */
int extract_features(const file_ends_t *ends, int32_t *out_features);

/* Whether bytes are well-formed UTF-8, as Unicode defines it. */
int is_utf8(const uint8_t *bytes, size_t count);

#endif
