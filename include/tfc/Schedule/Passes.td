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

def OwnLists : Pass<"tfc-own-lists", "::tfc::dfg::GraphOp"> {
  let summary = "count references to lists and optionals";
  let description = [{
    An op that makes a list gives one reference. The last use takes it over if it can
    (an update, a yield, a loop's initial value), so that updates find the list unshared
    and work in place; otherwise `kernel.release` stands behind it. Uses that take a
    reference before the last one get their own by `kernel.retain`. An `if` that uses a
    list last hands it to each of its branches.

    ```mlir
    %b = kernel.operation "tfc_operation_list_erase"(%a) {consumed = array<i64: 0>, ...}
    %n = kernel.operation "tfc_operation_list_length"(%a) {...}
    ```
    becomes
    ```mlir
    kernel.retain %a : !dfg.list<tensor<?xf32>>
    %b = kernel.operation "tfc_operation_list_erase"(%a) {consumed = array<i64: 0>, ...}
    %n = kernel.operation "tfc_operation_list_length"(%a) {...}
    kernel.release %a : !dfg.list<tensor<?xf32>>
    ```
  }];
  let dependentDialects = ["::tfc::kernel::KernelDialect"];
}

def UpdateInPlace : Pass<"tfc-update-in-place", "::tfc::dfg::GraphOp"> {
  let summary = "write updates of part of a tensor into the tensor itself";
  let description = [{
    Where `dfg.update_slice` reads a tensor last, its dispatch gets the tensor as the
    destination, and a kernel whose argument marked `kernel.destination` is what the
    destination holds before it runs: only the part is written. A variable of a loop is
    updated in place, too, where the result is the variable's next value.

    ```mlir
    %d = kernel.empty [] : tensor<64x8xf32>
    %y = kernel.dispatch @update_slice_0 ins(%x, %part, %i) outs(%d) : (...) -> tensor<64x8xf32>
    ```
    becomes
    ```mlir
    %y = kernel.dispatch @update_slice_0_in_place ins(%x, %part, %i) outs(%x) : (...) -> tensor<64x8xf32>
    ```
  }];
  let dependentDialects = ["::tfc::kernel::KernelDialect"];
}

def UpdateVariables : Pass<"tfc-update-variables", "::tfc::dfg::GraphOp"> {
  let summary = "write new values of variables into the variables themselves";
  let description = [{
    Where a step has acquired a variable, reads it and computes each element of its next value
    from the element that it replaces, the dispatch writes the variable's own memory:
    instead of being read and assigned, the variable is updated. The runtime sees that
    nobody else reads that memory.

    ```mlir
    %w = kernel.operation "tfc_operation_variable_read"() {parameters = array<i64: 0>} : () -> tensor<8xf32>
    %d = kernel.empty[] : tensor<8xf32>
    %n = kernel.dispatch @sub_0 ins(%w, %g) outs(%d) : (...) -> tensor<8xf32>
    kernel.operation "tfc_operation_variable_assign"(%n) {parameters = array<i64: 0>} : (tensor<8xf32>) -> ()
    ```
    becomes
    ```mlir
    %w = kernel.operation "tfc_operation_variable_update"() {parameters = array<i64: 0>} : () -> tensor<8xf32>
    %n = kernel.dispatch @sub_0_in_place ins(%w, %g) outs(%w) : (...) -> tensor<8xf32>
    ```
  }];
  let dependentDialects = ["::tfc::kernel::KernelDialect"];
}

def PlanMemory : Pass<"tfc-plan-memory", "::tfc::dfg::GraphOp"> {
  let summary = "give every destination of a step its place";
  let description = [{
    Buffers whose lifetimes do not overlap share memory. `kernel.empty` gets
    `kernel.output` where its tensor is a fetch; `kernel.variable` where it is the next
    value of a loop's variable whose size stays (loops keep two buffers of those);
    `kernel.offset` in the arena where its size is static; `kernel.slot` where it follows
    from input shapes; and nothing where only data tells: such a buffer is scratch, which
    `kernel.release` gives back. The step gets `kernel.arena_size`, the static part,
    and `kernel.live_bytes`, the least that any plan of its order could do with.

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
