// Groups the ops of steps into kernels.
#include "mlir/IR/IRMapping.h"
#include "tfc/Schedule/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace tfc {
#define GEN_PASS_DEF_FORMDISPATCHES
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// A constant that stands in the kernel itself rather than being passed to it.
bool isInlineConstant(Operation *op) {
  auto constant = dyn_cast_or_null<dfg::ConstantOp>(op);
  return constant && isa<SplatElementsAttr>(constant.getValue());
}

/// What becomes a kernel, alone or fused.
bool isKernelOp(Operation *op) {
  if (isa<kernel::Root>(op))
    return true;
  return isa<dfg::LowersToLinalg>(op) && !isa<dfg::ReshapeOp, dfg::IndexTensorOp, dfg::ConstantOp>(op);
}

/// The most ops of a group: keeps a kernel's code and compile time bounded.
constexpr size_t kMostOps = 64;

struct Group {
  SmallVector<Operation *> ops; // in order; the last is the root
};

/// Forms the dispatches of one step or function.
class Former {
public:
  Former(dfg::GraphOp graph, dfg::StepOp step, llvm::StringMap<std::string> &kernels, unsigned &counter)
      : graph(graph), step(step), scope(step.getContext()), builder(step.getContext()), kernels(kernels),
        counter(counter) {}

