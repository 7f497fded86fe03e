// What the initializer of a SavedModel puts into tables, and the files that come with one.
#include "GraphImporter.h"
#include "tfc/Import/Common/ModelFile.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tfc::tf {

void SavedModelParts::read(const tensorflow::MetaGraphDef &model) {
  auto node = [](StringRef tensor) { return tensor.rsplit(':').first.str(); };
  for (const auto &asset : model.asset_file_def())
    assets[node(asset.tensor_info().name())] = asset.filename();
  const auto &signatures = model.signature_def();
  if (auto found = signatures.find("__saved_model_init_op"); found != signatures.end())
    for (const auto &[name, info] : found->second.outputs())
      initializer = node(info.name());
  // Where older writers say it.
  for (std::string key : {"saved_model_main_op", "legacy_init_op"})
    if (auto found = model.collection_def().find(key);
        initializer.empty() && found != model.collection_def().end() && found->second.node_list().value_size() > 0)
      initializer = node(found->second.node_list().value(0));
}

StringRef NodeContext::assetName() const {
  // Nodes of functions may have the same names.
  auto found = importer.parts.assets.find(name().str());
  return body.attributes || found == importer.parts.assets.end() ? StringRef() : StringRef(found->second);
}

std::unique_ptr<llvm::MemoryBuffer> NodeContext::asset(StringRef path) {
  StringRef file = path;
  bool isAsset = file.consume_front("assets/") &&
                 llvm::any_of(importer.parts.assets, [&](const auto &asset) { return asset.second == file; });
  if (!isAsset || file.contains("..") || llvm::sys::path::is_absolute(file)) {
    unsupported() << "reads file '" << path << "', expected one among the assets of a SavedModel";
    return nullptr;
  }
  SmallString<128> whole(importer.parts.folder);
  llvm::sys::path::append(whole, "assets", file);
  return readModelFile(b.loc, whole);
}

LogicalResult GraphImporter::fillTables(const Graph &graph, dfg::GraphOp graphOp) {
  auto tables = graphOp.getBody().getOps<dfg::TableOp>();
  if (parts.initializer.empty() || tables.empty())
    return success();
  StepRequest request;
  request.name = "initialize";
  while (symbols.contains(request.name))
    request.name += "_";
  symbols.insert(request.name);
  request.targets.push_back(parts.initializer);
  b.builder.setInsertionPointToEnd(graphBlock);
  b.forget();
  if (failed(importStep(graph, request)) || failure != ImportFailure::None)
    return mlir::failure();
  auto step = cast<dfg::StepOp>(SymbolTable::lookupSymbolIn(graphOp, request.name));
  auto constant = [](Value value) {
    auto op = value.getDefiningOp<dfg::ConstantOp>();
    return op ? op.getValue() : ElementsAttr();
  };
  WalkResult walked = step.walk([&](dfg::TableInsertOp insert) {
    auto table = cast<dfg::TableOp>(SymbolTable::lookupSymbolIn(graphOp, insert.getTableAttr()));
    ElementsAttr keys = constant(insert.getKeys()), values = constant(insert.getValues());
    if (!keys || !values) {
      unsupported() << "table '" << table.getName() << "' is filled with what is not known at compile time";
      return WalkResult::interrupt();
    }
    table.setKeysAttr(keys);
    table.setValuesAttr(values);
    return WalkResult::advance();
  });
  step.erase();
  return success(!walked.wasInterrupted());
}

} // namespace tfc::tf
