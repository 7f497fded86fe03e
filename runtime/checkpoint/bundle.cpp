// TensorFlow's checkpoints: blocks of the index, entries, and bytes of tensors.
#include "checkpoint/bundle.h"

#include "base/context.h"
#include "checkpoint/crc32c.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

using namespace tfc::rt;

namespace {

// Reads numbers off the front of bytes; a read beyond the end makes all further ones fail.
struct WireReader {
  const char *at, *end;
  bool isFine = true;

  explicit WireReader(Bytes bytes) : at(bytes.data), end(bytes.data + bytes.size) {}
  bool atEnd() const { return at == end; }
  uint64_t fail() {
    isFine = false;
    at = end;
    return 0;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end)
        return fail();
      const auto byte = static_cast<unsigned char>(*at++);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
    return fail();
  }
  uint32_t fixed32() {
    const Bytes bytes = take(4);
    uint32_t value = 0;
    for (uint64_t i = 0; i < bytes.size; ++i)
      value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes.data[i])) << (8 * i);
    return value;
  }
  Bytes take(uint64_t count) {
    if (count > static_cast<uint64_t>(end - at)) {
      fail();
      return {end, 0};
    }
    at += count;
    return {at - count, count};
  }
};

// A field of a message of the wire format: a number, or bytes.
struct Field {
  uint64_t number = 0, value = 0;
  Bytes bytes{"", 0};
};

bool nextField(WireReader &reader, Field &field) {
  if (reader.atEnd())
    return false;
  const uint64_t tag = reader.varint();
  field = {};
  field.number = tag >> 3;
  switch (tag & 7) {
  case 0: field.value = reader.varint(); break;
  case 1: reader.take(8); break;
  case 2: field.bytes = reader.take(reader.varint()); break;
  case 5: field.value = reader.fixed32(); break;
  default: reader.fail();
  }
  return reader.isFine;
}

// Of TensorFlow's numbers.
int32_t dtypeOf(uint64_t number) {
  static const uint8_t dtypes[] = {
      TFC_DTYPE_INVALID,    TFC_DTYPE_F32,     TFC_DTYPE_F64,       TFC_DTYPE_I32,     TFC_DTYPE_U8,   TFC_DTYPE_I16,
      TFC_DTYPE_I8,         TFC_DTYPE_STRING,  TFC_DTYPE_COMPLEX64, TFC_DTYPE_I64,     TFC_DTYPE_BOOL, TFC_DTYPE_I8,
      TFC_DTYPE_U8,         TFC_DTYPE_I32,     TFC_DTYPE_BF16,      TFC_DTYPE_I16,     TFC_DTYPE_U16,  TFC_DTYPE_U16,
      TFC_DTYPE_COMPLEX128, TFC_DTYPE_F16,     TFC_DTYPE_INVALID,   TFC_DTYPE_INVALID, TFC_DTYPE_U32,  TFC_DTYPE_U64,
      TFC_DTYPE_F8E5M2,     TFC_DTYPE_F8E4M3FN};
  return number < sizeof(dtypes) ? dtypes[number] : int32_t(TFC_DTYPE_INVALID);
}

bool parseDims(Bytes message, BundleEntry &entry) {
  WireReader reader(message);
  for (Field dim; nextField(reader, dim);) {
    if (dim.number != 2)
      continue;
    if (entry.rank == TFC_MAX_RANK)
      return false;
    int64_t &extent = entry.shape[entry.rank++];
    extent = 0; // what the format leaves out
    WireReader inner(dim.bytes);
    for (Field field; nextField(inner, field);)
      if (field.number == 1)
        extent = static_cast<int64_t>(field.value);
    if (!inner.isFine || extent < 0)
      return false;
  }
  return reader.isFine;
}

bool parseEntry(Bytes message, BundleEntry &entry) {
  entry = {};
  entry.message = message;
  WireReader reader(message);
  for (Field field; nextField(reader, field);)
    switch (field.number) {
    case 1: entry.dtype = dtypeOf(field.value); break;
    case 2:
      if (!parseDims(field.bytes, entry))
        return false;
      break;
    case 3: entry.shard = field.value; break;
    case 4: entry.offset = field.value; break;
    case 5: entry.size = field.value; break;
    case 6: entry.checksum = static_cast<uint32_t>(field.value); break;
    case 7: entry.isSliced = true; break;
    }
  return reader.isFine;
}

