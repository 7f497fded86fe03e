// Tensor data in files beside the model. A model is untrusted input: the files it names
// must lie in its own folder, links resolved.
#include "TensorData.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tfc {

FailureOr<std::unique_ptr<llvm::MemoryBuffer>> TensorReader::external(const onnx::TensorProto &tensor, int64_t size,
                                                                       Errors errors) {
  namespace fs = llvm::sys::fs;
  namespace path = llvm::sys::path;
  if (folder.empty())
    return errors.malformed() << "has external data, which a model in memory cannot have";
  StringRef location;
  uint64_t offset = 0, length = size;
  for (const auto &entry : tensor.external_data()) {
    StringRef value = entry.value();
    if (entry.key() == "location")
      location = value;
    else if ((entry.key() == "offset" && value.getAsInteger(10, offset)) ||
             (entry.key() == "length" && value.getAsInteger(10, length)))
      return errors.malformed() << "has external data with " << entry.key() << " '" << value
                                << "', expected a number of bytes";
  }
  if (location.empty() || path::is_absolute(location) || location.contains('\0'))
    return errors.malformed() << "has external data at '" << location << "', expected a path relative to the model";
  llvm::SmallString<256> named(folder), file, home;
  path::append(named, location);
  if (fs::real_path(folder, home) || fs::real_path(named, file))
    return errors.malformed() << "has external data in '" << location << "', which does not exist beside the model";
  if (!path::is_separator(home.back()))
    home += path::get_separator();
  if (!file.str().starts_with(home))
    return errors.malformed() << "has external data in '" << location << "', which lies outside of the model's folder";
  fs::file_status status;
  if (fs::status(file, status) || status.type() != fs::file_type::regular_file)
    return errors.malformed() << "has external data in '" << location << "', which is no regular file";
  if (length != uint64_t(size))
    return errors.malformed() << "has " << length << " bytes of external data, expected " << size;
  if (offset > status.getSize() || length > status.getSize() - offset)
    return errors.malformed() << "has external data at offset " << offset << " of length " << length << " in '"
                              << location << "', which has " << status.getSize() << " bytes";
  if (size == 0)
    return llvm::MemoryBuffer::getMemBuffer("", "", /*RequiresNullTerminator=*/false);
  auto buffer = llvm::MemoryBuffer::getFileSlice(file, length, offset);
  if (!buffer)
    return errors.malformed() << "has external data in '" << location << "': " << buffer.getError().message();
  return std::move(*buffer);
}

} // namespace tfc
