// Declared types: TypeProto, inputs of the model, shapes given as options.
#include "ModelImporter.h"

#include "tfc-rt/base.h"
#include "tfc/Support/DType.h"

using namespace mlir;

namespace tfc {

using Errors = llvm::function_ref<InFlightDiagnostic()>;

/// The element type of a tensor type; null after an error.
static Type elementTypeFor(MLIRContext *context, int32_t dtype, Errors malformed) {
  Type element = elementTypeOf(context, dtype);
  if (!element)
    malformed() << "has elements of data type " << dtype << ", expected one of 1 to 26";
  return element;
}

Type ModelImporter::heldType(const onnx::TypeProto &type, Errors malformed, Errors unsupported) {
  if (!type.has_tensor_type() || type.tensor_type().has_shape())
    return convertType(type, malformed, unsupported);
  Type element = elementTypeFor(context, type.tensor_type().elem_type(), malformed);
  return element ? UnrankedTensorType::get(element) : Type();
}

Type ModelImporter::convertType(const onnx::TypeProto &type, Errors malformed, Errors unsupported) {
  switch (type.value_case()) {
  case onnx::TypeProto::kTensorType: {
    const auto &tensor = type.tensor_type();
    Type element = elementTypeFor(context, tensor.elem_type(), malformed);
    if (!element)
      return {};
    if (!tensor.has_shape()) {
      unsupported() << "is a tensor of unknown rank, expected a shape";
      return {};
    }
    SmallVector<int64_t> shape;
    for (const auto &dim : tensor.shape().dim()) {
      bool isOpen = !dim.has_dim_value() || dim.dim_value() < 0;
      shape.push_back(isOpen ? ShapedType::kDynamic : dim.dim_value());
    }
    return RankedTensorType::get(shape, element);
  }
  case onnx::TypeProto::kSequenceType: {
    Type element = heldType(type.sequence_type().elem_type(), malformed, unsupported);
    return element ? dfg::ListType::get(context, element) : Type();
  }
  case onnx::TypeProto::kOptionalType: {
    Type element = heldType(type.optional_type().elem_type(), malformed, unsupported);
    return element ? dfg::OptionalType::get(context, element) : Type();
  }
  case onnx::TypeProto::VALUE_NOT_SET: malformed() << "has no type"; return {};
  default: unsupported() << "is a map, sparse or opaque value, expected a tensor"; return {};
  }
}

LogicalResult ModelImporter::readInputShapes() {
  if (failed(readGivenShapes(options.inputShapes, inputShapes, [&] { return malformed(); })))
    return mlir::failure();
  // An extent given to a named dimension holds wherever the model uses the name.
  for (const onnx::ValueInfoProto &input : model.graph().input()) {
    auto given = inputShapes.find(input.name());
    const auto &shape = input.type().tensor_type().shape();
    if (given == inputShapes.end())
      continue;
    for (int i = 0; i < std::min<int>(shape.dim_size(), given->second.size()); ++i) {
      const std::string &name = shape.dim(i).dim_param();
      int64_t extent = given->second[i].extent;
      if (name.empty() || ShapedType::isDynamic(extent))
        continue;
      auto [it, isNew] = fixedNames.try_emplace(name, extent);
      if (!isNew && it->second != extent)
        return malformed() << "dimension '" << name << "' is given extents " << it->second << " and " << extent;
    }
  }
  return success();
}

Type ModelImporter::inputType(const onnx::ValueInfoProto &input, SmallVectorImpl<Attribute> &dims) {
  auto what = [&](InFlightDiagnostic diagnostic) {
    diagnostic << "input '" << input.name() << "' ";
    return diagnostic;
  };
  auto bad = [&] { return what(malformed(b.loc)); };
  auto missing = [&] { return what(unsupported(b.loc)); };
  auto given = inputShapes.find(input.name());
  bool isGiven = given != inputShapes.end();
  if (!input.type().has_tensor_type())
    return convertType(input.type(), bad, missing);

  const auto &tensor = input.type().tensor_type();
  Type element = elementTypeFor(context, tensor.elem_type(), bad);
  if (!element)
    return {};
  if (!tensor.has_shape() && !isGiven) {
    missing() << "has no shape in the model, expected one given as an option (input-shape '" << input.name()
              << "=...')";
    return {};
  }
  int rank = tensor.has_shape() ? tensor.shape().dim_size() : given->second.size();
  if (isGiven && int(given->second.size()) != rank) {
    bad() << "has rank " << rank << " and is given a shape of rank " << given->second.size();
    return {};
  }
  SmallVector<int64_t> shape;
  for (int i = 0; i < rank; ++i) {
    GivenDim dim;
    if (tensor.has_shape()) {
      const auto &declared = tensor.shape().dim(i);
      dim.name = declared.dim_param();
      // Exporters write "?" for "unknown": two of them are not equal.
      if (dim.name == "?")
        dim.name.clear();
      // A given "?" opens an extent that the model fixes.
      if (declared.has_dim_value() && declared.dim_value() >= 0 && !isGiven)
        dim.extent = declared.dim_value();
    }
    if (isGiven) {
      dim.extent = given->second[i].extent;
      if (!given->second[i].name.empty())
        dim.name = given->second[i].name;
    }
    if (auto fixed = fixedNames.find(dim.name); fixed != fixedNames.end() && ShapedType::isDynamic(dim.extent))
      dim.extent = fixed->second;
    shape.push_back(dim.extent);
    if (!ShapedType::isDynamic(dim.extent)) {
      dims.push_back(b.builder.getI64IntegerAttr(dim.extent));
      continue;
    }
    if (dim.name.empty())
      dim.name = (input.name() + "." + llvm::Twine(i)).str();
    dims.push_back(b.builder.getStringAttr(dim.name));
  }
  if (rank > TFC_MAX_RANK) {
    bad() << "has rank " << rank << ", expected at most " << TFC_MAX_RANK;
    return {};
  }
  if (dfg::isTooLarge(shape)) {
    bad() << "has an impossible shape, expected at most 2^40 elements";
    return {};
  }
  return RankedTensorType::get(shape, element);
}

} // namespace tfc
