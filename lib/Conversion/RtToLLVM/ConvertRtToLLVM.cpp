// Lowers runtime ops to calls of the C ABI.
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "tfc-rt/model.h"
#include "tfc/Conversion/Passes.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/xxhash.h"

namespace tfc {
#define GEN_PASS_DEF_CONVERTRTTOLLVM
#include "tfc/Conversion/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// Emits the calls of one entry function.
class Lowering {
public:
  /// `allocating` names the kernels that take memory.
  Lowering(ModuleOp module, func::FuncOp entry, const llvm::StringSet<> &allocating)
      : module(module), entry(entry), allocating(allocating), builder(entry.getContext()),
        pointer(LLVM::LLVMPointerType::get(entry.getContext())), i32(builder.getI32Type()), i64(builder.getI64Type()) {}

  void run() {
    SmallVector<Operation *> ops;
    entry.walk([&](Operation *op) {
      if (isa<rt::RtDialect>(op->getDialect()))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      builder.setInsertionPoint(op);
      loc = op->getLoc();
      llvm::TypeSwitch<Operation *>(op)
          .Case<rt::InputDataOp, rt::InputDimOp, rt::ArenaReserveOp, rt::ScratchAllocateOp, rt::ScratchFreeOp,
                rt::ScratchEnterOp, rt::ScratchLeaveOp, rt::KernelAllocateOp, rt::KernelFreeOp, rt::ListImportOp,
                rt::ListExportOp, rt::ListRetainOp, rt::ListReleaseOp, rt::OutputBindOp, rt::RunKernelOp,
                rt::OperationOp, rt::RunTasksOp, rt::FaultOp, rt::AssertOp, rt::CheckOp>(
              [&](auto concrete) { lower(concrete); });
      op->erase();
    }
  }

private:
  Value constant(int64_t value, unsigned width = 64) {
    return arith::ConstantIntOp::create(builder, loc, value, width);
  }
  Value word(Value index) { return arith::IndexCastOp::create(builder, loc, i64, index); }
  Value at(Value base, int64_t bytes) {
    return LLVM::GEPOp::create(builder, loc, pointer, builder.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(constant(bytes))});
  }
  /// Calls a C function, declaring it on first use.
  Value call(StringRef name, Type result, ValueRange arguments) {
    auto callee = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
    if (!callee) {
      OpBuilder outside(module.getBodyRegion());
      Type returned = result ? result : LLVM::LLVMVoidType::get(builder.getContext());
      callee = LLVM::LLVMFuncOp::create(outside, module.getLoc(), name,
                                        LLVM::LLVMFunctionType::get(returned, llvm::to_vector(arguments.getTypes())));
    }
    auto op = LLVM::CallOp::create(builder, loc, callee, arguments);
    return result ? op.getResult() : Value();
  }
  /// Memory of the entry block's frame.
  Value stackSlot(int64_t bytes) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&entry.getBody().front());
    return LLVM::AllocaOp::create(builder, loc, pointer, builder.getI8Type(), constant(bytes), /*alignment=*/16);
  }
  /// Goes on in a new block where `condition` holds; returns `status` otherwise.
  void returnUnless(Operation *op, Value condition, llvm::function_ref<Value()> status) {
    Block *block = op->getBlock();
    Block *rest = block->splitBlock(op);
    Block *leave = builder.createBlock(rest->getParent(), rest->getParent()->end());
    func::ReturnOp::create(builder, loc, status());
    builder.setInsertionPointToEnd(block);
    mlir::cf::CondBranchOp::create(builder, loc, condition, rest, leave);
    builder.setInsertionPoint(op);
  }
  /// The address of a string constant.
  Value text(StringRef value) {
    std::string name = "text_" + llvm::utohexstr(llvm::xxh3_64bits(llvm::arrayRefFromStringRef(value)));
    auto global = module.lookupSymbol<LLVM::GlobalOp>(name);
    if (!global) {
      OpBuilder outside(module.getBodyRegion());
      std::string bytes = value.str() + '\0';
      global =
          LLVM::GlobalOp::create(outside, module.getLoc(), LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size()),
                                 /*isConstant=*/true, LLVM::Linkage::Private, name, builder.getStringAttr(bytes));
    }
    return LLVM::AddressOfOp::create(builder, loc, global);
  }

  void lower(rt::InputDataOp op) {
    int64_t offset = op.getIndex() * sizeof(tfc_tensor_t) + offsetof(tfc_tensor_t, data);
    op.replaceAllUsesWith(LLVM::LoadOp::create(builder, loc, pointer, at(op.getTensors(), offset)).getResult());
  }
  void lower(rt::InputDimOp op) {
    int64_t offset = op.getIndex() * sizeof(tfc_tensor_t) + offsetof(tfc_tensor_t, shape) + 8 * op.getDim();
    Value extent = LLVM::LoadOp::create(builder, loc, i64, at(op.getTensors(), offset));
    op.replaceAllUsesWith(arith::IndexCastOp::create(builder, loc, builder.getIndexType(), extent).getResult());
  }
  void lower(rt::ArenaReserveOp op) {
    op.replaceAllUsesWith(call("tfc_arena_reserve", pointer, {op.getContext(), word(op.getSize())}));
  }
  void lower(rt::ScratchAllocateOp op) {
    op.replaceAllUsesWith(call("tfc_scratch_allocate", pointer, {op.getContext(), word(op.getSize())}));
  }
  void lower(rt::ScratchFreeOp op) { call("tfc_scratch_free", {}, {op.getContext(), op.getMemory()}); }
  void lower(rt::KernelAllocateOp op) {
    op.replaceAllUsesWith(call("tfc_kernel_allocate", pointer, {op.getFault(), word(op.getSize())}));
  }
  void lower(rt::KernelFreeOp op) { call("tfc_kernel_free", {}, {op.getFault(), op.getMemory()}); }
  void lower(rt::ScratchEnterOp op) { call("tfc_scratch_enter", {}, op.getContext()); }
  void lower(rt::ScratchLeaveOp op) {
    Value kept = stackSlot(8 * std::max<size_t>(1, op.getKept().size()));
    for (auto [i, memory] : llvm::enumerate(op.getKept()))
      LLVM::StoreOp::create(builder, loc, memory, at(kept, 8 * i));
    call("tfc_scratch_leave", {}, {op.getContext(), kept, constant(op.getKept().size())});
  }
  void lower(rt::ListImportOp op) {
    Value input = at(op.getInputs(), op.getIndex() * sizeof(tfc_tensor_t));
    op.replaceAllUsesWith(call("tfc_list_import", i32, {op.getContext(), input, op.getList()}));
  }
  void lower(rt::ListExportOp op) {
    op.replaceAllUsesWith(call(
        "tfc_list_export", i32,
        {op.getContext(), op.getOutputs(), constant(op.getIndex(), 32), op.getList(), constant(op.getIsTensor(), 32)}));
  }
  void lower(rt::ListRetainOp op) { call("tfc_list_retain", {}, op.getList()); }
  void lower(rt::ListReleaseOp op) { call("tfc_list_release", {}, {op.getContext(), op.getList()}); }
  void lower(rt::OutputBindOp op) {
    Value shape = stackSlot(8 * std::max<size_t>(1, op.getShape().size()));
    for (auto [i, dim] : llvm::enumerate(op.getShape()))
      LLVM::StoreOp::create(builder, loc, word(dim), at(shape, 8 * i));
    op.replaceAllUsesWith(call("tfc_output_bind", pointer,
                               {op.getContext(), op.getOutputs(), constant(op.getIndex(), 32),
                                constant(op.getDtype(), 32), constant(op.getShape().size(), 32), shape}));
  }
  void lower(rt::RunKernelOp op) {
    Value block = stackSlot(8 * (1 + op.getWords().size()));
    LLVM::StoreOp::create(builder, loc, call("tfc_context_fault", pointer, op.getContext()), block);
    for (auto [i, value] : llvm::enumerate(op.getWords()))
      LLVM::StoreOp::create(builder, loc, value.getType() == pointer ? value : word(value), at(block, 8 * (i + 1)));
    auto units = op.getTotal().getDefiningOp<arith::ConstantIndexOp>();
    if (units && units.value() == 1) {
      func::CallOp::create(builder, loc, op.getKernelAttr(), TypeRange(), ValueRange{block, constant(0), constant(1)});
      return stopOnFault(op);
    }
    Value address = addressOf(op.getKernelAttr(), builder.getFunctionType({pointer, i64, i64}, {}));
    call("tfc_parallel_for", {}, {op.getContext(), address, block, word(op.getTotal()), constant(op.getGrain())});
    stopOnFault(op);
  }
  /// Without their temporaries kernels leave results unwritten, which nothing may read.
  void stopOnFault(rt::RunKernelOp op) {
    if (!allocating.contains(op.getKernel()))
      return;
    Value fault = LLVM::LoadOp::create(builder, loc, i32, call("tfc_context_fault", pointer, op.getContext()));
    Value ok = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, fault, constant(TFC_STATUS_OK, 32));
    returnUnless(op, ok, [&] { return fault; });
  }
  void lower(rt::OperationOp op) {
    Value parameters = stackSlot(8 * std::max<size_t>(1, op.getParameters().size()));
    for (auto [i, parameter] : llvm::enumerate(op.getParameters()))
      LLVM::StoreOp::create(builder, loc, constant(parameter), at(parameters, 8 * i));
    op.replaceAllUsesWith(call(op.getSymbol(), i32,
                               {op.getContext(), op.getInputs(), constant(op.getInputCount(), 32), op.getOutputs(),
                                constant(op.getOutputCount(), 32), parameters}));
  }
  Value addressOf(FlatSymbolRefAttr function, FunctionType type) {
    Value constant = func::ConstantOp::create(builder, loc, type, function);
    return UnrealizedConversionCastOp::create(builder, loc, pointer, constant).getResult(0);
  }
  void lower(rt::RunTasksOp op) {
    auto functions = op.getFunctions().getAsRange<FlatSymbolRefAttr>();
    ArrayRef<int64_t> dependencies = op.getDependencies();
    Value addresses = stackSlot(8 * std::max<size_t>(1, op.getFunctions().size()));
    for (auto [i, function] : llvm::enumerate(functions))
      LLVM::StoreOp::create(builder, loc, addressOf(function, builder.getFunctionType({pointer, pointer}, i32)),
                            at(addresses, 8 * i));
    Value pairs = stackSlot(8 * std::max<size_t>(1, dependencies.size()));
    for (auto [i, task] : llvm::enumerate(dependencies))
      LLVM::StoreOp::create(builder, loc, constant(task), at(pairs, 8 * i));
    op.replaceAllUsesWith(call("tfc_tasks_run", i32,
                               {op.getContext(), addresses, constant(op.getFunctions().size()), pairs,
                                constant(dependencies.size() / 2), op.getFrame()}));
  }
  void lower(rt::FaultOp op) {
    Value fault = call("tfc_context_fault", pointer, op.getContext());
    op.replaceAllUsesWith(LLVM::LoadOp::create(builder, loc, i32, fault).getResult());
  }
  void lower(rt::AssertOp op) {
    returnUnless(op, op.getCondition(), [&] {
      return call("tfc_context_fail", i32,
                  {op.getContext(), constant(op.getCode(), 32), text(op.getNode()), text(op.getMessage())});
    });
  }
  void lower(rt::CheckOp op) {
    Value value = op.getValue();
    if (value.getType() == pointer) {
      Value null = LLVM::ZeroOp::create(builder, loc, pointer);
      Value given = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ne, value, null);
      return returnUnless(op, given, [&] { return constant(TFC_STATUS_RESOURCE_EXHAUSTED, 32); });
    }
    Value ok = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, value, constant(TFC_STATUS_OK, 32));
    returnUnless(op, ok, [&] { return value; });
  }

  ModuleOp module;
  func::FuncOp entry;
  const llvm::StringSet<> &allocating;
  OpBuilder builder;
  Location loc = builder.getUnknownLoc();
  Type pointer, i32, i64;
};

