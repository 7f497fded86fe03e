// Folds and canonicalizations of array ops.
// RUN: tfc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: dfg.func @sizes_are_data_and_back
// CHECK-NOT: dfg.item
// CHECK: dfg.iota [%c2, %c7] axis(0)
dfg.func @sizes_are_data_and_back() -> tensor<?x?xi64> {
  %sizes = dfg.constant dense<[2, 5]> : tensor<2xi64>
  %n = dfg.item %sizes[0] : tensor<2xi64>
  %again = dfg.index_tensor [%n, 7] : tensor<2xi64>
  %a = dfg.item %again[0] : tensor<2xi64>
  %b = dfg.item %again[1] : tensor<2xi64>
  %y = dfg.iota [%a, %b] axis(0) : tensor<?x?xi64>
  dfg.return %y : tensor<?x?xi64>
}

// CHECK-LABEL: dfg.func @unsigned_item
// CHECK: arith.constant 255 : index
dfg.func @unsigned_item(%x: tensor<1xf32>) -> tensor<?xf32> {
  %sizes = dfg.constant dense<255> : tensor<ui8>
  %n = dfg.item %sizes[] : tensor<ui8>
  %y = dfg.broadcast_to %x to [%n] : (tensor<1xf32>) -> tensor<?xf32>
  dfg.return %y : tensor<?xf32>
}

// CHECK-LABEL: dfg.func @index_tensor
// CHECK: dfg.constant dense<[2, 3]> : tensor<2xi32>
dfg.func @index_tensor() -> tensor<2xi32> {
  %y = dfg.index_tensor [2, 3] : tensor<2xi32>
  dfg.return %y : tensor<2xi32>
}

// CHECK-LABEL: dfg.func @reshape_of_reshape
// CHECK-SAME: (%[[X:.*]]: tensor<2x6xf32>)
// CHECK-NEXT: dfg.reshape %[[X]] to [4, 3]
dfg.func @reshape_of_reshape(%x: tensor<2x6xf32>) -> tensor<4x3xf32> {
  %a = dfg.reshape %x to [12] : (tensor<2x6xf32>) -> tensor<12xf32>
  %b = dfg.reshape %a to [4, 3] : (tensor<12xf32>) -> tensor<4x3xf32>
  dfg.return %b : tensor<4x3xf32>
}

// CHECK-LABEL: dfg.func @reshape_to_itself
// CHECK-SAME: (%[[X:.*]]: tensor<?x6xf32>, %[[Y:.*]]: tensor<?x?xf32>
// CHECK: %[[Z:.*]] = dfg.reshape %[[Y]]
// CHECK: dfg.return %[[X]], %[[Z]]
dfg.func @reshape_to_itself(%x: tensor<?x6xf32>, %y: tensor<?x?xf32>, %sizes: tensor<2xi64>)
    -> (tensor<?x6xf32>, tensor<?x?xf32>) {
  %n = dfg.item %sizes[0] : tensor<2xi64>
  %m = dfg.item %sizes[1] : tensor<2xi64>
  %a = dfg.reshape %x to [%n, 6] : (tensor<?x6xf32>) -> tensor<?x6xf32>
  // With two dynamic extents equal types may be different shapes.
  %b = dfg.reshape %y to [%n, %m] : (tensor<?x?xf32>) -> tensor<?x?xf32>
  dfg.return %a, %b : tensor<?x6xf32>, tensor<?x?xf32>
}

// CHECK-LABEL: dfg.func @constants_of_another_shape
// CHECK-DAG: dfg.constant dense<{{\[}}[1, 2], [3, 4]]> : tensor<2x2xi32>
// CHECK-DAG: dfg.constant dense<7> : tensor<2x3xi32>
dfg.func @constants_of_another_shape() -> (tensor<2x2xi32>, tensor<2x3xi32>) {
  %c = dfg.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %seven = dfg.constant dense<7> : tensor<i32>
  %a = dfg.reshape %c to [2, 2] : (tensor<4xi32>) -> tensor<2x2xi32>
  %b = dfg.broadcast_to %seven to [2, 3] : (tensor<i32>) -> tensor<2x3xi32>
  dfg.return %a, %b : tensor<2x2xi32>, tensor<2x3xi32>
}

// CHECK-LABEL: dfg.func @nothing_to_do
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
// CHECK-NEXT: dfg.return %[[X]]
dfg.func @nothing_to_do(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %a = dfg.transpose %x {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %b = dfg.concat %a {axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %c = dfg.slice %b [0, 0] [2, 3] [1, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %d = dfg.broadcast_to %c to [2, 3] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  dfg.return %d : tensor<2x3xf32>
}

// CHECK-LABEL: dfg.func @update_of_everything
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[U:.*]]: tensor<4xf32>
// CHECK: dfg.return %[[U]]
dfg.func @update_of_everything(%x: tensor<4xf32>, %u: tensor<4xf32>) -> tensor<4xf32> {
  %y = dfg.update_slice %x, %u [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  dfg.return %y : tensor<4xf32>
}

// CHECK-LABEL: dfg.func @part_of_a_constant
// CHECK-DAG: dfg.constant dense<{{\[}}[3, 4], [5, 6]]> : tensor<2x2xi32>
// CHECK-DAG: dfg.constant dense<5> : tensor<1x1xi32>
// CHECK-DAG: dfg.constant dense<{{\[}}[6], [2]]> : tensor<2x1xi32>
// CHECK-NOT: dfg.slice
dfg.func @part_of_a_constant() -> (tensor<2x2xi32>, tensor<1x1xi32>, tensor<2x1xi32>) {
  %x = dfg.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>
  %rows = dfg.slice %x [1, 0] [2, 2] [1, 1] : (tensor<3x2xi32>) -> tensor<2x2xi32>
  %one = dfg.slice %x [2, 0] [1, 1] [1, 1] : (tensor<3x2xi32>) -> tensor<1x1xi32>
  %column = dfg.slice %x [2, 1] [2, 1] [-2, 1] : (tensor<3x2xi32>) -> tensor<2x1xi32>
  dfg.return %rows, %one, %column : tensor<2x2xi32>, tensor<1x1xi32>, tensor<2x1xi32>
}

// CHECK-LABEL: dfg.func @constants_in_another_order
// CHECK-DAG: dfg.constant dense<{{\[}}[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi8>
// CHECK-DAG: dfg.constant dense<{{\[}}[6, 5, 4], [3, 2, 1]]> : tensor<2x3xi8>
// CHECK-DAG: dfg.constant dense<7> : tensor<3x2xi8>
// CHECK-NOT: dfg.transpose
// CHECK-NOT: dfg.reverse
dfg.func @constants_in_another_order() -> (tensor<3x2xi8>, tensor<2x3xi8>, tensor<3x2xi8>) {
  %x = dfg.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>
  %same = dfg.constant dense<7> : tensor<2x3xi8>
  %a = dfg.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xi8>) -> tensor<3x2xi8>
  %b = dfg.reverse %x {axes = array<i64: 0, 1>} : (tensor<2x3xi8>) -> tensor<2x3xi8>
  %c = dfg.transpose %same {permutation = array<i64: 1, 0>} : (tensor<2x3xi8>) -> tensor<3x2xi8>
  dfg.return %a, %b, %c : tensor<3x2xi8>, tensor<2x3xi8>, tensor<3x2xi8>
}
