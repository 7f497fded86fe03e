// The memory plan: where every destination of a step lies.
//
// Lifetimes are intervals over the ops of the step in preorder. Buffers of static size
// are placed by decreasing size at the lowest offset that is free during their lifetime
// (greedy by size; Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
// Inference", 2020). Buffers whose size follows from input shapes share slots whose size
// is the largest of their members', computed when the step starts. What different tasks
// take never shares memory: they run in turns.
#include <map>

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "tfc/Schedule/Passes.h"
#include "tfc/Support/DType.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

namespace tfc {
#define GEN_PASS_DEF_PLANMEMORY
#include "tfc/Schedule/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

constexpr int64_t kAlignment = 64;

/// The task that an op runs in; null: none.
Region *taskOf(Operation *op) {
  Region *region = op->getParentRegion();
  while (region && !isa<dfg::TasksOp>(region->getParentOp()))
    region = region->getParentRegion();
  return region;
}

/// Whether two tasks may take turns: they are, or lie in, different regions of one dfg.tasks.
bool takeTurns(Region *a, Region *b) {
  for (Region *outer = a; outer; outer = taskOf(outer->getParentOp()))
    for (Region *other = b; other; other = taskOf(other->getParentOp()))
      if (outer->getParentOp() == other->getParentOp())
        return outer != other;
  return false;
}

struct Lifetime {
  int64_t begin, end;
  Region *task;
  bool overlaps(const Lifetime &other) const {
    return (begin <= other.end && other.begin <= end) || (task != other.task && takeTurns(task, other.task));
  }
};

/// Plans one step.
class Planner {
public:
  explicit Planner(dfg::StepOp step) : step(step) {}

