// Enqueue, dequeue, size and close.
#include "state/queue.h"

#include "operation/operation.h"
#include "string/keep.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static uint64_t alignedSize(uint64_t size) { return (size + tensorAlignment - 1) & ~(tensorAlignment - 1); }

static bool holdsStrings(const Queue &queue, int32_t component) {
  return queue.declared->components[component].dtype == TFC_DTYPE_STRING;
}

// Slice `slice` of a tensor along its first axis, or all of it for -1.
static tfc_tensor_t sliceOf(const tfc_tensor_t &tensor, int64_t slice) {
  tfc_tensor_t part = tensor;
  if (slice < 0)
    return part;
  part.size /= part.shape[0];
  --part.rank;
  for (int32_t d = 0; d < part.rank; ++d)
    part.shape[d] = tensor.shape[d + 1];
  part.data = static_cast<char *>(tensor.data) + slice * part.size;
  return part;
}

// A copy of one tuple, or of a slice of each tensor.
static QueueElement *makeElement(tfc_context_t *context, Queue &queue, const tfc_tensor_t *inputs, int64_t slice)
    TFC_REQUIRES(queue.mutex) {
  int32_t parts = queue.declared->component_count;
  uint64_t header = alignedSize(sizeof(QueueElement) + (parts ? parts - 1 : 0) * sizeof(tfc_tensor_t)), total = header;
  const StringKeeper *strings = context->instance->strings;
  for (int32_t i = 0; i < parts; ++i) {
    tfc_tensor_t part = sliceOf(inputs[i], slice);
    total += alignedSize(part.size) + (holdsStrings(queue, i) ? alignedSize(strings->size(part)) : 0);
  }
  QueueElement *element = queue.free;
  if (element && element->size == total) {
    queue.free = element->next;
  } else {
    element = static_cast<QueueElement *>(allocate(context->instance->allocator, total));
    if (!element) {
      context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "queue '%s': no memory for %" PRIu64 " bytes",
                              queue.declared->name, total);
      return nullptr;
    }
    element->size = total;
  }
  char *data = reinterpret_cast<char *>(element) + header;
  for (int32_t i = 0; i < parts; ++i) {
    tfc_tensor_t &part = element->components[i];
    part = sliceOf(inputs[i], slice);
    if (part.size)
      memcpy(data, part.data, part.size);
    part.data = data;
    data += alignedSize(part.size);
    if (holdsStrings(queue, i)) {
      uint64_t size = alignedSize(strings->size(part));
      strings->keep(part, data);
      data += size;
    }
  }
  return element;
}

static void dropElement(const tfc_instance_t &instance, Queue &queue, QueueElement *element) TFC_REQUIRES(queue.mutex) {
  if (queue.free && queue.free->size != element->size) {
    release(instance.allocator, element);
    return;
  }
  element->next = queue.free;
  queue.free = element;
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static QueueElement *&at(Queue &queue, int64_t i) TFC_REQUIRES(queue.mutex) {
  return queue.elements[(queue.begin + i) & (queue.room - 1)];
}

// Whether a comes out of a priority queue before b.
static bool isBefore(const QueueElement *a, const QueueElement *b) {
  int64_t x = *static_cast<const int64_t *>(a->components[0].data);
  int64_t y = *static_cast<const int64_t *>(b->components[0].data);
  return x != y ? x < y : a->sequence < b->sequence;
}

static bool makeRoom(tfc_context_t *context, Queue &queue) TFC_REQUIRES(queue.mutex) {
  if (queue.count < queue.room)
    return true;
  int64_t room = queue.room ? 2 * queue.room : 16;
  auto **elements = static_cast<QueueElement **>(allocate(context->instance->allocator, room * sizeof(QueueElement *)));
  if (!elements) {
    context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "queue '%s': no memory for %" PRId64 " elements",
                            queue.declared->name, room);
    return false;
  }
  for (int64_t i = 0; i < queue.count; ++i)
    elements[i] = at(queue, i);
  release(context->instance->allocator, queue.elements);
  queue.elements = elements;
  queue.begin = 0;
  queue.room = room;
  return true;
}

