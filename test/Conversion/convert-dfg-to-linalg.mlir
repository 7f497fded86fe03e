// The general path of lowering: ops inside kernels become linalg on tensors.
// RUN: tfc-opt %s --convert-dfg-to-linalg -split-input-file | FileCheck %s

// Narrow floats are computed in f32; what broadcasts is read through its map.
// CHECK: #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: kernel.func @add_f16
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #[[ROW]], #[[ROWS]]], iterator_types = ["parallel", "parallel"]}
// CHECK: arith.extf %{{.*}} : f16 to f32
// CHECK: arith.addf %{{.*}} : f32
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK-NOT: dfg.
kernel.func @add_f16(%a: tensor<?x4xf16>, %b: tensor<4xf16>) -> tensor<?x4xf16> {
  %y = dfg.add %a, %b : (tensor<?x4xf16>, tensor<4xf16>) -> tensor<?x4xf16>
  kernel.return %y : tensor<?x4xf16>
}

// -----

// Signedness chooses the arithmetic and is gone from the types.
// CHECK-LABEL: kernel.func @unsigned
// CHECK-SAME: (%{{.*}}: tensor<8xi8>, %{{.*}}: tensor<8xi8>) -> tensor<8xi8>
// CHECK: arith.maxui
kernel.func @unsigned(%a: tensor<8xui8>, %b: tensor<8xui8>) -> tensor<8xui8> {
  %y = dfg.max %a, %b : (tensor<8xui8>, tensor<8xui8>) -> tensor<8xui8>
  kernel.return %y : tensor<8xui8>
}

// -----

// CHECK-LABEL: kernel.func @signed
// CHECK: arith.maxsi
kernel.func @signed(%a: tensor<8xi8>, %b: tensor<8xi8>) -> tensor<8xi8> {
  %y = dfg.max %a, %b : (tensor<8xi8>, tensor<8xi8>) -> tensor<8xi8>
  kernel.return %y : tensor<8xi8>
}

// -----

// Ops outside kernels are not touched.
// CHECK-LABEL: dfg.func @outside
// CHECK: dfg.exp
dfg.func @outside(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = dfg.exp %x : (tensor<4xf32>) -> tensor<4xf32>
  dfg.return %y : tensor<4xf32>
}
