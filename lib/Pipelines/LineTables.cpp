// Debug information of -g: lines of a text of the graph.
#include "LineTables.h"

#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/LocationSnapshot.h"
#include "tfc/Support/Location.h"

using namespace mlir;

namespace tfc {

void locateAtLines(ModuleOp module, StringRef fileName, llvm::raw_ostream &os) {
  // Of what the importer knows, the text shows the name alone: no paths.
  llvm::DenseMap<Operation *, StringAttr> names;
  module.walk([&](Operation *op) {
    std::string name = nodeName(op->getLoc());
    Location unknown = UnknownLoc::get(op->getContext());
    if (name.empty()) {
      op->setLoc(unknown);
      return;
    }
    names[op] = StringAttr::get(op->getContext(), name);
    op->setLoc(NameLoc::get(names[op]));
  });
  module.walk([](Block *block) {
    for (BlockArgument argument : block->getArguments())
      argument.setLoc(UnknownLoc::get(argument.getContext()));
  });
  auto flags = OpPrintingFlags().enableDebugInfo().useLocalScope().elideLargeElementsAttrs().elideLargeResourceString();
  generateLocationsFromIR(os, fileName, module, flags);
  os << '\n';
  for (auto [op, name] : names)
    op->setLoc(NameLoc::get(name, op->getLoc()));
}

/// The first place in a file that a location names, under the name of its node.
static Location firstLine(Location loc) {
  auto place = loc->findInstanceOf<FileLineColLoc>();
  if (!place)
    return UnknownLoc::get(loc.getContext());
  std::string name = nodeName(loc);
  return name.empty() ? Location(place) : NameLoc::get(StringAttr::get(loc.getContext(), name), place);
}

LogicalResult addLineTables(ModuleOp module) {
  // Of fused locations LLVM would make line 0.
  module.walk([](Operation *op) { op->setLoc(firstLine(op->getLoc())); });
  PassManager pm(module.getContext());
  pm.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
  return pm.run(module);
}

} // namespace tfc