// Puts an element in; there is room.
static void push(Queue &queue, QueueElement *element) TFC_REQUIRES(queue.mutex) {
  int64_t i = queue.count++;
  at(queue, i) = element;
  if (queue.declared->kind != TFC_QUEUE_PRIORITY)
    return;
  for (; i > 0 && isBefore(at(queue, i), at(queue, (i - 1) / 2)); i = (i - 1) / 2) {
    QueueElement *parent = at(queue, (i - 1) / 2);
    at(queue, (i - 1) / 2) = at(queue, i);
    at(queue, i) = parent;
  }
}

// Undoes pop for the last element that came out.
static void putBack(tfc_context_t *context, Queue &queue, QueueElement *element) TFC_REQUIRES(queue.mutex) {
  // Others may have filled its place meanwhile.
  if (!makeRoom(context, queue)) {
    dropElement(*context->instance, queue, element);
    return;
  }
  if (queue.declared->kind == TFC_QUEUE_PRIORITY || queue.declared->kind == TFC_QUEUE_RANDOM_SHUFFLE) {
    push(queue, element);
    return;
  }
  queue.begin = (queue.begin - 1) & (queue.room - 1);
  ++queue.count;
  at(queue, 0) = element;
}

static QueueElement *pop(Queue &queue) TFC_REQUIRES(queue.mutex) {
  int64_t chosen = 0, last = queue.count - 1;
  if (queue.declared->kind == TFC_QUEUE_RANDOM_SHUFFLE) {
    // xorshift64*
    queue.random ^= queue.random >> 12;
    queue.random ^= queue.random << 25;
    queue.random ^= queue.random >> 27;
    chosen = int64_t((queue.random * 0x2545f4914f6cdd1dull >> 1) % uint64_t(queue.count));
  }
  QueueElement *element = at(queue, chosen);
  queue.count = last;
  if (queue.declared->kind == TFC_QUEUE_FIFO || queue.declared->kind == TFC_QUEUE_PADDING_FIFO) {
    queue.begin = (queue.begin + 1) & (queue.room - 1);
    return element;
  }
  at(queue, chosen) = at(queue, last);
  if (queue.declared->kind != TFC_QUEUE_PRIORITY)
    return element;
  for (int64_t i = 0;;) {
    int64_t least = i;
    for (int64_t child = 2 * i + 1; child <= 2 * i + 2; ++child)
      if (child < last && isBefore(at(queue, child), at(queue, least)))
        least = child;
    if (least == i)
      return element;
    QueueElement *moved = at(queue, i);
    at(queue, i) = at(queue, least);
    at(queue, least) = moved;
    i = least;
  }
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

static void closeQueues(tfc_instance_t *instance) {
  for (int32_t i = 0; i < instance->model->queue_count; ++i) {
    Queue &queue = instance->queues[i];
    MutexLock lock(queue.mutex); // for the analysis: nobody else is left
    for (int64_t k = 0; k < queue.count; ++k)
      release(instance->allocator, at(queue, k));
    while (QueueElement *element = queue.free) {
      queue.free = element->next;
      release(instance->allocator, element);
    }
    release(instance->allocator, queue.elements);
  }
}

static int64_t keptBack(const Queue &queue) TFC_REQUIRES(queue.mutex) {
  return queue.declared->kind == TFC_QUEUE_RANDOM_SHUFFLE && !queue.isClosed ? queue.declared->min_after : 0;
}

static bool hasRoom(const Queue &queue) TFC_REQUIRES(queue.mutex) {
  return queue.declared->capacity < 0 || queue.count < queue.declared->capacity;
}

// Holds a queue's mutex and, once it has waited, a place in one of its lines.
class TFC_SCOPED_CAPABILITY tfc::rt::Turn : Waiter {
public:
  Turn(tfc_context_t *context, Queue &queue, Line &line, bool needsRoom = false) TFC_ACQUIRE(queue.mutex)
      : Waiter(context), queue(queue), line(line), needsRoom(needsRoom) {
    // Threads that use different queues come here at once.
    if (!__atomic_load_n(&context->instance->closeQueues, __ATOMIC_RELAXED))
      __atomic_store_n(&context->instance->closeQueues, closeQueues, __ATOMIC_RELAXED);
    queue.mutex.lock();
  }
  ~Turn() TFC_RELEASE() {
    if (isInLine) {
      (previous ? previous->next : line.first) = next;
      (next ? next->previous : line.last) = previous;
    }
    wakeNext(queue);
    queue.mutex.unlock();
  }

  int64_t position = 0; // of the element that a watcher waits for

  bool isFirst() const { return !line.first || line.first == this; }

  // Waits until it is first and there is room or an element, or the queue is closed; others have
  // the mutex meanwhile. Fails if the step is cancelled or its deadline passes.
  tfc_status_t wait() TFC_THREAD_ANNOTATION(no_thread_safety_analysis) {
    if (!isInLine) {
      isInLine = true;
      previous = line.last;
      (previous ? previous->next : line.first) = this;
      line.last = this;
    }
    begin();
    wakeNext(queue);
    queue.mutex.unlock();
    WaitEnd end = Waiter::wait();
    queue.mutex.lock();
    if (end == WaitEnd::Ready)
      return TFC_STATUS_OK;
    if (end == WaitEnd::Cancelled)
      return context->message().fail(TFC_STATUS_CANCELLED, "queue '%s': the step was cancelled while it waited",
                                     queue.declared->name);
    return context->message().fail(TFC_STATUS_DEADLINE_EXCEEDED,
                                   "queue '%s': the deadline passed while the step waited", queue.declared->name);
  }

  // Wakes those who can go on: after every change of the queue, before its mutex is let go.
  static void wakeNext(Queue &queue) TFC_REQUIRES(queue.mutex) {
    if (Turn *first = queue.consumers.first; first && (queue.isClosed || queue.count > keptBack(queue)))
      first->wake();
    if (Turn *first = queue.producers.first; first && (queue.isClosed || !first->needsRoom || hasRoom(queue)))
      first->wake();
    for (Turn *turn = queue.watchers.first; turn; turn = turn->next)
      if (queue.isClosed || queue.count > turn->position)
        turn->wake();
    if (queue.isCancelled)
      for (Turn *turn = queue.producers.first; turn; turn = turn->next)
        turn->wake();
  }

private:
  Queue &queue;
  Line &line;
  bool needsRoom, isInLine = false;
  Turn *next = nullptr, *previous = nullptr;
};

static Queue &queueOf(tfc_context_t *context, const int64_t *parameters) {
  return context->instance->queues[parameters[0]];
}

// Fails unless a tensor, or each of its slices, is what the queue takes.
static tfc_status_t checkComponent(tfc_context_t *context, const Queue &queue, int32_t i, const tfc_tensor_t &given,
                                   bool many) {
  const tfc_port_t &component = queue.declared->components[i];
  for (int32_t d = 0; d < component.rank; ++d)
    if (component.dims[d] >= 0 && component.dims[d] != given.shape[d + many])
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "queue '%s': dimension %" PRId32 " of component %" PRId32 " is %" PRId64
                                     ", expected %" PRId64,
                                     queue.declared->name, d, i, given.shape[d + many], component.dims[d]);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_enqueue(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                   tfc_tensor_t *, int32_t, const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  bool many = parameters[1];
  int64_t total = many && inputCount ? inputs[0].shape[0] : 1;
  for (int32_t i = 0; many && i < inputCount; ++i)
    if (inputs[i].shape[0] != total)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "queue '%s': component %" PRId32 " has %" PRId64 " elements, expected %" PRId64,
                                     queue.declared->name, i, inputs[i].shape[0], total);
  for (int32_t i = 0; i < inputCount; ++i)
    if (tfc_status_t status = checkComponent(context, queue, i, inputs[i], many))
      return status;
  Turn turn(context, queue, queue.producers, /*needsRoom=*/true);
  for (int64_t k = 0; k < total;) {
    if (queue.isCancelled || (queue.isClosed && turn.isFirst()))
      return context->message().fail(TFC_STATUS_CANCELLED, "queue '%s' is closed", queue.declared->name);
    if (!turn.isFirst() || !hasRoom(queue)) {
      if (tfc_status_t status = turn.wait())
        return status;
      continue;
    }
    QueueElement *element = makeRoom(context, queue) ? makeElement(context, queue, inputs, many ? k : -1) : nullptr;
    if (!element)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    element->sequence = queue.sequence++;
    push(queue, element);
    ++k;
  }
  return TFC_STATUS_OK;
}

