// Find, insert, remove, export and size of hash tables.
#include "state/table.h"

#include "string/string.h"

#include <inttypes.h>
#include <string.h>

using namespace tfc::rt;

//===----------------------------------------------------------------------===//
// Tensors of a port
//===----------------------------------------------------------------------===//

namespace {

// Keys or values: arrays of equal tensors whose strings are handles.
struct Items {
  explicit Items(const tfc_port_t &port) : port(port), isString(port.dtype == TFC_DTYPE_STRING), elements(1) {
    for (int32_t d = 0; d < port.rank; ++d)
      elements *= port.dims[d];
    size = elements * (isString ? sizeof(uint64_t) : tfc_dtype_size(static_cast<tfc_dtype_t>(port.dtype)));
  }

  bool areEqual(const char *a, const char *b) const {
    if (!isString)
      return !memcmp(a, b, size);
    for (int64_t i = 0; i < elements; ++i)
      if (!(viewOf(handle(a, i)) == viewOf(handle(b, i))))
        return false;
    return true;
  }
  uint64_t hash(const char *item) const {
    uint64_t hash = isString ? 0 : tfc_checksum(item, size);
    for (int64_t i = 0; isString && i < elements; ++i) {
      StringView view = viewOf(handle(item, i));
      hash = hash * 31 + tfc_checksum(view.data, view.size);
    }
    return hash ^ hash >> 32;
  }
  // Copies an item with its strings. False: no memory, and nothing is left.
  bool copy(const tfc_allocator_t &allocator, char *to, const char *from) const {
    memcpy(to, from, size);
    for (int64_t i = 0; isString && i < elements; ++i) {
      StringView view = viewOf(handle(from, i));
      void *memory = allocate(allocator, recordSize(view.size));
      if (!memory) {
        while (i > 0)
          release(allocator, reinterpret_cast<void *>(handle(to, --i)));
        return false;
      }
      reinterpret_cast<uint64_t *>(to)[i] = handleOf(writeString(view, memory));
    }
    return true;
  }
  void drop(const tfc_allocator_t &allocator, char *item) const {
    for (int64_t i = 0; isString && i < elements; ++i)
      release(allocator, reinterpret_cast<void *>(handle(item, i)));
  }
  // Copies items to the running step. False after recording RESOURCE_EXHAUSTED.
  bool give(tfc_context_t *context, char *to, const char *from, int64_t count) const {
    if (count)
      memcpy(to, from, count * size);
    for (int64_t i = 0; isString && i < count * elements; ++i)
      if (!makeHandle(context, viewOf(handle(from, i)), reinterpret_cast<uint64_t *>(to)[i]))
        return false;
    return true;
  }

  const tfc_port_t &port;
  bool isString;
  int64_t elements;
  uint64_t size; // bytes of one item

private:
  static uint64_t handle(const char *item, int64_t i) { return reinterpret_cast<const uint64_t *>(item)[i]; }
};

} // namespace

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

namespace {

// A table whose mutex is held.
class Editor {
public:
  Editor(const tfc_allocator_t &allocator, const tfc_table_t &declared, TableContent &content)
      : keys(*declared.key), values(*declared.value), content(content), allocator(allocator) {}

  // The position of a key; -1 if the table lacks it.
  int64_t find(const char *key) const {
    int64_t position = content.slotCount ? content.slots[slotOf(key)] : 0;
    return position - 1;
  }
  char *value(int64_t position) const { return content.values + position * values.size; }

  // Gives a key a value. False: no memory, and the table is as it was.
  bool insert(const char *key, const char *value) {
    int64_t position = find(key);
    if (position < 0)
      return append(key, value);
    if (values.areEqual(this->value(position), value))
      return true;
    char *old = this->value(position);
    if (!values.isString) {
      memcpy(old, value, values.size);
      return true;
    }
    auto *copy = static_cast<char *>(allocate(allocator, values.size));
    bool done = copy && values.copy(allocator, copy, value);
    if (done) {
      values.drop(allocator, old);
      memcpy(old, copy, values.size);
    }
    release(allocator, copy);
    return done;
  }

