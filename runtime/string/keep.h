// How strings outlive the step that made them: in the block of memory of whoever keeps them.
#ifndef TFC_RUNTIME_STRING_KEEP_H
#define TFC_RUNTIME_STRING_KEEP_H

#include "base/context.h"

namespace tfc::rt {

// A table of functions, so that only objects with strings link them: `tfc_instance_t::strings`.
struct StringKeeper {
  // Bytes of the records of a tensor's strings.
  uint64_t (*size)(const tfc_tensor_t &tensor);
  // Writes the records to `memory`, which has as many bytes and is 8-aligned, and makes the tensor's
  // handles theirs.
  void (*keep)(tfc_tensor_t &tensor, void *memory);
  // Makes the tensor's handles those of copies in the running step. False after recording
  // RESOURCE_EXHAUSTED.
  bool (*give)(tfc_context_t *context, tfc_tensor_t &tensor);
};

// Sets an instance's table.
void keepStrings(tfc_instance_t &instance);

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_KEEP_H
