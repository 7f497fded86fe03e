// Regular expressions in RE2's syntax, matched in time that is linear in the text: a program of
// Thompson's construction, run by a Pike machine.
//
// Not supported, and refused by name: classes of Unicode properties (\p), single bytes (\C), and
// beyond ASCII matches that ignore case. A byte that is no UTF-8 matches nothing.
#ifndef TFC_RUNTIME_STRING_REGEX_H
#define TFC_RUNTIME_STRING_REGEX_H

#include "string/text.h"

namespace tfc::rt {

struct RegexInstruction {
  enum Kind : uint8_t { Match, Class, Any, AnyButNewline, Split, Save, Jump, Assert };
  enum Assertion : uint8_t { TextBegin, TextEnd, LineBegin, LineEnd, WordBorder, NoWordBorder };
  Kind kind;
  int32_t x = 0; // Class: first of its ranges; Split: preferred way; Save: slot; Jump: target; Assert: Assertion
  int32_t y = 0; // Class: end of its ranges; Split: the other way
};
// Code points of a class, both ends included.
struct RegexRange {
  uint32_t first, last;
};

class Regex {
public:
  // Rewrites refer to this many groups, of which the first is the whole match.
  static constexpr int groupLimit = 10;

  explicit Regex(tfc_context_t *context) : program(context), ranges(context), context(context), memory(context) {}
  // Fails, in the name of `operation`, with what is wrong with the pattern.
  tfc_status_t compile(const char *operation, StringView pattern);

  // Looks for the first match at or behind `from`; of those the one that a backtracking matcher
  // would prefer. With `isWhole`, the whole text must match. Fills in where each group begins and
  // ends; SIZE_MAX where it took no part.
  bool match(StringView text, uint64_t from, bool isWhole, uint64_t (&groups)[2 * groupLimit]);
  int groupCount() const { return groups; } // the whole match not counted
  bool isFine() const { return memory.isFine(); }

private:
  friend class RegexParser;

  GrowingArray<RegexInstruction> program;
  GrowingArray<RegexRange> ranges;
  int groups = 0;
  tfc_context_t *context;
  GrowingArray<int64_t> memory; // of the running match
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_STRING_REGEX_H