  void remove(const char *key) {
    if (find(key) < 0)
      return;
    int64_t slot = slotOf(key), position = content.slots[slot] - 1, last = content.count - 1;
    keys.drop(allocator, keyAt(position));
    values.drop(allocator, value(position));
    close(slot);
    if (position != last) {
      content.slots[slotOf(keyAt(last))] = position + 1;
      memcpy(keyAt(position), keyAt(last), keys.size);
      memcpy(value(position), value(last), values.size);
    }
    content.count = last;
  }

  // Gives up all memory.
  void clear() {
    for (int64_t i = 0; i < content.count; ++i) {
      keys.drop(allocator, keyAt(i));
      values.drop(allocator, value(i));
    }
    release(allocator, content.keys);
    release(allocator, content.values);
    release(allocator, content.slots);
    content.keys = content.values = nullptr;
    content.slots = nullptr;
    content.count = content.room = content.slotCount = 0;
  }

  const Items keys, values;

private:
  char *keyAt(int64_t position) const { return content.keys + position * keys.size; }

  // Where a key is, or would be: the first free slot behind its own.
  int64_t slotOf(const char *key) const {
    const int64_t mask = content.slotCount - 1;
    int64_t slot = int64_t(keys.hash(key)) & mask;
    while (content.slots[slot] && !keys.areEqual(keyAt(content.slots[slot] - 1), key))
      slot = (slot + 1) & mask;
    return slot;
  }

  // Frees a slot: those behind it that probing would no longer reach move up.
  void close(int64_t slot) {
    const int64_t mask = content.slotCount - 1;
    for (int64_t next = (slot + 1) & mask; content.slots[next]; next = (next + 1) & mask) {
      int64_t own = int64_t(keys.hash(keyAt(content.slots[next] - 1))) & mask;
      if (((next - own) & mask) >= ((next - slot) & mask)) {
        content.slots[slot] = content.slots[next];
        slot = next;
      }
    }
    content.slots[slot] = 0;
  }

  bool append(const char *key, const char *value) {
    if (content.count == content.room && !grow())
      return false;
    int64_t position = content.count;
    if (!keys.copy(allocator, keyAt(position), key))
      return false;
    if (!values.copy(allocator, this->value(position), value)) {
      keys.drop(allocator, keyAt(position));
      return false;
    }
    content.slots[slotOf(key)] = position + 1;
    ++content.count;
    return true;
  }

  bool grow() {
    const int64_t room = content.room ? 2 * content.room : 16;
    TableContent next = content;
    next.room = room;
    next.slotCount = 2 * room;
    next.keys = static_cast<char *>(allocate(allocator, room * keys.size + 1));
    next.values = static_cast<char *>(allocate(allocator, room * values.size + 1));
    next.slots = static_cast<int64_t *>(allocate(allocator, next.slotCount * sizeof(int64_t)));
    bool done = next.keys && next.values && next.slots;
    if (done) {
      if (content.count) {
        memcpy(next.keys, content.keys, content.count * keys.size);
        memcpy(next.values, content.values, content.count * values.size);
      }
      memset(next.slots, 0, next.slotCount * sizeof(int64_t));
      TableContent old = content;
      content = next;
      next = old;
      for (int64_t i = 0; i < content.count; ++i)
        content.slots[slotOf(keyAt(i))] = i + 1;
    }
    release(allocator, next.keys);
    release(allocator, next.values);
    release(allocator, next.slots);
    return done;
  }

  TableContent &content;
  const tfc_allocator_t &allocator;
};

} // namespace

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static void closeTables(tfc_instance_t *instance) {
  for (int32_t i = 0; i < instance->model->table_count; ++i) {
    Table &table = instance->tables[i];
    MutexLock lock(table.mutex); // for the analysis: nobody else is left
    Editor(instance->allocator, *table.declared, table.content).clear();
  }
}

static tfc_status_t failMemory(tfc_context_t *context, const tfc_table_t &declared) {
  return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "table '%s': no memory", declared.name);
}

