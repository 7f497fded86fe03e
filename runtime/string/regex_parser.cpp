// From the text of a regular expression to its program.
#include "string/regex.h"

#include <inttypes.h>

using namespace tfc::rt;

namespace {
// The limits of RE2.
constexpr int32_t mostRepeats = 1000, deepest = 1000, mostInstructions = 100000;
constexpr uint32_t lastCode = 0x10ffff;

// A part of the expression. Parts of a sequence or choice are linked by `next`.
struct Part {
  enum Kind : uint8_t { Empty, Class, Any, AnyButNewline, Sequence, Choice, Repeat, Group, Assert };
  Kind kind;
  bool isGreedy = true;
  int32_t x = 0;             // Class: first range; Sequence, Choice, Repeat, Group: first child; Assert: which
  int32_t y = 0;             // Class: end of its ranges; Group: its number
  int32_t min = 0, max = -1; // Repeat; -1: any number
  int32_t next = -1;
};

bool isWord(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

struct NamedClass {
  const char *name;
  RegexRange ranges[4];
  int count;
};
const NamedClass perlClasses[] = {
    {"d", {{'0', '9'}}, 1},
    {"s", {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}, 3},
    {"w", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, 4},
};
const NamedClass posixClasses[] = {
    {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, 3},
    {"alpha", {{'A', 'Z'}, {'a', 'z'}}, 2},
    {"ascii", {{0, 0x7f}}, 1},
    {"blank", {{'\t', '\t'}, {' ', ' '}}, 2},
    {"cntrl", {{0, 0x1f}, {0x7f, 0x7f}}, 2},
    {"digit", {{'0', '9'}}, 1},
    {"graph", {{'!', '~'}}, 1},
    {"lower", {{'a', 'z'}}, 1},
    {"print", {{' ', '~'}}, 1},
    {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, 4},
    {"space", {{'\t', '\r'}, {' ', ' '}}, 2},
    {"upper", {{'A', 'Z'}}, 1},
    {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, 4},
    {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, 3},
};
} // namespace

class tfc::rt::RegexParser {
public:
  RegexParser(Regex &regex, tfc_context_t *context, StringView pattern)
      : regex(regex), at(pattern.data), begin(pattern.data), end(pattern.data + pattern.size), parts(context) {}

  // Null, or what is wrong.
  const char *run() {
    const int32_t whole = parseChoice();
    if (!error && at < end)
      error = "unexpected )";
    if (!error) {
      emit(RegexInstruction::Save, 0);
      emitPart(whole);
      emit(RegexInstruction::Save, 1);
      emit(RegexInstruction::Match);
    }
    return error;
  }
  uint64_t position() const { return static_cast<uint64_t>(at - begin); }
  bool isFine() const { return parts.isFine(); }

private:
  struct Flags {
    bool ignoresCase = false, isMultiline = false, dotTakesNewline = false, isUngreedy = false;
  };

  //===--- Parts ------------------------------------------------------------===//

  int32_t fail(const char *what) {
    error = error ? error : what;
    return 0;
  }
  int32_t add(const Part &part) {
    parts.append(part);
    if (!parts.isFine())
      return fail("no memory for it");
    return static_cast<int32_t>(parts.count() - 1);
  }
  bool take(char c) {
    if (at == end || *at != c)
      return false;
    ++at;
    return true;
  }
  bool take(const char *text) {
    const uint64_t size = strlen(text);
    if (static_cast<uint64_t>(end - at) < size || memcmp(at, text, size) != 0)
      return false;
    at += size;
    return true;
  }

  int32_t parseChoice() {
    if (++depth > deepest)
      return fail("groups nest too deep");
    const Flags outer = flags; // of which changes end with the group
    int32_t first = parseSequence(), last = first;
    if (!error && at < end && *at == '|')
      first = add({Part::Choice, true, first});
    while (!error && take('|')) {
      const int32_t next = parseSequence();
      parts[last].next = next;
      last = next;
    }
    flags = outer;
    --depth;
    return first;
  }

  int32_t parseSequence() {
    int32_t sequence = add({Part::Sequence, true, -1}), last = -1;
    while (!error && at < end && (isQuoted || (*at != '|' && *at != ')'))) {
      int32_t part = -1;
      if (isQuoted || take("\\Q")) {
        isQuoted = true;
        if (take("\\E")) {
          isQuoted = false;
          continue;
        }
        if (at == end)
          break;
        part = addCharacter(readCharacter());
      } else {
        part = parseOne();
      }
      if (error)
        return 0;
      if (part < 0)
        continue; // flags
      part = parseRepeats(part);
      (last < 0 ? parts[sequence].x : parts[last].next) = part;
      last = part;
      if (isQuoted && at == end)
        isQuoted = false;
    }
    return sequence;
  }

