// Sorting without a C++ library.
#ifndef TFC_RUNTIME_OPERATION_SORT_H
#define TFC_RUNTIME_OPERATION_SORT_H

#include <stdint.h>
#include <string.h>

namespace tfc::rt {

// Sorts `count` items stably by merging; `buffer` has room for as many. T is trivially
// copyable.
template <typename T, typename Less> void sortItems(T *items, T *buffer, int64_t count, Less less) {
  // Short runs by insertion, then merges of neighbouring runs, to and fro.
  constexpr int64_t runLength = 16;
  for (int64_t begin = 0; begin < count; begin += runLength) {
    int64_t end = count - begin < runLength ? count : begin + runLength;
    for (int64_t i = begin + 1; i < end; ++i) {
      T item = items[i];
      int64_t place = i;
      for (; place > begin && less(item, items[place - 1]); --place)
        items[place] = items[place - 1];
      items[place] = item;
    }
  }
  T *from = items, *to = buffer;
  for (int64_t length = runLength; length < count; length *= 2) {
    for (int64_t begin = 0; begin < count; begin += 2 * length) {
      int64_t middle = count - begin < length ? count : begin + length;
      int64_t end = count - middle < length ? count : middle + length;
      int64_t left = begin, right = middle;
      for (int64_t i = begin; i < end; ++i) {
        bool takeRight = left == middle || (right < end && less(from[right], from[left]));
        to[i] = takeRight ? from[right++] : from[left++];
      }
    }
    T *other = from;
    from = to;
    to = other;
  }
  if (from != items)
    memcpy(items, from, sizeof(T) * static_cast<size_t>(count));
}

// Restores a heap of `count` items, the greatest first, after the item at `top` has
// become less.
template <typename T> void siftDown(T *heap, int64_t count, int64_t top) {
  T item = heap[top];
  for (int64_t child; (child = 2 * top + 1) < count; top = child) {
    if (child + 1 < count && heap[child] < heap[child + 1])
      ++child;
    if (!(item < heap[child]))
      break;
    heap[top] = heap[child];
  }
  heap[top] = item;
}

} // namespace tfc::rt

#endif // TFC_RUNTIME_OPERATION_SORT_H
