// Reading of checkpoints' headers.
#include "checkpoint/header.h"

#include "checkpoint/checkpoint.h"

#include <string.h>

using namespace tfc::rt;

bool HeaderText::operator==(const char *text) const {
  return strlen(text) == length && memcmp(text, data, length) == 0;
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

bool HeaderReader::fail(const char *what) {
  error = error ? error : what;
  return false;
}

void HeaderReader::skipSpace() {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    ++at;
}

bool HeaderReader::take(char c) {
  skipSpace();
  if (at == end || *at != c)
    return false;
  ++at;
  return true;
}

bool HeaderReader::expect(char c, const char *what) { return take(c) || fail(what); }

// Four hexadecimal digits; -1 if they are none.
static int32_t readHex(const char *at, const char *end) {
  if (end - at < 4)
    return -1;
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    char c = at[i], lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9')
      value = value * 16 + (c - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value * 16 + (lower - 'a' + 10);
    else
      return -1;
  }
  return value;
}

bool HeaderReader::readEscape(char *&out) {
  static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  char c = at < end ? *at++ : '\0';
  for (const char *escape = escapes; *escape; escape += 2)
    if (*escape == c) {
      *out++ = escape[1];
      return true;
    }
  int32_t code = c == 'u' ? readHex(at, end) : -1;
  if (code < 0)
    return fail("unknown escape in a string");
  at += 4;
  if (code >= 0xd800 && code < 0xe000) { // half of a character
    int32_t low = code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? readHex(at + 2, end) : -1;
    if (low < 0xdc00 || low >= 0xe000)
      return fail("half a surrogate pair in a string");
    at += 6;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  // UTF-8
  int tail = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
  *out++ = static_cast<char>(leads[tail] | code >> (6 * tail));
  while (tail-- > 0)
    *out++ = static_cast<char>(0x80 | (code >> (6 * tail) & 0x3f));
  return true;
}

bool HeaderReader::readString(HeaderText &text) {
  if (!expect('"', "expected a string"))
    return false;
  char *out = at; // never overtakes `at`: escapes are longer than what they stand for
  text.data = at;
  for (;;) {
    if (at == end || static_cast<unsigned char>(*at) < 0x20)
      return fail("string without an end");
    char c = *at++;
    if (c == '"')
      break;
    if (c != '\\')
      *out++ = c;
    else if (!readEscape(out))
      return false;
  }
  text.length = static_cast<uint64_t>(out - text.data);
  return true;
}

bool HeaderReader::readNumber(uint64_t &number) {
  skipSpace();
  if (at == end || *at < '0' || *at > '9')
    return fail("expected a number of 0 or more");
  bool startsWithZero = *at == '0';
  const char *first = at;
  number = 0;
  for (; at < end && *at >= '0' && *at <= '9'; ++at)
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *at - '0', &number) ||
        number > INT64_MAX)
      return fail("number is too large");
  if (startsWithZero && at - first > 1)
    return fail("number with leading zeros");
  if (at < end && (*at == '.' || (*at | 0x20) == 'e'))
    return fail("expected a whole number");
  return true;
}

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

bool HeaderReader::readShape() {
  entry.rank = 0;
  entry.elements = 1;
  if (!expect('[', "expected '['"))
    return false;
  if (take(']'))
    return true;
  bool isEmpty = false, overflows = false;
  do {
    uint64_t extent;
    if (!readNumber(extent))
      return false;
    if (entry.rank < TFC_MAX_RANK)
      entry.shape[entry.rank++] = static_cast<int64_t>(extent);
    else
      entry.rank = INT32_MAX;
    isEmpty |= extent == 0;
    overflows |= !isEmpty && __builtin_mul_overflow(entry.elements, extent, &entry.elements);
  } while (take(','));
  if (isEmpty)
    entry.elements = 0;
  else if (overflows)
    entry.elements = UINT64_MAX;
  return expect(']', "expected ']'");
}

bool HeaderReader::readOffsets() {
  return expect('[', "expected '['") && readNumber(entry.begin) && expect(',', "expected ','") &&
         readNumber(entry.end) && expect(']', "expected ']'");
}

bool HeaderReader::readEntry() {
  if (!expect('{', "expected '{'"))
    return false;
  unsigned seen = 0;
  do {
    HeaderText field;
    if (!readString(field) || !expect(':', "expected ':'"))
      return false;
    unsigned bit = field == "dtype" ? 1 : field == "shape" ? 2 : field == "data_offsets" ? 4 : 0;
    if (!bit)
      return fail("unknown field of an entry");
    if (seen & bit)
      return fail("field given twice");
    seen |= bit;
    if (!(bit == 1 ? readString(entry.dtype) : bit == 2 ? readShape() : readOffsets()))
      return false;
  } while (take(','));
  return expect('}', "expected '}'") && (seen == 7 || fail("entry without dtype, shape or data_offsets"));
}

HeaderReader::Item HeaderReader::next() {
  if (state == State::Start) {
    if (at == end || *at != '{') { // no space before it: the format says so
      fail("expected '{'");
      return Item::None;
    }
    ++at;
    state = State::Items;
  }
  while (!error && state != State::End) {
    bool &first = state == State::Metadata ? isFirstPair : isFirst;
    bool ends = take('}');
    if (!ends && !first && !expect(',', "expected ',' or '}'"))
      break;
    first = false;
    if (state == State::Metadata) {
      if (ends)
        state = State::Items;
      else if (readString(key) && expect(':', "expected ':'") && readString(value))
        return Item::Metadata;
      continue;
    }
    if (ends) {
      state = State::End;
      skipSpace();
      if (at != end)
        fail("unexpected text at the end");
      continue;
    }
    if (!readString(entry.name) || !expect(':', "expected ':'"))
      break;
    if (entry.name == metadataName) {
      if (hasMetadata)
        fail("metadata given twice");
      else if (expect('{', "expected '{'"))
        state = State::Metadata;
      hasMetadata = true;
      continue;
    }
    if (readEntry())
      return Item::Entry;
  }
  return Item::None;
}