/// Whether a step's entry takes memory beyond arena and outputs.
static bool takesScratch(func::FuncOp entry, const llvm::StringSet<> &allocating) {
  auto result = entry.walk([&](Operation *op) {
    auto run = dyn_cast<rt::RunKernelOp>(op);
    bool takes =
        run ? allocating.contains(run.getKernel())
            : isa<rt::ScratchAllocateOp, rt::OperationOp, rt::RunTasksOp, rt::ListImportOp, rt::ListExportOp>(op);
    return takes ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}

struct ConvertRtToLLVM : impl::ConvertRtToLLVMBase<ConvertRtToLLVM> {
  void runOnOperation() override {
    SmallVector<func::FuncOp> functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    llvm::StringSet<> allocating;
    for (func::FuncOp function : functions) {
      StringRef name = function.getName();
      if (function.walk([](rt::KernelAllocateOp) { return WalkResult::interrupt(); }).wasInterrupted() &&
          name.consume_back("_body"))
        allocating.insert(name);
    }
    for (func::FuncOp function : functions) {
      if (takesScratch(function, allocating)) {
        Builder builder(&getContext());
        SmallVector<Attribute> attributes{builder.getStringAttr(rt::kTakesScratch)};
        if (auto given = function->getAttrOfType<ArrayAttr>("passthrough"))
          llvm::append_range(attributes, given);
        function->setAttr("passthrough", builder.getArrayAttr(attributes));
      }
      Lowering(getOperation(), function, allocating).run();
    }
  }
};

} // namespace
} // namespace tfc
