// Numbers that strings spell.
#include "string/text.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>
#include <stdlib.h>

using namespace tfc::rt;

namespace {

StringView strip(StringView text) {
  while (text.size && isSpace(text.data[text.size - 1]))
    --text.size;
  for (; text.size && isSpace(text.data[0]); --text.size)
    ++text.data;
  return text;
}

// `text` ends in a NUL or a space, so that libc stops there. What it would take besides (spaces)
// is gone already.
template <typename T> bool parseFloat(StringView text, T &value) {
  char *end;
  value =
      sizeof(T) == sizeof(float) ? static_cast<T>(strtof(text.data, &end)) : static_cast<T>(strtod(text.data, &end));
  return text.size && end == text.data + text.size;
}

bool parseInteger(StringView text, bool isSigned, uint64_t most, uint64_t &value) {
  const bool isNegative = isSigned && text.size && text.data[0] == '-';
  if (isNegative || (text.size && text.data[0] == '+')) {
    ++text.data;
    --text.size;
  }
  value = 0;
  for (uint64_t i = 0; i < text.size; ++i) {
    const char c = text.data[i];
    if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(c - '0'), &value) || value > most + isNegative)
      return false;
  }
  if (isNegative)
    value = 0 - value;
  return text.size > 0;
}

bool parse(StringView text, int32_t dtype, void *data, int64_t i) {
  uint64_t integer;
  switch (dtype) {
  case TFC_DTYPE_F32: return parseFloat(text, static_cast<float *>(data)[i]);
  case TFC_DTYPE_F64: return parseFloat(text, static_cast<double *>(data)[i]);
  case TFC_DTYPE_I32:
    if (!parseInteger(text, true, INT32_MAX, integer))
      return false;
    static_cast<int32_t *>(data)[i] = static_cast<int32_t>(integer);
    return true;
  case TFC_DTYPE_U32:
    if (!parseInteger(text, false, UINT32_MAX, integer))
      return false;
    static_cast<uint32_t *>(data)[i] = static_cast<uint32_t>(integer);
    return true;
  default: // of 64 bits
    return parseInteger(text, dtype == TFC_DTYPE_I64, dtype == TFC_DTYPE_I64 ? INT64_MAX : UINT64_MAX,
                        static_cast<uint64_t *>(data)[i]);
  }
}

} // namespace

tfc_status_t tfc_operation_string_to_number(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                            tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  tfc_tensor_t &y = outputs[0];
  switch (y.dtype) {
  case TFC_DTYPE_F32:
  case TFC_DTYPE_F64:
  case TFC_DTYPE_I32:
  case TFC_DTYPE_I64:
  case TFC_DTYPE_U32:
  case TFC_DTYPE_U64: break;
  default: return failDtype(context, "string_to_number", y.dtype);
  }
  if (tfc_status_t status = bindResult(context, "string_to_number", y, y.dtype, x.rank, x.shape))
    return status;
  CLocale locale;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    const StringView text = stringAt(x, i);
    if (!parse(strip(text), y.dtype, y.data, i))
      return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                     "string_to_number: element %" PRId64 " is '%.*s', expected a number of %s", i,
                                     static_cast<int>(text.size < 100 ? text.size : 100), text.data,
                                     tfc_dtype_name(static_cast<tfc_dtype_t>(y.dtype)));
  }
  return TFC_STATUS_OK;
}
