// Replaces what follows from constants alone by its value.
#include "Dfg/Dfg.h"
#include "Dfg/DfgConstants.h"
#include "RunConstant.h"
#include "llvm/Support/MathExtras.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "tfc/Pipelines/Passes.h"

namespace tfc {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "tfc/Pipelines/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// What is folded may be this much larger than what it follows from: a few numbers do not become a large file, and bytes
/// that are widened stay bytes, as products of integers want them.
constexpr uint64_t kFreeBytes = 1 << 10;
/// Bounds of one compilation: bytes of all values on the way, and multiplications of contractions.
constexpr uint64_t kMostBytes = uint64_t(1) << 30, kMostProducts = uint64_t(1) << 30;

class Folder {
public:
  explicit Folder(ModuleOp module) : module(module) {}

  void run() {
    module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isFoldable(op))
        folded.insert(op);
    });
    for (Operation *op : folded)
      for (Value result : op->getResults())
        if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !folded.contains(user); }))
          wanted.push_back(result);
    if (wanted.empty())
      return;
    std::string bytecode;
    llvm::raw_string_ostream stream(bytecode);
    OwningOpRef<ModuleOp> copy = outline();
    if (failed(writeBytecodeToFile(*copy, stream)))
      return;
    copy = nullptr;
    auto results = runConstantStep(bytecode);
    // What cannot be computed now is computed, or reported, when the step runs.
    if (!results)
      return llvm::consumeError(results.takeError());
    for (auto [value, bytes] : llvm::zip_equal(wanted, *results))
      replace(value, bytes);
    for (Operation *op : llvm::reverse(folded))
      if (op->use_empty())
        op->erase();
  }

private:
  static uint64_t bytesOf(Type type) {
    auto tensor = cast<RankedTensorType>(type);
    uint64_t bytes = std::max(1u, tensor.getElementTypeBitWidth() / 8);
    for (int64_t extent : tensor.getShape())
      bytes = llvm::SaturatingMultiply(bytes, uint64_t(extent));
    return bytes;
  }

  /// Types whose elements a constant holds as the C ABI does.
  static bool isStorable(Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || !tensor.getElementType().isIntOrFloat())
      return false;
    unsigned bits = tensor.getElementTypeBitWidth();
    return bits == 1 || bits % 8 == 0;
  }

  bool isFoldable(Operation *op) {
    if (!isa<dfg::DfgDialect>(op->getDialect()) || isa<dfg::ConstantOp>(op) || op->hasTrait<OpTrait::IsTerminator>() ||
        op->getNumRegions() != 0 || !isPure(op) || !llvm::all_of(op->getResultTypes(), isStorable))
      return false;
    uint64_t from = 0, to = 0;
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      auto constant = dyn_cast_or_null<dfg::ConstantOp>(producer);
      if (!producer || (!constant && !folded.contains(producer) && !matchPattern(operand, m_Constant())))
        return false;
      // Handles of strings mean something in one run alone.
      if (auto type = dyn_cast<RankedTensorType>(operand.getType()); type && isa<dfg::StringType>(type.getElementType()))
        return false;
      if (isa<RankedTensorType>(operand.getType()))
        from += constant && isa<SplatElementsAttr>(constant.getValue()) ? 0 : bytesOf(operand.getType());
    }
    for (Type type : op->getResultTypes())
      to = llvm::SaturatingAdd(to, bytesOf(type));
    if (to > from + kFreeBytes)
      return false;
    uint64_t itsProducts = 0;
    if (isa<dfg::MatmulOp, dfg::ConvOp>(op)) // at most: every element of the result meets all of an operand's
      itsProducts = llvm::SaturatingMultiply(to, bytesOf(op->getOperand(0).getType())) / 16;
    if (bytes + to > kMostBytes || products + itsProducts > kMostProducts)
      return false;
    bytes += to;
    products += itsProducts;
    return true;
  }

  /// A module whose step gives the wanted values.
  OwningOpRef<ModuleOp> outline() {
    Location loc = module.getLoc();
    OwningOpRef<ModuleOp> copy = ModuleOp::create(loc);
    OpBuilder b = OpBuilder::atBlockEnd(copy->getBody());
    auto graph = dfg::GraphOp::create(b, loc, "constants");
    b.setInsertionPointToEnd(&graph.getBody().emplaceBlock());
    auto step = dfg::StepOp::create(b, loc, "main", b.getFunctionType({}, ValueRange(wanted).getTypes()));
    b.setInsertionPointToEnd(&step.getBody().front());
    IRMapping mapping;
    for (Operation *op : folded) {
      for (Value operand : op->getOperands())
        if (!mapping.contains(operand))
          b.clone(*operand.getDefiningOp(), mapping);
      b.clone(*op, mapping);
    }
    SmallVector<Value> results;
    for (Value value : wanted)
      results.push_back(mapping.lookup(value));
    dfg::ReturnOp::create(b, loc, results);
    return copy;
  }

  static void replace(Value value, StringRef bytes) {
    auto type = cast<RankedTensorType>(value.getType());
    OpBuilder b(value.getDefiningOp());
    auto constant = dfg::ConstantOp::create(b, value.getLoc(), type, dfg::constantOf(type, ArrayRef(bytes.data(), bytes.size())));
    value.replaceAllUsesWith(constant.getResult());
  }

  ModuleOp module;
  llvm::SetVector<Operation *> folded;
  SmallVector<Value> wanted;
  uint64_t bytes = 0, products = 0;
};

struct FoldConstants : impl::FoldConstantsBase<FoldConstants> {
  void runOnOperation() override { Folder(getOperation()).run(); }
};

} // namespace
} // namespace tfc