  // Whether what follows repeats a part; then at least `min` and at most `max` times.
  bool parseCount(int32_t &min, int32_t &max) {
    min = 0;
    max = -1;
    if (take('*'))
      return true;
    if (take('+')) {
      min = 1;
      return true;
    }
    if (take('?')) {
      max = 1;
      return true;
    }
    if (at == end || *at != '{')
      return false;
    const char *start = at++;
    if (!readNumber(min)) {
      at = start; // a brace like any other
      return false;
    }
    max = min;
    if (take(',') && !readNumber(max))
      max = -1;
    if (!take('}')) {
      at = start;
      return false;
    }
    if (min > mostRepeats || max > mostRepeats || (max >= 0 && max < min))
      fail("bad number of repetitions");
    return true;
  }
  bool readNumber(int32_t &number) {
    const char *start = at;
    for (number = 0; at < end && *at >= '0' && *at <= '9'; ++at)
      number = number > mostRepeats ? number : number * 10 + (*at - '0');
    return at > start;
  }

  int32_t parseRepeats(int32_t part) {
    int32_t min, max;
    bool isRepeated = false;
    while (!error && !isQuoted && parseCount(min, max)) {
      if (isRepeated)
        return fail("a repetition of a repetition");
      isRepeated = true;
      Part repeat{Part::Repeat, take('?') == flags.isUngreedy, part};
      repeat.min = min;
      repeat.max = max;
      part = add(repeat);
    }
    return part;
  }

  int32_t parseOne() {
    switch (*at) {
    case '(': ++at; return parseGroup();
    case '[': ++at; return parseClass();
    case '.': ++at; return add({flags.dotTakesNewline ? Part::Any : Part::AnyButNewline});
    case '^': ++at; return addAssertion(flags.isMultiline ? RegexInstruction::LineBegin : RegexInstruction::TextBegin);
    case '$': ++at; return addAssertion(flags.isMultiline ? RegexInstruction::LineEnd : RegexInstruction::TextEnd);
    case '*':
    case '+':
    case '?': return fail("nothing to repeat");
    case '\\': ++at; return parseEscape();
    default: return addCharacter(readCharacter());
    }
  }
  int32_t addAssertion(RegexInstruction::Assertion which) { return add({Part::Assert, true, which}); }

  int32_t parseGroup() {
    int32_t number = 0;
    if (!take('?')) {
      number = ++regex.groups;
    } else if (take("P<") || take('<')) {
      const char *name = at;
      while (at < end && isWord(*at))
        ++at;
      if (at == name || !take('>'))
        return fail("bad name of a group");
      number = ++regex.groups;
    } else if (take(':')) {
    } else {
      Flags changed = flags;
      bool value = true, isSeen = false;
      for (; at < end && *at != ':' && *at != ')'; ++at, isSeen = true) {
        if (*at == '-' && value)
          value = false;
        else if (*at == 'i')
          changed.ignoresCase = value;
        else if (*at == 'm')
          changed.isMultiline = value;
        else if (*at == 's')
          changed.dotTakesNewline = value;
        else if (*at == 'U')
          changed.isUngreedy = value;
        else
          return fail("unknown kind of group");
      }
      if (at == end || !isSeen)
        return fail("missing )");
      if (take(')')) { // until the end of the group around it
        flags = changed;
        return -1;
      }
      ++at;
      const Flags outer = flags;
      flags = changed;
      const int32_t inner = parseChoice();
      flags = outer;
      return take(')') ? inner : fail("missing )");
    }
    const int32_t inner = parseChoice();
    if (!take(')'))
      return fail("missing )");
    return number ? add({Part::Group, true, inner, number}) : inner;
  }

  //===--- Characters -------------------------------------------------------===//

  uint32_t readCharacter() {
    const Character c = decodeCharacter(at, static_cast<uint64_t>(end - at));
    if (!c.isValid)
      fail("invalid UTF-8");
    at += c.size;
    return c.code;
  }

  int32_t addCharacter(uint32_t code) {
    const auto first = static_cast<int32_t>(regex.ranges.count());
    addRange(code, code);
    return addClass(first);
  }
  int32_t addClass(int32_t first) {
    return add({Part::Class, true, first, static_cast<int32_t>(regex.ranges.count())});
  }

  void addRange(uint32_t first, uint32_t last) {
    regex.ranges.append({first, last});
    if (!flags.ignoresCase)
      return;
    if (last > 0x7f && first != 0)
      fail("only ASCII can be matched without its case");
    for (uint32_t from = 'A'; from <= 'a'; from += 'a' - 'A') {
      const uint32_t low = first > from ? first : from, high = last < from + 25 ? last : from + 25;
      if (low <= high)
        regex.ranges.append({low ^ 0x20, high ^ 0x20});
    }
  }

