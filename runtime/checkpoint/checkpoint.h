// Checkpoints: the variables of an instance in a file of the format safetensors.
//
// A file is the length of its header (8 bytes, little-endian), the header (JSON), then data,
// which the entries of the header share out without gaps or overlaps:
//   {"__metadata__": {"format": "tfc", "version": "1", "unset:NAME": ""},
//    "NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
// A variable that holds no value has a line in the metadata instead of an entry. Two more kinds of
// lines are written by steps that save: "strings:NAME" holds the shape of a tensor of strings, "2 3",
// whose entry is all sizes (8 bytes each, little-endian), then all bytes, as a vector of U8;
// "parts:NAME" the shape of a tensor of which the file has some parts, entries "NAME@0,2:0,3" that
// begin at (0, 0) and are 2 by 3.
#ifndef TFC_RUNTIME_CHECKPOINT_CHECKPOINT_H
#define TFC_RUNTIME_CHECKPOINT_CHECKPOINT_H

#include "base/instance.h"
#include "base/message.h"
#include "state/variable.h"

namespace tfc::rt {

constexpr char metadataName[] = "__metadata__", formatName[] = "tfc", formatVersion[] = "1",
               unsetPrefix[] = "unset:", stringsPrefix[] = "strings:", partsPrefix[] = "parts:", partMark = '@';

// The format's name of an element type; null if it has none.
const char *checkpointDtype(int32_t dtype);
// The element type of such a name; TFC_DTYPE_INVALID if it is none.
int32_t dtypeOfCheckpoint(const char *name, uint64_t length);

// The message buffer of options that may be null.
inline Message messageOf(const tfc_checkpoint_options_t *options) {
  return options ? Message{options->message, options->message_capacity} : Message{};
}

// Holds all variables of an instance. They are locked in the order of their declarations, as
// steps acquire them.
class AllVariables {
public:
  explicit AllVariables(tfc_instance_t &instance) __attribute__((no_thread_safety_analysis)) : instance(instance) {
    for (int32_t i = 0; i < instance.model->variable_count; ++i)
      instance.variables[i].mutex.lock();
  }
  ~AllVariables() __attribute__((no_thread_safety_analysis)) {
    for (int32_t i = instance.model->variable_count; i-- > 0;)
      instance.variables[i].mutex.unlock();
  }
  AllVariables(const AllVariables &) = delete;
  AllVariables &operator=(const AllVariables &) = delete;

private:
  tfc_instance_t &instance;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_CHECKPOINT_H