// Copies component c of elements to output c: of one element as it is, of many stacked and,
// where their shapes differ, padded with zeros.
static tfc_status_t give(tfc_context_t *context, const Queue &queue, QueueElement *const *taken, int64_t count,
                         bool stacks, int32_t c, tfc_tensor_t &output) {
  int64_t shape[TFC_MAX_RANK + 1];
  int32_t rank = output.rank - stacks;
  for (int32_t d = 0; d < rank; ++d)
    shape[d + 1] = count || output.shape[d + stacks] < 0 ? 0 : output.shape[d + stacks];
  bool differ = false;
  for (int64_t k = 0; k < count; ++k) {
    const tfc_tensor_t &part = taken[k]->components[c];
    if (part.dtype != output.dtype || part.rank != rank)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "queue '%s': component %" PRId32 " has rank %" PRId32 ", expected %" PRId32,
                                     queue.declared->name, c, part.rank, rank);
    for (int32_t d = 0; d < rank; ++d) {
      differ |= k > 0 && part.shape[d] != shape[d + 1];
      shape[d + 1] = part.shape[d] > shape[d + 1] ? part.shape[d] : shape[d + 1];
    }
  }
  if (differ && queue.declared->kind != TFC_QUEUE_PADDING_FIFO)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "queue '%s': component %" PRId32 " has elements of different shapes",
                                   queue.declared->name, c);
  shape[0] = count;
  const int64_t *result = stacks ? shape : shape + 1;
  for (int32_t d = 0; d < output.rank; ++d)
    if (output.shape[d] >= 0 && output.shape[d] != result[d])
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "queue '%s': dimension %" PRId32 " of component %" PRId32 " is %" PRId64
                                     ", expected %" PRId64,
                                     queue.declared->name, d, c, result[d], output.shape[d]);
  if (tfc_status_t status = bindResult(context, "dequeue", output, output.dtype, output.rank, result))
    return status;
  char *to = static_cast<char *>(output.data);
  uint64_t step = count ? output.size / count : 0;
  if (differ && output.size)
    memset(to, 0, output.size);
  for (int64_t k = 0; k < count; ++k, to += step) {
    const tfc_tensor_t &part = taken[k]->components[c];
    if (!differ || part.size == step) {
      if (part.size)
        memcpy(to, part.data, part.size);
      continue;
    }
    // Row by row: the last dimension of the element lies together.
    uint64_t elementSize = tfc_dtype_size(static_cast<tfc_dtype_t>(part.dtype));
    int64_t last = rank ? part.shape[rank - 1] : 1, rows = last ? int64_t(part.size / elementSize) / last : 0;
    for (int64_t row = 0; row < rows; ++row) {
      int64_t rest = row, position = 0, stride = rank ? shape[rank] : 1;
      for (int32_t d = rank - 2; d >= 0; --d) {
        position += rest % part.shape[d] * stride;
        rest /= part.shape[d];
        stride *= shape[d + 1];
      }
      memcpy(to + position * elementSize, static_cast<const char *>(part.data) + row * last * elementSize,
             last * elementSize);
    }
  }
  if (holdsStrings(queue, c) && !context->instance->strings->give(context, output))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_dequeue(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                   tfc_tensor_t *outputs, int32_t outputCount, const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  bool stacks = inputCount > 0, upTo = parameters[1];
  int64_t wanted = stacks ? *static_cast<const int64_t *>(inputs[0].data) : 1;
  if (wanted < 0)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "queue '%s': %" PRId64 " elements are wanted, expected 0 or more",
                                   queue.declared->name, wanted);
  QueueElement *one;
  ScratchArray<QueueElement *> many(context, wanted > 1 ? wanted : 0);
  if (!many)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  QueueElement **taken = wanted > 1 ? many.get() : &one;
  Turn turn(context, queue, queue.consumers);
  int64_t count = 0;
  tfc_status_t status = TFC_STATUS_OK;
  while (count < wanted) {
    if (turn.isFirst() && queue.count > keptBack(queue)) {
      taken[count++] = pop(queue);
      continue;
    }
    // Enqueues that wait behind the one that closed the queue bring nothing any more.
    if (turn.isFirst() && queue.isClosed && queue.count == 0) {
      if (upTo && count > 0)
        break;
      status =
          context->message().fail(TFC_STATUS_OUT_OF_RANGE,
                                  "queue '%s' is closed and has too few elements (wanted %" PRId64 ", has %" PRId64 ")",
                                  queue.declared->name, wanted, count);
      break;
    }
    if ((status = turn.wait()) != TFC_STATUS_OK)
      break;
  }
  if (status != TFC_STATUS_OK) {
    while (count > 0)
      putBack(context, queue, taken[--count]);
    return status;
  }
  for (int32_t c = 0; c < outputCount && status == TFC_STATUS_OK; ++c)
    status = give(context, queue, taken, count, stacks, c, outputs[c]);
  for (int64_t k = 0; k < count; ++k)
    dropElement(*context->instance, queue, taken[k]);
  return status;
}

