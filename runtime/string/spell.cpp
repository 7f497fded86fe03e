// Strings that spell numbers.
#include "string/spell.h"

#include "string/text.h"
#include "tfc-rt/text_operations.h"

#include <stdio.h>

using namespace tfc::rt;

NumberKind tfc::rt::numberKind(int32_t dtype) {
  switch (dtype) {
  case TFC_DTYPE_I8:
  case TFC_DTYPE_I16:
  case TFC_DTYPE_I32:
  case TFC_DTYPE_I64: return NumberKind::Signed;
  case TFC_DTYPE_U8:
  case TFC_DTYPE_U16:
  case TFC_DTYPE_U32:
  case TFC_DTYPE_U64: return NumberKind::Unsigned;
  case TFC_DTYPE_BOOL: return NumberKind::Bool;
  case TFC_DTYPE_F16:
  case TFC_DTYPE_BF16:
  case TFC_DTYPE_F32:
  case TFC_DTYPE_F64: return NumberKind::Float;
  case TFC_DTYPE_COMPLEX64:
  case TFC_DTYPE_COMPLEX128: return NumberKind::Complex;
  default: return NumberKind::Unknown;
  }
}

int64_t tfc::rt::signedAt(const tfc_tensor_t &x, int64_t i) {
  switch (x.dtype) {
  case TFC_DTYPE_I8: return static_cast<const int8_t *>(x.data)[i];
  case TFC_DTYPE_I16: return static_cast<const int16_t *>(x.data)[i];
  case TFC_DTYPE_I32: return static_cast<const int32_t *>(x.data)[i];
  default: return static_cast<const int64_t *>(x.data)[i];
  }
}

uint64_t tfc::rt::unsignedAt(const tfc_tensor_t &x, int64_t i) {
  switch (x.dtype) {
  case TFC_DTYPE_U16: return static_cast<const uint16_t *>(x.data)[i];
  case TFC_DTYPE_U32: return static_cast<const uint32_t *>(x.data)[i];
  case TFC_DTYPE_U64: return static_cast<const uint64_t *>(x.data)[i];
  default: return static_cast<const uint8_t *>(x.data)[i]; // or bool
  }
}

double tfc::rt::floatAt(const tfc_tensor_t &x, int64_t i) {
  switch (x.dtype) {
  case TFC_DTYPE_F16: return widenF16(static_cast<const uint16_t *>(x.data)[i]);
  case TFC_DTYPE_BF16: return widenBf16(static_cast<const uint16_t *>(x.data)[i]);
  case TFC_DTYPE_F32:
  case TFC_DTYPE_COMPLEX64: return static_cast<const float *>(x.data)[i];
  default: return static_cast<const double *>(x.data)[i];
  }
}

// The conversion that printf is given.
static void makeFormat(char (&format)[64], NumberKind kind, const int64_t *parameters) {
  const int64_t precision = parameters[0], width = parameters[1], notation = parameters[2];
  char *out = format;
  *out++ = '%';
  if (parameters[3])
    *out++ = static_cast<char>(parameters[3]);
  if (width >= 0)
    out += snprintf(out, 12, "%d", static_cast<int>(width));
  if (precision >= 0)
    out += snprintf(out, 13, ".%d", static_cast<int>(precision));
  if (kind == NumberKind::Signed || kind == NumberKind::Unsigned) {
    *out++ = 'l';
    *out++ = 'l';
    *out++ = kind == NumberKind::Signed ? 'd' : 'u';
  } else {
    *out++ = notation == 1 ? 'e' : notation == 2 ? 'g' : 'f';
  }
  *out = '\0';
}

#pragma clang diagnostic ignored "-Wformat-nonliteral"
// Writes element i as printf does: at most `capacity` bytes, its NUL included.
static int spellNumber(const tfc_tensor_t &x, NumberKind kind, const char *format, int64_t i, char *to,
                       size_t capacity) {
  switch (kind) {
  case NumberKind::Signed: return snprintf(to, capacity, format, static_cast<long long>(signedAt(x, i)));
  case NumberKind::Unsigned: return snprintf(to, capacity, format, static_cast<unsigned long long>(unsignedAt(x, i)));
  default: return snprintf(to, capacity, format, floatAt(x, i));
  }
}

tfc_status_t tfc_operation_string_from_number(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                              tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const NumberKind kind = numberKind(x.dtype);
  if (kind == NumberKind::Unknown)
    return failDtype(context, "string_from_number", x.dtype);
  if (tfc_status_t status = bindStrings(context, "string_from_number", outputs[0], x.rank, x.shape))
    return status;
  char format[64];
  makeFormat(format, kind, parameters);
  CLocale locale;
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    uint64_t &handle = handlesOf(outputs[0])[i];
    if (kind == NumberKind::Bool) {
      const bool value = unsignedAt(x, i);
      if (!makeHandle(context, value ? StringView{"true", 4} : StringView{"false", 5}, handle))
        return TFC_STATUS_RESOURCE_EXHAUSTED;
      continue;
    }
    const int parts = kind == NumberKind::Complex ? 2 : 1;
    int sizes[2] = {0, 0};
    for (int part = 0; part < parts; ++part)
      if ((sizes[part] = spellNumber(x, kind, format, i * parts + part, nullptr, 0)) < 0)
        return context->message().fail(TFC_STATUS_RESOURCE_EXHAUSTED, "string_from_number: a number is too long");
    const uint64_t around = parts == 2 ? 1 : 0; // "(re,im)"
    String *string =
        makeString(context, static_cast<uint64_t>(sizes[0]) + static_cast<uint64_t>(sizes[1]) + 3 * around);
    if (!string)
      return TFC_STATUS_RESOURCE_EXHAUSTED;
    char *to = string->bytes();
    for (int part = 0; part < parts; ++part) {
      if (around)
        *to++ = part ? ',' : '(';
      spellNumber(x, kind, format, i * parts + part, to, static_cast<size_t>(sizes[part]) + 1);
      to += sizes[part];
    }
    if (around) {
      *to++ = ')';
      *to = '\0';
    }
    handle = handleOf(string);
  }
  return TFC_STATUS_OK;
}