bool parsePart(Bytes message, const BundleEntry &tensor, Slice &part) {
  part = {};
  WireReader reader(message);
  for (Field extent; nextField(reader, extent);) {
    if (extent.number != 1)
      continue;
    if (part.rank == tensor.rank)
      return false;
    int64_t &start = part.start[part.rank], &length = part.extent[part.rank];
    const int64_t whole = tensor.shape[part.rank++];
    length = whole;
    WireReader inner(extent.bytes);
    for (Field field; nextField(inner, field);)
      (field.number == 1 ? start : length) = static_cast<int64_t>(field.value);
    int64_t end;
    if (!inner.isFine || start < 0 || length < 0 || __builtin_add_overflow(start, length, &end) || end > whole)
      return false;
  }
  return reader.isFine && part.rank == tensor.rank;
}

//===----------------------------------------------------------------------===//
// Keys of parts: bytes that sort as the numbers and names that they stand for
//===----------------------------------------------------------------------===//

struct KeyWriter {
  Array<char> &bytes;
  bool isFine = true;

  void put(uint64_t byte) { isFine = isFine && bytes.append(static_cast<char>(byte)); }
  void putCount(uint64_t number) {
    int size = 0;
    while (size < 8 && number >> (8 * size))
      ++size;
    put(static_cast<uint64_t>(size));
    while (size-- > 0)
      put(number >> (8 * size));
  }
  void putName(Bytes name) {
    for (uint64_t i = 0; i < name.size; ++i) {
      const auto byte = static_cast<unsigned char>(name.data[i]);
      put(byte);
      if (byte == 0 || byte == 0xff)
        put(byte ^ 0xff);
    }
    put(0);
    put(1);
  }
  // Of more than six bits, the leading ones of the first byte count the bytes.
  void putSigned(int64_t number) {
    const auto bits = static_cast<uint64_t>(number < 0 ? ~number : number);
    int size = 1;
    while (size < 10 && bits >> (7 * size - 1 < 63 ? 7 * size - 1 : 63))
      ++size;
    unsigned char big[10];
    for (int i = 0; i < 10; ++i)
      big[9 - i] = static_cast<unsigned char>(i < 8 ? number >> (8 * i) : number >> 63);
    static const unsigned char marks[11][2] = {{0, 0},    {0x80, 0}, {0xc0, 0}, {0xe0, 0},    {0xf0, 0},   {0xf8, 0},
                                               {0xfc, 0}, {0xfe, 0}, {0xff, 0}, {0xff, 0x80}, {0xff, 0xc0}};
    big[10 - size] ^= marks[size][0];
    if (size > 1)
      big[11 - size] ^= marks[size][1];
    for (int i = 10 - size; i < 10; ++i)
      put(big[i]);
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

tfc_status_t TensorBundle::fail(tfc_status_t status, const char *format, ...) const {
  char text[320];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  return message.fail(status, "checkpoint '%s': %s", prefix, text);
}

tfc_status_t TensorBundle::failName(tfc_status_t status, Bytes name, const char *what) const {
  return fail(status, "tensor '%.*s' %s", static_cast<int>(name.size < 100 ? name.size : 100), name.data, what);
}

//===----------------------------------------------------------------------===//
// Index
//===----------------------------------------------------------------------===//

// The content of a block, without its trailer (kind of compression, checksum) and restart points.
bool TensorBundle::readBlock(uint64_t offset, uint64_t size, Bytes &block) {
  constexpr uint64_t trailer = 5;
  const auto total = static_cast<uint64_t>(index.count);
  if (offset > total || size > total - offset || trailer > total - offset - size || size < 4)
    return false;
  const char *data = index.data + offset;
  WireReader checksum({data + size + 1, 4}), count({data + size - 4, 4});
  if (checksum.fixed32() != maskCrc32c(extendCrc32c(0, data, size + 1)))
    return false;
  isCompressed |= data[size] != 0;
  const uint64_t restarts = count.fixed32();
  if ((restarts + 1) * 4 > size || isCompressed)
    return false;
  block = {data, size - (restarts + 1) * 4};
  return true;
}

// Adds the records of a block, whose keys share beginnings.
bool TensorBundle::readRecords(Bytes block) {
  WireReader reader(block);
  uint64_t last = 0, lastSize = 0; // the key before, in `keys`
  while (!reader.atEnd()) {
    const uint64_t shared = reader.varint(), rest = reader.varint(), size = reader.varint();
    const Bytes suffix = reader.take(rest), value = reader.take(size);
    if (!reader.isFine || shared > lastSize)
      return false;
    const auto begin = static_cast<uint64_t>(keys.count);
    if (!keys.reserve(keys.count + static_cast<int64_t>(shared + rest) + 1))
      return !(isOutOfMemory = true);
    memcpy(keys.data + begin, keys.data + last, shared);
    memcpy(keys.data + begin + shared, suffix.data, rest);
    keys.count += static_cast<int64_t>(shared + rest);
    last = begin;
    lastSize = shared + rest;
    if (!records.append({begin, lastSize, value}))
      return !(isOutOfMemory = true);
  }
  return true;
}

tfc_status_t TensorBundle::readIndex() {
  constexpr uint64_t footerSize = 48;
  static const unsigned char magic[] = {0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb};
  const auto size = static_cast<uint64_t>(index.count);
  bool isFine = size >= footerSize && !memcmp(index.data + size - sizeof(magic), magic, sizeof(magic));
  if (isFine) {
    WireReader footer({index.data + size - footerSize, footerSize});
    footer.varint(); // of the meta index
    footer.varint();
    const uint64_t offset = footer.varint(), blockSize = footer.varint();
    // Its records name the blocks of the others; they come first and are dropped behind.
    Bytes block;
    isFine = footer.isFine && readBlock(offset, blockSize, block) && readRecords(block);
    const int64_t blocks = records.count;
    for (int64_t i = 0; isFine && i < blocks; ++i) {
      WireReader handle(records[i].value);
      const uint64_t blockOffset = handle.varint(), innerSize = handle.varint();
      isFine = handle.isFine && readBlock(blockOffset, innerSize, block) && readRecords(block);
    }
    if (isFine) {
      memmove(static_cast<void *>(records.data), records.data + blocks,
              static_cast<uint64_t>(records.count - blocks) * sizeof(Record));
      records.count -= blocks;
    }
  }
  if (isOutOfMemory)
    return failMemory();
  if (isCompressed)
    return fail(TFC_STATUS_UNIMPLEMENTED, "has a compressed index, expected a plain one");
  const Record *header = isFine ? findRecord({"", 0}) : nullptr;
  if (!header)
    return fail(TFC_STATUS_DATA_LOSS, "has an index that is truncated or damaged");
  WireReader reader(header->value);
  bool isBig = false;
  for (Field field; nextField(reader, field);) {
    if (field.number == 1)
      shardCount = field.value;
    else if (field.number == 2)
      isBig = field.value != 0;
  }
  if (isBig)
    return fail(TFC_STATUS_UNIMPLEMENTED, "is of another byte order");
  return TFC_STATUS_OK;
}

bool TensorBundle::makePath(Array<char> &path, const char *format, uint64_t shard) const {
  const uint64_t capacity = strlen(prefix) + 64;
  if (!path.reserve(static_cast<int64_t>(capacity)))
    return false;
  const int written = snprintf(path.data, capacity, "%s", prefix);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
  snprintf(path.data + written, 64, format, shard, shardCount);
#pragma clang diagnostic pop
  return true;
}

tfc_status_t TensorBundle::open() {
  Array<char> path(allocator);
  if (!makePath(path, ".index", 0))
    return failMemory();
  InputFile file(path.data, message);
  if (tfc_status_t status = file.open())
    return status;
  if (!index.reserve(static_cast<int64_t>(file.size())))
    return failMemory();
  index.count = static_cast<int64_t>(file.size());
  if (tfc_status_t status = file.readAt(0, index.data, file.size()))
    return status;
  return readIndex();
}

const TensorBundle::Record *TensorBundle::findRecord(Bytes key) const {
  int64_t low = 0, high = records.count;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const Record &record = records[middle];
    const uint64_t common = record.keySize < key.size ? record.keySize : key.size;
    int order = memcmp(keys.data + record.key, key.data, common);
    order = order ? order : record.keySize < key.size ? -1 : record.keySize > key.size;
    if (order == 0)
      return &record;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

tfc_status_t TensorBundle::find(Bytes name, BundleEntry &entry) const {
  const Record *record = name.size ? findRecord(name) : nullptr;
  if (!record)
    return failName(TFC_STATUS_NOT_FOUND, name, "is not in it");
  return parseEntry(record->value, entry) ? TFC_STATUS_OK : failName(TFC_STATUS_DATA_LOSS, name, "has a damaged entry");
}

tfc_status_t TensorBundle::listParts(Bytes name, const BundleEntry &tensor, Array<Slice> &parts) const {
  WireReader reader(tensor.message);
  for (Field field; nextField(reader, field);) {
    if (field.number != 7)
      continue;
    Slice part;
    if (!parsePart(field.bytes, tensor, part))
      return failName(TFC_STATUS_DATA_LOSS, name, "has a damaged part");
    if (!parts.append(part))
      return failMemory();
  }
  return TFC_STATUS_OK;
}

tfc_status_t TensorBundle::findPart(Bytes name, const Slice &part, const BundleEntry &tensor,
                                    BundleEntry &entry) const {
  Array<char> key(allocator);
  KeyWriter writer{key};
  writer.putCount(0);
  writer.putName(name);
  writer.putCount(static_cast<uint64_t>(part.rank));
  for (int32_t d = 0; d < part.rank; ++d) {
    const bool isWhole = part.start[d] == 0 && part.extent[d] == tensor.shape[d];
    writer.putSigned(part.start[d]);
    writer.putSigned(isWhole ? -1 : part.extent[d]);
  }
  if (!writer.isFine)
    return failMemory();
  const Record *record = findRecord({key.data, static_cast<uint64_t>(key.count)});
  return record && parseEntry(record->value, entry) ? TFC_STATUS_OK
                                                    : failName(TFC_STATUS_DATA_LOSS, name, "lacks a part");
}

tfc_status_t TensorBundle::read(Bytes name, const BundleEntry &entry, void *to) const {
  Array<char> path(allocator);
  if (!makePath(path, ".data-%05" PRIu64 "-of-%05" PRIu64, entry.shard))
    return failMemory();
  InputFile file(path.data, message);
  if (tfc_status_t status = file.open())
    return status;
  if (entry.offset > file.size() || entry.size > file.size() - entry.offset)
    return failName(TFC_STATUS_DATA_LOSS, name, "is truncated");
  if (tfc_status_t status = file.readAt(entry.offset, to, entry.size))
    return status;
  if (entry.dtype != TFC_DTYPE_STRING && entry.checksum != maskCrc32c(extendCrc32c(0, to, entry.size)))
    return failName(TFC_STATUS_DATA_LOSS, name, "is damaged");
  // Compiled code relies on it.
  for (uint64_t k = 0; entry.dtype == TFC_DTYPE_BOOL && k < entry.size; ++k)
    if (static_cast<const uint8_t *>(to)[k] > 1)
      return failName(TFC_STATUS_DATA_LOSS, name, "has an element that is no bool");
  return TFC_STATUS_OK;
}

// The sizes of all strings, their checksum, then all bytes. The entry's checksum takes the sizes as
// numbers of 32 bits where they fit.
tfc_status_t TensorBundle::checkStrings(Bytes name, const BundleEntry &entry, const char *bytes, int64_t count,
                                        Array<Bytes> &strings) const {
  WireReader reader({bytes, entry.size});
  uint32_t crc = 0;
  for (int64_t i = 0; i < count && reader.isFine; ++i) {
    const uint64_t size = reader.varint();
    const auto narrow = static_cast<uint32_t>(size);
    crc = size == narrow ? extendCrc32c(crc, &narrow, sizeof(narrow)) : extendCrc32c(crc, &size, sizeof(size));
    if (!strings.append({nullptr, size}))
      return failMemory();
  }
  const uint32_t stored = reader.fixed32();
  bool isFine = reader.isFine && stored == maskCrc32c(crc);
  crc = extendCrc32c(crc, &stored, sizeof(stored));
  for (int64_t i = 0; i < count && isFine; ++i) {
    strings[i] = reader.take(strings[i].size);
    crc = extendCrc32c(crc, strings[i].data, strings[i].size);
  }
  isFine = isFine && reader.isFine && reader.atEnd() && entry.checksum == maskCrc32c(crc);
  return isFine ? TFC_STATUS_OK : failName(TFC_STATUS_DATA_LOSS, name, "is damaged");
}
