// Several checkpoints made one.
#include "checkpoint/collector.h"
#include "checkpoint/operation.h"
#include "checkpoint/stored.h"
#include "tfc-rt/operations.h"

#include <unistd.h>

using namespace tfc::rt;

// Adds one entry of a file: strings, a part, or a tensor.
static tfc_status_t addEntry(Collector &collector, const CheckpointReader &file, const FileEntry &entry) {
  const Bytes name{entry.name.data, entry.name.length};
  char *data = collector.allocateBytes(entry.size);
  if (!data)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (tfc_status_t status = file.read(entry, data))
    return status;
  int64_t shape[TFC_MAX_RANK];
  int32_t rank;
  if (const HeaderText *text = file.findNote(stringsPrefix, name.data, name.size)) {
    if (!parseShape({text->data, text->length}, shape, rank))
      return file.file.fail(TFC_STATUS_DATA_LOSS, "tensor '%.*s' has damaged strings", entry.name.shownLength(),
                            name.data);
    return collector.addPackedStrings(name, rank, shape, {data, entry.size});
  }
  for (uint64_t at = name.size; at-- > 0;) {
    if (name.data[at] != partMark)
      continue;
    const HeaderText *text = file.findNote(partsPrefix, name.data, at);
    Slice part;
    if (!text || !parseShape({text->data, text->length}, shape, rank) ||
        !parseBox({name.data + at + 1, name.size - at - 1}, rank, shape, part))
      continue;
    return collector.addPart({name.data, at}, entry.dtype, shape, part, {data, entry.size});
  }
  if (entry.rank > TFC_MAX_RANK)
    return file.file.fail(TFC_STATUS_UNIMPLEMENTED, "tensor '%.*s' has more than %d dimensions",
                          entry.name.shownLength(), name.data, TFC_MAX_RANK);
  return collector.add(name, entry.dtype, entry.rank, entry.shape, {data, entry.size});
}

// Deletes what was merged, and its folder if nothing else is in it. Of what is left, nobody is told:
// the merged checkpoint is there.
static void deleteMerged(Collector &collector, const char *path, bool deletesFolder) {
  unlink(path);
  const char *slash = strrchr(path, '/');
  char *folder = deletesFolder && slash && slash > path ? collector.allocateBytes(strlen(path) + 1) : nullptr;
  if (!folder)
    return;
  memcpy(folder, path, static_cast<size_t>(slash - path));
  folder[slash - path] = '\0';
  rmdir(folder);
}

tfc_status_t tfc_operation_merge_checkpoints(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                             tfc_tensor_t *, int32_t, const int64_t *parameters) {
  const tfc_allocator_t &allocator = context->instance->allocator;
  const tfc_tensor_t &paths = inputs[0];
  const int64_t count = countOf(paths);
  const char *path = pathOf(context, "merge_checkpoints", stringAt(inputs[1], 0));
  if (!path)
    return TFC_STATUS_INVALID_ARGUMENT;
  if (count == 0)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "merge_checkpoints: nothing to merge");
  Collector collector(allocator, path, context->message());
  // Names of entries lie in the readers, which live until all is written.
  auto *memory = collector.allocateBytes(static_cast<uint64_t>(count) * sizeof(CheckpointReader));
  if (!memory)
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  auto *readers = reinterpret_cast<CheckpointReader *>(memory);
  tfc_status_t status = TFC_STATUS_OK;
  int64_t opened = 0, found = 0;
  for (; !status && opened < count; ++opened) {
    const char *part = pathOf(context, "merge_checkpoints", stringAt(paths, opened));
    new (TfcPlacement{readers + opened}) CheckpointReader(allocator, part ? part : "", context->message());
    status = part ? readers[opened].open() : TFC_STATUS_INVALID_ARGUMENT;
    if (status == TFC_STATUS_NOT_FOUND && parameters[1]) {
      status = TFC_STATUS_OK;
      continue;
    }
    ++found;
    const Array<FileEntry> &entries = readers[opened].entries;
    for (int64_t i = 0; !status && i < entries.count; ++i)
      status = addEntry(collector, readers[opened], entries[i]);
  }
  if (!status && found == 0)
    status = context->message().fail(TFC_STATUS_NOT_FOUND, "merge_checkpoints: none of %lld checkpoints is there",
                                     static_cast<long long>(count));
  if (!status)
    status = collector.write();
  while (opened > 0)
    readers[--opened].~CheckpointReader();
  for (int64_t i = 0; !status && i < count; ++i)
    if (const char *part = stringAt(paths, i).data; strcmp(part, path) != 0)
      deleteMerged(collector, part, parameters[0]);
  return status;
}
