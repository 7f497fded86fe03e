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

LogicalResult loadModel(Location loc, StringRef path, onnx::ModelProto &model) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return emitError(loc) << "cannot read the model: " << code.message();
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return emitError(loc) << "cannot read the model: it is no regular file";
  if (status.getSize() > INT_MAX)
    return emitError(loc) << "the model has " << status.getSize()
                          << " bytes, expected less than 2 GiB; larger models keep their data in external files";
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return emitError(loc) << "cannot read the model: " << file.getError().message();

  google::protobuf::io::ArrayInputStream bytes((*file)->getBufferStart(), (*file)->getBufferSize());
  google::protobuf::io::CodedInputStream stream(&bytes);
  stream.SetTotalBytesLimit(INT_MAX);
  stream.SetRecursionLimit(kMostNesting);
  if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return emitError(loc) << "the file is no ONNX model, truncated or corrupt";
  if (!model.has_graph())
    return emitError(loc) << "the file holds no graph, expected an ONNX model";
  return success();
}

FailureOr<OwningOpRef<ModuleOp>> importOnnx(MLIRContext *context, StringRef path, const OnnxImportOptions &options,
                                            ImportFailure *why) {
  context->loadDialect<dfg::DfgDialect, arith::ArithDialect, tensor::TensorDialect>();
  ImportFailure ignored;
  ImportFailure &kind = why ? *why : ignored;
  kind = ImportFailure::Malformed;
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  onnx::ModelProto model;
  if (failed(loadModel(loc, path, model)))
    return failure();
  StringRef folder = llvm::sys::path::parent_path(path);
  ModelImporter importer(context, model, folder.empty() ? "." : folder, options);
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

} // namespace tfc
