// Queues: what steps of an instance hand to each other, first in, first out or in another
// order.
#ifndef DFG_QUEUE_OPS
#define DFG_QUEUE_OPS

include "DfgStateOps.td"
include "DfgAttrs.td"

def Dfg_QueueOp : Dfg_DeclarationOp<"queue"> {
  let summary = "a queue of tuples of tensors that lives as long as the instance";
  let description = [{
    `kind` says which element comes out next: `fifo` the oldest; `random_shuffle` any one,
    as long as more than `min_after` are left; `padding_fifo` the oldest, and where many come
    out at once, components are padded with zeros to a common shape; `priority` the one whose
    first component, an i64, is least, the oldest of equal ones. A capacity of -1 is no limit.

    Example:
    ```mlir
    dfg.queue @examples fifo capacity(64) : tensor<784xf32>, tensor<i64>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Dfg_QueueKindAttr:$kind, I64Attr:$capacity,
                       DefaultValuedAttr<I64Attr, "0">:$min_after, DefaultValuedAttr<I64Attr, "0">:$seed,
                       TypeArrayAttr:$components);
  let assemblyFormat = [{
    $sym_name $kind `capacity` `(` $capacity `)` (`min_after` `(` $min_after^ `)`)? (`seed` `(` $seed^ `)`)?
    `:` $components attr-dict
  }];
}

def Dfg_EnqueueOp : Dfg_StateOp<"enqueue", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "put an element into a queue, waiting for room";
  let description = [{
    With `many`, one element for each position of the first dimension. CANCELLED if the queue
    is closed.

    Example:
    ```mlir
    dfg.enqueue @examples, %x, %label : tensor<784xf32>, tensor<i64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue, Variadic<Dfg_Tensor>:$values, UnitAttr:$many);
  let assemblyFormat = "$queue (`,` $values^ `:` type($values))? attr-dict";
}

def Dfg_DequeueOp : Dfg_StateOp<"dequeue", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "take an element out of a queue, waiting for one";
  let description = [{
    With `count`, so many at once, stacked along a new first dimension; with `up_to` also
    fewer, but at least one, once the queue is closed. OUT_OF_RANGE if the queue is closed and
    has not enough elements.

    Example:
    ```mlir
    %x, %label = dfg.dequeue @examples : tensor<784xf32>, tensor<i64>
    %xs, %labels = dfg.dequeue @examples [%n] : tensor<?x784xf32>, tensor<?xi64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue, Optional<Index>:$count, UnitAttr:$up_to);
  let results = (outs Variadic<Dfg_Tensor>:$values);
  let assemblyFormat = "$queue (`[` $count^ `]`)? attr-dict `:` type($values)";
}

def Dfg_QueueSizeOp : Dfg_StateOp<"queue_size", [MemoryEffects<[MemRead]>]> {
  let summary = "how many elements a queue holds";
  let description = [{
    Example:
    ```mlir
    %n = dfg.queue_size @examples : index
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue);
  let results = (outs Index:$size);
  let assemblyFormat = "$queue attr-dict `:` type($size)";
}

def Dfg_QueueIsClosedOp : Dfg_StateOp<"queue_is_closed", [MemoryEffects<[MemRead]>]> {
  let summary = "1 if a queue is closed, otherwise 0";
  let description = [{
    Example:
    ```mlir
    %c = dfg.queue_is_closed @examples : index
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue);
  let results = (outs Index:$closed);
  let assemblyFormat = "$queue attr-dict `:` type($closed)";
}

def Dfg_QueueCloseOp : Dfg_StateOp<"queue_close", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "let nothing more into a queue";
  let description = [{
    Enqueues that wait for room still go through, unless `cancel` is set: then they fail with
    CANCELLED.

    Example:
    ```mlir
    dfg.queue_close @examples {cancel}
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue, UnitAttr:$cancel);
  let assemblyFormat = "$queue attr-dict";
}

def Dfg_QueuePeekOp : Dfg_StateOp<"queue_peek", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "a copy of the element at a position of a queue, waiting until there is one";
  let description = [{
    Position 0 comes out next. Only of `fifo` queues.

    Example:
    ```mlir
    %x, %label = dfg.queue_peek @examples [%i] : tensor<784xf32>, tensor<i64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue, Index:$position);
  let results = (outs Variadic<Dfg_Tensor>:$values);
  let assemblyFormat = "$queue `[` $position `]` attr-dict `:` type($values)";
}

def Dfg_QueueClearOp : Dfg_StateOp<"queue_clear", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "drop all elements of a queue";
  let description = [{
    Example:
    ```mlir
    dfg.queue_clear @examples
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue);
  let assemblyFormat = "$queue attr-dict";
}

def Dfg_QueueRunnerOp : Dfg_Op<"queue_runner", [HasParent<"GraphOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "threads that fill a queue while the application runs other steps";
  let description = [{
    Each step of `enqueue` runs on a thread of its own again and again. One that ends with a
    status of `closed` is over; when all of them are, step `close` runs, if there is one. When
    the application stops the runner, step `cancel` runs. Other statuses stop all runners.
    `name` is that of the queue in the user's graph.

    Example:
    ```mlir
    dfg.queue_runner "examples" enqueue [@put_0, @put_1] close @close cancel @cancel closed [11]
    ```
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefArrayAttr:$enqueue, OptionalAttr<FlatSymbolRefAttr>:$close,
                       OptionalAttr<FlatSymbolRefAttr>:$cancel, DenseI64ArrayAttr:$closed);
  let assemblyFormat = [{
    $name `enqueue` $enqueue (`close` $close^)? (`cancel` $cancel^)? `closed` $closed attr-dict
  }];
}

#endif // DFG_QUEUE_OPS
