// Parts of tensors.
#include "checkpoint/slice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

using namespace tfc::rt;

Slice tfc::rt::wholeSlice(int32_t rank, const int64_t *shape) {
  Slice slice{rank, {}, {}};
  for (int32_t d = 0; d < rank; ++d)
    slice.extent[d] = shape[d];
  return slice;
}

namespace {
struct Reader {
  const char *at, *end;
  bool take(char c) { return at < end && *at == c ? ++at, true : false; }
  bool readNumber(int64_t &number) {
    const char *begin = at;
    for (number = 0; at < end && *at >= '0' && *at <= '9'; ++at)
      if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *at - '0', &number))
        return false;
    return at > begin;
  }
};
} // namespace

bool tfc::rt::parseShape(Bytes text, int64_t (&shape)[TFC_MAX_RANK], int32_t &rank) {
  Reader reader{text.data, text.data + text.size};
  for (rank = 0; reader.at < reader.end; reader.take(' '))
    if (rank == TFC_MAX_RANK || !reader.readNumber(shape[rank++]))
      return false;
  return true;
}

bool tfc::rt::parseBox(Bytes text, int32_t rank, const int64_t *shape, Slice &slice) {
  Reader reader{text.data, text.data + text.size};
  slice.rank = rank;
  for (int32_t d = 0; d < rank; ++d) {
    if (d && !reader.take(':'))
      return false;
    if (reader.take('-')) {
      slice.start[d] = 0;
      slice.extent[d] = shape[d];
      continue;
    }
    int64_t end;
    if (!reader.readNumber(slice.start[d]) || !reader.take(',') || !reader.readNumber(slice.extent[d]) ||
        __builtin_add_overflow(slice.start[d], slice.extent[d], &end) || end > shape[d])
      return false;
  }
  return reader.at == reader.end;
}

bool tfc::rt::parseSlice(Bytes text, int64_t (&shape)[TFC_MAX_RANK], Slice &slice) {
  uint64_t space = text.size;
  while (space > 0 && text.data[space - 1] != ' ')
    --space;
  int32_t rank;
  return space > 0 && parseShape({text.data, space - 1}, shape, rank) &&
         parseBox({text.data + space, text.size - space}, rank, shape, slice);
}

void tfc::rt::printShape(int32_t rank, const int64_t *shape, char *to) {
  *to = '\0';
  for (int32_t d = 0; d < rank; ++d)
    to += snprintf(to, 24, d ? " %" PRId64 : "%" PRId64, shape[d]);
}

void tfc::rt::printBox(const Slice &slice, char *to) {
  *to = '\0';
  for (int32_t d = 0; d < slice.rank; ++d)
    to += snprintf(to, 44, d ? ":%" PRId64 ",%" PRId64 : "%" PRId64 ",%" PRId64, slice.start[d], slice.extent[d]);
}

static bool intersect(const Slice &a, const Slice &b, Slice &common) {
  common.rank = a.rank;
  for (int32_t d = 0; d < a.rank; ++d) {
    const int64_t endA = a.start[d] + a.extent[d], endB = b.start[d] + b.extent[d], end = endA < endB ? endA : endB;
    common.start[d] = a.start[d] > b.start[d] ? a.start[d] : b.start[d];
    common.extent[d] = end - common.start[d];
    if (common.extent[d] <= 0)
      return false;
  }
  return true;
}

bool tfc::rt::overlap(const Slice &a, const Slice &b) {
  Slice common;
  return intersect(a, b, common);
}

int64_t tfc::rt::copyCommon(uint64_t elementSize, const Slice &from, const char *source, const Slice &to,
                            char *target) {
  Slice common;
  if (!intersect(from, to, common))
    return 0;
  const int64_t run = common.rank ? common.extent[common.rank - 1] : 1, count = common.elements();
  for (int64_t row = 0; row < count / run; ++row) {
    // Where the row's first element is in both.
    int64_t rest = row, offsets[2] = {0, 0}, strides[2] = {1, 1};
    for (int32_t d = common.rank; d-- > 0;) {
      const bool isLast = d == common.rank - 1;
      const int64_t at = common.start[d] + (isLast ? 0 : rest % common.extent[d]);
      rest = isLast ? rest : rest / common.extent[d];
      offsets[0] += (at - from.start[d]) * strides[0];
      offsets[1] += (at - to.start[d]) * strides[1];
      strides[0] *= from.extent[d];
      strides[1] *= to.extent[d];
    }
    memcpy(target + static_cast<uint64_t>(offsets[1]) * elementSize,
           source + static_cast<uint64_t>(offsets[0]) * elementSize, static_cast<uint64_t>(run) * elementSize);
  }
  return count;
}
