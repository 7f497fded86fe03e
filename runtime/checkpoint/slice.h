// Parts of tensors: boxes, as checkpoints of partitioned variables name them.
#ifndef TFC_RUNTIME_CHECKPOINT_SLICE_H
#define TFC_RUNTIME_CHECKPOINT_SLICE_H

#include "checkpoint/contents.h"
#include "tfc-rt/base.h"

namespace tfc::rt {

struct Slice {
  int32_t rank;
  int64_t start[TFC_MAX_RANK], extent[TFC_MAX_RANK];

  int64_t elements() const {
    int64_t count = 1;
    for (int32_t d = 0; d < rank; ++d)
      count *= extent[d];
    return count;
  }
};

// All of a tensor.
Slice wholeSlice(int32_t rank, const int64_t *shape);

// Reads "4 3 0,2:-", a shape and a part of it, where "-" is all of a dimension. False if it is none.
bool parseSlice(Bytes text, int64_t (&shape)[TFC_MAX_RANK], Slice &slice);
// Reads "4 3", a shape.
bool parseShape(Bytes text, int64_t (&shape)[TFC_MAX_RANK], int32_t &rank);
// Reads "0,2:0,3", a part, or with "-" for all of a dimension of `shape`.
bool parseBox(Bytes text, int32_t rank, const int64_t *shape, Slice &slice);
// Most bytes of what these write, a NUL included.
constexpr uint64_t sliceTextSize = TFC_MAX_RANK * 44;
void printShape(int32_t rank, const int64_t *shape, char *to);
void printBox(const Slice &slice, char *to);

// Whether two parts have elements in common.
bool overlap(const Slice &a, const Slice &b);
// Copies the elements that two parts have in common; how many they are.
int64_t copyCommon(uint64_t elementSize, const Slice &from, const char *source, const Slice &to, char *target);

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_SLICE_H
