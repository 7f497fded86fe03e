// Constants, placeholders and nodes that hand values on.
#include "OpRegistry.h"
#include "TensorData.h"

using namespace mlir;

namespace tfc::tf {

static LogicalResult importConst(NodeContext &c) {
  const auto *value = c.attribute("value");
  if (!value || value->value_case() != tensorflow::AttrValue::kTensor)
    return c.error() << "has no tensor as attribute 'value'";
  // Whoever loads a SavedModel says where its files lie.
  if (StringRef asset = c.assetName(); !asset.empty()) {
    auto type = RankedTensorType::get({}, dfg::StringType::get(c.b.builder.getContext()));
    std::string path = "assets/" + asset.str();
    return c.result(c.b.constant(cast<ElementsAttr>(DenseStringElementsAttr::get(type, StringRef(path)))));
  }
  auto elements = c.tensor(value->tensor());
  if (failed(elements))
    return failure();
  // Equal elements are stored once where they would take much of an object.
  constexpr int64_t kMostStored = int64_t(1) << 24;
  auto dense = dyn_cast<DenseElementsAttr>(*elements);
  if (isa<ComplexType>(elementTypeOf(c.b.builder.getContext(), value->tensor().dtype())))
    return c.result(c.b.create<dfg::ComplexJoinOp>(c.b.constant(*elements)));
  if (!dense || !dense.isSplat() || dense.getNumElements() <= kMostStored)
    return c.result(c.b.constant(*elements));
  auto one = dense.resizeSplat(RankedTensorType::get({}, dense.getElementType()));
  return c.result(c.b.broadcastTo(c.b.constant(one), c.b.exprs(dense.getType().getShape())));
}

static LogicalResult importIdentity(NodeContext &c) { return c.results(c.allEntries()); }

static LogicalResult importNothing(NodeContext &c) { return c.results(ArrayRef<Entry>()); }

/// A placeholder that the step is not fed: whoever runs the step is told so.
static LogicalResult importPlaceholder(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type element = c.elementType("dtype");
  if (!element)
    return failure();
  auto shape = c.shape("shape").value_or(SmallVector<int64_t>());
  for (int64_t &extent : shape)
    extent = std::max<int64_t>(extent, 1);
  Value never = b.fromContent(b.expr(0), {}, b.builder.getI1Type());
  dfg::AssertOp::create(b.builder, b.loc, never, "you must feed a value for placeholder '" + c.name().str() + "'");
  return c.result(b.filled(element, b.exprs(shape), 0));
}

void registerConstantOps(OpRegistry &ops) {
  ops.add("Const", importConst);
  for (StringRef name : {"Identity", "IdentityN", "StopGradient", "PreventGradient", "Snapshot", "DeepCopy",
                         "EnsureShape", "DebugGradientIdentity", "PlaceholderWithDefault", "CheckpointIdentity",
                         "GuaranteeConst", "RefIdentity", "Copy", "CopyHost"})
    // The identity of a reference is a reference: TensorFlow hands the buffer on, so that who
    // uses it sees the value of its own time.
    ops.add(name, importIdentity).references();
  for (StringRef name : {"NoOp", "ControlTrigger"})
    ops.add(name, importNothing);
  for (StringRef name : {"Placeholder", "PlaceholderV2"})
    ops.add(name, importPlaceholder);
}

} // namespace tfc::tf
