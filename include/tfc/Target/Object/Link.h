// Static archives and shared objects of one model.
#ifndef TFC_TARGET_OBJECT_LINK_H
#define TFC_TARGET_OBJECT_LINK_H

#include <string>

#include "llvm/Support/Error.h"
#include "tfc/Support/OutputFiles.h"
#include "tfc/Target/Object/Signature.h"

namespace tfc {

/// A shared object of the relocatable and the members of libtfc-rt.a that it and callers
/// of the C API need. Runs the system's C compiler as linker; fails if there is none or
/// the runtime library is not found beside this program.
llvm::Expected<std::string> linkShared(llvm::StringRef object, const ModelSignature &signature, OutputFiles &files);

/// A static archive with one member, named after the archive.
llvm::Expected<std::string> archive(llvm::StringRef object, llvm::StringRef path);

} // namespace tfc

#endif // TFC_TARGET_OBJECT_LINK_H
