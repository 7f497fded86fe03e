// Kernels with a root become functions over memory that do a range of work units; what follows the root runs on its
// results in registers.
// RUN: tfc-opt %s --tfc-emit-kernels | FileCheck %s

// One row alone, then tiles of rows, which ask for the next part of the panels.
// CHECK: func.func private @matmul_0_body
// CHECK-NOT: kernel.matmul
// CHECK-COUNT-2: vector.fma
// CHECK: arith.maximumf
// CHECK: vector.store
// CHECK: vector.maskedstore
// CHECK: memref.prefetch %{{.*}}, read, locality<2>, data : memref<1x8x16xf32>
// CHECK-COUNT-12: vector.fma
// CHECK-COUNT-12: arith.maximumf
kernel.func @matmul_0(%a: tensor<?x8xf32>, %b: tensor<1x8x16xf32>) -> tensor<?x10xf32>
    attributes {kernel.batch_dims = 0 : i64, kernel.row_dims = 1 : i64, kernel.root = "matmul",
                kernel.units = affine_map<(d0, d1) -> (d0 ceildiv 96, d1 ceildiv 256)>} {
  %zero = dfg.constant dense<0.0> : tensor<f32>
  %p = kernel.matmul %a, %b {columns = 10 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x10xf32>
  %y = dfg.max %p, %zero : (tensor<?x10xf32>, tensor<f32>) -> tensor<?x10xf32>
  kernel.return %y : tensor<?x10xf32>
}
