// The text of shapes.
#include "tfc/Import/Common/GivenShapes.h"

using namespace mlir;

namespace tfc {

LogicalResult readGivenShapes(ArrayRef<std::string> options, GivenShapes &shapes,
                              llvm::function_ref<InFlightDiagnostic()> bad) {
  for (StringRef text : options) {
    auto [name, shape] = text.rsplit('=');
    auto unreadable = [&] {
      return bad() << "the input shape '" << text << "' cannot be read, expected a form like 'x=?x3x224x224'";
    };
    if (name.empty() || !text.contains('='))
      return unreadable();
    SmallVector<GivenDim> dims;
    SmallVector<StringRef> parts;
    if (!shape.empty())
      shape.split(parts, 'x');
    for (StringRef part : parts) {
      GivenDim dim;
      if (part != "?" && part.getAsInteger(10, dim.extent))
        dim.name = part;
      if (part.empty() || (dim.extent < 0 && !ShapedType::isDynamic(dim.extent)))
        return unreadable();
      dims.push_back(dim);
    }
    if (!shapes.try_emplace(name, dims).second)
      return bad() << "input '" << name << "' is given a shape twice";
  }
  return success();
}

} // namespace tfc
