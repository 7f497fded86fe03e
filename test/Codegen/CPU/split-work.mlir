// Kernels of the general path do a range of work units.
// RUN: tfc-opt %s --pass-pipeline="builtin.module(func.func(tfc-split-work))" | FileCheck %s

// CHECK-LABEL: func.func @rows
// CHECK-SAME: %[[BEGIN:[a-z0-9]+]]: index, %[[END:[a-z0-9]+]]: index
// CHECK-DAG: %[[FIRST:.*]] = arith.muli %[[BEGIN]], %{{.*}} : index
// CHECK-DAG: %[[LAST:.*]] = arith.muli %[[END]], %{{.*}} : index
// CHECK: %[[BOUND:.*]] = arith.minsi %[[LAST]], %{{.*}} : index
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[BOUND]]
func.func @rows(%x: memref<64x8xf32>, %y: memref<64x8xf32>, %begin: index, %end: index)
    attributes {kernel.grain = 16 : i64, kernel.split = 0 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x8xf32>) outs(%y : memref<64x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  }
  return
}

// A sum over rows is done at once, by whoever has unit 0.
// CHECK-LABEL: func.func @sum
// CHECK: %[[IS_FIRST:.*]] = arith.cmpi eq
// CHECK: scf.if %[[IS_FIRST]]
// CHECK: linalg.generic
func.func @sum(%x: memref<64x8xf32>, %y: memref<8xf32>, %begin: index, %end: index)
    attributes {kernel.grain = 16 : i64, kernel.split = 0 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>],
                  iterator_types = ["reduction", "parallel"]} ins(%x : memref<64x8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  }
  return
}
