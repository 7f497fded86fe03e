// Files that appear whole or not at all.
#ifndef TFC_SUPPORT_OUTPUTFILES_H
#define TFC_SUPPORT_OUTPUTFILES_H

#include <string>
#include <vector>

#include "llvm/Support/Error.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"

namespace tfc {

/// A set of output files, written under temporary names and renamed together by
/// `commit`. What is not committed is removed with the object.
class OutputFiles {
public:
  OutputFiles() = default;
  OutputFiles(const OutputFiles &) = delete;
  ~OutputFiles();

  llvm::Error write(const std::string &path, llvm::function_ref<void(llvm::raw_ostream &)> content);
  llvm::Error commit();

private:
  struct File {
    std::string temporary, path;
  };
  std::vector<File> files;
};

} // namespace tfc

#endif // TFC_SUPPORT_OUTPUTFILES_H
