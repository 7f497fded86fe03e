// Folds of elementwise mathematics.
// RUN: tfc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: dfg.func @neutral
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
// CHECK-NEXT: dfg.return %[[X]]
dfg.func @neutral(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = dfg.constant dense<0.0> : tensor<f32>
  %one = dfg.constant dense<1.0> : tensor<4xf32>
  %a = dfg.add %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %b = dfg.sub %a, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %c = dfg.mul %b, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %d = dfg.div %c, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  dfg.return %d : tensor<4xf32>
}

// The neutral element may still broadcast.
// CHECK-LABEL: dfg.func @neutral_broadcasts
// CHECK: dfg.add
dfg.func @neutral_broadcasts(%x: tensor<4xf32>) -> tensor<2x4xf32> {
  %zero = dfg.constant dense<0.0> : tensor<2x1xf32>
  %y = dfg.add %x, %zero : (tensor<4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  dfg.return %y : tensor<2x4xf32>
}

// CHECK-LABEL: dfg.func @cast_to_itself
// CHECK-SAME: (%[[X:.*]]: tensor<?xi8>)
// CHECK-NEXT: dfg.return %[[X]]
dfg.func @cast_to_itself(%x: tensor<?xi8>) -> tensor<?xi8> {
  %y = dfg.cast %x : (tensor<?xi8>) -> tensor<?xi8>
  dfg.return %y : tensor<?xi8>
}
