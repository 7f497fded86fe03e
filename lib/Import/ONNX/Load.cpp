// From the path of a file to a parsed model, within limits.
#include "ModelImporter.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace tfc {

/// How deep messages may nest; a subgraph takes three levels.
constexpr int kMostNesting = 120;

/// The bytes of a model file; null after an error.
static std::unique_ptr<llvm::MemoryBuffer> readFile(Location loc, StringRef path) {
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

static LogicalResult parseModel(Location loc, StringRef bytes, onnx::ModelProto &model) {
  google::protobuf::io::ArrayInputStream input(bytes.data(), bytes.size());
  google::protobuf::io::CodedInputStream stream(&input);
  stream.SetTotalBytesLimit(INT_MAX);
  stream.SetRecursionLimit(kMostNesting);
  if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return emitError(loc) << "the file is no ONNX model, truncated or corrupt";
  if (!model.has_graph())
    return emitError(loc) << "the file holds no graph, expected an ONNX model";
  return success();
}

static FailureOr<OwningOpRef<ModuleOp>> importModel(Location loc, onnx::ModelProto &model, StringRef folder,
                                                    const OnnxImportOptions &options, ImportFailure &kind) {
  MLIRContext *context = loc.getContext();
  context->loadDialect<dfg::DfgDialect, arith::ArithDialect, tensor::TensorDialect>();
  ModelImporter importer(context, model, folder, options);
  importer.b.loc = loc;
  OwningOpRef<ModuleOp> module = importer.run();
  kind = importer.failure;
  if (kind != ImportFailure::None)
    return failure();
  // What the importer built itself must hold together.
  if (failed(verify(*module))) {
    kind = ImportFailure::Malformed;
    return failure();
  }
  return std::move(module);
}

FailureOr<OwningOpRef<ModuleOp>> importOnnx(MLIRContext *context, StringRef path, const OnnxImportOptions &options,
                                            ImportFailure *why) {
  ImportFailure ignored;
  ImportFailure &kind = why ? *why : ignored;
  kind = ImportFailure::Malformed;
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  onnx::ModelProto model;
  {
    // The message has a copy of what it needs of the file.
    auto file = readFile(loc, path);
    if (!file || failed(parseModel(loc, file->getBuffer(), model)))
      return failure();
  }
  StringRef folder = llvm::sys::path::parent_path(path);
  return importModel(loc, model, folder.empty() ? "." : folder, options, kind);
}

FailureOr<OwningOpRef<ModuleOp>> importOnnxFromMemory(MLIRContext *context, StringRef bytes,
                                                      const OnnxImportOptions &options, ImportFailure *why) {
  ImportFailure ignored;
  ImportFailure &kind = why ? *why : ignored;
  kind = ImportFailure::Malformed;
  Location loc = FileLineColLoc::get(context, "memory", 0, 0);
  onnx::ModelProto model;
  if (failed(parseModel(loc, bytes, model)))
    return failure();
  return importModel(loc, model, /*folder=*/"", options, kind);
}

} // namespace tfc
