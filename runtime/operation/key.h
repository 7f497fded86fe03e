// Elements as integers that compare as the elements do: one sort serves every dtype.
#ifndef TFC_RUNTIME_OPERATION_KEY_H
#define TFC_RUNTIME_OPERATION_KEY_H

#include "tfc-rt/base.h"

namespace tfc::rt {

// Whether elements of a dtype have keys.
bool isOrdered(int32_t dtype);

// Keys of `count` elements of an ordered dtype that lie `stride` elements apart, from
// element `first` on. Equal elements (-0 and +0; all NaNs) have equal keys. NaN is the
// greatest.
void loadKeys(int32_t dtype, const void *data, int64_t first, int64_t stride, int64_t count, uint64_t *keys);

// An element to sort: its key and where it was.
struct Item {
  uint64_t key;
  int64_t index;

  // Ties are broken by index, so that every sort is stable.
  bool operator<(const Item &other) const { return key != other.key ? key < other.key : index < other.index; }
};

// Fills `items` with elements as loadKeys does. With `descending` the keys are
// reversed: greater elements come first.
void loadItems(int32_t dtype, const void *data, int64_t first, int64_t stride, int64_t count, bool descending,
               Item *items);

} // namespace tfc::rt

#endif // TFC_RUNTIME_OPERATION_KEY_H
