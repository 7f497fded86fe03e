// The format: magic "\x93NUMPY", major and minor version, length of the header (16
// bits in version 1, 32 later), the header (a Python dictionary literal with the keys
// descr, fortran_order and shape), the elements.
#include "Npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

using namespace tfc::run;

static constexpr std::string_view magic("\x93NUMPY", 6);

uint64_t Array::count() const {
  uint64_t result = 1;
  for (int64_t extent : shape)
    result *= static_cast<uint64_t>(extent);
  return result;
}

namespace {

struct Header {
  char order = '|'; // '<' little-endian, '>' big-endian, '|' does not matter
  std::string element;
  uint64_t elementSize = 0;
  bool columnMajor = false;
  std::vector<int64_t> shape;
};

/// Reads the one dictionary that NumPy writes; no other Python is understood.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  Expected<Header> parse();

private:
  void skipSpace() { rest.remove_prefix(std::min(rest.find_first_not_of(" \n\t"), rest.size())); }
  bool accept(std::string_view token);
  std::optional<std::string> parseString();
  std::optional<bool> parseBool();
  Result parseDescr(Header &header);
  Result parseShape(Header &header);

  std::string_view rest;
};

} // namespace

bool HeaderParser::accept(std::string_view token) {
  skipSpace();
  if (rest.substr(0, token.size()) != token)
    return false;
  rest.remove_prefix(token.size());
  return true;
}

