// The machine that runs programs of regular expressions: all ways at once, in order of preference.
#include "string/regex.h"

using namespace tfc::rt;

// Places in the program that wait for the next character, each with where its groups begin and end.
namespace {
struct Threads {
  int64_t *places, *slots;
  int64_t count = 0;
};
} // namespace

static bool isWordAt(StringView text, uint64_t i) {
  if (i >= text.size)
    return false;
  const char c = text.data[i];
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool holds(int32_t assertion, StringView text, uint64_t at) {
  switch (assertion) {
  case RegexInstruction::TextBegin: return at == 0;
  case RegexInstruction::TextEnd: return at == text.size;
  case RegexInstruction::LineBegin: return at == 0 || text.data[at - 1] == '\n';
  case RegexInstruction::LineEnd: return at == text.size || text.data[at] == '\n';
  default: {
    const bool isBorder = (at > 0 && isWordAt(text, at - 1)) != isWordAt(text, at);
    return isBorder == (assertion == RegexInstruction::WordBorder);
  }
  }
}

bool Regex::match(StringView text, uint64_t from, bool isWhole, uint64_t (&found)[2 * groupLimit]) {
  constexpr int64_t slotCount = 2 * groupLimit;
  const int64_t size = program.count();
  // Two lists, where each place was last put into one, and a stack of places and slots to bring
  // back, on which no place puts more than two words.
  const int64_t needed = 2 * size * (1 + slotCount) + size + 2 * size + 2;
  while (memory.count() < needed && memory.isFine())
    memory.append(0);
  if (!memory.isFine())
    return false;
  int64_t *next = memory.data();
  auto carve = [&](int64_t count) {
    int64_t *piece = next;
    next += count;
    return piece;
  };
  Threads lists[2] = {{carve(size), carve(size * slotCount)}, {carve(size), carve(size * slotCount)}};
  int64_t *generations = carve(size), *stack = carve(2 * size + 2);
  for (int64_t i = 0; i < size; ++i)
    generations[i] = -1;
  bool isFound = false;
  Threads *now = &lists[0], *later = &lists[1];

  // Puts a place and all that it leads to without a character into a list, preferred ways first.
  auto follow = [&](Threads &threads, int64_t generation, int64_t place, uint64_t at, const int64_t *slots) {
    int64_t own[slotCount];
    memcpy(own, slots, sizeof(own));
    int64_t top = 0;
    stack[top++] = place;
    while (top > 0) {
      int64_t item = stack[--top];
      if (item < 0) { // brings a slot back
        own[-item - 1] = stack[--top];
        continue;
      }
      while (generations[item] != generation) {
        generations[item] = generation;
        const RegexInstruction &instruction = program[item];
        if (instruction.kind == RegexInstruction::Jump) {
          item = instruction.x;
        } else if (instruction.kind == RegexInstruction::Split) {
          stack[top++] = instruction.y;
          item = instruction.x;
        } else if (instruction.kind == RegexInstruction::Save) {
          stack[top++] = own[instruction.x];
          stack[top++] = -instruction.x - 1;
          own[instruction.x] = static_cast<int64_t>(at);
          ++item;
        } else if (instruction.kind == RegexInstruction::Assert) {
          if (!holds(instruction.x, text, at))
            break;
          ++item;
        } else {
          threads.places[threads.count] = item;
          memcpy(threads.slots + threads.count++ * slotCount, own, sizeof(own));
          break;
        }
      }
    }
  };

  int64_t none[slotCount];
  for (int64_t &slot : none)
    slot = -1;
  for (uint64_t at = from;;) {
    // Behind all ways that began earlier: so the leftmost match wins.
    if (!isFound && (!isWhole || at == from))
      follow(*now, static_cast<int64_t>(at), 0, at, none);
    if (now->count == 0 && (isFound || isWhole))
      break;
    const bool isEnd = at >= text.size;
    const Character c = isEnd ? Character{0, 1, false} : decodeCharacter(text.data + at, text.size - at);
    const uint64_t after = at + (c.isValid ? c.size : 1);
    later->count = 0;
    for (int64_t i = 0; i < now->count; ++i) {
      const int64_t place = now->places[i], *slots = now->slots + i * slotCount;
      const RegexInstruction &instruction = program[place];
      bool takes = false;
      if (instruction.kind == RegexInstruction::Match) {
        if (isWhole && !isEnd)
          continue;
        isFound = true;
        for (int64_t k = 0; k < slotCount; ++k)
          found[k] = static_cast<uint64_t>(slots[k]);
        break; // what follows is less preferred
      }
      if (c.isValid && instruction.kind == RegexInstruction::Class)
        for (int32_t r = instruction.x; r < instruction.y && !takes; ++r)
          takes = c.code >= ranges[r].first && c.code <= ranges[r].last;
      else
        takes = c.isValid && (instruction.kind == RegexInstruction::Any || c.code != '\n');
      if (takes)
        follow(*later, static_cast<int64_t>(after), place + 1, after, slots);
    }
    Threads *other = now;
    now = later;
    later = other;
    if (isEnd)
      break;
    at = after;
  }
  return isFound;
}
