// Saving of instances: all variables at one moment, written when nobody waits any more.
#include "checkpoint/array.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/contents.h"

#include <string.h>

using namespace tfc::rt;

// Copies the state, all variables at one moment.
static tfc_status_t takeSnapshot(tfc_instance_t &instance, const char *path, Message message, Contents &contents) {
  const tfc_model_t &model = *instance.model;
  Array<SavedTensor> tensors(instance.allocator);
  Array<SavedNote> notes(instance.allocator);
  if (!tensors.reserve(model.variable_count) || !notes.reserve(model.variable_count))
    return message.fail(TFC_STATUS_RESOURCE_EXHAUSTED, "checkpoint '%s': no memory for its header", path);
  AllVariables held(instance);
  for (int32_t i = 0; i < model.variable_count; ++i) {
    const tfc_tensor_t &value = instance.variables[i].value;
    const Bytes name{model.variables[i].name, strlen(model.variables[i].name)};
    if (value.data)
      tensors.append({name, value.dtype, value.rank, value.shape, {static_cast<const char *>(value.data), value.size}});
    else
      notes.append({unsetPrefix, name, {"", 0}});
  }
  return contents.make(path, tensors.data, tensors.count, notes.data, notes.count, message);
}

tfc_status_t tfc_instance_save(tfc_instance_t *instance, const char *path, const tfc_checkpoint_options_t *options) {
  Message message = messageOf(options);
  if (!instance || !path)
    return message.fail(TFC_STATUS_INVALID_ARGUMENT, "%s is null", instance ? "path" : "instance");
  const tfc_model_t &model = *instance->model;
  for (int32_t i = 0; i < model.variable_count; ++i) {
    const tfc_variable_t &variable = model.variables[i];
    if (!checkpointDtype(variable.dtype))
      return message.fail(TFC_STATUS_UNIMPLEMENTED, "variable '%s' is of %s, for which checkpoints have no type",
                          variable.name, tfc_dtype_name(static_cast<tfc_dtype_t>(variable.dtype)));
    if (!strcmp(variable.name, metadataName))
      return message.fail(TFC_STATUS_UNIMPLEMENTED, "variable '%s' has the name of a checkpoint's own entry",
                          variable.name);
  }
  Contents contents(instance->allocator);
  if (tfc_status_t status = takeSnapshot(*instance, path, message, contents))
    return status;
  return contents.write(path, message);
}
