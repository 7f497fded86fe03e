// Values of ports in archives of arrays: tensors, lists of values, absent optionals.
#ifndef TFC_TOOLS_RUN_VALUE_H
#define TFC_TOOLS_RUN_VALUE_H

#include "Npz.h"

#include "tfc-rt/model.h"

namespace tfc::run {

/// A value that was read from an archive.
struct Value {
  int32_t dtype = TFC_DTYPE_INVALID; // TFC_DTYPE_INVALID: an optional that is absent
  Array array;                       // of a tensor, in the ABI's layout; strings as in the file
  std::vector<Value> elements;       // of a list
  std::vector<tfc_tensor_t> views;   // of the elements; made by `view`
  std::vector<tfc_string_t> strings; // of a tensor of strings; made by `view`

  /// The value as steps take it; it stays this value's memory.
  tfc_tensor_t view();
};

/// Whether an archive holds a value of this name.
bool containsValue(const NpzReader &archive, const std::string &name);

/// Reads the value of a port, converted to its type. The elements of a list are arrays
/// `NAME.0`, `NAME.1`, ..., or lie along the first axis of one array `NAME`. An optional
/// that the archive does not hold is absent.
Expected<Value> readValue(const NpzReader &archive, const std::string &name, const tfc_port_t &port);

/// Adds a result to arrays that go to an archive, under the names that `readValue` takes.
Result addValue(std::map<std::string, Array> &arrays, const std::string &name, const tfc_tensor_t &value);

} // namespace tfc::run
#endif // TFC_TOOLS_RUN_VALUE_H
