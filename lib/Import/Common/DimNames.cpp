// Which name stands for which extent.
#include "tfc/Import/Common/DimNames.h"

using namespace mlir;

namespace tfc {

void DimNames::add(Value argument, ArrayAttr given) {
  for (auto [dim, name] : llvm::zip(b.dims(argument), given))
    if (auto text = dyn_cast<StringAttr>(name)) {
      names.try_emplace(dim, text.getValue().str());
      taken.insert(text.getValue());
    }
}

ArrayAttr DimNames::of(Value value, StringRef edge, llvm::function_ref<StringRef(unsigned)> preferred) {
  SmallVector<Attribute> dims;
  for (auto [i, dim] : llvm::enumerate(b.dims(value))) {
    if (auto extent = b.number(dim)) {
      dims.push_back(b.builder.getI64IntegerAttr(*extent));
      continue;
    }
    std::string &name = names[dim];
    if (name.empty()) {
      // The file's own name, unless it stands for something else already.
      if (preferred)
        name = preferred(i).str();
      if (name.empty() || taken.contains(name))
        name = (edge + "." + Twine(i)).str();
      taken.insert(name);
    }
    dims.push_back(b.builder.getStringAttr(name));
  }
  return b.builder.getArrayAttr(dims);
}

} // namespace tfc
