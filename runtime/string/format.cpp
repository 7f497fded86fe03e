// Tensors as text, in templates and for logs.
#include "string/format.h"

#include "string/spell.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

using namespace tfc::rt;

// With few digits, or with more where those would be another number.
static void appendFloat(Text &out, double value, bool isSingle) {
  char digits[40];
  CLocale locale;
  snprintf(digits, sizeof(digits), "%.*g", isSingle ? 6 : 15, value);
  const bool isSame =
      isSingle ? strtof(digits, nullptr) == static_cast<float>(value) : strtod(digits, nullptr) == value;
  if (!isSame)
    snprintf(digits, sizeof(digits), "%.*g", isSingle ? 9 : 17, value);
  // Of NaN, which differs from itself, nobody asks for the sign.
  out.append({value == value ? digits : "nan", value == value ? strlen(digits) : 3});
}

static void appendQuoted(Text &out, StringView text) {
  out.append('"');
  for (uint64_t i = 0; i < text.size; ++i) {
    const char c = text.data[i];
    static const char escapes[] = "\nn\rr\tt\"\"''\\\\";
    const char *escape = escapes;
    while (*escape && *escape != c)
      escape += 2;
    if (*escape && c) {
      out.append('\\');
      out.append(escape[1]);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out.print("\\%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out.append(c);
    }
  }
  out.append('"');
}

static void appendElement(Text &out, const tfc_tensor_t &x, bool isString, int64_t i) {
  if (isString)
    return appendQuoted(out, stringAt(x, i));
  switch (numberKind(x.dtype)) {
  case NumberKind::Signed: return out.print("%" PRId64, signedAt(x, i));
  case NumberKind::Unsigned:
  case NumberKind::Bool: return out.print("%" PRIu64, unsignedAt(x, i));
  case NumberKind::Float: return appendFloat(out, floatAt(x, i), x.dtype != TFC_DTYPE_F64);
  default: return out.append('?');
  }
}

namespace {
struct Summary {
  Text &out;
  const tfc_tensor_t &x;
  bool isString;
  int64_t limit; // of items at each end; negative: none

  // What is at and behind a dimension, from element `first` on, `count` of them.
  void append(int32_t dimension, int64_t first, int64_t count) {
    if (dimension == x.rank)
      return appendElement(out, x, isString, first);
    const int64_t extent = x.shape[dimension], step = extent ? count / extent : 0;
    const bool isInner = dimension + 1 == x.rank;
    const bool isCut = limit >= 0 && extent > 2 * limit;
    out.append('[');
    bool isFirst = true;
    for (int64_t i = 0; i < extent; ++i) {
      if (isCut && i == limit) {
        separate(dimension, isInner, isFirst);
        out.append({"...", 3});
        i = extent - limit - 1;
        continue;
      }
      separate(dimension, isInner, isFirst);
      append(dimension + 1, first + i * step, step);
    }
    out.append(']');
  }

private:
  void separate(int32_t dimension, bool isInner, bool &isFirst) {
    if (isFirst) {
      isFirst = false;
      return;
    }
    if (isInner)
      return out.append(' ');
    for (int32_t d = dimension + 1; d < x.rank; ++d)
      out.append('\n');
    for (int32_t d = 0; d <= dimension; ++d)
      out.append(' ');
  }
};
} // namespace

void tfc::rt::appendSummary(Text &out, const tfc_tensor_t &x, bool isString, int64_t limit) {
  Summary{out, x, isString, limit}.append(0, 0, countOf(x));
}

tfc_status_t tfc_operation_string_format(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t inputCount,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const StringView pattern = stringAt(inputs[0], 0), placeholder = stringAt(inputs[1], 0);
  Text out(context);
  int32_t next = 2;
  for (uint64_t i = 0; i < pattern.size;) {
    const bool isPlace = placeholder.size && pattern.size - i >= placeholder.size &&
                         !memcmp(pattern.data + i, placeholder.data, placeholder.size);
    if (!isPlace) {
      out.append(pattern.data[i++]);
      continue;
    }
    if (next < inputCount)
      appendSummary(out, inputs[next], parameters[next - 1], parameters[0]);
    ++next;
    i += placeholder.size;
  }
  if (next != inputCount)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT,
                                   "string_format: the template has %" PRId32 " places for %" PRId32 " tensors",
                                   next - 2, inputCount - 2);
  if (tfc_status_t status = bindStrings(context, "string_format", outputs[0], 0, nullptr))
    return status;
  if (!out.isFine() || !makeHandle(context, out.view(), handlesOf(outputs[0])[0]))
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  return TFC_STATUS_OK;
}
