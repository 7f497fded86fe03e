// Upper and lower case of all of Unicode.
#include "string/case_table.h"
#include "string/text.h"
#include "tfc-rt/text_operations.h"

using namespace tfc::rt;

static constexpr uint32_t capitalSigma = 0x3a3, sigma = 0x3c3, finalSigma = 0x3c2;

template <size_t rangeCount> static uint32_t mapOne(const CaseRange (&ranges)[rangeCount], uint32_t code) {
  for (const CaseRange &range : ranges)
    if (code >= range.first && code <= range.last && (code - range.first) % range.step == 0)
      return static_cast<uint32_t>(static_cast<int32_t>(code) + range.distance);
  return code;
}

template <size_t rangeCount, size_t expansionCount>
static void append(const CaseRange (&ranges)[rangeCount], const CaseExpansion (&expansions)[expansionCount],
                   char firstLetter, uint32_t code, Text &out) {
  if (code < 0x80) {
    const auto first = static_cast<uint32_t>(firstLetter);
    return out.append(static_cast<char>(code >= first && code <= first + 25 ? code ^ 0x20 : code));
  }
  for (const CaseExpansion &expansion : expansions)
    if (expansion.code == code) {
      for (uint32_t mapped : expansion.codes)
        if (mapped)
          out.appendCharacter(mapped);
      return;
    }
  out.appendCharacter(mapOne(ranges, code));
}

static bool isCased(uint32_t code) {
  if (code < 0x80)
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
  return mapOne(upperRanges, code) != code || mapOne(lowerRanges, code) != code;
}

tfc_status_t tfc_operation_string_case_utf8(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                            tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  if (tfc_status_t status = bindStrings(context, "string_case_utf8", outputs[0], x.rank, x.shape))
    return status;
  Text out(context);
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    // Up to the first NUL, as TensorFlow has it.
    const char *bytes = stringAt(x, i).data;
    const StringView text{bytes, strlen(bytes)};
    out.clear();
    bool isAfterLetter = false;
    for (uint64_t at = 0; at < text.size;) {
      const Character c = decodeCharacter(text.data + at, text.size - at);
      at += c.size;
      const Character next = at < text.size ? decodeCharacter(text.data + at, text.size - at) : Character{0, 0, false};
      if (parameters[0])
        append(upperRanges, upperExpansions, 'a', c.code, out);
      else if (c.code == capitalSigma)
        out.appendCharacter(isAfterLetter && !(next.isValid && isCased(next.code)) ? finalSigma : sigma);
      else
        append(lowerRanges, lowerExpansions, 'A', c.code, out);
      isAfterLetter = c.isValid && isCased(c.code);
    }
    if (!out.isFine() || !makeHandle(context, out.view(), handlesOf(outputs[0])[i]))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return TFC_STATUS_OK;
}
