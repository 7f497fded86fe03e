// Lowers one step: tensors to pointers and extents, dispatches to calls.
#ifndef TFC_LIB_CONVERSION_KERNELTORT_STEPLOWERING_H
#define TFC_LIB_CONVERSION_KERNELTORT_STEPLOWERING_H

#include "Dfg/Dfg.h"
#include "Kernel/Kernel.h"
#include "Rt/Rt.h"
#include "SizeBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"

namespace tfc {

/// Gives constants their place in the object: one global of bytes per distinct value.
class ConstantPool {
public:
  explicit ConstantPool(mlir::ModuleOp module) : module(module) {}
  /// The global that holds the elements as they are stored in memory.
  mlir::FailureOr<mlir::LLVM::GlobalOp> global(mlir::Operation *user, mlir::ElementsAttr value);

private:
  mlir::ModuleOp module;
  llvm::DenseMap<mlir::Attribute, mlir::LLVM::GlobalOp> globals;
};

/// Emits the body of a step's entry function. Not reusable.
class StepLowering : SizeBuilder {
public:
  /// `kernels` finds the kernels that the step dispatches, `plan` tells where its slots lie.
  StepLowering(mlir::OpBuilder &builder, ConstantPool &constants, const mlir::SymbolTable &kernels,
               mlir::func::FuncOp entry, mlir::func::FuncOp plan)
      : SizeBuilder(builder), constants(constants), kernels(kernels), planFunction(plan), context(entry.getArgument(0)),
        inputs(entry.getArgument(1)), outputs(entry.getArgument(2)), entryBlock(&entry.getBody().front()) {}

  llvm::LogicalResult run(dfg::StepOp step);

private:
  /// Where a tensor lies: `dims` holds every extent as an index value. Of a list or
  /// optional, `pointer` is its object.
  struct Buffer {
    mlir::Value pointer;
    llvm::SmallVector<mlir::Value> dims;
  };

  llvm::LogicalResult lowerBlock(mlir::Block &block);
  llvm::LogicalResult lowerOp(mlir::Operation *op);
  llvm::LogicalResult lower(dfg::ConstantOp op);
  llvm::LogicalResult lower(kernel::EmptyOp op);
  llvm::LogicalResult lower(kernel::ReleaseOp op);
  llvm::LogicalResult lower(kernel::RetainOp op);
  llvm::LogicalResult lower(kernel::DispatchOp op);
  llvm::LogicalResult lower(kernel::OperationOp op); // OperationLowering.cpp
  llvm::LogicalResult lower(kernel::ViewOp op);
  llvm::LogicalResult lower(kernel::IndexTensorOp op);
  llvm::LogicalResult lower(kernel::ItemOp op);
  llvm::LogicalResult lower(dfg::ReturnOp op);
  llvm::LogicalResult lower(dfg::AssertOp op);
  // Structured control flow: ControlFlowLowering.cpp.
  llvm::LogicalResult lower(dfg::IfOp op);
  llvm::LogicalResult lower(dfg::CaseOp op);
  llvm::LogicalResult lower(dfg::WhileOp op);
  /// Runs region i where the selector is `cases[i]`, the last one otherwise.
  llvm::LogicalResult lowerBranches(mlir::Operation *op, mlir::Value selector, llvm::ArrayRef<int64_t> cases,
                                    llvm::ArrayRef<mlir::Region *> regions);
  class LoopLowering;
  llvm::LogicalResult lower(dfg::TasksOp op); // TaskLowering.cpp
  /// A value of type `type` as values that regions pass on: pointer and dynamic extents.
  void flatten(mlir::Value value, mlir::Type type, llvm::SmallVectorImpl<mlir::Value> &flat);
  /// The opposite: takes as many values as the type has off the front.
  Buffer unflatten(mlir::Location loc, mlir::Type type, mlir::ValueRange &flat);
  llvm::SmallVector<mlir::Type> flatTypes(mlir::TypeRange types);
  /// The boolean that a tensor of one element holds.
  mlir::Value loadCondition(mlir::Location loc, mlir::Value tensor);

  /// Reserves the arena, whose size and slots the plan tells.
  void reserveArena(dfg::StepOp step);
  /// The value of an index that follows from input shapes, before its op is reached.
  mlir::Value sizeAtStart(mlir::Value index);

  /// How many work units a dispatch has; see tfc-plan-work.
  mlir::Value workUnits(kernel::DispatchOp op);

  Buffer &buffer(mlir::Value tensor) { return buffers[tensor]; }
  mlir::Value byteSize(mlir::Location loc, const Buffer &buffer, mlir::Type element) {
    return SizeBuilder::byteSize(loc, buffer.dims, element);
  }
  mlir::Value byteSize(mlir::Location loc, mlir::Value tensor) {
    return byteSize(loc, buffer(tensor), llvm::cast<mlir::RankedTensorType>(tensor.getType()).getElementType());
  }
  mlir::Value allocateScratch(mlir::Location loc, mlir::Value bytes);
  void copy(mlir::Location loc, mlir::Value to, mlir::Value from, mlir::Value bytes);
  mlir::Value offset(mlir::Location loc, mlir::Value pointer, int64_t bytes);
  llvm::SmallVector<mlir::Value> dimsOf(mlir::Location loc, mlir::RankedTensorType type, mlir::ValueRange dynamic);
  /// A stack slot of the entry block.
  mlir::Value stackSlot(mlir::Location loc, int64_t bytes);
  /// Memory of the entry block's frame for the length of one call.
  mlir::Value callMemory(mlir::Location loc, int64_t bytes);
  void bindOutput(mlir::Location loc, int64_t index, Buffer &buffer, mlir::Type element);

  ConstantPool &constants;
  const mlir::SymbolTable &kernels;
  mlir::func::FuncOp planFunction;
  mlir::Value context, inputs, outputs, arena;
  mlir::Block *entryBlock;
  mlir::LLVM::AllocaOp shared; // of callMemory
  mlir::IRMapping mapping; // index values
  llvm::DenseMap<mlir::Value, Buffer> buffers;
  llvm::SmallVector<mlir::Value> slots; // addresses
  int taskCount = 0;                    // functions of tasks so far
  /// Where the outputs that dispatches write themselves lie.
  llvm::DenseMap<int64_t, mlir::Value> boundOutputs;
  /// The memory that loops lend to destinations of their bodies.
  llvm::DenseMap<mlir::Operation *, mlir::Value> lent;
};

} // namespace tfc

#endif // TFC_LIB_CONVERSION_KERNELTORT_STEPLOWERING_H
