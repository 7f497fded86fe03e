// The bytes of a model file.
#ifndef TFC_IMPORT_COMMON_MODELFILE_H
#define TFC_IMPORT_COMMON_MODELFILE_H

#include <memory>

#include "llvm/Support/MemoryBuffer.h"
#include "mlir/IR/Location.h"

namespace tfc {

/// Reads a regular file of less than 2 GiB, as protobuf takes it; null after an error, which
/// is reported at `loc`.
std::unique_ptr<llvm::MemoryBuffer> readModelFile(mlir::Location loc, llvm::StringRef path);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_MODELFILE_H
