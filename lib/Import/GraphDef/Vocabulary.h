// Keys and values of a table in a text file, a line each.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_VOCABULARY_H
#define TFC_LIB_IMPORT_GRAPHDEF_VOCABULARY_H

#include "Dfg/Dfg.h"

namespace tfc::tf {

struct Vocabulary {
  static constexpr int64_t kWholeLine = -2, kLineNumber = -1;
  int64_t keyIndex, valueIndex; // of columns, or one of the above
  int64_t lines;                // how many are read; -1: all
  int64_t offset;               // lines that are skipped
  llvm::StringRef delimiter;    // one character, between columns
};

/// Keys and values as constants of these element types: strings, integers or floats. Fails
/// after `bad` was told what is wrong.
mlir::FailureOr<std::pair<mlir::ElementsAttr, mlir::ElementsAttr>>
readVocabulary(llvm::StringRef text, const Vocabulary &vocabulary, mlir::Type key, mlir::Type value,
               llvm::function_ref<void(const llvm::Twine &)> bad);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_VOCABULARY_H
