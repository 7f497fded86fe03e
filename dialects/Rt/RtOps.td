// The runtime's C ABI as ops, one to one: the last stop before LLVM.
#ifndef RT_OPS
#define RT_OPS

include "mlir/IR/OpBase.td"
include "mlir/Dialect/LLVMIR/LLVMOpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Rt_Dialect : Dialect {
  let name = "rt";
  let cppNamespace = "::tfc::rt";
  let summary = "calls of the runtime library";
  let description = [{
    Each op is a function of `tfc-rt/generated.h`, or reads the tensors that a step is
    called with. `%context` is the step's `tfc_context_t *`. Ops that can fail give a
    status or pointer that `rt.check` tests.
  }];
}

// A place: of a tensor among those of a step, of a dimension; or how many there are.
def Rt_Place : ConfinedAttr<I64Attr, [IntNonNegative]>;

class Rt_Op<string mnemonic, list<Trait> traits = []> : Op<Rt_Dialect, mnemonic, traits> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Rt_InputDataOp : Rt_Op<"input_data", [Pure]> {
  let summary = "address of the data of the `index`th tensor of an array of tfc_tensor_t";
  let description = [{
    Example:
    ```mlir
    %p = rt.input_data %inputs {index = 0 : i64} : (!llvm.ptr) -> !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$tensors, Rt_Place:$index);
  let results = (outs LLVM_AnyPointer:$data);
}

def Rt_InputDimOp : Rt_Op<"input_dim", [Pure]> {
  let summary = "one extent of the `index`th tensor of an array of tfc_tensor_t";
  let description = [{
    Example:
    ```mlir
    %n = rt.input_dim %inputs {index = 0 : i64, dim = 1 : i64} : (!llvm.ptr) -> index
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$tensors, Rt_Place:$index, Rt_Place:$dim);
  let results = (outs Index:$extent);
}

def Rt_ArenaReserveOp : Rt_Op<"arena_reserve"> {
  let summary = "tfc_arena_reserve: the step's arena, null when memory ran out";
  let description = [{
    Example:
    ```mlir
    %a = rt.arena_reserve %context, %bytes : (!llvm.ptr, index) -> !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, Index:$size);
  let results = (outs LLVM_AnyPointer:$arena);
}

def Rt_ScratchAllocateOp : Rt_Op<"scratch_allocate"> {
  let summary = "tfc_scratch_allocate: memory until freed or the step ends, null when it ran out";
  let description = [{
    Example:
    ```mlir
    %p = rt.scratch_allocate %context, %bytes : (!llvm.ptr, index) -> !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, Index:$size);
  let results = (outs LLVM_AnyPointer:$memory);
}

def Rt_ScratchFreeOp : Rt_Op<"scratch_free"> {
  let summary = "tfc_scratch_free";
  let description = [{
    Example:
    ```mlir
    rt.scratch_free %context, %p : (!llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$memory);
}

def Rt_ScratchEnterOp : Rt_Op<"scratch_enter"> {
  let summary = "tfc_scratch_enter: begin a frame of scratch";
  let description = [{
    Example:
    ```mlir
    rt.scratch_enter %context : (!llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context);
}

def Rt_ScratchLeaveOp : Rt_Op<"scratch_leave"> {
  let summary = "tfc_scratch_leave: free the frame's scratch but for some";
  let description = [{
    Example:
    ```mlir
    rt.scratch_leave %context, %p : (!llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, Variadic<LLVM_AnyPointer>:$kept);
}

def Rt_KernelAllocateOp : Rt_Op<"kernel_allocate"> {
  let summary = "tfc_kernel_allocate: memory of a running kernel, null when it ran out";
  let description = [{
    `fault` is the address of the kernel's fault word, which then holds why.

    Example:
    ```mlir
    %p = rt.kernel_allocate %fault, %bytes : (!llvm.ptr, index) -> !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$fault, Index:$size);
  let results = (outs LLVM_AnyPointer:$memory);
}

def Rt_KernelFreeOp : Rt_Op<"kernel_free"> {
  let summary = "tfc_kernel_free";
  let description = [{
    Example:
    ```mlir
    rt.kernel_free %fault, %p : (!llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$fault, LLVM_AnyPointer:$memory);
}

def Rt_ListImportOp : Rt_Op<"list_import"> {
  let summary = "tfc_list_import: a list or optional that the step was called with";
  let description = [{
    `list` is the address where the list's is stored.

    Example:
    ```mlir
    %s = rt.list_import %context, %inputs, %list {index = 0 : i64} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$inputs, LLVM_AnyPointer:$list, Rt_Place:$index);
  let results = (outs I32:$status);
}

def Rt_ListExportOp : Rt_Op<"list_export"> {
  let summary = "tfc_list_export: give output `index` a list or optional";
  let description = [{
    With `is_tensor` 1, the output is the tensor that the optional holds.

    Example:
    ```mlir
    %s = rt.list_export %context, %outputs, %list {index = 0 : i64, is_tensor = 0 : i64}
        : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$outputs, LLVM_AnyPointer:$list, Rt_Place:$index,
                       ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<1>]>:$is_tensor);
  let results = (outs I32:$status);
}

def Rt_ListRetainOp : Rt_Op<"list_retain"> {
  let summary = "tfc_list_retain: one more reference to a list or optional";
  let description = [{
    Example:
    ```mlir
    rt.list_retain %list : (!llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$list);
}

def Rt_ListReleaseOp : Rt_Op<"list_release"> {
  let summary = "tfc_list_release: one reference to a list or optional less";
  let description = [{
    Example:
    ```mlir
    rt.list_release %context, %list : (!llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$list);
}

def Rt_OutputBindOp : Rt_Op<"output_bind"> {
  let summary = "tfc_output_bind: where output `index` is to be written, null when that is too small";
  let description = [{
    Example:
    ```mlir
    %p = rt.output_bind %context, %outputs, %n, %m {index = 0 : i64, dtype = 1 : i64}
        : (!llvm.ptr, !llvm.ptr, index, index) -> !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$outputs, Variadic<Index>:$shape, Rt_Place:$index,
                       I64Attr:$dtype);
  let results = (outs LLVM_AnyPointer:$data);
}

def Rt_RunKernelOp : Rt_Op<"run_kernel"> {
  let summary = "tfc_parallel_for over a kernel, or a direct call where there is one unit";
  let description = [{
    `words` are the block: addresses, then dimensions. Its first word, the fault, is added
    when lowered.

    Example:
    ```mlir
    rt.run_kernel @relu_0 %context, %total, %x, %y, %n {grain = 1024 : i64}
        : (!llvm.ptr, index, !llvm.ptr, !llvm.ptr, index) -> ()
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, LLVM_AnyPointer:$context, Index:$total,
                       Variadic<AnyType>:$words, ConfinedAttr<I64Attr, [IntPositive]>:$grain);
  let assemblyFormat = "$kernel operands attr-dict `:` functional-type(operands, results)";
}

def Rt_OperationOp : Rt_Op<"operation"> {
  let summary = "a tfc_operation_t of the runtime archive";
  let description = [{
    `inputs` and `outputs` are addresses of arrays of tfc_tensor_t.

    Example:
    ```mlir
    %s = rt.operation "tfc_operation_top_k" %context, %in, %out
        {input_count = 1 : i64, output_count = 2 : i64, parameters = array<i64: 0, 1, 1>}
        : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
    ```
  }];
  let arguments = (ins StrAttr:$symbol, LLVM_AnyPointer:$context, LLVM_AnyPointer:$inputs, LLVM_AnyPointer:$outputs,
                       Rt_Place:$input_count, Rt_Place:$output_count, DenseI64ArrayAttr:$parameters);
  let results = (outs I32:$status);
  let assemblyFormat = "$symbol operands attr-dict `:` functional-type(operands, results)";
}

def Rt_RunTasksOp : Rt_Op<"run_tasks"> {
  let summary = "tfc_tasks_run: functions of the module that may wait for each other";
  let description = [{
    Each takes the context and the address of the frame; `dependencies` are pairs, the first of
    which ends before the second begins.

    Example:
    ```mlir
    %s = rt.run_tasks %context, %frame {functions = [@main_task0, @main_task1], dependencies = array<i64: 0, 1>}
        : (!llvm.ptr, !llvm.ptr) -> i32
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, LLVM_AnyPointer:$frame, FlatSymbolRefArrayAttr:$functions,
                       DenseI64ArrayAttr:$dependencies);
  let results = (outs I32:$status);
}

def Rt_FaultOp : Rt_Op<"fault"> {
  let summary = "the status that kernels of this step left in the fault word";
  let description = [{
    Example:
    ```mlir
    %s = rt.fault %context : (!llvm.ptr) -> i32
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context);
  let results = (outs I32:$status);
}

def Rt_AssertOp : Rt_Op<"assert"> {
  let summary = "leave the step with tfc_context_fail unless a condition holds";
  let description = [{
    Example:
    ```mlir
    rt.assert %context, %c {code = 3 : i64, node = "Reshape_7", message = "sizes do not multiply to the element count"}
        : (!llvm.ptr, i1) -> ()
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$context, I1:$condition, I64Attr:$code, StrAttr:$node, StrAttr:$message);
}

def Rt_CheckOp : Rt_Op<"check"> {
  let summary = "leave the step unless the status is OK or the pointer not null";
  let description = [{
    A null pointer leaves with RESOURCE_EXHAUSTED, which the runtime has recorded.

    Example:
    ```mlir
    rt.check %s : (i32) -> ()
    ```
  }];
  let arguments = (ins AnyTypeOf<[I32, LLVM_AnyPointer]>:$value);
}

#endif // RT_OPS
