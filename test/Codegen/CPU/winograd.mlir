// Which convolutions run by Winograd's algorithm: none unless asked, and then those that gain by it.
// RUN: tfc-opt %s --tfc-select-roots=winograd | FileCheck %s
// RUN: tfc-opt %s --tfc-select-roots | FileCheck %s --check-prefix=DEFAULT --implicit-check-not=winograd
// DEFAULT-COUNT-6: kernel.conv

dfg.graph @g {
  // CHECK-LABEL: dfg.func @chosen
  // CHECK: %[[W:.*]] = dfg.constant {{.*}} : tensor<6x6x2x64x16xf32>
  // CHECK: kernel.conv %{{.*}}, %[[W]] {channels = 24 : i64{{.*}}winograd} : (tensor<1x28x26x64xf32>, tensor<6x6x2x64x16xf32>) -> tensor<1x27x27x24xf32>
  dfg.func @chosen(%x: tensor<1x64x28x26xf32>) -> tensor<1x24x27x27xf32> {
    %w = dfg.constant dense<1.0> : tensor<24x64x3x3xf32>
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 0, 1, 2>, dilations = array<i64: 1, 1>}
        : (tensor<1x64x28x26xf32>, tensor<24x64x3x3xf32>) -> tensor<1x24x27x27xf32>
    dfg.return %y : tensor<1x24x27x27xf32>
  }

  // Sizes may be unknown.
  // CHECK-LABEL: dfg.func @dynamic
  // CHECK: winograd
  dfg.func @dynamic(%x: tensor<?x16x?x?xf32>) -> tensor<?x16x?x?xf32> {
    %w = dfg.constant dense<1.0> : tensor<16x16x3x3xf32>
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
        : (tensor<?x16x?x?xf32>, tensor<16x16x3x3xf32>) -> tensor<?x16x?x?xf32>
    dfg.return %y : tensor<?x16x?x?xf32>
  }

  // Not with a stride.
  // CHECK-LABEL: dfg.func @stride
  // CHECK-NOT: winograd
  dfg.func @stride(%x: tensor<?x16x?x?xf32>) -> tensor<?x16x?x?xf32> {
    %w = dfg.constant dense<1.0> : tensor<16x16x3x3xf32>
    %y = dfg.conv %x, %w {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
        : (tensor<?x16x?x?xf32>, tensor<16x16x3x3xf32>) -> tensor<?x16x?x?xf32>
    dfg.return %y : tensor<?x16x?x?xf32>
  }

  // Few channels save less than the transforms cost; few pixels less than it takes to read the larger filters.
  // CHECK-LABEL: dfg.func @few
  // CHECK-NOT: winograd
  dfg.func @few(%x: tensor<1x8x32x32xf32>, %small: tensor<1x64x7x7xf32>) -> (tensor<1x16x30x30xf32>, tensor<1x16x7x7xf32>) {
    %w = dfg.constant dense<1.0> : tensor<16x8x3x3xf32>
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x8x32x32xf32>, tensor<16x8x3x3xf32>) -> tensor<1x16x30x30xf32>
    %v = dfg.constant dense<1.0> : tensor<16x64x3x3xf32>
    %z = dfg.conv %small, %v {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
        : (tensor<1x64x7x7xf32>, tensor<16x64x3x3xf32>) -> tensor<1x16x7x7xf32>
    dfg.return %y, %z : tensor<1x16x30x30xf32>, tensor<1x16x7x7xf32>
  }

  // Elements that transforms would round too much.
  // CHECK-LABEL: dfg.func @half
  // CHECK-NOT: winograd
  dfg.func @half(%x: tensor<1x16x32x32xf16>) -> tensor<1x16x30x30xf16> {
    %w = dfg.constant dense<1.0> : tensor<16x16x3x3xf16>
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x16x32x32xf16>, tensor<16x16x3x3xf16>) -> tensor<1x16x30x30xf16>
    dfg.return %y : tensor<1x16x30x30xf16>
  }
}
