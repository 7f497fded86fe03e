// How kernels are cut into work units follows from their shapes and the processor.
// RUN: tfc-opt %s --tfc-plan-work | FileCheck %s

// CHECK-DAG: #[[PRODUCT:.*]] = affine_map<(d0, d1) -> (d0 ceildiv 96, d1 ceildiv 256)>
dfg.graph @net {
  dfg.step @main(%x: tensor<?x8xf32>) -> tensor<?x10xf32> {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %x, %c0 : tensor<?x8xf32>
    %b = dfg.constant dense<1.0> : tensor<1x8x16xf32>
    %d = kernel.empty [%n] : tensor<?x10xf32>
    %y = kernel.dispatch @matmul_0 ins(%x, %b) outs(%d)
        : (tensor<?x8xf32>, tensor<1x8x16xf32>, tensor<?x10xf32>) -> tensor<?x10xf32>
    dfg.return %y : tensor<?x10xf32>
  }
  // CHECK: kernel.func @matmul_0
  // CHECK-SAME: kernel.batch_dims = 0 : i64
  // CHECK-SAME: kernel.row_dims = 1 : i64, kernel.units = #[[PRODUCT]]
  kernel.func @matmul_0(%a: tensor<?x8xf32>, %b: tensor<1x8x16xf32>) -> tensor<?x10xf32> attributes {kernel.root = "matmul"} {
    %y = kernel.matmul %a, %b {columns = 10 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x10xf32>
    kernel.return %y : tensor<?x10xf32>
  }
}