  // The ranges of a named class, or what they leave out.
  void addNamed(const NamedClass &named, bool isNegated) {
    uint32_t next = 0;
    for (int i = 0; i < named.count; ++i) {
      const RegexRange &range = named.ranges[i];
      if (!isNegated)
        addRange(range.first, range.last);
      else if (range.first > next)
        regex.ranges.append({next, range.first - 1});
      next = range.last + 1;
    }
    if (isNegated)
      regex.ranges.append({next, lastCode});
  }
  // \d and its kin, of which the backslash is behind us.
  bool takePerlClass() {
    if (at == end)
      return false;
    for (const NamedClass &named : perlClasses)
      if (*at == named.name[0] || *at == (named.name[0] ^ 0x20)) {
        addNamed(named, *at != named.name[0]);
        ++at;
        return true;
      }
    return false;
  }

  int32_t parseEscape() {
    const auto first = static_cast<int32_t>(regex.ranges.count());
    if (takePerlClass())
      return addClass(first);
    if (take('A'))
      return addAssertion(RegexInstruction::TextBegin);
    if (take('z'))
      return addAssertion(RegexInstruction::TextEnd);
    if (take('b'))
      return addAssertion(RegexInstruction::WordBorder);
    if (take('B'))
      return addAssertion(RegexInstruction::NoWordBorder);
    return addCharacter(readEscaped());
  }

  static int32_t hexOf(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  }

  // What follows a backslash, as one character.
  uint32_t readEscaped() {
    if (at == end)
      return static_cast<uint32_t>(fail("a backslash at the end"));
    static const char escapes[] = "a\af\ft\tn\nr\rv\v";
    for (const char *escape = escapes; *escape; escape += 2)
      if (take(*escape))
        return static_cast<uint32_t>(escape[1]);
    if (*at == 'p' || *at == 'P' || *at == 'C')
      return static_cast<uint32_t>(fail(*at == 'C' ? "\\C is not supported" : "Unicode's classes are not supported"));
    uint32_t code = 0;
    if (take('x')) {
      const bool isLong = take('{');
      int digits = 0;
      for (; at < end && hexOf(*at) >= 0 && code <= lastCode && (isLong || digits < 2); ++at, ++digits)
        code = code * 16 + static_cast<uint32_t>(hexOf(*at));
      if (digits < (isLong ? 1 : 2) || (isLong && !take('}')) || code > lastCode)
        fail("bad hexadecimal number");
      return code;
    }
    const bool isOctal = *at == '0' || (*at >= '1' && *at <= '7' && at + 1 < end && at[1] >= '0' && at[1] <= '7');
    if (isOctal) {
      for (int digits = 0; digits < 3 && at < end && *at >= '0' && *at <= '7'; ++digits, ++at)
        code = code * 8 + static_cast<uint32_t>(*at - '0');
      return code;
    }
    if (static_cast<unsigned char>(*at) >= 0x80 || isWord(*at))
      return static_cast<uint32_t>(fail("unknown escape"));
    return static_cast<uint32_t>(*at++);
  }

  int32_t parseClass() {
    const auto first = static_cast<int32_t>(regex.ranges.count());
    const bool isNegated = take('^');
    for (bool isFirst = true; !error && (isFirst || at == end || *at != ']'); isFirst = false) {
      if (at == end)
        return fail("missing ]");
      if (take("[:")) {
        const bool negated = take('^');
        const NamedClass *found = nullptr;
        for (const NamedClass &named : posixClasses)
          if (take(named.name)) {
            found = &named;
            break;
          }
        if (!found || !take(":]"))
          return fail("unknown class");
        addNamed(*found, negated);
        continue;
      }
      const char *start = at;
      if (take('\\') && takePerlClass())
        continue;
      at = start;
      const uint32_t low = readInClass();
      uint32_t high = low;
      if (end - at >= 2 && *at == '-' && at[1] != ']') {
        ++at;
        high = readInClass();
      }
      if (high < low)
        return fail("a range that ends before it begins");
      addRange(low, high);
    }
    if (error)
      return 0;
    ++at;
    if (isNegated)
      negate(first);
    return addClass(first);
  }
  uint32_t readInClass() { return take('\\') ? readEscaped() : readCharacter(); }

  // Makes the ranges from `first` on what they leave out.
  void negate(int32_t first) {
    GrowingArray<RegexRange> &ranges = regex.ranges;
    const auto count = static_cast<int32_t>(ranges.count());
    if (!ranges.isFine())
      return;
    for (int32_t i = first + 1; i < count; ++i) // sorted; classes are short
      for (int32_t k = i; k > first && ranges[k].first < ranges[k - 1].first; --k) {
        const RegexRange other = ranges[k];
        ranges[k] = ranges[k - 1];
        ranges[k - 1] = other;
      }
    uint32_t next = 0;
    int32_t kept = first;
    for (int32_t i = first; i < count; ++i) {
      const RegexRange range = ranges[i];
      if (range.first > next)
        ranges[kept++] = {next, range.first - 1};
      next = range.last + 1 > next ? range.last + 1 : next;
    }
    if (next <= lastCode) {
      if (kept == count)
        ranges.append({next, lastCode});
      else
        ranges[kept++] = {next, lastCode};
    }
    for (; kept < count; ++kept)
      ranges[kept] = {1, 0}; // of nothing
  }