tfc_status_t tfc_operation_queue_peek(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                      tfc_tensor_t *outputs, int32_t outputCount, const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  Turn turn(context, queue, queue.watchers);
  turn.position = *static_cast<const int64_t *>(inputs[0].data);
  if (turn.position < 0)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "queue '%s': position %" PRId64 " is negative",
                                   queue.declared->name, turn.position);
  while (queue.count <= turn.position) {
    if (queue.isClosed)
      return context->message().fail(
          TFC_STATUS_OUT_OF_RANGE, "queue '%s' is closed and has %" PRId64 " elements, position %" PRId64 " is wanted",
          queue.declared->name, queue.count, turn.position);
    if (tfc_status_t status = turn.wait())
      return status;
  }
  tfc_status_t status = TFC_STATUS_OK;
  for (int32_t c = 0; c < outputCount && status == TFC_STATUS_OK; ++c)
    status = give(context, queue, &at(queue, turn.position), 1, /*stacks=*/false, c, outputs[c]);
  return status;
}

tfc_status_t tfc_operation_queue_clear(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *, int32_t,
                                       const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  Turn turn(context, queue, queue.producers);
  while (queue.count > 0)
    dropElement(*context->instance, queue, pop(queue));
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_queue_size(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                      int32_t, const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  MutexLock lock(queue.mutex);
  *static_cast<int64_t *>(outputs[0].data) = queue.count;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_queue_is_closed(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                           int32_t, const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  MutexLock lock(queue.mutex);
  *static_cast<int64_t *>(outputs[0].data) = queue.isClosed;
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_queue_close(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *, int32_t,
                                       const int64_t *parameters) {
  Queue &queue = queueOf(context, parameters);
  tfc_status_t status = TFC_STATUS_OK;
  if (parameters[1]) {
    MutexLock lock(queue.mutex);
    queue.isClosed = queue.isCancelled = true;
    Turn::wakeNext(queue);
  } else {
    Turn turn(context, queue, queue.producers);
    while (!turn.isFirst() && status == TFC_STATUS_OK)
      status = turn.wait();
    if (status == TFC_STATUS_OK && queue.isClosed)
      status = context->message().fail(TFC_STATUS_CANCELLED, "queue '%s' is closed already", queue.declared->name);
    queue.isClosed = queue.isClosed || status == TFC_STATUS_OK;
  }
  return status;
}
