// What must hold of an importer, whatever it is given.
#ifndef TFC_TEST_FUZZ_IMPORTCHECK_H
#define TFC_TEST_FUZZ_IMPORTCHECK_H

#include <cstddef>
#include <cstdint>

#include "tfc/Import/Common/Importer.h"
#include "llvm/ADT/STLExtras.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);

namespace tfc {

/// Ends the process where `holds` does not.
void check(bool holds, const char *what);

/// Checks that an import gives an error or a module that verifies, before and after the
/// stage that simplifies it.
using Import = llvm::function_ref<mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>(mlir::MLIRContext *context,
                                                                                     ImportFailure *why)>;
void checkImport(Import import);

/// Sorted, so that a seed of a mutator means the same in every run.
template <class Names> std::vector<std::string> sortedNames(const Names &names) {
  std::vector<std::string> all;
  for (llvm::StringRef name : names)
    all.push_back(name.str());
  llvm::sort(all);
  return all;
}

/// Gives the bytes of a message back, or nothing where they do not fit.
template <class Message> size_t store(const Message &message, uint8_t *data, size_t capacity) {
  size_t size = message.ByteSizeLong();
  return size <= capacity && message.SerializeToArray(data, size) ? size : 0;
}

/// Changes the message that bytes are, or else, and now and then, the bytes: the parser is
/// under test as well. `parse(message, data, size)` tells whether they are one.
template <class Message, class Parse, class Change>
size_t mutateAs(uint8_t *data, size_t size, size_t capacity, unsigned seed, Parse parse, Change change) {
  Message message;
  if (seed % 16 == 0 || !parse(message, data, size))
    return LLVMFuzzerMutate(data, size, capacity);
  change(message);
  size_t stored = store(message, data, capacity);
  return stored ? stored : size;
}

} // namespace tfc

#endif // TFC_TEST_FUZZ_IMPORTCHECK_H
