// From the path of a file or folder to a graph and its steps, within limits.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>

#include "GraphImporter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Import/Common/ModelFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tfc {

using namespace tf;
using google::protobuf::Message;

/// How deep messages may nest.
constexpr int kMostNesting = 100;

static SmallString<128> savedModelFile(StringRef path) {
  SmallString<128> file(path);
  llvm::sys::path::append(file, "saved_model.pb");
  if (!llvm::sys::fs::exists(file)) {
    file = path;
    llvm::sys::path::append(file, "saved_model.pbtxt");
  }
  return file;
}

bool isGraphDefPath(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return llvm::sys::fs::exists(savedModelFile(path));
  return path.ends_with(".pb") || path.ends_with(".pbtxt") || path.ends_with(".meta");
}

static bool parseBinary(StringRef bytes, Message &message) {
  // Strings that are no UTF-8 are as good as any.
  google::protobuf::LogSilencer quiet;
  message.Clear();
  google::protobuf::io::ArrayInputStream input(bytes.data(), bytes.size());
  google::protobuf::io::CodedInputStream stream(&input);
  stream.SetTotalBytesLimit(INT_MAX);
  stream.SetRecursionLimit(kMostNesting);
  return message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

static bool parseText(StringRef bytes, Message &message) {
  struct Quiet : google::protobuf::io::ErrorCollector {
    void AddError(int, int, const std::string &) override {}
  } quiet;
  message.Clear();
  google::protobuf::io::ArrayInputStream input(bytes.data(), bytes.size());
  google::protobuf::TextFormat::Parser parser;
  parser.AllowUnknownField(true);
  parser.AllowUnknownExtension(true);
  parser.SetRecursionLimit(kMostNesting);
  parser.RecordErrorsTo(&quiet);
  return parser.Parse(&input, &message);
}

/// The meta graph of a file; one with just the graph where the file holds no more.
static LogicalResult parse(Location loc, StringRef path, StringRef bytes, tensorflow::MetaGraphDef &result) {
  bool isText = path.ends_with("txt");
  auto reads = [&](Message &message) { return isText ? parseText(bytes, message) : parseBinary(bytes, message); };
  StringRef name = llvm::sys::path::filename(path);
  if (name.starts_with("saved_model.")) {
    tensorflow::SavedModel model;
    if (!reads(model) || model.meta_graphs().empty())
      return emitError(loc) << "the file is no SavedModel, truncated or corrupt";
    // The one to serve, or else the first.
    int chosen = 0;
    for (int i = model.meta_graphs_size() - 1; i >= 0; --i)
      if (llvm::is_contained(model.meta_graphs(i).meta_info_def().tags(), "serve"))
        chosen = i;
    result.Swap(model.mutable_meta_graphs(chosen));
    return success();
  }
  if (path.ends_with(".meta") && reads(result) && result.has_graph_def())
    return success();
  result.Clear();
  if (reads(*result.mutable_graph_def()) && result.graph_def().node_size() > 0)
    return success();
  if (reads(result) && result.graph_def().node_size() > 0)
    return success();
  return emitError(loc) << "the file is no GraphDef or MetaGraphDef, truncated or corrupt";
}

/// `folder` is that of a SavedModel, where the files lie that variables and tables start from; empty: there is none.
static FailureOr<OwningOpRef<ModuleOp>> importModel(Location loc, const tensorflow::MetaGraphDef &model,
                                                    StringRef folder, const GraphDefImportOptions &options,
                                                    ImportFailure &kind) {
  std::vector<StepRequest> steps;
  for (const std::string &text : options.steps) {
    auto step = readStep(text, [&] { return emitError(loc); });
    if (failed(step))
      return failure();
    steps.push_back(std::move(*step));
  }
  if (steps.empty())
    steps = stepsOfSignatures(model);

  loc.getContext()->loadDialect<dfg::DfgDialect, arith::ArithDialect, tensor::TensorDialect>();
  GraphBuilder b(loc.getContext());
  b.loc = loc;
  GraphImporter importer(b, model.graph_def(), options);
  if (!folder.empty()) {
    importer.parts.folder = folder.str();
    importer.parts.read(model);
    SmallString<128> checkpoint(folder);
    llvm::sys::path::append(checkpoint, "variables", "variables");
    if (llvm::sys::fs::exists(checkpoint + ".index"))
      importer.checkpoint = checkpoint.str().str();
  }
  if (auto runners = model.collection_def().find("queue_runners"); runners != model.collection_def().end())
    for (const std::string &bytes : runners->second.bytes_list().value())
      if (!parseBinary(bytes, importer.queueRunners.emplace_back()))
        return emitError(loc) << "the collection of queue runners holds something else";
  OwningOpRef<ModuleOp> module = importer.run(steps);
  auto result = importer.finish(std::move(module));
  kind = importer.failure;
  return result;
}

FailureOr<OwningOpRef<ModuleOp>> importGraphDef(MLIRContext *context, StringRef path,
                                                const GraphDefImportOptions &options, ImportFailure *why) {
  ImportFailure ignored;
  ImportFailure &kind = why ? *why : ignored;
  kind = ImportFailure::Malformed;
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  const bool isFolder = llvm::sys::fs::is_directory(path);
  SmallString<128> file(path);
  if (isFolder)
    file = savedModelFile(path);
  tensorflow::MetaGraphDef model;
  {
    auto buffer = readModelFile(loc, file);
    if (!buffer || failed(parse(loc, file, buffer->getBuffer(), model)))
      return failure();
  }
  return importModel(loc, model, isFolder ? path : "", options, kind);
}

FailureOr<OwningOpRef<ModuleOp>> importGraphDefFromMemory(MLIRContext *context, StringRef bytes,
                                                          const GraphDefImportOptions &options, ImportFailure *why) {
  ImportFailure ignored;
  ImportFailure &kind = why ? *why : ignored;
  kind = ImportFailure::Malformed;
  Location loc = FileLineColLoc::get(context, "memory", 0, 0);
  tensorflow::MetaGraphDef model;
  if (failed(parse(loc, /*path=*/"", bytes, model)))
    return failure();
  return importModel(loc, model, /*folder=*/"", options, kind);
}

} // namespace tfc
