// Opens model files within limits.
#include "tfc/Import/Common/ModelFile.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace tfc {

std::unique_ptr<llvm::MemoryBuffer> mapRegularFile(StringRef path, std::string &why) {
  auto bad = [&](std::string text) {
    why = std::move(text);
    return nullptr;
  };
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return bad(code.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return bad("it is no regular file");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return bad(file.getError().message());
  return std::move(*file);
}

std::unique_ptr<llvm::MemoryBuffer> readModelFile(Location loc, StringRef path) {
  std::string why;
  auto file = mapRegularFile(path, why);
  if (!file) {
    emitError(loc) << "cannot read the model: " << why;
    return nullptr;
  }
  if (file->getBufferSize() > INT_MAX) {
    emitError(loc) << "the model has " << file->getBufferSize()
                   << " bytes, expected less than 2 GiB; larger models keep their data in external files";
    return nullptr;
  }
  return file;
}

} // namespace tfc
