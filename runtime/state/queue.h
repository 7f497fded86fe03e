// Queues of an instance.
//
// One mutex guards a queue. Producers and consumers are each served in the order in which
// they came: they stand in line, and only the first one looks at the queue. Closing without
// cancelling is a producer, too, so that enqueues that wait already go through first (as
// TensorFlow has it). Whoever changes a queue wakes those who can go on, and nobody else.
#ifndef TFC_RUNTIME_STATE_QUEUE_H
#define TFC_RUNTIME_STATE_QUEUE_H

#include "task/wait.h"

namespace tfc::rt {

// One element: its components, and behind them their data.
struct QueueElement {
  uint64_t size;      // bytes of the allocation
  uint64_t sequence;  // when it came, for a stable order
  QueueElement *next; // of the free ones
  tfc_tensor_t components[1];
};

class Turn;

// Who waits at one end of a queue, in order.
struct Line {
  Turn *first = nullptr, *last = nullptr;
};

struct Queue {
  explicit Queue(const tfc_queue_t &declared) : declared(&declared), random(uint64_t(declared.seed) * 2 + 1) {}

  const tfc_queue_t *declared;
  Mutex mutex;
  Line producers, consumers; // under the mutex, too
  Line watchers;             // who waits for an element at some position, in no order
  // A ring of pointers (FIFO), or an array from `begin` 0 on (random) that is a heap
  // (priority).
  QueueElement **elements TFC_GUARDED_BY(mutex) = nullptr;
  int64_t begin TFC_GUARDED_BY(mutex) = 0, count TFC_GUARDED_BY(mutex) = 0, room TFC_GUARDED_BY(mutex) = 0;
  QueueElement *free TFC_GUARDED_BY(mutex) = nullptr; // of equal size, to be used again
  uint64_t sequence TFC_GUARDED_BY(mutex) = 0;
  uint64_t random TFC_GUARDED_BY(mutex);
  bool isClosed TFC_GUARDED_BY(mutex) = false, isCancelled TFC_GUARDED_BY(mutex) = false;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_STATE_QUEUE_H
