// Hash tables: maps from keys to tensors of one shape, which all steps of an instance share.
#ifndef DFG_TABLE_OPS
#define DFG_TABLE_OPS

include "DfgStateOps.td"
include "DfgAttrs.td"

def Dfg_TableOp : Dfg_DeclarationOp<"table"> {
  let summary = "a map from keys to tensors of one shape that lives as long as the instance";
  let description = [{
    Keys are integers or strings, or vectors of them. A table holds nothing, or `keys` and
    `values`, until steps change it. A static one is filled once, at first or by
    `dfg.table_insert`; before that, finding is FAILED_PRECONDITION.

    Example:
    ```mlir
    dfg.table @ids "vocabulary" : tensor<!dfg.string> to tensor<i64>
    dfg.table @names "names" static : tensor<i64> to tensor<!dfg.string>
        = dense<[1, 2]> : tensor<2xi64>, dense<["one", "two"]> : tensor<2x!dfg.string>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$name, UnitAttr:$is_static, TypeAttrOf<Dfg_Tensor>:$key,
                       TypeAttrOf<Dfg_Tensor>:$value, OptionalAttr<ElementsAttr>:$keys,
                       OptionalAttr<ElementsAttr>:$values);
  let assemblyFormat = [{
    $sym_name $name (`static` $is_static^)? `:` $key `to` $value (`=` $keys^ `,` $values)? attr-dict
  }];
  let hasVerifier = 1;
}

def Dfg_TableFindOp : Dfg_StateOp<"table_find", [MemoryEffects<[MemRead]>]> {
  let summary = "the values of keys, a default for those that the table lacks";
  let description = [{
    `otherwise` is one value, or one for each key.

    Example:
    ```mlir
    %y = dfg.table_find @ids, %keys, %otherwise
        : (tensor<?x!dfg.string>, tensor<i64>) -> tensor<?xi64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, Dfg_Tensor:$keys, Dfg_Tensor:$otherwise);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$table `,` operands attr-dict `:` functional-type(operands, results)";
}

def Dfg_TableInsertOp : Dfg_StateOp<"table_insert", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "give keys values";
  let description = [{
    `mode` is `insert`, or `replace`: what the table held before goes. `initialize` fills a
    static table, and is FAILED_PRECONDITION where it holds something else already, or
    INVALID_ARGUMENT where a key comes twice with different values.

    Example:
    ```mlir
    dfg.table_insert @ids insert, %keys, %values : tensor<?x!dfg.string>, tensor<?xi64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, Dfg_TableModeAttr:$mode, Dfg_Tensor:$keys, Dfg_Tensor:$values);
  let assemblyFormat = "$table $mode `,` $keys `,` $values attr-dict `:` type($keys) `,` type($values)";
}

def Dfg_TableRemoveOp : Dfg_StateOp<"table_remove", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "take keys out of a table; those that it lacks are ignored";
  let description = [{
    Example:
    ```mlir
    dfg.table_remove @ids, %keys : tensor<?x!dfg.string>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, Dfg_Tensor:$keys);
  let assemblyFormat = "$table `,` $keys attr-dict `:` type($keys)";
}

def Dfg_TableExportOp : Dfg_StateOp<"table_export", [MemoryEffects<[MemRead]>]> {
  let summary = "all keys and their values, in the order in which the keys came";
  let description = [{
    Example:
    ```mlir
    %k, %v = dfg.table_export @ids : tensor<?x!dfg.string>, tensor<?xi64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table);
  let results = (outs Dfg_Tensor:$keys, Dfg_Tensor:$values);
  let assemblyFormat = "$table attr-dict `:` type($keys) `,` type($values)";
}

def Dfg_TableSizeOp : Dfg_StateOp<"table_size", [MemoryEffects<[MemRead]>]> {
  let summary = "how many keys a table holds";
  let description = [{
    Example:
    ```mlir
    %n = dfg.table_size @ids : index
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table);
  let results = (outs Index:$size);
  let assemblyFormat = "$table attr-dict `:` type($size)";
}

#endif // DFG_TABLE_OPS
