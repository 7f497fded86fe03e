// Characters of strings in several encodings.
#include "string/text.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {

enum Encoding : int64_t { Utf8, Utf16, Utf32, Latin1, Ascii }; // UTF-16 and UTF-32 are big-endian
enum Errors : int64_t { Replace, Ignore, Strict };

// What to do with a character that is malformed, or one that controls.
struct Policy {
  int64_t errors, replacement, replacesControls;
};

uint32_t bytesAt(const char *text, uint32_t count) {
  uint32_t word = 0;
  for (uint32_t i = 0; i < count; ++i)
    word = word << 8 | static_cast<unsigned char>(text[i]);
  return word;
}

bool isSurrogate(uint32_t code) { return code >= 0xd800 && code < 0xe000; }
bool isCharacter(uint32_t code) { return code <= 0x10ffff && !isSurrogate(code); }

Character decode(int64_t encoding, const char *text, uint64_t size) {
  const uint32_t rest = size < 4 ? static_cast<uint32_t>(size) : 4;
  switch (encoding) {
  case Utf16: {
    if (rest < 2)
      return {0xfffd, rest, false};
    const uint32_t high = bytesAt(text, 2);
    if (!isSurrogate(high))
      return {high, 2, true};
    const uint32_t low = rest == 4 ? bytesAt(text + 2, 2) : 0;
    if (high >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
      return {0xfffd, 2, false};
    return {0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 4, true};
  }
  case Utf32: {
    const uint32_t code = rest == 4 ? bytesAt(text, 4) : UINT32_MAX;
    return {code, rest, isCharacter(code)};
  }
  case Latin1: return {bytesAt(text, 1), 1, true};
  case Ascii: return {bytesAt(text, 1), 1, bytesAt(text, 1) < 0x80};
  default: return decodeCharacter(text, size);
  }
}

void encode(int64_t encoding, uint32_t code, Text &out) {
  auto unit = [&](uint32_t word, int count) {
    while (count-- > 0)
      out.append(static_cast<char>(word >> (8 * count)));
  };
  if (encoding == Utf32)
    unit(code, 4);
  else if (encoding == Utf8)
    out.appendCharacter(code);
  else if (code < 0x10000)
    unit(code, 2);
  else
    unit((0xd800 + ((code - 0x10000) >> 10)) << 16 | (0xdc00 + (code & 0x3ff)), 4);
}

// Calls take(code, offset) for the characters of a text. False if one is malformed and that is an error.
template <typename Take> bool forEachCharacter(StringView text, int64_t encoding, const Policy &policy, Take take) {
  for (uint64_t at = 0; at < text.size;) {
    const Character c = decode(encoding, text.data + at, text.size - at);
    const bool isControl = c.isValid && c.code < 0x20;
    if (!c.isValid && policy.errors == Strict)
      return false;
    const bool isOdd = !c.isValid || (isControl && policy.replacesControls);
    if (!isOdd)
      take(c.code, at);
    else if (policy.errors != Ignore)
      take(static_cast<uint32_t>(policy.replacement), at);
    at += c.size;
  }
  return true;
}

} // namespace

tfc_status_t tfc_operation_unicode_decode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                          tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const Policy policy{parameters[1], parameters[2], parameters[3]};
  const int64_t rows = countOf(x), splitCount = rows + 1;
  if (tfc_status_t status = bindResult(context, "unicode_decode", outputs[0], TFC_DTYPE_I64, 1, &splitCount))
    return status;
  auto *splits = static_cast<int64_t *>(outputs[0].data);
  GrowingArray<int32_t> codes(context);
  GrowingArray<int64_t> offsets(context);
  splits[0] = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const bool isFine = forEachCharacter(stringAt(x, i), parameters[0], policy, [&](uint32_t code, uint64_t at) {
      codes.append(static_cast<int32_t>(code));
      offsets.append(static_cast<int64_t>(at));
    });
    if (!isFine)
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "unicode_decode: element %" PRId64 " is malformed",
                                     i);
    splits[i + 1] = codes.count();
  }
  if (!codes.isFine() || !offsets.isFine())
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  const int64_t count = codes.count();
  if (tfc_status_t status = bindResult(context, "unicode_decode", outputs[1], TFC_DTYPE_I32, 1, &count))
    return status;
  if (tfc_status_t status = bindResult(context, "unicode_decode", outputs[2], TFC_DTYPE_I64, 1, &count))
    return status;
  memcpy(outputs[1].data, codes.data(), static_cast<size_t>(count) * sizeof(int32_t));
  memcpy(outputs[2].data, offsets.data(), static_cast<size_t>(count) * sizeof(int64_t));
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_unicode_encode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                          tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  auto *codes = static_cast<const int32_t *>(inputs[0].data);
  auto *splits = static_cast<const int64_t *>(inputs[1].data);
  const int64_t count = inputs[0].shape[0], splitCount = inputs[1].shape[0], rows = splitCount - 1;
  bool isFine = splitCount > 0 && splits[0] == 0 && splits[rows] == count;
  for (int64_t i = 0; i < rows; ++i)
    isFine = isFine && splits[i] <= splits[i + 1];
  if (!isFine)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "unicode_encode: splits do not go from 0 to %" PRId64 " without falling", count);
  if (tfc_status_t status = bindStrings(context, "unicode_encode", outputs[0], 1, &rows))
    return status;
  Text out(context);
  for (int64_t i = 0; i < rows; ++i) {
    out.clear();
    for (int64_t k = splits[i]; k < splits[i + 1]; ++k) {
      const auto code = static_cast<uint32_t>(codes[k]);
      if (isCharacter(code))
        encode(parameters[0], code, out);
      else if (parameters[1] == Strict)
        return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                       "unicode_encode: code point %" PRId64 " is %" PRId32 ", which is none", k,
                                       codes[k]);
      else if (parameters[1] == Replace)
        encode(parameters[0], static_cast<uint32_t>(parameters[2]), out);
    }
    if (!out.isFine() || !makeHandle(context, out.view(), handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}

tfc_status_t tfc_operation_unicode_transcode(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                             tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const Policy policy{parameters[2], parameters[3], parameters[4]};
  if (tfc_status_t status = bindStrings(context, "unicode_transcode", outputs[0], x.rank, x.shape))
    return status;
  Text out(context);
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    out.clear();
    if (!forEachCharacter(stringAt(x, i), parameters[0], policy,
                          [&](uint32_t code, uint64_t) { encode(parameters[1], code, out); }))
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "unicode_transcode: element %" PRId64 " is malformed",
                                     i);
    if (!out.isFine() || !makeHandle(context, out.view(), handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}
