// Emitted code under LLVM's sanitizers.
#ifndef TFC_TARGET_OBJECT_SANITIZE_H
#define TFC_TARGET_OBJECT_SANITIZE_H

#include <optional>

#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"

namespace tfc {

/// What instruments emitted code. The program that links the object must be linked with
/// the same `-fsanitize=`, which brings the symbols that the object then uses.
enum class Sanitizer {
  None,
  /// Accesses outside of weights, buffers and stack: programs stop with a report.
  Address,
  /// Races between the threads of a step. With more than one thread the runtime must be
  /// built with it as well (preset `tsan`), or its locks go unseen.
  Thread
};

/// By its name on the command line: "" (none), "address" or "thread".
std::optional<Sanitizer> sanitizerNamed(llvm::StringRef name);

/// Marks all functions of the module, and has `builder` end its pipelines with the passes
/// that instrument them.
void instrument(llvm::Module &module, llvm::PassBuilder &builder, Sanitizer sanitizer);

} // namespace tfc

#endif // TFC_TARGET_OBJECT_SANITIZE_H
