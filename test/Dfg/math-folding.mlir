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

// CHECK-LABEL: dfg.func @arithmetic_of_constants
// CHECK-DAG: dfg.constant dense<{{\[}}[3.000000e+00, 6.000000e+00], [5.000000e+00, 8.000000e+00]]> : tensor<2x2xf32>
// CHECK-DAG: dfg.constant dense<-2.000000e+00> : tensor<3xf64>
// CHECK-DAG: dfg.constant dense<{{\[}}1.000000e+00, 3.000000e+00]> : tensor<2xf16>
dfg.func @arithmetic_of_constants() -> (tensor<2x2xf32>, tensor<3xf64>, tensor<2xf16>) {
  %a = dfg.constant dense<[1.0, 4.0]> : tensor<2xf32>
  %b = dfg.constant dense<[[2.0], [4.0]]> : tensor<2x1xf32>
  %sum = dfg.add %a, %b : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %c = dfg.constant dense<4.0> : tensor<3xf64>
  %root = dfg.sqrt %c : (tensor<3xf64>) -> tensor<3xf64>
  %negated = dfg.neg %root : (tensor<3xf64>) -> tensor<3xf64>
  %d = dfg.constant dense<[1.0001, 3.0]> : tensor<2xf32>
  %narrow = dfg.cast %d : (tensor<2xf32>) -> tensor<2xf16>
  dfg.return %sum, %negated, %narrow : tensor<2x2xf32>, tensor<3xf64>, tensor<2xf16>
}

// An outer product would be a larger constant than what it comes from.
// CHECK-LABEL: dfg.func @outer_product_stays
// CHECK: dfg.mul
dfg.func @outer_product_stays() -> tensor<64x64xf32> {
  %i = dfg.constant dense_resource<row> : tensor<64x1xf32>
  %j = dfg.constant dense_resource<row> : tensor<1x64xf32>
  %y = dfg.mul %i, %j : (tensor<64x1xf32>, tensor<1x64xf32>) -> tensor<64x64xf32>
  dfg.return %y : tensor<64x64xf32>
}

{-#
  dialect_resources: {
    builtin: {
      row: "0x040000000000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F"
    }
  }
#-}
