// Lowers structured control flow of a step to scf on pointers and extents.
#include "StepLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tfc/Support/DType.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;

namespace tfc {

//===----------------------------------------------------------------------===//
// Values that regions pass on
//===----------------------------------------------------------------------===//

void StepLowering::flatten(Value value, Type type, SmallVectorImpl<Value> &flat) {
  Buffer &memory = buffer(value);
  flat.push_back(memory.pointer);
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    for (auto [extent, dim] : llvm::zip_equal(tensor.getShape(), memory.dims))
      if (ShapedType::isDynamic(extent))
        flat.push_back(dim);
}

StepLowering::Buffer StepLowering::unflatten(Location loc, Type type, ValueRange &flat) {
  auto next = [&] {
    Value value = flat.front();
    flat = flat.drop_front();
    return value;
  };
  Buffer memory{next(), {}};
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    for (int64_t extent : tensor.getShape())
      memory.dims.push_back(ShapedType::isDynamic(extent) ? next() : constant(loc, extent));
  return memory;
}

SmallVector<Type> StepLowering::flatTypes(TypeRange types) {
  SmallVector<Type> flat;
  for (Type type : types) {
    flat.push_back(context.getType());
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      flat.append(tensor.getNumDynamicDims(), builder.getIndexType());
  }
  return flat;
}

Value StepLowering::loadCondition(Location loc, Value tensor) {
  Value byte = LLVM::LoadOp::create(builder, loc, builder.getI8Type(), buffer(tensor).pointer);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, byte,
                               arith::ConstantIntOp::create(builder, loc, 0, 8));
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

LogicalResult StepLowering::lowerBranches(Operation *op, Value selector, ArrayRef<int64_t> cases,
                                          ArrayRef<Region *> regions) {
  Location loc = op->getLoc();
  auto chosen =
      scf::IndexSwitchOp::create(builder, loc, flatTypes(op->getResultTypes()), selector, cases, cases.size());
  OpBuilder::InsertionGuard guard(builder);
  for (auto [i, region] : llvm::enumerate(regions)) {
    Region &target = i < cases.size() ? chosen.getCaseRegions()[i] : chosen.getDefaultRegion();
    builder.createBlock(&target);
    if (failed(lowerBlock(region->front())))
      return failure();
    SmallVector<Value> yielded;
    for (auto [value, type] : llvm::zip_equal(region->front().getTerminator()->getOperands(), op->getResultTypes()))
      flatten(value, type, yielded);
    scf::YieldOp::create(builder, loc, yielded);
  }
  builder.setInsertionPointAfter(chosen);
  ValueRange flat = chosen.getResults();
  for (Value output : op->getResults())
    buffers[output] = unflatten(loc, output.getType(), flat);
  return success();
}

LogicalResult StepLowering::lower(dfg::IfOp op) {
  Value condition = loadCondition(op.getLoc(), op.getCondition());
  Value selector = arith::IndexCastUIOp::create(builder, op.getLoc(), builder.getIndexType(), condition);
  return lowerBranches(op, selector, {0}, {&op.getElseRegion(), &op.getThenRegion()});
}

LogicalResult StepLowering::lower(dfg::CaseOp op) {
  Location loc = op.getLoc();
  Type element = cast<RankedTensorType>(op.getIndex().getType()).getElementType();
  Value index = LLVM::LoadOp::create(builder, loc, builder.getIntegerType(element.getIntOrFloatBitWidth()),
                                     buffer(op.getIndex()).pointer);
  Value selector = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), index);
  SmallVector<Region *> regions;
  for (Region &branch : op.getBranches())
    regions.push_back(&branch);
  return lowerBranches(op, selector, llvm::to_vector(llvm::seq<int64_t>(0, regions.size() - 1)), regions);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Whether a region may take scratch that its end has to free.
