// Parts of strings.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

static bool beginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

// Where character `number` begins; the size of the text for the one behind its last. False if there
// are fewer.
static bool findCharacter(StringView text, uint64_t number, uint64_t &outByte) {
  for (uint64_t i = 0; i < text.size; ++i)
    if (beginsCharacter(text.data[i]) && number-- == 0) {
      outByte = i;
      return true;
    }
  outByte = text.size;
  return number == 0;
}

// A position in bytes, counted from the end where negative; false if it is outside.
static bool findByte(StringView text, int64_t position, uint64_t &outByte) {
  outByte = static_cast<uint64_t>(position < 0 ? position + static_cast<int64_t>(text.size) : position);
  return outByte <= text.size;
}

static bool takeCharacters(StringView text, int64_t position, int64_t length, StringView &part) {
  uint64_t count = 0, begin, end;
  for (uint64_t i = 0; position < 0 && i < text.size; ++i)
    count += beginsCharacter(text.data[i]);
  if (position < 0)
    position += static_cast<int64_t>(count);
  if (position < 0 || !findCharacter(text, static_cast<uint64_t>(position), begin))
    return false;
  part = {text.data + begin, text.size - begin};
  findCharacter(part, length > 0 ? static_cast<uint64_t>(length) : 0, end);
  part.size = length > 0 ? end : 0;
  return true;
}

static bool takeBytes(StringView text, int64_t position, int64_t length, StringView &part) {
  uint64_t begin;
  if (!findByte(text, position, begin))
    return false;
  // A negative length is all, as TensorFlow has it.
  const uint64_t rest = text.size - begin, wanted = static_cast<uint64_t>(length);
  part = {text.data + begin, wanted < rest ? wanted : rest};
  return true;
}

tfc_status_t tfc_operation_string_substr(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  auto *positions = static_cast<const int64_t *>(inputs[1].data),
       *lengths = static_cast<const int64_t *>(inputs[2].data);
  if (tfc_status_t status = bindStrings(context, "string_substr", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView text = stringAt(x, i);
    StringView part;
    const bool isInside = parameters[0] ? takeCharacters(text, positions[i], lengths[i], part)
                                        : takeBytes(text, positions[i], lengths[i], part);
    if (!isInside)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_substr: position %" PRId64 " is out of range for '%.*s' (element %" PRId64
                                     ")",
                                     positions[i], static_cast<int>(text.size < 100 ? text.size : 100), text.data, i);
    if (!makeHandle(context, part, handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}
