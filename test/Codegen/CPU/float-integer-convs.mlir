// Convolutions of small integers run in floats that hold every sum.
// RUN: tfc-opt %s --tfc-float-integer-convs | FileCheck %s

// CHECK-LABEL: dfg.step @bytes
// CHECK-DAG: %[[X:.*]] = dfg.sub
// CHECK-DAG: %[[W:.*]] = dfg.constant dense_resource<{{.*}}> : tensor<1x2x1x2xf32>
// CHECK: %[[A:.*]] = dfg.cast %[[X]] : (tensor<1x2x4x4xi32>) -> tensor<1x2x4x4xf32>
// CHECK: %[[Y:.*]] = dfg.conv %[[A]], %[[W]] {{.*}} -> tensor<1x1x4x3xf32>
// CHECK: dfg.cast %[[Y]] : (tensor<1x1x4x3xf32>) -> tensor<1x1x4x3xi32>
dfg.graph @exact {
  dfg.step @bytes(%x: tensor<1x2x4x4xui8>, %z: tensor<ui8>) -> tensor<1x1x4x3xi32> {
    %w = dfg.constant dense<[[[[1, 200]], [[3, 4]]]]> : tensor<1x2x1x2xui8>
    %m = dfg.constant dense<128> : tensor<i32>
    %a = dfg.cast %x : (tensor<1x2x4x4xui8>) -> tensor<1x2x4x4xi32>
    %b = dfg.cast %z : (tensor<ui8>) -> tensor<i32>
    %c = dfg.sub %a, %b : (tensor<1x2x4x4xi32>, tensor<i32>) -> tensor<1x2x4x4xi32>
    %d = dfg.cast %w : (tensor<1x2x1x2xui8>) -> tensor<1x2x1x2xi32>
    %e = dfg.sub %d, %m : (tensor<1x2x1x2xi32>, tensor<i32>) -> tensor<1x2x1x2xi32>
    %y = dfg.conv %c, %e {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x4x4xi32>, tensor<1x2x1x2xi32>) -> tensor<1x1x4x3xi32>
    dfg.return %y : tensor<1x1x4x3xi32>
  }
}

// Sums past 2^24 take f64; numbers of unknown size stay integers.
// CHECK-LABEL: dfg.step @large
// CHECK: dfg.conv {{.*}} -> tensor<1x1x4x4xf64>
// CHECK: dfg.conv {{.*}} -> tensor<1x1x4x4xi32>
dfg.graph @bounds {
  dfg.step @large(%x: tensor<1x1x4x4xui8>, %u: tensor<1x1x4x4xi32>) -> (tensor<1x1x4x4xi32>, tensor<1x1x4x4xi32>) {
    %w = dfg.constant dense<100000> : tensor<1x1x1x1xi32>
    %a = dfg.cast %x : (tensor<1x1x4x4xui8>) -> tensor<1x1x4x4xi32>
    %y = dfg.conv %a, %w {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x4x4xi32>, tensor<1x1x1x1xi32>) -> tensor<1x1x4x4xi32>
    %z = dfg.conv %u, %w {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x4x4xi32>, tensor<1x1x1x1xi32>) -> tensor<1x1x4x4xi32>
    dfg.return %y, %z : tensor<1x1x4x4xi32>, tensor<1x1x4x4xi32>
  }
}
