// Tensors and parts of tensors on their way into one file.
#include "checkpoint/collector.h"

#include "checkpoint/checkpoint.h"
#include "operation/sort.h"

using namespace tfc::rt;

Collector::~Collector() {
  while (blocks) {
    Block *next = blocks->next;
    release(allocator, blocks);
    blocks = next;
  }
}

tfc_status_t Collector::fail(Bytes name, const char *what) const {
  return message.fail(TFC_STATUS_INVALID_ARGUMENT, "checkpoint '%s': tensor '%.*s' %s", path,
                      static_cast<int>(name.size < 100 ? name.size : 100), name.data, what);
}
tfc_status_t Collector::failMemory() const {
  return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory to write it", path);
}

char *Collector::allocateBytes(uint64_t size) {
  auto *block =
      size > UINT64_MAX - tensorAlignment ? nullptr : static_cast<Block *>(allocate(allocator, size + tensorAlignment));
  if (!block) {
    failMemory();
    return nullptr;
  }
  block->next = blocks;
  blocks = block;
  return reinterpret_cast<char *>(block) + tensorAlignment;
}

tfc_status_t Collector::add(const Item &item) {
  if (item.dtype != TFC_DTYPE_STRING && !checkpointDtype(item.dtype))
    return message.fail(TFC_STATUS_UNIMPLEMENTED,
                        "checkpoint '%s': tensor '%.*s' is of %s, for which checkpoints have no type", path,
                        static_cast<int>(item.name.size < 100 ? item.name.size : 100), item.name.data,
                        tfc_dtype_name(static_cast<tfc_dtype_t>(item.dtype)));
  if (item.name.size == strlen(metadataName) && !memcmp(item.name.data, metadataName, item.name.size))
    return fail(item.name, "has the name of a checkpoint's own entry");
  return items.append(item) ? TFC_STATUS_OK : failMemory();
}

tfc_status_t Collector::add(Bytes name, int32_t dtype, int32_t rank, const int64_t *shape, Bytes data) {
  return addPart(name, dtype, shape, wholeSlice(rank, shape), data);
}

tfc_status_t Collector::addPart(Bytes name, int32_t dtype, const int64_t *shape, const Slice &part, Bytes data) {
  Item item{name, dtype, {}, part, data};
  memcpy(item.shape, shape, static_cast<size_t>(part.rank) * sizeof(int64_t));
  return add(item);
}

tfc_status_t Collector::addPackedStrings(Bytes name, int32_t rank, const int64_t *shape, Bytes data) {
  return add(name, TFC_DTYPE_STRING, rank, shape, data);
}

// Items [begin, end) have one name.
tfc_status_t Collector::writeGroup(int64_t begin, int64_t end, Array<SavedTensor> &tensors, Array<SavedNote> &notes) {
  const Item &first = items[begin];
  const int32_t rank = first.part.rank;
  const int64_t total = wholeSlice(rank, first.shape).elements();
  int64_t covered = 0;
  for (int64_t i = begin; i < end; ++i) {
    const Item &item = items[i];
    if (item.dtype != first.dtype || item.part.rank != rank ||
        memcmp(item.shape, first.shape, static_cast<size_t>(rank) * sizeof(int64_t)) != 0)
      return fail(item.name, "has parts of different shapes or element types");
    for (int64_t k = begin; k < i; ++k)
      if (item.part.elements() == total || overlap(item.part, items[k].part))
        return fail(item.name, "comes twice, or in parts that overlap");
    covered += item.part.elements();
  }
  char text[sliceTextSize];
  auto keep = [&](const char *from, uint64_t size) -> Bytes {
    char *to = allocateBytes(size + 1);
    if (to)
      memcpy(to, from, size);
    return {to, size};
  };
  if (first.dtype == TFC_DTYPE_STRING) {
    char *extent = allocateBytes(sizeof(int64_t));
    printShape(rank, first.shape, text);
    const Bytes shape = keep(text, strlen(text));
    if (!extent || !shape.data)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    memcpy(extent, &first.data.size, sizeof(int64_t));
    const bool isFine =
        tensors.append({first.name, TFC_DTYPE_U8, 1, reinterpret_cast<const int64_t *>(extent), first.data}) &&
        notes.append({stringsPrefix, first.name, shape});
    return isFine ? TFC_STATUS_OK : failMemory();
  }
  if (covered == total && (total > 0 || end - begin == 1)) {
    Bytes data = first.data;
    if (end - begin > 1) {
      const uint64_t element = tfc_dtype_size(static_cast<tfc_dtype_t>(first.dtype));
      char *whole = allocateBytes(static_cast<uint64_t>(total) * element);
      if (!whole)
        return TFC_STATUS_RESOURCE_EXHAUSTED;
      for (int64_t i = begin; i < end; ++i)
        copyCommon(element, items[i].part, items[i].data.data, wholeSlice(rank, first.shape), whole);
      data = {whole, static_cast<uint64_t>(total) * element};
    }
    return tensors.append({first.name, first.dtype, rank, first.shape, data}) ? TFC_STATUS_OK : failMemory();
  }
  for (int64_t i = begin; i < end; ++i) {
    const Item &item = items[i];
    printBox(item.part, text);
    const uint64_t length = strlen(text);
    char *name = allocateBytes(item.name.size + 1 + length);
    if (!name)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    memcpy(name, item.name.data, item.name.size);
    name[item.name.size] = partMark;
    memcpy(name + item.name.size + 1, text, length);
    if (!tensors.append({{name, item.name.size + 1 + length}, item.dtype, rank, item.part.extent, item.data}))
      return failMemory();
  }
  printShape(rank, first.shape, text);
  const Bytes shape = keep(text, strlen(text));
  if (!shape.data)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  return notes.append({partsPrefix, first.name, shape}) ? TFC_STATUS_OK : failMemory();
}

tfc_status_t Collector::write() {
  Array<Item> buffer(allocator);
  Array<SavedTensor> tensors(allocator);
  Array<SavedNote> notes(allocator);
  if (!buffer.reserve(items.count) || !items.reserve(0) || !tensors.reserve(0) || !notes.reserve(0))
    return failMemory();
  auto compare = [](const Item &a, const Item &b) {
    const uint64_t common = a.name.size < b.name.size ? a.name.size : b.name.size;
    const int order = memcmp(a.name.data, b.name.data, common);
    return order ? order : a.name.size < b.name.size ? -1 : static_cast<int>(a.name.size > b.name.size);
  };
  sortItems(items.data, buffer.data, items.count, [&](const Item &a, const Item &b) { return compare(a, b) < 0; });
  for (int64_t begin = 0, end; begin < items.count; begin = end) {
    end = begin + 1;
    while (end < items.count && compare(items[begin], items[end]) == 0)
      ++end;
    if (tfc_status_t status = writeGroup(begin, end, tensors, notes))
      return status;
  }
  Contents contents(allocator);
  if (tfc_status_t status = contents.make(path, tensors.data, tensors.count, notes.data, notes.count, message))
    return status;
  return contents.write(path, message);
}
