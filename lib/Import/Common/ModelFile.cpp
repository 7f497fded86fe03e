// Opens model files within limits.
#include "tfc/Import/Common/ModelFile.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace tfc {

std::unique_ptr<llvm::MemoryBuffer> readModelFile(Location loc, StringRef path) {
  auto bad = [&](const Twine &what) {
    emitError(loc) << what;
    return nullptr;
  };
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return bad("cannot read the model: " + code.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return bad("cannot read the model: it is no regular file");
  if (status.getSize() > INT_MAX)
    return bad("the model has " + Twine(status.getSize()) +
               " bytes, expected less than 2 GiB; larger models keep their data in external files");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return bad("cannot read the model: " + file.getError().message());
  return std::move(*file);
}

} // namespace tfc
