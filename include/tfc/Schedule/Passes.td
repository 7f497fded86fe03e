#ifndef TFC_SCHEDULE_PASSES
#define TFC_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def FormDispatches : Pass<"tfc-form-dispatches", "::tfc::dfg::GraphOp"> {
  let summary = "group the ops of steps into kernels and dispatch them";
  let description = [{
    Every group has one root; pointwise producers whose only users are in the group join
    it. A group becomes a `kernel.func`, equal ones the same, and a `kernel.dispatch` into
    a `kernel.empty` whose sizes are spelled out. Reshapes become views, scalars read by
    the step `kernel.item`, ops of the runtime archive `kernel.operation`.

    ```mlir
    %a = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    %b = dfg.neg %a : (tensor<?xf32>) -> tensor<?xf32>
    ```
    becomes
    ```mlir
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %d = kernel.empty [%n] : tensor<?xf32>
    %b = kernel.dispatch @neg_0 ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    ```
  }];
  let dependentDialects = ["::tfc::kernel::KernelDialect", "mlir::arith::ArithDialect", "mlir::tensor::TensorDialect"];
}

def PlanMemory : Pass<"tfc-plan-memory", "::tfc::dfg::GraphOp"> {
  let summary = "give every destination of a step its place";
  let description = [{
    Buffers whose lifetimes do not overlap share memory. `kernel.empty` gets
    `kernel.output` where its tensor is a fetch, `kernel.offset` in the arena where its
    size is static, `kernel.slot` where it follows from input shapes, and nothing where
    only data tells: such a buffer is scratch, which `kernel.release` gives back. The step
    gets `kernel.arena_size`, the static part.

    ```mlir
    %d = kernel.empty [] : tensor<4xf32>
    ```
    becomes
    ```mlir
    %d = kernel.empty [] {kernel.offset = 64 : i64} : tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::tfc::kernel::KernelDialect"];
}

#endif // TFC_SCHEDULE_PASSES