  LogicalResult run() {
    // Dimensions first, in order, so that inference never recurses far.
    step.walk<WalkOrder::PreOrder>([&](Operation *op) {
      for (Value result : op->getResults())
        if (isa<RankedTensorType>(result.getType()))
          scope.dims(result);
    });
    WalkResult walked = step.walk([&](Block *block) {
      formGroups(*block);
      return WalkResult::advance();
    });
    (void)walked;
    // All sizes are spelled out before any value is replaced.
    for (Group &group : groups)
      spellSizes(group.ops.back());
    for (Operation *op : others) {
      spellSizes(op);
      if (auto slice = dyn_cast<dfg::SliceOp>(op))
        offsets[op] = scope.materialize(builder, op->getLoc(), *contiguousOffset(slice));
    }
    for (Group &group : groups)
      if (failed(dispatch(group)))
        return failure();
    for (Operation *op : others)
      replaceOther(op);
    for (Operation *op : llvm::reverse(dead))
      op->erase();
    // Constants that only kernels read are inside them now.
    step.walk([](dfg::ConstantOp op) {
      if (op->use_empty())
        op->erase();
    });
    return success();
  }

private:
  /// Walks a block backwards: every op that no group took is a root, and takes pointwise
  /// producers used by nobody else.
  void formGroups(Block &block) {
    llvm::DenseSet<Operation *> taken;
    SmallVector<Group> formed;
    for (Operation &op : llvm::reverse(block)) {
      auto slice = dyn_cast<dfg::SliceOp>(op);
      if (isa<dfg::ReshapeOp, dfg::IndexTensorOp, dfg::ItemOp>(op) || isa<dfg::RuntimeOperation>(op) ||
          (slice && contiguousOffset(slice))) {
        others.push_back(&op);
        continue;
      }
      if (!isKernelOp(&op) || taken.contains(&op))
        continue;
      llvm::SetVector<Operation *> members;
      members.insert(&op);
      absorbProducers(members, block);
      absorbSlices(members, block);
      Group group;
      group.ops.assign(members.begin(), members.end());
      llvm::sort(group.ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
      for (Operation *member : group.ops)
        taken.insert(member);
      formed.push_back(std::move(group));
    }
    groups.insert(groups.end(), std::make_move_iterator(formed.rbegin()), std::make_move_iterator(formed.rend()));
  }

  /// Where the elements of a slice begin in its operand if they lie there one after the
  /// other: below the outermost dimension of more than one position everything is taken.
  std::optional<AffineExpr> contiguousOffset(dfg::SliceOp slice) {
    if (llvm::any_of(slice.getStrides(), [](int64_t stride) { return stride != 1; }))
      return std::nullopt;
    SmallVector<AffineExpr> from = llvm::to_vector(scope.dims(slice.getX())),
                            to = llvm::to_vector(scope.dims(slice.getY()));
    SmallVector<AffineExpr> starts = scope.indices(slice.getStaticOffsets(), slice.getOffsets());
    size_t outermost = llvm::find_if(to, [&](AffineExpr dim) { return dim != scope.constant(1); }) - to.begin();
    AffineExpr offset = scope.constant(0);
    for (size_t i = 0; i < to.size(); ++i) {
      if (i > outermost && to[i] != from[i])
        return std::nullopt;
      offset = scope.add(scope.mul(offset, from[i]), starts[i]);
    }
    return offset;
  }

  /// The loop extents over which a member reads its producers.
  SmallVector<AffineExpr> loopDims(Operation *member) {
    if (isa<dfg::Pointwise>(member))
      return llvm::to_vector(scope.dims(member->getResult(0)));
    if (auto reduce = dyn_cast<dfg::ReduceOp>(member))
      return llvm::to_vector(scope.dims(reduce.getX()));
    return {};
  }

  /// Whether elements of a type can be in the vectors of a root's emitter.
  static bool fitsVectors(Type element) {
    return element.isF32() || element.isF64() || element.isF16() || element.isBF16() || element.isInteger(8) ||
           element.isInteger(32);
  }

  /// Whether a pointwise op can run on the vectors of a root's emitter: on elements that fit
  /// them, and every operand broadcast or not as its type says.
  bool fitsEpilogue(Operation *op) {
    ArrayRef<AffineExpr> result = scope.dims(op->getResult(0));
    auto fits = [&](Value value) {
      if (!fitsVectors(dfg::tensorType(value).getElementType()))
        return false;
      ArrayRef<AffineExpr> dims = scope.dims(value);
      for (size_t i = 0; i < dims.size(); ++i)
        if (dims[i] != scope.constant(1) && dims[i] != result[result.size() - dims.size() + i])
          return false;
      return true;
    };
    return isa<dfg::Pointwise>(op) && fits(op->getResult(0)) && llvm::all_of(op->getOperands(), fits);
  }

  static bool isAcquiredBetween(Operation *from, Operation *to) {
    for (Operation *op = from; op != to; op = op->getNextNode())
      if (isa<dfg::AcquireOp>(op))
        return true;
    return false;
  }

  void absorbProducers(llvm::SetVector<Operation *> &members, Block &block) {
    Operation *root = nullptr;
    for (size_t i = 0; i < members.size(); ++i) {
      Operation *member = members[i];
      auto memberRoot = dyn_cast<kernel::Root>(member);
      Value fusible = memberRoot ? memberRoot.getFusibleOperand() : Value();
      if (!isa<dfg::Pointwise>(member) && !isa<dfg::ReduceOp>(member) && !fusible)
        continue;
      if (memberRoot)
        root = member;
      SmallVector<AffineExpr> loops = fusible ? llvm::to_vector(scope.dims(fusible)) : loopDims(member);
      SmallVector<Value> operands = fusible ? SmallVector<Value>{fusible} : llvm::to_vector(member->getOperands());
      for (Value operand : operands) {
        Operation *producer = operand.getDefiningOp();
        if (!producer || producer->getBlock() != &block || members.contains(producer) || members.size() >= kMostOps)
          continue;
        // A group whose last op is pointwise may end one root: it becomes its epilogue.
        // Not behind an acquired variable: others would wait for as long as the root takes.
        bool asRoot = isa<kernel::Root>(producer) && !root && isa<dfg::Pointwise>(members[0]) &&
                      !isAcquiredBetween(producer, members[0]) &&
                      llvm::all_of(members, [&](Operation *op) { return fitsEpilogue(op); });
        if (!asRoot && (!isa<dfg::Pointwise>(producer) || (root && !fitsEpilogue(producer))))
          continue;
        // Operands of a root that are not fused into it come from memory.
        bool usedHereOnly = llvm::all_of(producer->getUsers(), [&](Operation *user) {
          auto userRoot = dyn_cast<kernel::Root>(user);
          return members.contains(user) && (!userRoot || userRoot.getFusibleOperand() == operand);
        });
        // The same extents: nothing is computed twice.
        if (!usedHereOnly || scope.dims(operand) != ArrayRef(loops))
          continue;
        members.insert(producer);
        if (asRoot)
          root = producer;
      }
    }
  }

  /// Parts of tensors that only a pointwise group reads are read where they lie.
  void absorbSlices(llvm::SetVector<Operation *> &members, Block &block) {
    if (!llvm::all_of(members, llvm::IsaPred<dfg::Pointwise>))
      return;
    SmallVector<AffineExpr> loops = llvm::to_vector(scope.dims(members[0]->getResult(0)));
    for (size_t i = 0, count = members.size(); i < count; ++i)
      for (Value operand : members[i]->getOperands()) {
        auto slice = operand.getDefiningOp<dfg::SliceOp>();
        if (slice && slice->getBlock() == &block && members.size() < kMostOps &&
            llvm::all_of(slice->getUsers(), [&](Operation *user) { return members.contains(user); }) &&
            llvm::all_of(slice.getStrides(), [](int64_t stride) { return stride == 1; }) &&
            scope.dims(operand) == ArrayRef(loops) && !contiguousOffset(slice))
          members.insert(slice);
      }
  }

  void spellSizes(Operation *op) {
    builder.setInsertionPoint(op);
    for (Value result : op->getResults()) {
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (!type)
        continue;
      SmallVector<Value> values;
      SmallVector<AffineExpr> dims = llvm::to_vector(scope.dims(result));
      for (int64_t i = 0; i < type.getRank(); ++i)
        if (type.isDynamicDim(i) && !isa<dfg::RuntimeOperation>(op))
          values.push_back(scope.materialize(builder, op->getLoc(), dims[i]));
      sizes[result] = values;
    }
  }

  /// What is known of the extents of a tensor goes over to what replaces it.
  void replace(Value tensor, Value by) {
    scope.set(by, llvm::to_vector(scope.dims(tensor)));
    tensor.replaceAllUsesWith(by);
  }

  LogicalResult dispatch(Group &group) {
    Operation *root = group.ops.back();
    Location loc = root->getLoc();
    llvm::DenseSet<Operation *> inside(group.ops.begin(), group.ops.end());
    llvm::SetVector<Value> inputs;
    SmallVector<Operation *> constants;
    for (Operation *op : group.ops)
      for (Value operand : op->getOperands()) {
        Operation *producer = operand.getDefiningOp();
        if (producer && inside.contains(producer))
          continue;
        if (isInlineConstant(producer) && !isReadByRoot(operand, inside)) {
          if (!llvm::is_contained(constants, producer))
            constants.push_back(producer);
        } else {
          inputs.insert(operand);
        }
      }
    builder.setInsertionPoint(root);
    SmallVector<Value> arguments = inputs.takeVector(), destinations;
    for (Value result : root->getResults())
      destinations.push_back(kernel::EmptyOp::create(builder, loc, result.getType(), sizes[result]));
    bool flat = isFlat(group, arguments);
    FailureOr<std::string> kernel = outline(group, arguments, constants, flat);
    if (failed(kernel))
      return failure();
    SmallVector<Type> types = llvm::to_vector(root->getResultTypes());
    if (flat) {
      for (Value &argument : arguments)
        argument = flatView(loc, argument);
      destinations[0] = flatView(loc, destinations[0]);
      types[0] = destinations[0].getType();
    }
    auto dispatch = kernel::DispatchOp::create(builder, loc, types, *kernel, arguments, destinations);
    if (flat) {
      Value result = root->getResult(0);
      replace(result, kernel::ViewOp::create(builder, loc, result.getType(), dispatch.getOutputs()[0], sizes[result]));
    } else {
      for (auto [result, output] : llvm::zip(root->getResults(), dispatch.getOutputs()))
        replace(result, output);
    }
    for (Operation *op : group.ops)
      dead.push_back(op);
    return success();
  }

  /// Emitters read the operands of their root from memory.
  static bool isReadByRoot(Value operand, const llvm::DenseSet<Operation *> &group) {
    return llvm::any_of(operand.getUsers(),
                        [&](Operation *user) { return isa<kernel::Root>(user) && group.contains(user); });
  }

  bool hasOneElement(Value value) {
    return llvm::all_of(scope.dims(value), [&](AffineExpr dim) { return dim == scope.constant(1); });
  }

  /// Whether a group is one loop over all elements: pointwise ops on tensors of one shape
  /// and on single numbers.
  bool isFlat(Group &group, ArrayRef<Value> inputs) {
    if (!llvm::all_of(group.ops, [](Operation *op) { return isa<dfg::Pointwise>(op); }))
      return false;
    // What follows from single numbers and splats alone is one number; the result may not be.
    llvm::DenseSet<Value> uniform;
    for (Operation *op : group.ops)
      if (llvm::all_of(op->getOperands(), [&](Value operand) {
            return isInlineConstant(operand.getDefiningOp()) || uniform.contains(operand) || hasOneElement(operand);
          }))
        uniform.insert(op->getResult(0));
    if (uniform.contains(group.ops.back()->getResult(0)))
      return false;
    SmallVector<AffineExpr> result = llvm::to_vector(scope.dims(group.ops.back()->getResult(0)));
    return result.size() != 1 && !result.empty() && llvm::all_of(inputs, [&](Value input) {
             return isa<RankedTensorType>(input.getType()) &&
                    (scope.dims(input) == ArrayRef(result) || hasOneElement(input));
           });
  }

  static RankedTensorType flatType(RankedTensorType type, bool single) {
    if (single)
      return type.clone(ArrayRef<int64_t>());
    return type.clone({type.hasStaticShape() ? type.getNumElements() : ShapedType::kDynamic});
  }

  /// A tensor as a vector of its elements, or, if it has just one, as a scalar.
  Value flatView(Location loc, Value value) {
    auto type = dfg::tensorType(value);
    auto empty = value.getDefiningOp<kernel::EmptyOp>();
    auto to = flatType(type, !empty && hasOneElement(value));
    if (to == type)
      return value;
    SmallVector<Value> size;
    if (!to.hasStaticShape()) {
      Value count;
      ValueRange dynamic = empty ? ValueRange(empty.getSizes()) : ValueRange();
      int64_t fixed = 1;
      auto times = [&](Value extent) {
        count = count ? arith::MulIOp::create(builder, loc, count, extent).getResult() : extent;
      };
      for (int64_t i = 0; i < type.getRank(); ++i) {
        if (!type.isDynamicDim(i))
          fixed *= type.getDimSize(i);
        else if (empty)
          times(dynamic[type.getDynamicDimIndex(i)]);
        else
          times(tensor::DimOp::create(builder, loc, value, i));
      }
      if (fixed != 1)
        times(arith::ConstantIndexOp::create(builder, loc, fixed));
      size.push_back(count);
    }
    return kernel::ViewOp::create(builder, loc, to, value, size);
  }

  /// The kernel of a group: an equal one that exists already, or a new one; with `flat`, on
  /// vectors of all elements.
  FailureOr<std::string> outline(Group &group, ArrayRef<Value> inputs, ArrayRef<Operation *> constants, bool flat) {
    Operation *root = group.ops.back();
    SmallVector<Type> inputTypes = llvm::to_vector(ValueRange(inputs).getTypes());
    SmallVector<Type> resultTypes = llvm::to_vector(root->getResultTypes());
    if (flat) {
      for (auto [type, input] : llvm::zip(inputTypes, inputs))
        type = flatType(cast<RankedTensorType>(type), hasOneElement(input));
      resultTypes[0] = flatType(cast<RankedTensorType>(resultTypes[0]), false);
    }
    OpBuilder outside(graph.getContext());
    auto type = outside.getFunctionType(inputTypes, resultTypes);
    auto function = kernel::FuncOp::create(outside, root->getLoc(), "k", type);
    IRMapping mapping;
    for (auto [input, argument] : llvm::zip(inputs, function.getArguments()))
      mapping.map(input, argument);
    outside.setInsertionPointToStart(&function.getBody().front());
    for (Operation *op : constants) {
      auto constant = cast<dfg::ConstantOp>(outside.clone(*op, mapping));
      if (!flat)
        continue;
      // A splat is a number, whatever its shape.
      RankedTensorType scalar = flatType(dfg::tensorType(constant.getY()), true);
      constant.setValueAttr(cast<SplatElementsAttr>(constant.getValue()).resizeSplat(scalar));
      constant.getResult().setType(scalar);
    }
    for (Operation *op : group.ops) {
      Operation *copy = outside.clone(*op, mapping);
      if (!flat)
        continue;
      bool isUniform =
          llvm::all_of(copy->getOperandTypes(), [](Type type) { return cast<RankedTensorType>(type).getRank() == 0; });
      copy->getResult(0).setType(flatType(dfg::tensorType(copy->getResult(0)), isUniform));
    }
    SmallVector<Value> results;
    for (Value result : root->getResults())
      results.push_back(mapping.lookup(result));
    kernel::ReturnOp::create(outside, root->getLoc(), results);
    flat ? nameFlatDims(function) : nameEqualDims(function, inputs);

    std::string text;
    llvm::raw_string_ostream os(text);
    function->print(os, OpPrintingFlags().useLocalScope());
    auto [it, isNew] = kernels.try_emplace(text);
    if (!isNew) {
      function.erase();
      return it->second;
    }
    Operation *named = root;
    for (Operation *op : group.ops)
      if (isa<kernel::Root>(op))
        named = op;
    std::string name = (named->getName().stripDialect() + "_" + Twine(counter++)).str();
    function.setName(name);
    function->setLoc(named->getLoc());
    graph.getBody().front().push_back(function);
    it->second = name;
    return name;
  }

  /// Tells the kernel which of its dynamic extents are equal: fusion's knowledge would
  /// be lost at the border otherwise.
  void nameEqualDims(kernel::FuncOp function, ArrayRef<Value> inputs) {
    llvm::DenseMap<AffineExpr, std::string> names;
    OpBuilder b(function.getContext());
    for (auto [i, input] : llvm::enumerate(inputs)) {
      auto type = dyn_cast<RankedTensorType>(input.getType());
      if (!type || type.hasStaticShape())
        continue;
      SmallVector<Attribute> dims;
      for (auto [d, dim] : llvm::enumerate(llvm::to_vector(scope.dims(input)))) {
        if (!type.isDynamicDim(d)) {
          dims.push_back(b.getI64IntegerAttr(type.getDimSize(d)));
          continue;
        }
        auto [it, isNew] = names.try_emplace(dim, "d" + std::to_string(names.size()));
        dims.push_back(b.getStringAttr(it->second));
      }
      function.setArgAttr(i, "dfg.dims", b.getArrayAttr(dims));
    }
  }

  /// Vectors of all elements are equally long.
  void nameFlatDims(kernel::FuncOp function) {
    OpBuilder b(function.getContext());
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      if (!cast<RankedTensorType>(type).hasStaticShape())
        function.setArgAttr(i, "dfg.dims", b.getArrayAttr({b.getStringAttr("n")}));
  }

  void replaceOther(Operation *op) {
    builder.setInsertionPoint(op);
    Location loc = op->getLoc();
    if (auto reshape = dyn_cast<dfg::ReshapeOp>(op)) {
      bool checked = scope.product(scope.dims(reshape.getX())) != scope.product(scope.dims(reshape.getY()));
      auto view = kernel::ViewOp::create(builder, loc, reshape.getType(), reshape.getX(), sizes[reshape.getY()]);
      view.setChecked(checked);
      replace(reshape.getResult(), view);
    } else if (auto slice = dyn_cast<dfg::SliceOp>(op)) {
      auto view = kernel::ViewOp::create(builder, loc, slice.getType(), slice.getX(), sizes[slice.getY()]);
      view.getOffsetMutable().assign(offsets[op]);
      replace(slice.getResult(), view);
    } else if (auto item = dyn_cast<dfg::ItemOp>(op)) {
      item.getResult().replaceAllUsesWith(
          kernel::ItemOp::create(builder, loc, builder.getIndexType(), item.getX(), item.getPosition()));
    } else if (auto indices = dyn_cast<dfg::IndexTensorOp>(op)) {
      SmallVector<Value> values;
      ValueRange dynamics = indices.getValues();
      for (int64_t value : indices.getStaticValues()) {
        if (ShapedType::isDynamic(value)) {
          values.push_back(dynamics.front());
          dynamics = dynamics.drop_front();
        } else {
          values.push_back(arith::ConstantIndexOp::create(builder, loc, value));
        }
      }
      Value destination = kernel::EmptyOp::create(builder, loc, indices.getType(), ValueRange());
      indices.getResult().replaceAllUsesWith(
          kernel::IndexTensorOp::create(builder, loc, indices.getType(), values, destination).getResult());
    } else {
      auto operation = cast<dfg::RuntimeOperation>(op);
      auto call = kernel::OperationOp::create(builder, loc, op->getResultTypes(), operation.getOperationSymbol(),
                                              op->getOperands(), operation.getOperationParameters(),
                                              operation.getConsumedOperands());
      op->replaceAllUsesWith(call.getOutputs());
    }
    dead.push_back(op);
  }

  dfg::GraphOp graph;
  dfg::StepOp step;
  dfg::DimScope scope;
  OpBuilder builder;
  llvm::StringMap<std::string> &kernels;
  unsigned &counter;
  std::vector<Group> groups;
  SmallVector<Operation *> others, dead;
  llvm::DenseMap<Value, SmallVector<Value>> sizes;
  llvm::DenseMap<Operation *, Value> offsets;
};

struct FormDispatches : impl::FormDispatchesBase<FormDispatches> {
  void runOnOperation() override {
    llvm::StringMap<std::string> kernels;
    unsigned counter = 0;
    for (auto step : llvm::to_vector(getOperation().getBody().getOps<dfg::StepOp>()))
      if (failed(Former(getOperation(), step, kernels, counter).run()))
        return signalPassFailure();
  }
};

} // namespace
} // namespace tfc
