// TensorFlow's checkpoints of format V2: an index of names and files of data.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_TENSORBUNDLE_H
#define TFC_LIB_IMPORT_GRAPHDEF_TENSORBUNDLE_H

#include <map>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "tensorflow.pb.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tfc::tf {

/// An opened bundle: PREFIX.index, a sorted string table (the format of LevelDB's tables,
/// uncompressed), and PREFIX.data-SSSSS-of-NNNNN.
class TensorBundle {
public:
  using Errors = llvm::function_ref<mlir::InFlightDiagnostic()>;

  /// Reads the index; null after an error.
  static std::unique_ptr<TensorBundle> open(llvm::StringRef prefix, Errors bad);

  bool contains(llvm::StringRef name) const { return entries.contains(name); }
  auto names() const { return entries.keys(); }
  /// The value of a tensor. Fails after an error.
  mlir::FailureOr<mlir::ElementsAttr> read(mlir::MLIRContext *context, llvm::StringRef name, Errors bad);

private:
  explicit TensorBundle(llvm::StringRef prefix) : prefix(prefix) {}
  bool readIndex(llvm::StringRef table);
  llvm::MemoryBuffer *shard(int number, Errors bad);

  std::string prefix;
  tensorflow::BundleHeaderProto header;
  llvm::StringMap<tensorflow::BundleEntryProto> entries;
  std::map<int, std::unique_ptr<llvm::MemoryBuffer>> shards;
};

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_TENSORBUNDLE_H
