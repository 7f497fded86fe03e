// Rows of tables that follow from constants.
// RUN: tfc-opt %s --dfg-gather-first | FileCheck %s

dfg.graph @g {
  // CHECK-LABEL: dfg.func @scaled_bytes
  // CHECK-SAME: (%[[I:[^:]+]]: tensor<?x?xi64>)
  // CHECK-DAG: %[[B:.*]] = dfg.gather %{{.*}}, %[[I]] {axis = 0 : i64} : (tensor<3x2xi8>, tensor<?x?xi64>) -> tensor<?x?x2xi8>
  // CHECK-DAG: %[[S:.*]] = dfg.gather %{{.*}}, %[[I]] {axis = 0 : i64} : (tensor<3x1xf32>, tensor<?x?xi64>) -> tensor<?x?x1xf32>
  // CHECK-DAG: %[[F:.*]] = dfg.cast %[[B]] : (tensor<?x?x2xi8>) -> tensor<?x?x2xf32>
  // CHECK: dfg.mul %[[F]], %[[S]] : (tensor<?x?x2xf32>, tensor<?x?x1xf32>) -> tensor<?x?x2xf32>
  dfg.func @scaled_bytes(%i: tensor<?x?xi64>) -> tensor<?x?x2xf32> {
    %b = dfg.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8>
    %s = dfg.constant dense<[[0.5], [0.25], [2.0]]> : tensor<3x1xf32>
    %f = dfg.cast %b : (tensor<3x2xi8>) -> tensor<3x2xf32>
    %t = dfg.mul %f, %s : (tensor<3x2xf32>, tensor<3x1xf32>) -> tensor<3x2xf32>
    %y = dfg.gather %t, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
    dfg.return %y : tensor<?x?x2xf32>
  }

  // What all rows share stays; what depends on inputs may be needed whole.
  // CHECK-LABEL: dfg.func @shared
  // CHECK: %[[R:.*]] = dfg.gather %{{.*}} : (tensor<3x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  // CHECK: dfg.add %[[R]], %{{.*}} : (tensor<2x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  // CHECK: dfg.exp %{{.*}} : (tensor<3x2xf32>)
  // CHECK: dfg.gather
  dfg.func @shared(%x: tensor<3x2xf32>, %i: tensor<2xi64>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
    %t = dfg.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
    %o = dfg.constant dense<[[7.0, 8.0]]> : tensor<1x2xf32>
    %s = dfg.add %t, %o : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x2xf32>
    %y = dfg.gather %s, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
    %e = dfg.exp %x : (tensor<3x2xf32>) -> tensor<3x2xf32>
    %z = dfg.gather %e, %i {axis = 0 : i64} : (tensor<3x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
    dfg.return %y, %z : tensor<2x2xf32>, tensor<2x2xf32>
  }
}
