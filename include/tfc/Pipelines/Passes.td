#ifndef TFC_PIPELINES_PASSES
#define TFC_PIPELINES_PASSES

include "mlir/Pass/PassBase.td"

def FoldConstants : Pass<"tfc-fold-constants", "::mlir::ModuleOp"> {
  let summary = "replace what follows from constants alone by its value";
  let description = [{
    Compiles the part of the steps that depends on constants only, loads the object and
    runs it: every op folds as it would have run, for x86-64-v3. What is much larger
    than what it follows from stays, and so do ops with regions and what fails.

    ```mlir
    %0 = dfg.constant dense<[1.0, 4.0]> : tensor<2xf32>
    %1 = dfg.softmax %0 {axis = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
    ```
    becomes
    ```mlir
    %1 = dfg.constant dense<[0.0474258736, 0.952574133]> : tensor<2xf32>
    ```
  }];
  let dependentDialects = ["::tfc::dfg::DfgDialect"];
}

#endif // TFC_PIPELINES_PASSES
