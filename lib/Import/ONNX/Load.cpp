// From the path of a file to a parsed model, within limits.
#include "ModelImporter.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Import/Common/ModelFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tfc {

/// How deep messages may nest; a subgraph takes three levels.
constexpr int kMostNesting = 120;

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
  GraphBuilder b(context);
  b.loc = loc;
  ModelImporter importer(b, model, folder, options);
  OwningOpRef<ModuleOp> module = importer.run();
  auto result = importer.finish(std::move(module));
  kind = importer.failure;
  return result;
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
    auto file = readModelFile(loc, path);
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
