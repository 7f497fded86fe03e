// Checkpoints that steps write and read by themselves, at paths that are data; with the algorithms on
// strings, what DfgText.h declares.
#ifndef DFG_CHECKPOINT_OPS
#define DFG_CHECKPOINT_OPS

include "DfgTextOps.td"

class Dfg_CheckpointOp<string mnemonic>
    : Dfg_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>, DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]>;

def Dfg_SaveTensorsOp : Dfg_CheckpointOp<"save_tensors"> {
  let summary = "write tensors to a file of the format safetensors";
  let description = [{
    At `path`, a string, under `names`, a vector of strings. `slices`, a vector, says for each
    tensor nothing (an empty string) or of what tensor it is which part: "4 3 0,2:-" is rows 0
    and 1 of a 4 by 3 matrix. `strings` says which tensors hold strings. Whenever the program
    stops, the file is the previous one or the new one.

    Example:
    ```mlir
    dfg.save_tensors %path, %names, %slices, %w, %b {strings = array<i64: 0, 0>}
        : tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>, tensor<4x3xf32>, tensor<3xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$path, Dfg_Tensor:$names, Dfg_Tensor:$slices, Variadic<Dfg_Tensor>:$tensors,
                       DenseI64ArrayAttr:$strings);
  let assemblyFormat = "operands attr-dict `:` type(operands)";
}

def Dfg_RestoreTensorsOp : Dfg_CheckpointOp<"restore_tensors"> {
  let summary = "tensors of a checkpoint";
  let description = [{
    The file at `path`, or the tensor bundle of TensorFlow whose index is PATH.index. `names`
    and `slices` as in `dfg.save_tensors`; element types and shapes must be those of the
    results (INVALID_ARGUMENT), a result of `flat` holding all elements in one dimension.
    NOT_FOUND if there is no such file or name, DATA_LOSS if a file is damaged.

    Example:
    ```mlir
    %w, %b = dfg.restore_tensors %path, %names, %slices {strings = array<i64: 0, 0>, flat = array<i64: 0, 0>}
        : (tensor<!dfg.string>, tensor<2x!dfg.string>, tensor<2x!dfg.string>) -> (tensor<4x3xf32>, tensor<?xf32>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$path, Dfg_Tensor:$names, Dfg_Tensor:$slices, DenseI64ArrayAttr:$strings,
                       DenseI64ArrayAttr:$flat);
  let results = (outs Variadic<Dfg_Tensor>:$tensors);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Dfg_MergeCheckpointsOp : Dfg_CheckpointOp<"merge_checkpoints"> {
  let summary = "one checkpoint of several, which are deleted";
  let description = [{
    Parts of one tensor that make it up come together. With `delete_folders`, folders of the
    merged checkpoints that are empty go, too; with `allow_missing`, paths without a file are
    skipped.

    Example:
    ```mlir
    dfg.merge_checkpoints %paths, %path {delete_folders} : tensor<2x!dfg.string>, tensor<!dfg.string>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$paths, Dfg_Tensor:$path, UnitAttr:$delete_folders, UnitAttr:$allow_missing);
  let assemblyFormat = "operands attr-dict `:` type(operands)";
}

#endif // DFG_CHECKPOINT_OPS