std::optional<std::string> HeaderParser::parseString() {
  if (!accept("'"))
    return std::nullopt;
  size_t end = rest.find('\'');
  if (end == std::string_view::npos)
    return std::nullopt;
  std::string result(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  return result;
}

std::optional<bool> HeaderParser::parseBool() {
  if (accept("True"))
    return true;
  if (accept("False"))
    return false;
  return std::nullopt;
}

Result HeaderParser::parseDescr(Header &header) {
  if (accept("["))
    return Failure{"arrays of records are not supported"};
  std::optional<std::string> descr = parseString();
  if (!descr || descr->size() < 2)
    return Failure{"the header has no element type"};
  header.order = descr->front();
  header.element = descr->substr(1);
  if (header.element.front() == 'O')
    return Failure{"arrays of Python objects are not supported"};
  const char *digits = header.element.data() + 1, *end = header.element.data() + header.element.size();
  auto [stop, error] = std::from_chars(digits, end, header.elementSize);
  char kind = header.element.front();
  bool isHalfNumber = kind == 'c' && header.elementSize % 2;
  if (error != std::errc() || stop != end || !std::strchr("<>|=", header.order) || isHalfNumber)
    return Failure{"element type '" + *descr + "' is not supported"};
  if (kind == 'U') // counts characters
    header.elementSize *= 4;
  return Done();
}

Result HeaderParser::parseShape(Header &header) {
  if (!accept("("))
    return Failure{"the header's shape is no tuple"};
  while (!accept(")")) {
    skipSpace();
    int64_t extent;
    auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
    if (error != std::errc() || extent < 0)
      return Failure{"the header's shape holds something else than sizes"};
    rest.remove_prefix(stop - rest.data());
    header.shape.push_back(extent);
    if (!accept(",") && rest.substr(0, 1) != ")")
      return Failure{"the header's shape does not end"};
  }
  return Done();
}

Expected<Header> HeaderParser::parse() {
  Header header;
  bool hasOrder = false, hasShape = false;
  if (!accept("{"))
    return Failure{"the header is no dictionary"};
  while (!accept("}")) {
    std::optional<std::string> key = parseString();
    if (!key || !accept(":"))
      return Failure{"the header is malformed"};
    if (*key == "descr") {
      if (Result result = parseDescr(header); !result)
        return result.takeFailure();
    } else if (*key == "fortran_order") {
      std::optional<bool> value = parseBool();
      if (!value)
        return Failure{"the header's fortran_order is neither True nor False"};
      header.columnMajor = *value;
      hasOrder = true;
    } else if (*key == "shape") {
      if (Result result = parseShape(header); !result)
        return result.takeFailure();
      hasShape = true;
    } else {
      return Failure{"the header has the unknown key '" + *key + "'"};
    }
    accept(",");
  }
  if (header.element.empty() || !hasOrder || !hasShape)
    return Failure{"the header lacks descr, fortran_order or shape"};
  return header;
}

/// Bytes of the elements; nothing where that overflows 63 bits.
static std::optional<uint64_t> byteSize(const Header &header) {
  // An extent of 0 empties the array however large the others are.
  if (std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end())
    return 0;
  int64_t size = static_cast<int64_t>(header.elementSize);
  for (int64_t extent : header.shape)
    if (__builtin_mul_overflow(size, extent, &size))
      return std::nullopt;
  return size;
}

/// Reverses the bytes of every number; a complex number is two of them.
static void swapBytes(Array &array, uint64_t elementSize) {
  uint64_t size = array.element.front() == 'c' ? elementSize / 2 : elementSize;
  for (auto at = array.data.begin(); size && at != array.data.end(); at += size)
    std::reverse(at, at + size);
}

static void toRowMajor(Array &array, uint64_t elementSize) {
  std::vector<uint8_t> result(array.data.size());
  std::vector<int64_t> index(array.shape.size(), 0);
  for (uint64_t target = 0, count = array.count(); target < count; ++target) {
    uint64_t source = 0;
    for (size_t d = array.shape.size(); d-- > 0;)
      source = source * array.shape[d] + index[d];
    std::memcpy(&result[target * elementSize], &array.data[source * elementSize], elementSize);
    for (size_t d = array.shape.size(); d-- > 0 && ++index[d] == array.shape[d];)
      index[d] = 0;
  }
  array.data = std::move(result);
}

Expected<Array> tfc::run::parseNpy(std::string_view file) {
  if (file.substr(0, magic.size()) != magic || file.size() < 10)
    return Failure{"not an .npy file"};
  int version = static_cast<uint8_t>(file[6]);
  if (version < 1 || version > 3)
    return Failure{".npy version " + std::to_string(version) + " is not supported"};
  size_t lengthBytes = version == 1 ? 2 : 4, start = 8 + lengthBytes, length = 0;
  for (size_t i = 0; i < lengthBytes && 8 + i < file.size(); ++i)
    length |= size_t(static_cast<uint8_t>(file[8 + i])) << (8 * i);
  if (file.size() < start || file.size() - start < length)
    return Failure{"the header is truncated"};
  Expected<Header> header = HeaderParser(file.substr(start, length)).parse();
  if (!header)
    return header.takeFailure();
  std::string_view body = file.substr(start + length);
  std::optional<uint64_t> size = byteSize(*header);
  if (!size || body.size() != *size)
    return Failure{"holds " + std::to_string(body.size()) + " bytes of elements, its shape asks for " +
                   (size ? std::to_string(*size) : "more than 2^63")};
  Array array{header->element, header->shape, std::vector<uint8_t>(body.begin(), body.end())};
  if (header->order == '>')
    swapBytes(array, header->elementSize);
  if (header->columnMajor && array.shape.size() > 1)
    toRowMajor(array, header->elementSize);
  return array;
}

std::string tfc::run::formatNpy(const Array &array) {
  bool isByte = array.element.substr(1) == "1";
  std::string header =
      "{'descr': '" + std::string(isByte ? "|" : "<") + array.element + "', 'fortran_order': False, 'shape': (";
  for (int64_t extent : array.shape)
    header += std::to_string(extent) + ",";
  header += "), }";
  // Elements start at a multiple of 64; a newline ends the header.
  bool isLong = header.size() + 64 > 0xffff;
  size_t prefix = isLong ? 12 : 10;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  std::string file(magic);
  file += isLong ? '\2' : '\1';
  file += '\0';
  for (size_t i = 0; i < prefix - 8; ++i)
    file += static_cast<char>(header.size() >> (8 * i));
  file += header;
  file.append(reinterpret_cast<const char *>(array.data.data()), array.data.size());
  return file;
}
