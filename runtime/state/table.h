// Hash tables of an instance.
//
// One mutex guards a table; every access holds it. Keys and values lie in two arrays, in the
// order in which the keys came until one is removed: then the last one takes its place. Slots
// are found by open addressing with linear probing. Strings are handles of records that the
// table owns, one allocation each.
#ifndef TFC_RUNTIME_STATE_TABLE_H
#define TFC_RUNTIME_STATE_TABLE_H

#include "base/context.h"

namespace tfc::rt {

// All that is guarded. Pointers are null as long as the table has no memory.
struct TableContent {
  char *keys = nullptr, *values = nullptr;
  int64_t count = 0, room = 0; // of keys and values
  int64_t *slots = nullptr;    // position of a key and 1; 0: free
  int64_t slotCount = 0;       // a power of two, twice `room`
  // What the declaration holds has been put in; a static table has been filled.
  bool isBegun = false, isFilled = false;
};

struct Table {
  explicit Table(const tfc_table_t &declared) : declared(&declared) {}

  const tfc_table_t *declared;
  Mutex mutex;
  TableContent content TFC_GUARDED_BY(mutex);
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_STATE_TABLE_H