// The handles of packed strings, or the data itself; null after recording RESOURCE_EXHAUSTED.
static const char *itemsOf(tfc_context_t *context, const Items &items, const void *data, int64_t count) {
  if (!items.isString)
    return static_cast<const char *>(data);
  const int64_t total = count * items.elements;
  auto *handles = allocateArray<uint64_t>(context, total);
  for (int64_t i = 0; handles && i < total; ++i)
    handles[i] = reinterpret_cast<uint64_t>(data) + static_cast<const uint64_t *>(data)[i];
  return reinterpret_cast<const char *>(handles);
}

// Puts in what the declaration says, before the first access.
static tfc_status_t begin(tfc_context_t *context, const tfc_table_t &declared, TableContent &content) {
  if (content.isBegun)
    return TFC_STATUS_OK;
  // Threads that use different tables come here at once.
  __atomic_store_n(&context->instance->closeTables, closeTables, __ATOMIC_RELAXED);
  Editor editor(context->instance->allocator, declared, content);
  if (declared.keys) {
    const char *keys = itemsOf(context, editor.keys, declared.keys, declared.count);
    const char *values = itemsOf(context, editor.values, declared.values, declared.count);
    if (!keys || !values)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    for (int64_t i = 0; i < declared.count; ++i)
      if (!editor.insert(keys + i * editor.keys.size, values + i * editor.values.size)) {
        editor.clear();
        return failMemory(context, declared);
      }
    content.isFilled = true;
  }
  content.isBegun = true;
  return TFC_STATUS_OK;
}

static Table &tableOf(tfc_context_t *context, const int64_t *parameters) {
  return context->instance->tables[parameters[0]];
}

// Fixes the shape of an output of items that lie as `outer` tells, and sees that it has memory.
static tfc_status_t bindItems(tfc_context_t *context, const char *operation, const Items &items, int32_t outerRank,
                              const int64_t *outer, tfc_tensor_t &output) {
  int64_t shape[TFC_MAX_RANK];
  if (outerRank + items.port.rank > TFC_MAX_RANK)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: result of rank %" PRId32 ", expected at most %d",
                                   operation, outerRank + items.port.rank, TFC_MAX_RANK);
  for (int32_t d = 0; d < outerRank; ++d)
    shape[d] = outer[d];
  for (int32_t d = 0; d < items.port.rank; ++d)
    shape[outerRank + d] = items.port.dims[d];
  return bindResult(context, operation, output, output.dtype, outerRank + items.port.rank, shape);
}

tfc_status_t tfc_operation_table_find(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                      tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  Table &table = tableOf(context, parameters);
  MutexLock lock(table.mutex);
  if (tfc_status_t status = begin(context, *table.declared, table.content))
    return status;
  if (table.declared->is_static && !table.content.isFilled)
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION, "table '%s' is not initialized",
                                   table.declared->name);
  Editor editor(context->instance->allocator, *table.declared, table.content);
  const Items &keys = editor.keys, &values = editor.values;
  const tfc_tensor_t &asked = inputs[0], &otherwise = inputs[1];
  if (tfc_status_t status =
          bindItems(context, "table_find", values, asked.rank - keys.port.rank, asked.shape, outputs[0]))
    return status;
  const int64_t count = keys.size ? int64_t(asked.size / keys.size) : 0;
  const int64_t given = values.size ? int64_t(otherwise.size / values.size) : 1;
  if (given != 1 && given != count)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "table '%s': %" PRId64 " defaults for %" PRId64 " keys, expected one or as many",
                                   table.declared->name, given, count);
  auto *to = static_cast<char *>(outputs[0].data);
  for (int64_t i = 0; i < count; ++i, to += values.size) {
    int64_t position = editor.find(static_cast<const char *>(asked.data) + i * keys.size);
    const char *from = position < 0 ? static_cast<const char *>(otherwise.data) + (given == 1 ? 0 : i) * values.size
                                    : editor.value(position);
    if (!values.give(context, to, from, 1))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}

