// Restoring of instances. All of the file is checked and read before any variable changes.
#include "checkpoint/checkpoint.h"
#include "checkpoint/reader.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

// What a variable is going to be.
struct Staged {
  tfc_tensor_t value; // `data`: the instance's own memory
  bool isGiven, isUnset;
};

class Restore {
public:
  Restore(tfc_instance_t &instance, const char *path, const tfc_checkpoint_options_t *options)
      : instance(instance), model(*instance.model), isPartial(options && options->partial),
        reader(instance.allocator, path, messageOf(options)), file(reader.file), staged(instance.allocator) {}
  ~Restore() {
    for (int64_t i = 0; i < staged.count; ++i)
      releaseShared(instance.allocator, staged[i].value.data);
  }
  Restore(const Restore &) = delete;

  tfc_status_t run() {
    if (!staged.reserve(model.variable_count))
      return file.failMemory();
    staged.count = model.variable_count;
    tfc_status_t status = reader.open();
    for (int64_t i = 0; !status && i < reader.notes.count; ++i)
      status = takeNote(reader.notes[i].key);
    for (int64_t i = 0; !status && i < reader.entries.count; ++i)
      status = takeEntry(reader.entries[i]);
    if (!status)
      status = checkMissing();
    for (int64_t i = 0; !status && i < reader.entries.count; ++i)
      status = readValue(reader.entries[i]);
    if (!status)
      assign();
    return status;
  }

private:
  int32_t find(const HeaderText &name) const {
    for (int32_t i = 0; i < model.variable_count; ++i)
      if (name == model.variables[i].name)
        return i;
    return -1;
  }

  tfc_status_t takeNote(HeaderText key) {
    constexpr uint64_t prefix = sizeof(unsetPrefix) - 1;
    if (key.length <= prefix || memcmp(key.data, unsetPrefix, prefix) != 0)
      return TFC_STATUS_OK;
    HeaderText name{key.data + prefix, key.length - prefix};
    int32_t i = find(name);
    if (i >= 0)
      staged[i].isUnset = true;
    else if (!isPartial)
      return failUnknown(name);
    return TFC_STATUS_OK;
  }

  tfc_status_t failUnknown(HeaderText name) const {
    return file.fail(TFC_STATUS_FAILED_PRECONDITION, "has variable '%.*s', which model '%s' has not",
                     name.shownLength(), name.data, model.name);
  }

  tfc_status_t takeEntry(const FileEntry &entry) {
    int32_t i = find(entry.name);
    if (i < 0)
      return isPartial ? TFC_STATUS_OK : failUnknown(entry.name);
    const tfc_variable_t &declared = model.variables[i];
    staged[i].isGiven = true;
    tfc_tensor_t &value = staged[i].value;
    value.size = entry.size;
    value.dtype = entry.dtype;
    value.rank = entry.rank;
    memcpy(value.shape, entry.shape, sizeof(value.shape));
    if (entry.dtype != declared.dtype)
      return file.fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' is of %s, expected %s", declared.name,
                       tfc_dtype_name(static_cast<tfc_dtype_t>(entry.dtype)),
                       tfc_dtype_name(static_cast<tfc_dtype_t>(declared.dtype)));
    if (entry.rank != declared.rank)
      return file.fail(TFC_STATUS_FAILED_PRECONDITION, "variable '%s' has another rank, expected %" PRId32,
                       declared.name, declared.rank);
    for (int32_t d = 0; d < declared.rank; ++d)
      if (declared.dims[d] != TFC_DIM_DYNAMIC && declared.dims[d] != value.shape[d])
        return file.fail(TFC_STATUS_FAILED_PRECONDITION,
                         "dimension %" PRId32 " of variable '%s' is %" PRId64 ", expected %" PRId64, d, declared.name,
                         value.shape[d], declared.dims[d]);
    return TFC_STATUS_OK;
  }

  tfc_status_t checkMissing() const {
    for (int32_t i = 0; i < model.variable_count; ++i) {
      const Staged &stage = staged[i];
      if (stage.isGiven && stage.isUnset)
        return file.fail(TFC_STATUS_DATA_LOSS, "has variable '%s' with and without a value", model.variables[i].name);
      if (!isPartial && !stage.isGiven && !stage.isUnset)
        return file.fail(TFC_STATUS_FAILED_PRECONDITION, "lacks variable '%s'", model.variables[i].name);
    }
    return TFC_STATUS_OK;
  }

  tfc_status_t readValue(const FileEntry &entry) {
    int32_t i = find(entry.name);
    if (i < 0)
      return TFC_STATUS_OK;
    tfc_tensor_t &value = staged[i].value;
    value.data = allocateShared(instance.allocator, value.size ? value.size : 1);
    if (!value.data)
      return file.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "no memory for %" PRIu64 " bytes of variable '%s'", value.size,
                       model.variables[i].name);
    return reader.read(entry, value.data);
  }

  // Cannot fail. What the variables held before is released with this object.
  void assign() {
    AllVariables held(instance);
    for (int32_t i = 0; i < model.variable_count; ++i) {
      Staged &stage = staged[i];
      Variable &variable = instance.variables[i];
      if (!stage.isGiven && !stage.isUnset)
        continue;
      void *previous = variable.capacity ? variable.value.data : nullptr;
      variable.value = stage.value;
      variable.capacity = stage.isUnset ? 0 : stage.value.size ? stage.value.size : 1;
      stage.value.data = previous;
    }
  }

  tfc_instance_t &instance;
  const tfc_model_t &model;
  bool isPartial;
  CheckpointReader reader;
  const InputFile &file;
  Array<Staged> staged; // by variable
};

} // namespace

tfc_status_t tfc_instance_restore(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options) {
  if (!instance || !path)
    return messageOf(options).fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", instance ? "path" : "instance");
  return Restore(*instance, path, options).run();
}
