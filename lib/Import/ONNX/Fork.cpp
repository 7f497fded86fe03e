// Branches whose outputs differ in rank: what follows them in the graph is imported
// behind each. Often only one of the two makes sense, the other being what the source
// language had for inputs of another rank; then the step asserts that it is not taken.
#include "ModelImporter.h"
#include "tfc/Import/Common/Loops.h"

using namespace mlir;

namespace tfc {

/// A branch and what follows.
struct ModelImporter::Side {
  ImportFrame frame;
  const onnx::GraphProto *branch;
  Block *block;
  SmallVector<Value> outputs;
  Attempt attempt;
};

LogicalResult ModelImporter::importSide(const Nodes &nodes, int first, const ImportFrame::Fork &fork, Side &side) {
  NodeContext c(*this, side.frame, *fork.node, 0);
  auto values = inlineGraph(*side.branch, {}, side.frame, c);
  if (failed(values))
    return mlir::failure();
  for (auto [name, value] : llvm::zip(fork.node->output(), *values))
    if (!name.empty())
      side.frame.values[name] = {value};
  if (failed(importNodes(nodes, side.frame, first)))
    return mlir::failure();
  for (StringRef name : side.frame.outputs) {
    const ImportFrame::Named *named = side.frame.lookup(name);
    if (!named || !named->value || named->isUnusable)
      return mlir::failure();
    side.outputs.push_back(named->value);
  }
  return success();
}

/// The type of a result that is a single number of another rank on each side, a scalar or
/// [1], of which the larger rank serves both: broadcasting hardly tells them apart. Null
/// for other results.
static RankedTensorType numberType(Type x, Type y) {
  auto a = dyn_cast<RankedTensorType>(x), b = dyn_cast<RankedTensorType>(y);
  auto isNumber = [](RankedTensorType type) { return type && type.hasStaticShape() && type.getNumElements() == 1; };
  if (!isNumber(a) || !isNumber(b) || a.getElementType() != b.getElementType())
    return {};
  return a.getRank() > b.getRank() ? a : b;
}

LogicalResult ModelImporter::joinSides(dfg::IfOp probe, const ImportFrame::Fork &fork, Side (&sides)[2],
                                       ImportFrame &frame) {
  SmallVector<Type> types;
  for (auto [name, x, y] : llvm::zip_equal(frame.outputs, sides[0].outputs, sides[1].outputs)) {
    Type type = dfg::joinTypes(x.getType(), y.getType());
    // In a branch only: the results of a model have the ranks that it says.
    if (RankedTensorType number = numberType(x.getType(), y.getType()); !type && frame.outer && number) {
      for (auto [side, value] : {std::pair(&sides[0], &x), std::pair(&sides[1], &y)}) {
        b.builder.setInsertionPointToEnd(side->block);
        *value = b.reshape(*value, b.exprs(number.getShape()));
      }
      type = number;
    }
    if (!type) {
      NodeContext c(*this, frame, *fork.node, 0);
      return c.unsupported() << "has branches behind which '" << name << "' is " << x.getType() << " or " << y.getType()
                             << ", expected equal ranks";
    }
    types.push_back(type);
  }
  for (Side &side : sides) {
    b.builder.setInsertionPointToEnd(side.block);
    SmallVector<Value> yielded;
    for (auto [value, type] : llvm::zip_equal(side.outputs, types))
      yielded.push_back(coerce(b, value, type));
    dfg::YieldOp::create(b.builder, b.loc, yielded);
  }
  b.builder.setInsertionPoint(probe);
  auto joined = dfg::IfOp::create(b.builder, b.loc, types, fork.condition);
  joined.getThenRegion().takeBody(probe.getThenRegion());
  joined.getElseRegion().takeBody(probe.getElseRegion());
  probe.erase();
  b.builder.setInsertionPointAfter(joined);
  for (auto [name, value] : llvm::zip_equal(frame.outputs, joined.getOutputs()))
    frame.values[name] = {value};
  return success();
}

void ModelImporter::takeSide(dfg::IfOp probe, const ImportFrame::Fork &fork, Side (&sides)[2], int taken,
                             ImportFrame &frame) {
  b.builder.setInsertionPoint(probe);
  Value holds = taken == 0 ? fork.condition : b.create<dfg::NotOp>(fork.condition);
  dfg::AssertOp::create(b.builder, b.loc, holds,
                        "the branch taken leads to an error: " + sides[1 - taken].attempt.error);
  probe->getBlock()->getOperations().splice(probe->getIterator(), sides[taken].block->getOperations());
  b.builder.setInsertionPointAfter(probe);
  b.discard(probe);
  frame = std::move(sides[taken].frame);
}

LogicalResult ModelImporter::importFork(const Nodes &nodes, ImportFrame &frame, int first) {
  ImportFrame::Fork fork = *std::exchange(frame.fork, std::nullopt);
  auto probe = dfg::IfOp::create(b.builder, b.loc, TypeRange(), fork.condition);
  Side sides[2];
  for (int i : {0, 1}) {
    sides[i].frame = frame;
    sides[i].branch = fork.branches[i];
    OpBuilder::InsertionGuard guard(b.builder);
    sides[i].block = b.builder.createBlock(&probe->getRegion(i));
    Location loc = b.loc;
    sides[i].attempt = attempt([&] { return importSide(nodes, first, fork, sides[i]); });
    b.loc = loc;
  }
  b.builder.setInsertionPointAfter(probe);
  if (sides[0].attempt.isFine && sides[1].attempt.isFine)
    return joinSides(probe, fork, sides, frame);
  if (sides[0].attempt.isFine || sides[1].attempt.isFine) {
    takeSide(probe, fork, sides, sides[0].attempt.isFine ? 0 : 1, frame);
    return success();
  }
  b.discard(probe);
  // What is missing comes before what is wrong: the other branch may be the one meant.
  const Attempt &told = sides[sides[0].attempt.failure == ImportFailure::Unsupported ? 0 : 1].attempt;
  return (told.failure == ImportFailure::Unsupported ? unsupported() : malformed()) << told.error;
}

} // namespace tfc
