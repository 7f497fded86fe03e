// The header of a checkpoint, which nobody vouches for: read item by item, without recursion.
#ifndef TFC_RUNTIME_CHECKPOINT_HEADER_H
#define TFC_RUNTIME_CHECKPOINT_HEADER_H

#include "tfc-rt/base.h"

namespace tfc::rt {

// A string of the header, its escapes resolved. May hold any byte.
struct HeaderText {
  const char *data;
  uint64_t length;

  bool operator==(const char *text) const;
  // For messages: no longer than what fits into them.
  int shownLength() const { return length < 100 ? static_cast<int>(length) : 100; }
};

// A file's entry for one tensor.
struct HeaderEntry {
  HeaderText name, dtype;
  int32_t rank; // INT32_MAX for more than fit
  int64_t shape[TFC_MAX_RANK];
  uint64_t elements; // UINT64_MAX for more than fit
  uint64_t begin, end;
};

// Reads JSON of the one form that headers have. Resolves escapes in place.
class HeaderReader {
public:
  HeaderReader(char *text, uint64_t length) : at(text), start(text), end(text + length) {}

  // Reads on to the next pair of "__metadata__" or entry for a tensor. None: at the end, or after
  // an error.
  enum class Item { Metadata, Entry, None };
  Item next();

  HeaderText key{}, value{}; // of the metadata
  HeaderEntry entry{};
  const char *error = nullptr; // what is wrong, if anything is
  uint64_t position() const { return static_cast<uint64_t>(at - start); }

private:
  bool fail(const char *what);
  void skipSpace();
  bool take(char c); // whether it is the next one, past spaces
  bool expect(char c, const char *what);
  bool readString(HeaderText &out);
  bool readEscape(char *&out);
  bool readNumber(uint64_t &out);
  bool readEntry();
  bool readShape();
  bool readOffsets();

  char *at;
  char *start, *end;
  enum class State { Start, Items, Metadata, End } state = State::Start;
  bool isFirst = true, isFirstPair = true, hasMetadata = false;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_CHECKPOINT_HEADER_H
