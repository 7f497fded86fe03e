// Replacing and testing by regular expressions.
#include "string/regex.h"
#include "tfc-rt/text_operations.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {
using Groups = uint64_t[2 * Regex::groupLimit];
}

// The greatest group that a rewrite names; -1 after recording that it is none.
static int checkRewrite(tfc_context_t *context, StringView rewrite) {
  int greatest = 0;
  for (uint64_t i = 0; i < rewrite.size; ++i) {
    if (rewrite.data[i] != '\\')
      continue;
    const char c = ++i < rewrite.size ? rewrite.data[i] : '\0';
    if (c >= '0' && c <= '9') {
      greatest = c - '0' > greatest ? c - '0' : greatest;
    } else if (c != '\\') {
      context->message().fail(
          TFC_STATUS_INVALID_ARGUMENT,
          "regex_replace: byte %" PRIu64 " of the rewrite follows a backslash, expected a digit or a backslash", i);
      return -1;
    }
  }
  return greatest;
}

static void appendRewrite(Text &out, StringView rewrite, StringView text, const Groups &groups) {
  for (uint64_t i = 0; i < rewrite.size; ++i) {
    char c = rewrite.data[i];
    if (c == '\\' && (c = rewrite.data[++i]) != '\\') {
      const uint64_t *group = groups + 2 * (c - '0');
      if (group[1] != UINT64_MAX)
        out.append({text.data + group[0], group[1] - group[0]});
    } else {
      out.append(c);
    }
  }
}

// One text with matches replaced. False if there is none.
static bool replace(Regex &regex, StringView text, StringView rewrite, bool isGlobal, Text &out) {
  Groups groups;
  bool isReplaced = false;
  uint64_t at = 0, lastEnd = UINT64_MAX;
  while (at <= text.size && regex.match(text, at, /*isWhole=*/false, groups)) {
    out.append({text.data + at, groups[0] - at});
    if (groups[0] == groups[1] && groups[0] == lastEnd) {
      // An empty match at the end of the last one: go on behind the next character.
      uint64_t size = 1;
      if (at < text.size) {
        const Character c = decodeCharacter(text.data + at, text.size - at);
        size = c.isValid ? c.size : 1;
        out.append({text.data + at, size});
      }
      at += size;
      continue;
    }
    appendRewrite(out, rewrite, text, groups);
    isReplaced = true;
    at = lastEnd = groups[1];
    if (!isGlobal)
      break;
  }
  if (at < text.size)
    out.append({text.data + at, text.size - at});
  return isReplaced;
}

tfc_status_t tfc_operation_regex_replace(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                         tfc_tensor_t *outputs, int32_t, const int64_t *parameters) {
  const tfc_tensor_t &x = inputs[0];
  const StringView rewrite = stringAt(inputs[2], 0);
  Regex regex(context);
  if (tfc_status_t status = regex.compile("regex_replace", stringAt(inputs[1], 0)))
    return status;
  const int greatest = checkRewrite(context, rewrite);
  if (greatest < 0)
    return TFC_STATUS_INVALID_ARGUMENT;
  if (tfc_status_t status = bindStrings(context, "regex_replace", outputs[0], x.rank, x.shape))
    return status;
  Text out(context);
  for (int64_t i = 0, count = countOf(x); i < count; ++i) {
    uint64_t &handle = handlesOf(outputs[0])[i] = handlesOf(x)[i];
    out.clear();
    // A group that is not there replaces nothing, as in RE2.
    if (greatest > regex.groupCount() || !replace(regex, stringAt(x, i), rewrite, parameters[0], out))
      continue;
    if (!out.isFine() || !makeHandle(context, out.view(), handle))
      return TFC_STATUS_RESOURCE_EXHAUSTED;
  }
  return regex.isFine() ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}

tfc_status_t tfc_operation_regex_full_match(tfc_context_t *context, const tfc_tensor_t *inputs, int32_t,
                                            tfc_tensor_t *outputs, int32_t, const int64_t *) {
  const tfc_tensor_t &x = inputs[0];
  Regex regex(context);
  if (tfc_status_t status = regex.compile("regex_full_match", stringAt(inputs[1], 0)))
    return status;
  if (tfc_status_t status = bindResult(context, "regex_full_match", outputs[0], TFC_DTYPE_BOOL, x.rank, x.shape))
    return status;
  Groups groups;
  for (int64_t i = 0, count = countOf(x); i < count; ++i)
    static_cast<tfc_bool_t *>(outputs[0].data)[i] = regex.match(stringAt(x, i), 0, /*isWhole=*/true, groups);
  return regex.isFine() ? TFC_STATUS_OK : TFC_STATUS_RESOURCE_EXHAUSTED;
}
