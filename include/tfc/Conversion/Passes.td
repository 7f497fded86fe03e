#ifndef TFC_CONVERSION_PASSES
#define TFC_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertDfgToLinalg : Pass<"convert-dfg-to-linalg"> {
  let summary = "lower the dfg ops of kernels to linalg on tensors";
  let description = [{
    The general path: any `dfg` op inside a `kernel.func` becomes `linalg.generic` and
    `tensor` ops. Elements narrower than f32 are widened when read and narrowed when
    written; integers lose their signedness, which chose the arithmetic.

    ```mlir
    kernel.func @k(%a: tensor<?xf32>) -> tensor<?xf32> {
      %y = dfg.neg %a : (tensor<?xf32>) -> tensor<?xf32>
      kernel.return %y : tensor<?xf32>
    }
    ```
    becomes
    ```mlir
    kernel.func @k(%a: tensor<?xf32>) -> tensor<?xf32> {
      %n = tensor.dim %a, %c0 : tensor<?xf32>
      %e = tensor.empty(%n) : tensor<?xf32>
      %y = linalg.generic {...} ins(%a) outs(%e) { arith.negf }
      kernel.return %y : tensor<?xf32>
    }
    ```
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect", "mlir::tensor::TensorDialect", "mlir::arith::ArithDialect",
                           "mlir::math::MathDialect", "mlir::scf::SCFDialect"];
}

def ConvertKernelToFunc : Pass<"convert-kernel-to-func", "mlir::ModuleOp"> {
  let summary = "give kernels memory instead of tensors";
  let description = [{
    A `kernel.func` on tensors becomes a `func.func` that takes one pointer per tensor,
    one `index` per dynamic extent and the range of work units, and writes its results
    where the last pointers say. A second function `NAME` with the signature
    `tfc_kernel_t` unpacks these from the words of a block.
  }];
  let dependentDialects = ["mlir::func::FuncDialect", "mlir::LLVM::LLVMDialect", "mlir::bufferization::BufferizationDialect",
                           "mlir::memref::MemRefDialect"];
}

def ConvertKernelToRt : Pass<"convert-kernel-to-rt", "mlir::ModuleOp"> {
  let summary = "turn steps into functions that call the runtime";
  let description = [{
    Tensor values become pointers and extents; destinations their planned place in the
    arena, an output or scratch; dispatches blocks of words; control flow `scf`.

    Beside `STEP_entry` each step gets `STEP_plan`, a `tfc_step_plan_t`: extents of outputs,
    places of slots and the arena's size, from the shapes of the inputs. The entry asks it
    for its slots, applications through `tfc_step_plan`.
  }];
  let dependentDialects = ["mlir::func::FuncDialect", "mlir::LLVM::LLVMDialect", "mlir::scf::SCFDialect",
                           "mlir::arith::ArithDialect", "::tfc::rt::RtDialect"];
}

def ConvertRtToLLVM : Pass<"convert-rt-to-llvm", "mlir::ModuleOp"> {
  let summary = "lower runtime ops to calls of the C ABI";
  let description = [{
    `rt.check` becomes a branch to the function's exit; the others calls of the functions
    of `tfc-rt/generated.h`. Entries that take memory beyond arena and outputs are marked
    (`tfc-takes-scratch`).
  }];
  let dependentDialects = ["mlir::LLVM::LLVMDialect", "mlir::cf::ControlFlowDialect"];
}

#endif // TFC_CONVERSION_PASSES
