// The bytes of a model file.
#ifndef TFC_IMPORT_COMMON_MODELFILE_H
#define TFC_IMPORT_COMMON_MODELFILE_H

#include <memory>

#include "mlir/IR/Location.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tfc {

/// The bytes of a regular file, mapped where it is large; null after an error, which `why`
/// tells. What else a path may name could block or have no end.
std::unique_ptr<llvm::MemoryBuffer> mapRegularFile(llvm::StringRef path, std::string &why);

/// Reads a regular file of less than 2 GiB, as protobuf takes it; null after an error, which
/// is reported at `loc`.
std::unique_ptr<llvm::MemoryBuffer> readModelFile(mlir::Location loc, llvm::StringRef path);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_MODELFILE_H