// Fills a static table, or sees that it holds what it would be filled with.
static tfc_status_t initialize(tfc_context_t *context, const tfc_table_t &declared, TableContent &content,
                               Editor &editor, const char *keys, const char *values, int64_t count) {
  const bool wasFilled = content.isFilled;
  tfc_status_t status = TFC_STATUS_OK;
  auto failFilled = [&] {
    return context->message().fail(TFC_STATUS_FAILED_PRECONDITION,
                                   "table '%s' was initialized with other content already", declared.name);
  };
  if (wasFilled && count != content.count)
    return failFilled();
  for (int64_t i = 0; i < count && status == TFC_STATUS_OK; ++i) {
    const char *key = keys + i * editor.keys.size, *value = values + i * editor.values.size;
    int64_t position = editor.find(key);
    if (position >= 0 && editor.values.areEqual(editor.value(position), value))
      continue;
    if (wasFilled)
      return failFilled();
    if (position >= 0)
      status = context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                       "table '%s': key %" PRId64 " comes twice, with different values", declared.name, i);
    else if (!editor.insert(key, value))
      status = failMemory(context, declared);
  }
  if (status != TFC_STATUS_OK)
    editor.clear();
  content.isFilled = status == TFC_STATUS_OK;
  return status;
}

tfc_status_t tfc_operation_table_insert(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                        int32_t, const int64_t *parameters) {
  Table &table = tableOf(context, parameters);
  MutexLock lock(table.mutex);
  if (tfc_status_t status = begin(context, *table.declared, table.content))
    return status;
  Editor editor(context->instance->allocator, *table.declared, table.content);
  const int64_t count = editor.keys.size ? int64_t(inputs[0].size / editor.keys.size) : 0;
  if (inputs[1].size != count * editor.values.size)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "table '%s': %" PRId64 " keys and %" PRIu64 " bytes of values, expected %" PRIu64,
                                   table.declared->name, count, inputs[1].size, count * editor.values.size);
  auto *keys = static_cast<const char *>(inputs[0].data), *values = static_cast<const char *>(inputs[1].data);
  if (parameters[1] == 2)
    return initialize(context, *table.declared, table.content, editor, keys, values, count);
  if (parameters[1] == 1)
    editor.clear();
  for (int64_t i = 0; i < count; ++i)
    if (!editor.insert(keys + i * editor.keys.size, values + i * editor.values.size))
      return failMemory(context, *table.declared);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_table_remove(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t, tfc_tensor_t *,
                                        int32_t, const int64_t *parameters) {
  Table &table = tableOf(context, parameters);
  MutexLock lock(table.mutex);
  if (tfc_status_t status = begin(context, *table.declared, table.content))
    return status;
  Editor editor(context->instance->allocator, *table.declared, table.content);
  for (uint64_t at = 0; editor.keys.size && at < inputs[0].size; at += editor.keys.size)
    editor.remove(static_cast<const char *>(inputs[0].data) + at);
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_table_export(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                        int32_t, const int64_t *parameters) {
  Table &table = tableOf(context, parameters);
  MutexLock lock(table.mutex);
  if (tfc_status_t status = begin(context, *table.declared, table.content))
    return status;
  const TableContent &content = table.content;
  if (table.declared->is_static && !content.isFilled)
    return context->message().fail(TFC_STATUS_ABORTED, "table '%s' is not initialized", table.declared->name);
  Editor editor(context->instance->allocator, *table.declared, table.content);
  if (tfc_status_t status = bindItems(context, "table_export", editor.keys, 1, &content.count, outputs[0]))
    return status;
  if (tfc_status_t status = bindItems(context, "table_export", editor.values, 1, &content.count, outputs[1]))
    return status;
  bool done = editor.keys.give(context, static_cast<char *>(outputs[0].data), content.keys, content.count) &&
              editor.values.give(context, static_cast<char *>(outputs[1].data), content.values, content.count);
  return done ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}

tfc_status_t tfc_operation_table_size(tfc_context_t *context, const tfc_tensor_t *, int32_t, tfc_tensor_t *outputs,
                                      int32_t, const int64_t *parameters) {
  Table &table = tableOf(context, parameters);
  MutexLock lock(table.mutex);
  if (tfc_status_t status = begin(context, *table.declared, table.content))
    return status;
  *static_cast<int64_t *>(outputs[0].data) = table.content.count;
  return TFC_STATUS_OK;
}
