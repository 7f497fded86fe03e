// Blocks of the index, entries, and bytes of tensors.
#include "TensorBundle.h"

#include "Dfg/Dfg.h"
#include "Dfg/DfgConstants.h"
#include "TensorData.h"
#include "tfc/Import/Common/ModelFile.h"
#include "tfc/Support/DType.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"

using namespace mlir;

namespace tfc::tf {

using namespace tensorflow;

namespace {

/// Reads numbers off the front of bytes; a read beyond the end makes all further ones fail.
class Reader {
public:
  explicit Reader(StringRef bytes) : bytes(bytes) {}
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes.empty())
        return fail();
      uint8_t byte = bytes.front();
      bytes = bytes.drop_front();
      value |= uint64_t(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
    return fail();
  }
  StringRef take(uint64_t count) {
    if (count > bytes.size()) {
      fail();
      return {};
    }
    StringRef result = bytes.take_front(count);
    bytes = bytes.drop_front(count);
    return result;
  }
  bool atEnd() const { return bytes.empty(); }
  bool isFine = true;

private:
  uint64_t fail() {
    isFine = false;
    bytes = {};
    return 0;
  }
  StringRef bytes;
};

} // namespace

/// The content of a block at (offset, size) of a table; nothing if it is none.
static std::optional<StringRef> blockAt(StringRef table, uint64_t offset, uint64_t size) {
  constexpr uint64_t kTrailer = 5; // kind of compression, checksum
  if (offset > table.size() || size > table.size() - offset || kTrailer > table.size() - offset - size)
    return std::nullopt;
  if (table[offset + size] != 0)
    return std::nullopt; // compressed
  StringRef block = table.substr(offset, size);
  if (block.size() < 4)
    return std::nullopt;
  // The last word counts the restart points, whose words stand before it.
  uint64_t restarts = llvm::support::endian::read32le(block.end() - 4);
  if ((restarts + 1) * 4 > block.size())
    return std::nullopt;
  return block.drop_back((restarts + 1) * 4);
}

/// Calls `visit(key, value)` for every entry of a block, whose keys share prefixes.
static bool forEachEntry(StringRef block, llvm::function_ref<bool(StringRef, StringRef)> visit) {
  Reader reader(block);
  std::string key;
  while (!reader.atEnd()) {
    uint64_t shared = reader.varint(), rest = reader.varint(), size = reader.varint();
    StringRef suffix = reader.take(rest), value = reader.take(size);
    if (!reader.isFine || shared > key.size())
      return false;
    key.resize(shared);
    key += suffix;
    if (!visit(key, value))
      return false;
  }
  return true;
}

bool TensorBundle::readIndex(StringRef table) {
  constexpr size_t kFooter = 48;
  constexpr uint64_t kMagic = 0xdb4775248b80fb57;
  // What names may grow to by the prefixes that they share, in bytes for one of the file.
  constexpr uint64_t kMostGrowth = 64;
  if (table.size() < kFooter || llvm::support::endian::read64le(table.end() - 8) != kMagic)
    return false;
  Reader footer(table.take_back(kFooter));
  footer.varint(); // of the meta index
  footer.varint();
  uint64_t offset = footer.varint(), size = footer.varint();
  auto index = blockAt(table, offset, size);
  if (!index)
    return false;
  uint64_t end = 0, nameBytes = 0;
  return forEachEntry(*index, [&](StringRef, StringRef handle) {
    Reader reader(handle);
    uint64_t offset = reader.varint(), size = reader.varint();
    auto block = blockAt(table, offset, size);
    // Blocks follow each other: none is read twice.
    if (!block || offset < end)
      return false;
    end = offset + size;
    return forEachEntry(*block, [&](StringRef name, StringRef value) {
      nameBytes += name.size();
      if (nameBytes > kMostGrowth * table.size())
        return false;
      return name.empty() ? header.ParseFromArray(value.data(), value.size())
                          : entries[name].ParseFromArray(value.data(), value.size());
    });
  });
}

std::unique_ptr<TensorBundle> TensorBundle::open(StringRef prefix, Errors bad) {
  std::unique_ptr<TensorBundle> bundle(new TensorBundle(prefix));
  std::string path = (prefix + ".index").str(), why;
  auto file = mapRegularFile(path, why);
  if (!file)
    bad() << "cannot read '" << path << "': " << why;
  else if (!bundle->readIndex(file->getBuffer()))
    bad() << "'" << path << "' is no index of a checkpoint, truncated or corrupt";
  else if (bundle->header.endianness() != BundleHeaderProto::LITTLE)
    bad() << "'" << path << "' is of a big-endian machine: unsupported";
  else
    return bundle;
  return nullptr;
}

llvm::MemoryBuffer *TensorBundle::shard(int number, Errors bad) {
  if (number < 0 || number >= header.num_shards()) {
    bad() << "the checkpoint '" << prefix << "' has data in file " << number << " of " << header.num_shards();
    return nullptr;
  }
  std::unique_ptr<llvm::MemoryBuffer> &buffer = shards[number];
  if (buffer)
    return buffer.get();
  std::string path, why;
  llvm::raw_string_ostream(path) << prefix << llvm::format(".data-%05d-of-%05d", number, header.num_shards());
  buffer = mapRegularFile(path, why);
  if (!buffer)
    bad() << "cannot read '" << path << "': " << why;
  return buffer.get();
}

FailureOr<ElementsAttr> TensorBundle::read(MLIRContext *context, StringRef name, Errors bad) {
  auto it = entries.find(name);
  if (it == entries.end())
    return bad() << "the checkpoint '" << prefix << "' has no tensor '" << name << "'";
  const BundleEntryProto &entry = it->second;
  auto what = [&] { return bad() << "tensor '" << name << "' of the checkpoint "; };
  Type element = elementTypeOf(context, entry.dtype());
  auto dims = dimsOf(entry.shape());
  bool holdsNumbers = element && !isa<dfg::StringType>(element);
  if (!holdsNumbers || entry.slices_size() > 0)
    return what() << (holdsNumbers ? "is stored in slices" : "has no numbers: " + nameOf(entry.dtype()))
                  << ": unsupported";
  if (!dims || dfg::isTooLarge(*dims) || llvm::is_contained(*dims, ShapedType::kDynamic))
    return what() << "has an impossible shape";
  auto type = RankedTensorType::get(*dims, element);
  int64_t size = type.getNumElements() * elementBytes(element);
  llvm::MemoryBuffer *data = shard(entry.shard_id(), bad);
  if (!data)
    return failure();
  if (entry.size() != size || entry.offset() < 0 || uint64_t(entry.offset()) > data->getBufferSize() ||
      uint64_t(size) > data->getBufferSize() - entry.offset())
    return what() << "has " << entry.size() << " bytes at " << entry.offset() << " of a file of "
                  << data->getBufferSize() << ", expected " << size;
  return dfg::constantOf(type, ArrayRef<char>(data->getBufferStart() + entry.offset(), size));
}

} // namespace tfc::tf