  //===--- Program ----------------------------------------------------------===//

  int32_t emit(RegexInstruction::Kind kind, int32_t x = 0, int32_t y = 0) {
    const auto place = static_cast<int32_t>(regex.program.count());
    if (place >= mostInstructions)
      return fail("it is too large");
    regex.program.append({kind, x, y});
    if (!regex.program.isFine() || !regex.ranges.isFine())
      return fail("no memory for it");
    return place;
  }
  int32_t here() const { return static_cast<int32_t>(regex.program.count()); }
  // The two ways of a split, the preferred one being `into` where it is greedy.
  void setSplit(int32_t split, bool isGreedy, int32_t into, int32_t past) {
    if (error)
      return;
    regex.program[split].x = isGreedy ? into : past;
    regex.program[split].y = isGreedy ? past : into;
  }

  void emitPart(int32_t number) {
    if (error)
      return;
    const Part part = parts[number];
    switch (part.kind) {
    case Part::Empty: break;
    case Part::Class: emit(RegexInstruction::Class, part.x, part.y); break;
    case Part::Any: emit(RegexInstruction::Any); break;
    case Part::AnyButNewline: emit(RegexInstruction::AnyButNewline); break;
    case Part::Assert: emit(RegexInstruction::Assert, part.x); break;
    case Part::Sequence:
      for (int32_t i = part.x; i >= 0 && !error; i = parts[i].next)
        emitPart(i);
      break;
    case Part::Choice: emitChoice(part); break;
    case Part::Repeat: emitRepeat(part); break;
    case Part::Group:
      // Of groups that no rewrite can name, nobody asks where they are.
      if (part.y < Regex::groupLimit)
        emit(RegexInstruction::Save, 2 * part.y);
      emitPart(part.x);
      if (part.y < Regex::groupLimit)
        emit(RegexInstruction::Save, 2 * part.y + 1);
      break;
    }
  }

  void emitChoice(const Part &part) {
    int32_t lastJump = -1; // each points to the one before until all know the end
    for (int32_t i = part.x; i >= 0 && !error; i = parts[i].next) {
      const bool isLast = parts[i].next < 0;
      const int32_t split = isLast ? -1 : emit(RegexInstruction::Split);
      emitPart(i);
      if (isLast)
        break;
      lastJump = emit(RegexInstruction::Jump, lastJump);
      setSplit(split, true, split + 1, here());
    }
    while (!error && lastJump >= 0) {
      const int32_t before = regex.program[lastJump].x;
      regex.program[lastJump].x = here();
      lastJump = before;
    }
  }

  void emitRepeat(const Part &part) {
    for (int32_t i = 0; i < part.min && !error; ++i)
      emitPart(part.x);
    if (part.max < 0) {
      const int32_t split = emit(RegexInstruction::Split);
      emitPart(part.x);
      emit(RegexInstruction::Jump, split);
      return setSplit(split, part.isGreedy, split + 1, here());
    }
    const int32_t first = here();
    for (int32_t i = part.min; i < part.max && !error; ++i) {
      emit(RegexInstruction::Split, -1, part.isGreedy);
      emitPart(part.x);
    }
    // Every way out leads to the end; splits of this repetition are marked with -1.
    for (int32_t i = first; i < here() && !error; ++i)
      if (regex.program[i].kind == RegexInstruction::Split && regex.program[i].x == -1)
        setSplit(i, regex.program[i].y, i + 1, here());
  }

  Regex &regex;
  const char *at, *begin, *end;
  GrowingArray<Part> parts;
  Flags flags;
  bool isQuoted = false;
  int32_t depth = 0;
  const char *error = nullptr;
};

tfc_status_t Regex::compile(const char *operation, StringView pattern) {
  RegexParser parser(*this, context, pattern);
  const char *error = parser.run();
  if (!program.isFine() || !ranges.isFine() || !parser.isFine())
    return TFC_STATUS_RESOURCE_EXHAUSTED;
  if (error)
    return context->message().fail(TFC_STATUS_INVALID_ARGUMENT, "%s: pattern '%.*s': %s, at byte %" PRIu64, operation,
                                   static_cast<int>(pattern.size < 200 ? pattern.size : 200), pattern.data, error,
                                   parser.position());
  return TFC_STATUS_OK;
}
