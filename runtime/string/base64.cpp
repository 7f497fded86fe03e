// Base 64 with the alphabet that is safe in addresses and file names.
#include "string/string.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int valueOf(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

tfc_status_t tfc_operation_base64_encode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindStrings(context, "base64_encode", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView text = stringAt(x, i);
    const uint64_t rest = text.size % 3;
    if (text.size > UINT64_MAX / 4)
      return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "base64_encode: a string is too long");
    const uint64_t size = text.size / 3 * 4 + (rest == 0 ? 0 : parameters[0] ? 4 : rest + 1);
    String *encoded = makeString(context, size);
    if (!encoded)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    char *to = encoded->bytes();
    for (uint64_t k = 0; k < text.size; k += 3) {
      uint32_t word = 0;
      for (uint64_t b = 0; b < 3; ++b)
        word = word << 8 | (k + b < text.size ? static_cast<unsigned char>(text.data[k + b]) : 0);
      for (uint64_t digit = 0; digit < 4 && to < encoded->bytes() + size; ++digit)
        *to++ = k + digit > text.size ? '=' : alphabet[word >> (18 - 6 * digit) & 63];
    }
    handlesOf(outputs[0])[i] = handleOf(encoded);
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_base64_decode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindStrings(context, "base64_decode", outputs[0], x.rank, x.shape))
    return status;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    StringView text = stringAt(x, i);
    // Two digits are the least that a group has before what fills it up.
    for (int fill = 0; fill < 2 && text.size % 4 == static_cast<uint64_t>(fill ? 3 : 0) && text.size > 0 &&
                       text.data[text.size - 1] == '=';
         ++fill)
      --text.size;
    if (text.size % 4 == 1)
      return context->message().fail(
          TFC_STATUS_INVALID_ARGUMENT,
          "base64_decode: element %" PRId64 " has %" PRIu64 " digits, of which one is left over", i, text.size);
    String *decoded = makeString(context, text.size / 4 * 3 + (text.size % 4 ? text.size % 4 - 1 : 0));
    if (!decoded)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    uint32_t word = 0;
    char *to = decoded->bytes();
    for (uint64_t k = 0; k < text.size; ++k) {
      const int value = valueOf(text.data[k]);
      if (value < 0)
        return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                       "base64_decode: byte %" PRIu64 " of element %" PRId64 " is no digit", k, i);
      word = word << 6 | static_cast<uint32_t>(value);
      if (k % 4 != 0) // 2, 4 or 6 bits are left for the next byte
        *to++ = static_cast<char>(word >> (6 - 2 * (k % 4)));
    }
    handlesOf(outputs[0])[i] = handleOf(decoded);
  }
  return TFC_STATUS_OK;
}
