// Gradients of functions.
#include "GraphImporter.h"
#include "tfc/Autodiff/Autodiff.h"

using namespace mlir;

namespace tfc::tf {

StringRef GraphImporter::gradientOf(StringRef function) const {
  for (const auto &gradient : def.library().gradient())
    if (gradient.function_name() == function)
      return gradient.gradient_func();
  return {};
}

/// A copy of ops in place of those that were made in a block of their own, with the values
/// of `arguments`.
static void inlineCopy(OpBuilder &builder, Block &from, ValueRange arguments, IRMapping &mapping) {
  mapping.map(from.getArguments(), arguments);
  for (Operation &op : from)
    builder.clone(op, mapping);
}

/// The function is imported in a block of its own, so that its arguments are values that
/// nothing else knows of: what is equal or constant outside stays apart in it.
FailureOr<SmallVector<Entry>> NodeContext::differentiate(StringRef attributeName) {
  const auto *function = attribute(attributeName);
  if (!function || function->value_case() != tensorflow::AttrValue::kFunc)
    return error() << "has no function as attribute '" << attributeName << "'";
  tensorflow::NameAttrList callee = function->func();
  if (StringRef custom = importer.gradientOf(callee.name()); !custom.empty()) {
    callee.set_name(custom.str());
    return importer.call(callee, entries, *this);
  }
  const tensorflow::FunctionDef *found = importer.findFunction(callee.name());
  if (!found)
    return error() << "differentiates function '" << callee.name() << "', which the graph does not have";
  size_t argumentCount = found->signature().input_arg_size();
  if (entries.size() != argumentCount + found->signature().output_arg_size())
    return error() << "has " << entries.size() << " inputs, expected the arguments and results of function '"
                   << callee.name() << "'";
  SmallVector<Value> given = llvm::map_to_vector(entries, [](const Entry &entry) { return entry.value; });
  SmallVector<Type> types;
  for (auto [i, value] : llvm::enumerate(given)) {
    if (!value || !isa<RankedTensorType>(value.getType()))
      return unsupported() << "differentiates by input " << i << ", expected a tensor of numbers";
    types.push_back(value.getType());
  }

  auto apart = dfg::StepOp::create(b.builder, b.loc, "gradient", b.builder.getFunctionType(types, {}));
  Block &block = apart.getBody().front();
  SmallVector<Value> gradients;
  auto import = [&]() -> LogicalResult {
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(&block);
    SmallVector<Value> arguments(block.args_begin(), block.args_begin() + argumentCount), outputs;
    auto results =
        importer.call(callee, llvm::map_to_vector(arguments, [](Value value) { return Entry{value}; }), *this);
    if (failed(results))
      return failure();
    for (const Entry &entry : *results) {
      if (!entry.value)
        return unsupported() << "differentiates function '" << callee.name() << "', one of whose results is no tensor";
      outputs.push_back(entry.value);
    }
    auto found = tfc::differentiate(b, outputs, block.getArguments().drop_front(argumentCount), arguments);
    if (failed(found))
      return unsupported() << "differentiates function '" << callee.name() << "'";
    for (auto [argument, gradient] : llvm::zip_equal(arguments, *found)) {
      gradients.push_back(gradient ? gradient : b.filled(b.elementType(argument), b.dims(argument), 0));
      if (!gradients.back())
        return failure();
    }
    return success();
  };
  LogicalResult imported = import();
  // The copy goes where the builder stands, in front of the original, which goes away.
  IRMapping mapping;
  if (succeeded(imported))
    inlineCopy(b.builder, block, given, mapping);
  b.discard(apart);
  if (failed(imported))
    return failure();
  return llvm::map_to_vector(gradients, [&](Value gradient) { return Entry{mapping.lookupOrDefault(gradient)}; });
}

} // namespace tfc::tf