static bool takesScratch(Region &region) {
  auto result = region.walk([](Operation *op) {
    bool isScratch = isa<kernel::EmptyOp>(op) && !op->hasAttr("kernel.output") && !op->hasAttr("kernel.variable") &&
                     !op->hasAttr("kernel.offset") && !op->hasAttr("kernel.slot");
    return isScratch || isa<kernel::OperationOp, dfg::WhileOp>(op) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}

/// Whether a value is a loop's variable after updates in place.
static bool isUpdateOf(Value next, BlockArgument variable) {
  while (next != variable) {
    Operation *op = next.getDefiningOp();
    if (auto view = dyn_cast_or_null<kernel::ViewOp>(op); view && !view.getOffset())
      next = view.getSource();
    else if (auto dispatch = dyn_cast_or_null<kernel::DispatchOp>(op))
      next = dispatch.getDestinations()[cast<OpResult>(next).getResultNumber()];
    else
      return false;
  }
  return true;
}

/// Lowers one loop.
///
/// Memory that an iteration takes as scratch is a frame that ends with it. Variables live
/// in one of five ways, see `Kind`.
class StepLowering::LoopLowering {
public:
  LoopLowering(StepLowering &step, dfg::WhileOp loop)
      : step(step), builder(step.builder), loc(loop.getLoc()), loop(loop), condition(loop.getCondition().front()),
        body(loop.getBody().front()), nexts(body.getTerminator()->getOperands()) {}

  LogicalResult run();

private:
  enum class Kind {
    /// The body passes it on: it is the initial value throughout.
    Same,
    /// The body updates it in place: one buffer of its own.
    Updated,
    /// Its size is known before the loop: two buffers change roles, `current` and `spare`,
    /// and the next value goes to the spare one, often written there by its dispatch.
    Paired,
    /// Every value is an allocation of its own, freed when the next one is there.
    Owned,
    /// A list or optional: a reference.
    Counted
  };
  struct Variable {
    Kind kind;
    Type type;
    Value next; // in the body
    /// What writes the next value where it is to be, or takes the memory that it keeps.
    Operation *maker = nullptr;
    Value current, spare; // in the region that is being lowered
  };

  void classify();
  void enter(SmallVectorImpl<Value> &flat);
  SmallVector<Type> types(ValueRange flat) { return llvm::to_vector(flat.getTypes()); }
  /// Takes the loop's values as what variables are in a region, or behind the loop.
  void bind(ValueRange values, ValueRange flat);
  void advance(SmallVectorImpl<Value> &flat);
  Value ownCopy(Value value);
  void checkFault();

  StepLowering &step;
  OpBuilder &builder;
  Location loc;
  dfg::WhileOp loop;
  Block &condition, &body;
  ValueRange nexts;
  SmallVector<Variable> variables;
};

void StepLowering::LoopLowering::classify() {
  for (auto [i, next] : llvm::enumerate(nexts)) {
    Variable variable{Kind::Owned, loop.getOutputs()[i].getType(), next};
    auto tensor = dyn_cast<RankedTensorType>(variable.type);
    if (next == body.getArgument(i))
      variable.kind = Kind::Same;
    else if (!tensor)
      variable.kind = Kind::Counted;
    else if (isUpdateOf(next, body.getArgument(i)))
      variable.kind = Kind::Updated;
    else if (tensor.hasStaticShape())
      variable.kind = Kind::Paired;
    variables.push_back(variable);
  }
  for (auto empty : body.getOps<kernel::EmptyOp>())
    if (auto place = empty->getAttrOfType<IntegerAttr>("kernel.variable")) {
      variables[place.getInt()].kind = Kind::Paired;
      variables[place.getInt()].maker = empty;
    }
  // Scratch of the body that becomes one variable's value stays where it is.
  llvm::SmallPtrSet<Operation *, 4> taken;
  for (Variable &variable : variables) {
    if (variable.kind != Kind::Owned)
      continue;
    Operation *maker = kernel::memoryOf(variable.next);
    bool isScratch = maker && maker->getBlock() == &body && !maker->hasAttr("kernel.offset") &&
                     !maker->hasAttr("kernel.slot") && !maker->hasAttr("kernel.variable");
    if (isScratch && taken.insert(maker).second)
      variable.maker = maker;
  }
}

Value StepLowering::LoopLowering::ownCopy(Value value) {
  Value bytes = step.byteSize(loc, value), memory = step.allocateScratch(loc, bytes);
  step.copy(loc, memory, step.buffer(value).pointer, bytes);
  return memory;
}

void StepLowering::LoopLowering::enter(SmallVectorImpl<Value> &flat) {
  for (auto [i, variable] : llvm::enumerate(variables)) {
    Value initial = loop.getInputs()[i];
    Buffer memory = step.buffer(initial);
    switch (variable.kind) {
    case Kind::Same: continue;
    case Kind::Counted: break;
    case Kind::Updated:
    case Kind::Owned: memory.pointer = ownCopy(initial); break;
    case Kind::Paired: {
      Value bytes = step.byteSize(loc, initial), capacity = bytes;
      if (auto empty = dyn_cast_or_null<kernel::EmptyOp>(variable.maker); empty && !empty.getSizes().empty()) {
        for (Value size : empty.getSizes())
          step.sizeAtStart(size);
        auto type = cast<RankedTensorType>(empty.getType());
        Buffer next{{}, step.dimsOf(loc, type, empty.getSizes())};
        capacity = arith::MaxUIOp::create(builder, loc, bytes, step.byteSize(loc, next, type.getElementType()));
      }
      Value current = step.allocateScratch(loc, capacity);
      step.copy(loc, current, memory.pointer, bytes);
      memory.pointer = current;
      flat.push_back(step.allocateScratch(loc, capacity));
      break;
    }
    }
    step.buffers[loop.getOutputs()[i]] = memory;
    step.flatten(loop.getOutputs()[i], variable.type, flat);
  }
}

void StepLowering::LoopLowering::bind(ValueRange values, ValueRange flat) {
  for (auto [i, variable] : llvm::enumerate(variables)) {
    if (variable.kind == Kind::Same) {
      step.buffers[values[i]] = Buffer(step.buffers[loop.getInputs()[i]]);
      continue;
    }
    if (variable.kind == Kind::Paired) {
      variable.spare = flat.front();
      flat = flat.drop_front();
    }
    Buffer memory = step.unflatten(loc, variable.type, flat);
    variable.current = memory.pointer;
    step.buffers[values[i]] = memory;
  }
}

void StepLowering::LoopLowering::advance(SmallVectorImpl<Value> &flat) {
  // All copies come before any memory is given back: variables may be swapped.
  SmallVector<Value> kept, old;
  for (Variable &variable : variables) {
    if (variable.kind == Kind::Same)
      continue;
    Buffer memory = step.buffer(variable.next);
    if (variable.kind == Kind::Paired) {
      if (!variable.maker)
        step.copy(loc, variable.spare, memory.pointer, step.byteSize(loc, variable.next));
      flat.push_back(variable.current);
    }
    size_t first = flat.size();
    step.flatten(variable.next, variable.type, flat);
    if (variable.kind == Kind::Paired) {
      flat[first] = variable.spare;
    } else if (variable.kind == Kind::Owned) {
      if (!variable.maker)
        flat[first] = ownCopy(variable.next);
      kept.push_back(flat[first]);
      old.push_back(variable.current);
    }
  }
  for (Value memory : old)
    rt::ScratchFreeOp::create(builder, loc, step.context, memory);
  if (takesScratch(loop.getBody()) || !kept.empty())
    rt::ScratchLeaveOp::create(builder, loc, step.context, kept);
}

void StepLowering::LoopLowering::checkFault() {
  // What a failed kernel left behind must not decide how long a loop runs.
  rt::CheckOp::create(builder, loc, rt::FaultOp::create(builder, loc, builder.getI32Type(), step.context));
}

LogicalResult StepLowering::LoopLowering::run() {
  classify();
  SmallVector<Value> initial;
  enter(initial);
  SmallVector<Type> flatTypes = types(initial);
  SmallVector<Location> locations(flatTypes.size(), loc);
  auto scfLoop = scf::WhileOp::create(builder, loc, flatTypes, initial);
  OpBuilder::InsertionGuard guard(builder);

  Block *before = builder.createBlock(&scfLoop.getBefore(), {}, flatTypes, locations);
  bind(condition.getArguments(), before->getArguments());
  bool framed = takesScratch(loop.getCondition());
  if (framed)
    rt::ScratchEnterOp::create(builder, loc, step.context);
  if (failed(step.lowerBlock(condition)))
    return failure();
  checkFault();
  Value goesOn = step.loadCondition(loc, condition.getTerminator()->getOperand(0));
  if (framed)
    rt::ScratchLeaveOp::create(builder, loc, step.context, ValueRange());
  scf::ConditionOp::create(builder, loc, goesOn, before->getArguments());

  Block *after = builder.createBlock(&scfLoop.getAfter(), {}, flatTypes, locations);
  bind(body.getArguments(), after->getArguments());
  bool anyOwned = llvm::any_of(variables, [](const Variable &variable) { return variable.kind == Kind::Owned; });
  if (takesScratch(loop.getBody()) || anyOwned)
    rt::ScratchEnterOp::create(builder, loc, step.context);
  for (Variable &variable : variables)
    if (variable.kind == Kind::Paired && variable.maker)
      step.lent[variable.maker] = variable.spare;
  if (failed(step.lowerBlock(body)))
    return failure();
  SmallVector<Value> next;
  advance(next);
  scf::YieldOp::create(builder, loc, next);

  builder.setInsertionPointAfter(scfLoop);
  bind(loop.getOutputs(), scfLoop.getResults());
  for (Variable &variable : variables)
    if (variable.kind == Kind::Paired)
      rt::ScratchFreeOp::create(builder, loc, step.context, variable.spare);
  return success();
}

LogicalResult StepLowering::lower(dfg::WhileOp op) { return LoopLowering(*this, op).run(); }

} // namespace tfc
