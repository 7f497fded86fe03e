// Values of ports in archives of arrays.
#include "Value.h"

#include "DType.h"

#include <algorithm>

using namespace tfc::run;

/// Fixed-length bytes as strings, without the NULs that fill them.
static std::vector<tfc_string_t> stringsOf(const Array &array) {
  std::vector<tfc_string_t> strings;
  size_t length = std::stoull(array.element.substr(1));
  for (uint64_t i = 0; i < array.count(); ++i) {
    auto *data = reinterpret_cast<const char *>(array.data.data()) + i * length;
    size_t size = length;
    while (size && !data[size - 1])
      --size;
    strings.push_back({data, size});
  }
  return strings;
}

static std::string elementName(const std::string &list, size_t i) { return list + "." + std::to_string(i); }

tfc_tensor_t Value::view() {
  tfc_tensor_t tensor{};
  tensor.dtype = dtype;
  if (dtype == TFC_DTYPE_LIST) {
    views.clear();
    for (Value &element : elements)
      views.push_back(element.view());
    tensor.data = views.data();
    tensor.size = views.size();
    return tensor;
  }
  tensor.data = array.data.data();
  tensor.size = array.data.size();
  if (dtype == TFC_DTYPE_STRING) {
    strings = stringsOf(array);
    tensor.data = strings.data();
    tensor.size = strings.size() * sizeof(tfc_string_t);
  }
  tensor.rank = static_cast<int32_t>(array.shape.size());
  std::copy(array.shape.begin(), array.shape.end(), tensor.shape);
  return tensor;
}

bool tfc::run::containsValue(const NpzReader &archive, const std::string &name) {
  return archive.contains(name) || archive.contains(elementName(name, 0));
}

static Expected<Value> makeTensor(Array array, const std::string &name, const tfc_port_t &port) {
  // Recordings made with older NumPy have scalars as arrays of one element.
  if (port.rank == 0 && array.count() == 1)
    array.shape.clear();
  if (Result result = convertTo(array, port.dtype); !result)
    return result.takeFailure().about("'" + name + "'");
  if (array.shape.size() > TFC_MAX_RANK)
    return Failure{"'" + name + "': rank " + std::to_string(array.shape.size()) + " is above the limit of " +
                   std::to_string(TFC_MAX_RANK)};
  Value value;
  value.dtype = port.dtype;
  value.array = std::move(array);
  return value;
}

/// The parts of an array along its first axis as the elements of a list.
static Expected<Value> splitArray(const Array &array, const std::string &name, const tfc_port_t &element) {
  if (array.shape.empty() || element.dtype == TFC_DTYPE_LIST || element.dtype == TFC_DTYPE_OPTIONAL)
    return Failure{"'" + name + "': is one array, expected arrays '" + elementName(name, 0) + "', '" +
                   elementName(name, 1) + "', ..."};
  Value list;
  list.dtype = TFC_DTYPE_LIST;
  size_t count = array.shape[0], size = count ? array.data.size() / count : 0;
  for (size_t i = 0; i < count; ++i) {
    auto begin = array.data.begin() + i * size;
    Expected<Value> part =
        makeTensor({array.element, {array.shape.begin() + 1, array.shape.end()}, {begin, begin + size}},
                   elementName(name, i), element);
    if (!part)
      return part;
    list.elements.push_back(std::move(*part));
  }
  return list;
}

Expected<Value> tfc::run::readValue(const NpzReader &archive, const std::string &name, const tfc_port_t &port) {
  if (port.dtype == TFC_DTYPE_OPTIONAL)
    return containsValue(archive, name) ? readValue(archive, name, *port.element) : Value();
  if (port.dtype == TFC_DTYPE_LIST && !archive.contains(name)) {
    Value list;
    list.dtype = TFC_DTYPE_LIST;
    for (size_t i = 0; i == 0 || containsValue(archive, elementName(name, i)); ++i) {
      Expected<Value> element = readValue(archive, elementName(name, i), *port.element);
      if (!element)
        return element;
      list.elements.push_back(std::move(*element));
    }
    return list;
  }
  Expected<Array> array = archive.read(name);
  if (!array)
    return array.takeFailure();
  return port.dtype == TFC_DTYPE_LIST ? splitArray(*array, name, *port.element)
                                      : makeTensor(std::move(*array), name, port);
}

/// Strings as bytes of one length, filled with NULs.
static Array fixedLength(const tfc_tensor_t &value) {
  Array array{"", {value.shape, value.shape + value.rank}, {}};
  const auto *strings = static_cast<const tfc_string_t *>(value.data);
  size_t length = 1, count = array.count();
  for (size_t i = 0; i < count; ++i)
    length = std::max<size_t>(length, strings[i].size);
  array.element = "S" + std::to_string(length);
  array.data.resize(count * length);
  for (size_t i = 0; i < count; ++i)
    std::copy_n(strings[i].data, strings[i].size, array.data.begin() + i * length);
  return array;
}

Result tfc::run::addValue(std::map<std::string, Array> &arrays, const std::string &name, const tfc_tensor_t &value) {
  if (value.dtype == TFC_DTYPE_INVALID)
    return Done();
  if (value.dtype == TFC_DTYPE_LIST) {
    const auto *elements = static_cast<const tfc_tensor_t *>(value.data);
    if (value.size == 0)
      arrays[name] = {"f4", {0}, {}};
    for (uint64_t i = 0; i < value.size; ++i)
      if (Result result = addValue(arrays, elementName(name, i), elements[i]); !result)
        return result;
    return Done();
  }
  if (value.dtype == TFC_DTYPE_STRING) {
    arrays[name] = fixedLength(value);
    return Done();
  }
  std::string element = npyElement(value.dtype);
  if (element.empty())
    return Failure{"output '" + name + "': elements of type " + dtypeName(value.dtype) + " cannot be written"};
  const auto *data = static_cast<const uint8_t *>(value.data);
  arrays[name] = {element, {value.shape, value.shape + value.rank}, {data, data + value.size}};
  return Done();
}
