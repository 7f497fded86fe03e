// Files that appear whole or not at all.
#include "tfc/Support/OutputFiles.h"

#include "llvm/Support/FileSystem.h"

namespace tfc {

OutputFiles::~OutputFiles() {
  for (const File &file : files)
    llvm::sys::fs::remove(file.temporary);
}

llvm::Error OutputFiles::write(const std::string &path, llvm::function_ref<void(llvm::raw_ostream &)> content) {
  int descriptor = -1;
  llvm::SmallString<128> temporary;
  if (auto error = llvm::sys::fs::createUniqueFile(path + ".%%%%%%.tmp", descriptor, temporary,
                                                   llvm::sys::fs::OF_None, 0644))
    return llvm::createStringError("cannot create '" + path + "': " + error.message());
  files.push_back({temporary.str().str(), path});
  llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  content(os);
  os.close();
  if (os.has_error()) {
    std::string reason = os.error().message();
    os.clear_error();
    return llvm::createStringError("cannot write '" + path + "': " + reason);
  }
  return llvm::Error::success();
}

llvm::Error OutputFiles::commit() {
  for (const File &file : files)
    if (auto error = llvm::sys::fs::rename(file.temporary, file.path))
      return llvm::createStringError("cannot rename to '" + file.path + "': " + error.message());
  files.clear();
  return llvm::Error::success();
}

} // namespace tfc