  void run() {
    bindOutputs();
    bindVariables();
    number();
    step.walk<WalkOrder::PreOrder>([&](Operation *op) { visit(op); });
    int64_t size = placeStatic();
    placeDynamic();
    releaseScratch();
    setNumber(step, "kernel.arena_size", size);
    setNumber(step, "kernel.live_bytes", mostLiveBytes());
  }

private:
  /// A fetch that a dispatch of the step's own block computes is written where it is
  /// wanted.
  void bindOutputs() {
    Block &block = step.getBody().front();
    for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands())) {
      auto empty = dyn_cast_or_null<kernel::EmptyOp>(kernel::memoryOf(value));
      // The caller is told the shape of the destination: it has to be that of the value.
      auto view = value.getDefiningOp<kernel::ViewOp>();
      bool sameShape = empty && empty.getType() == value.getType() && (!view || view.getSizes() == empty.getSizes());
      if (sameShape && empty->getBlock() == &block && !empty->hasAttr("kernel.output"))
        empty->setAttr("kernel.output", IntegerAttr::get(IntegerType::get(step.getContext(), 64), i));
    }
  }

  /// What the body of a loop computes for the next iteration is written where the loop
  /// wants it, if the size does not change.
  void bindVariables() {
    step.walk([&](dfg::WhileOp loop) {
      Block &body = loop.getBody().front();
      for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
        auto empty = dyn_cast_or_null<kernel::EmptyOp>(kernel::memoryOf(value));
        if (empty && empty->getBlock() == &body && !empty->hasAttr("kernel.variable") &&
            llvm::all_of(empty.getSizes(), [&](Value size) { return isKnownAtStart(size); }))
          setNumber(empty, "kernel.variable", i);
      }
    });
  }

  void number() {
    int64_t next = 0;
    step.walk<WalkOrder::PreOrder>([&](Operation *op) { position[op] = next++; });
    // The last op inside: a nested buffer may live until there.
    step.walk<WalkOrder::PostOrder>([&](Operation *op) {
      int64_t last = position[op];
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (Operation &inner : block)
            last = std::max(last, lastInside[&inner]);
      lastInside[op] = last;
    });
  }

  /// The destinations whose memory a value may be.
  ArrayRef<Value> rootsOf(Value value) { return roots[value]; }

  /// Records a use of a value by `user`: inside a loop that began after the memory, the
  /// next iteration reads it again; inside of tasks, others may run in between.
  void use(Value value, Operation *user) {
    for (Value root : rootsOf(value)) {
      Operation *home = root.getDefiningOp();
      int64_t end = position[user];
      for (Operation *parent = user->getParentOp(); parent && parent != step && !parent->isAncestor(home);
           parent = parent->getParentOp())
        if (isa<dfg::WhileOp, dfg::TasksOp>(parent))
          end = lastInside[parent];
      Lifetime &life = isa<kernel::EmptyOp>(home) ? lives[root] : given[root];
      life.end = std::max(life.end, end);
    }
  }

  void visit(Operation *op) {
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        use(operand, op);
    if (auto empty = dyn_cast<kernel::EmptyOp>(op)) {
      if (!op->hasAttr("kernel.output") && !op->hasAttr("kernel.variable")) {
        roots[empty.getTensor()] = {empty.getTensor()};
        lives[empty.getTensor()] = {position[op], position[op], taskOf(op)};
      }
    } else if (isa<kernel::OperationOp>(op)) {
      // Scratch, as long as nothing says otherwise.
      for (Value output : op->getResults())
        if (isa<RankedTensorType>(output.getType())) {
          roots[output] = {output};
          given[output] = {position[op], position[op]};
        }
    } else if (auto dispatch = dyn_cast<kernel::DispatchOp>(op)) {
      for (auto [output, destination] : llvm::zip(dispatch.getOutputs(), dispatch.getDestinations()))
        roots[output] = SmallVector<Value>(rootsOf(destination));
    } else if (auto indices = dyn_cast<kernel::IndexTensorOp>(op)) {
      roots[indices.getOutput()] = SmallVector<Value>(rootsOf(indices.getDestination()));
    } else if (auto view = dyn_cast<kernel::ViewOp>(op)) {
      roots[view.getResult()] = SmallVector<Value>(rootsOf(view.getSource()));
    } else if (auto yield = dyn_cast<dfg::YieldOp>(op)) {
      // A loop copies what its body yields; a branch passes it on.
      Operation *parent = op->getParentOp();
      if (!isa<dfg::WhileOp>(parent))
        for (auto [result, value] : llvm::zip(parent->getResults(), yield.getResults()))
          llvm::append_range(roots[result], SmallVector<Value>(rootsOf(value)));
    } else if (auto loop = dyn_cast<dfg::WhileOp>(op)) {
      // Variables that the body passes on are the memory that came in.
      auto yield = cast<dfg::YieldOp>(loop.getBody().front().getTerminator());
      for (auto [i, input] : llvm::enumerate(loop.getInputs())) {
        if (yield.getResults()[i] != loop.getBody().front().getArgument(i))
          continue;
        SmallVector<Value> same(rootsOf(input));
        roots[loop.getBody().front().getArgument(i)] = same;
        roots[loop.getCondition().front().getArgument(i)] = same;
        roots[loop.getOutputs()[i]] = same;
      }
    }
  }

  static int64_t bytesOf(RankedTensorType type) {
    int64_t bytes = elementBytes(type.getElementType());
    for (int64_t extent : type.getShape())
      bytes = llvm::SaturatingMultiply(uint64_t(bytes), uint64_t(extent));
    return bytes;
  }

  int64_t placeStatic() {
    struct Placed {
      kernel::EmptyOp op;
      Lifetime life;
      int64_t size, offset;
    };
    std::vector<Placed> buffers;
    for (auto &[value, life] : lives) {
      auto type = cast<RankedTensorType>(value.getType());
      if (type.hasStaticShape())
        buffers.push_back({value.getDefiningOp<kernel::EmptyOp>(), life,
                           int64_t(llvm::alignTo(std::max<int64_t>(bytesOf(type), 1), kAlignment)), 0});
    }
    llvm::stable_sort(buffers, [](const Placed &a, const Placed &b) { return a.size > b.size; });
    int64_t total = 0;
    for (size_t i = 0; i < buffers.size(); ++i) {
      Placed &buffer = buffers[i];
      SmallVector<std::pair<int64_t, int64_t>> taken;
      for (size_t j = 0; j < i; ++j)
        if (buffers[j].life.overlaps(buffer.life))
          taken.push_back({buffers[j].offset, buffers[j].offset + buffers[j].size});
      llvm::sort(taken);
      for (auto [begin, end] : taken) {
        if (buffer.offset + buffer.size <= begin)
          break;
        buffer.offset = std::max(buffer.offset, end);
      }
      total = std::max(total, buffer.offset + buffer.size);
      setNumber(buffer.op, "kernel.offset", buffer.offset);
    }
    return total;
  }

  /// What no arena can do without: the most bytes of static size that live at one time.
  int64_t mostLiveBytes() {
    std::map<int64_t, int64_t> changes; // by position
    for (auto &[value, life] : lives)
      if (auto type = cast<RankedTensorType>(value.getType()); type.hasStaticShape()) {
        changes[life.begin] += bytesOf(type);
        changes[life.end + 1] -= bytesOf(type);
      }
    int64_t live = 0, most = 0;
    for (auto [position, change] : changes)
      most = std::max(most, live += change);
    return most;
  }

  /// Whether an index follows from the shapes of the step's inputs.
  bool isKnownAtStart(Value index) {
    auto [it, isNew] = knownAtStart.try_emplace(index, false);
    if (!isNew)
      return it->second;
    bool known = false;
    Operation *op = index.getDefiningOp();
    if (auto dim = dyn_cast_or_null<tensor::DimOp>(op)) {
      auto argument = dyn_cast<BlockArgument>(dim.getSource());
      known = argument && argument.getOwner() == &step.getBody().front() && dim.getConstantIndex();
    } else if (op && isa<arith::ArithDialect>(op->getDialect())) {
      known = llvm::all_of(op->getOperands(), [&](Value operand) { return isKnownAtStart(operand); });
    }
    return knownAtStart[index] = known;
  }

  void placeDynamic() {
    struct Slot {
      int64_t busyUntil = -1;
      SmallVector<Value> sizes;      // of the last member, to prefer equal ones
      SmallVector<Lifetime> inTasks; // of members
      Type element;
    };
    std::vector<Slot> slots;
    for (auto &[value, life] : lives) {
      auto type = cast<RankedTensorType>(value.getType());
      auto op = value.getDefiningOp<kernel::EmptyOp>();
      if (type.hasStaticShape() || !llvm::all_of(op.getSizes(), [&](Value size) { return isKnownAtStart(size); }))
        continue;
      SmallVector<Value> sizes = llvm::to_vector(op.getSizes());
      int64_t chosen = -1;
      for (auto [i, slot] : llvm::enumerate(slots)) {
        if (slot.busyUntil >= life.begin ||
            (life.task && llvm::any_of(slot.inTasks, [&](const Lifetime &other) { return other.overlaps(life); })))
          continue;
        bool equal = slot.sizes == sizes && slot.element == type.getElementType();
        if (equal || chosen < 0)
          chosen = i;
        if (equal)
          break;
      }
      if (chosen < 0) {
        chosen = slots.size();
        slots.emplace_back();
      }
      Slot &slot = slots[chosen];
      slot.busyUntil = std::max(slot.busyUntil, life.end);
      slot.sizes = sizes;
      slot.element = type.getElementType();
      if (life.task)
        slot.inTasks.push_back(life);
      setNumber(op, "kernel.slot", chosen);
    }
  }

  /// Scratch taken in the step's own block goes back behind its last use.
  void releaseScratch() {
    Block &block = step.getBody().front();
    llvm::DenseMap<int64_t, Operation *> topLevel; // by the last position inside
    SmallVector<Operation *> order;
    for (Operation &op : block)
      order.push_back(&op);
    for (auto &[value, life] : llvm::concat<std::pair<Value, Lifetime>>(lives, given)) {
      Operation *op = value.getDefiningOp();
      if (op->getBlock() != &block || op->hasAttr("kernel.offset") || op->hasAttr("kernel.slot"))
        continue;
      auto last = llvm::lower_bound(order, life.end, [&](Operation *a, int64_t end) { return lastInside[a] < end; });
      if (last == order.end() || (*last)->hasTrait<OpTrait::IsTerminator>())
        continue;
      OpBuilder builder(op->getContext());
      builder.setInsertionPointAfter(*last);
      kernel::ReleaseOp::create(builder, op->getLoc(), value);
    }
  }

  static void setNumber(Operation *op, StringRef name, int64_t value) {
    op->setAttr(name, IntegerAttr::get(IntegerType::get(op->getContext(), 64), value));
  }

  dfg::StepOp step;
  llvm::DenseMap<Operation *, int64_t> position, lastInside;
  llvm::DenseMap<Value, SmallVector<Value>> roots;
  llvm::MapVector<Value, Lifetime> lives; // of destinations
  llvm::MapVector<Value, Lifetime> given; // of results of operations
  llvm::DenseMap<Value, bool> knownAtStart;
};

struct PlanMemory : impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    for (auto step : getOperation().getBody().getOps<dfg::StepOp>())
      Planner(step).run();
  }
};

} // namespace
} // namespace tfc
