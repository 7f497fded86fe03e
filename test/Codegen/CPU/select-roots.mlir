// Which ops get an emitter of their own, and in what form their weights reach it.
// RUN: tfc-opt %s --tfc-select-roots | FileCheck %s

dfg.graph @g {
  // Unsigned times signed bytes: words of four.
  // CHECK-LABEL: dfg.func @bytes
  // CHECK: kernel.matmul %{{.*}}, %{{.*}} {columns = 1 : i64} : (tensor<?x5xui8>, tensor<1x2x16xi32>) -> tensor<?x1xi32>
  // CHECK-NEXT: dfg.return
  dfg.func @bytes(%x: tensor<?x5xui8>) -> tensor<?x1xi32> {
    %w = dfg.constant dense<[[1], [-2], [3], [-4], [5]]> : tensor<5x1xi8>
    %y = dfg.matmul %x, %w : (tensor<?x5xui8>, tensor<5x1xi8>) -> tensor<?x1xi32>
    dfg.return %y : tensor<?x1xi32>
  }

  // Both sides signed: the left one is moved by 128, which the sums of columns make up for.
  // CHECK-LABEL: dfg.func @signed_bytes
  // CHECK: %[[U:.*]] = dfg.bitcast %{{.*}} : (tensor<?x4xi8>) -> tensor<?x4xui8>
  // CHECK: %[[M:.*]] = dfg.xor %[[U]], %{{.*}} : (tensor<?x4xui8>, tensor<ui8>) -> tensor<?x4xui8>
  // CHECK: %[[Y:.*]] = kernel.matmul %[[M]]
  // CHECK: dfg.add %[[Y]], %{{.*}} : (tensor<?x1xi32>, tensor<1xi32>) -> tensor<?x1xi32>
  dfg.func @signed_bytes(%x: tensor<?x4xi8>) -> tensor<?x1xi32> {
    %w = dfg.constant dense<[[1], [2], [3], [4]]> : tensor<4x1xi8>
    %y = dfg.matmul %x, %w : (tensor<?x4xi8>, tensor<4x1xi8>) -> tensor<?x1xi32>
    dfg.return %y : tensor<?x1xi32>
  }

  // Weights that are scaled bytes stay bytes; their scales come behind the product.
  // CHECK-LABEL: dfg.func @scaled_bytes
  // CHECK: %[[P:.*]] = kernel.matmul %{{.*}}, %{{.*}} {columns = 2 : i64} : (tensor<?x3xf32>, tensor<1x3x16xi8>) -> tensor<?x2xf32>
  // CHECK: dfg.mul %[[P]], %{{.*}} : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  dfg.func @scaled_bytes(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
    %b = dfg.constant dense<[[1, -2], [3, -4], [5, 6]]> : tensor<3x2xi8>
    %s = dfg.constant dense<[[0.5, 0.25]]> : tensor<1x2xf32>
    %f = dfg.cast %b : (tensor<3x2xi8>) -> tensor<3x2xf32>
    %w = dfg.mul %f, %s : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x2xf32>
    %y = dfg.matmul %x, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
    dfg.return %y : tensor<?x2xf32>
  }

  // What zero points ask for is known.
  // CHECK-LABEL: dfg.func @sums
  // CHECK: %[[S:.*]] = dfg.constant {{.*}} : tensor<1x2xi32>
  // CHECK: dfg.return %[[S]]
  dfg.func @sums() -> tensor<1x2xi32> {
    %b = dfg.constant dense<[[1, -2], [3, -4]]> : tensor<2x2xi8>
    %i = dfg.cast %b : (tensor<2x2xi8>) -> tensor<2x2xi32>
    %y = dfg.reduce sum %i {axes = array<i64: 0>, keep_dims} : (tensor<2x2xi32>) -> tensor<1x2xi32>
    dfg.return %y : tensor<1x2xi32>
  }

  // Equal names are equal extents: a product for each of the batch.
  // CHECK-LABEL: dfg.func @batches
  // CHECK: kernel.matmul {{.*}} : (tensor<?x?x8xf16>, tensor<?x8x4xf16>) -> tensor<?x?x4xf16>
  dfg.func @batches(%a: tensor<?x?x8xf16> {dfg.dims = ["n", "m", 8]}, %b: tensor<?x8x4xf16> {dfg.dims = ["n", 8, 4]}) -> tensor<?x?x4xf16> {
    %y = dfg.matmul %a, %b : (tensor<?x?x8xf16>, tensor<?x8x4xf16>) -> tensor<?x?x4xf16>
    dfg.return %y : tensor<?x?x4xf16>
  }

  // A transposed left side is a matter of strides, as the right side is.
  // CHECK-LABEL: dfg.func @gradient
  // CHECK: kernel.matmul %arg0, %arg1 {permutation_a = array<i64: 1, 0>} : (tensor<?x8xf32>, tensor<?x4xf32>) -> tensor<8x4xf32>
  dfg.func @gradient(%a: tensor<?x8xf32> {dfg.dims = ["n", 8]}, %b: tensor<?x4xf32> {dfg.dims = ["n", 4]}) -> tensor<8x4xf32> {
    %y = dfg.matmul %a, %b {transpose_a} : (tensor<?x8xf32>, tensor<?x4xf32>) -> tensor<8x4xf32>
    dfg.return %y : tensor<8x4xf32>
  }

  // Filters that are trained are packed by the step where they fill their panels.
  // CHECK-LABEL: dfg.func @trained
  // CHECK: dfg.reshape %arg1 to [2, 16, 8, 3, 3]
  // CHECK: %[[W:.*]] = dfg.transpose {{.*}}permutation = array<i64: 0, 3, 4, 2, 1>
  // CHECK: kernel.conv {{.*}} : (tensor<1x6x6x8xf32>, tensor<2x3x3x8x16xf32>) -> tensor<1x4x4x32xf32>
  // CHECK: dfg.conv
  dfg.func @trained(%x: tensor<1x8x6x6xf32>, %w: tensor<32x8x3x3xf32>, %odd: tensor<9x8x3x3xf32>)
      -> (tensor<1x32x4x4xf32>, tensor<1x9x4x4xf32>) {
    %y = dfg.conv %x, %w {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x8x6x6xf32>, tensor<32x8x3x3xf32>) -> tensor<1x32x4x4xf32>
    %z = dfg.conv %x, %odd {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x8x6x6xf32>, tensor<9x8x3x3xf32>) -> tensor<1x9x4x4xf32>
    dfg.return %y, %z : tensor<1x32x4x4xf32>, tensor<1x9x4x4xf32>
  }

  // The filters of one group after the other's.
  // CHECK-LABEL: dfg.func @groups
  // CHECK: kernel.conv {{.*}}groups = 2 : i64{{.*}} : (tensor<1x8x8xf64>, tensor<2x1x3x4x16xf64>) -> tensor<1x6x6xf64>
  dfg.func @groups(%x: tensor<1x8x8xf64>) -> tensor<1x6x6xf64> {
    %w = dfg.constant dense<1.0> : tensor<6x4x3xf64>
    %y = dfg.conv %x, %w {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, groups = 2 : i64}
        : (tensor<1x8x8xf64>, tensor<6x4x3xf64>) -> tensor<1x6x6xf64>
    dfg.return %y : tensor<1x6x6xf64>
  }

  // Channels last; of few channels, not at all.
  // CHECK-LABEL: dfg.func @pools
  // CHECK: kernel.pool {{.*}} : (tensor<1x4x4x16xf32>) -> tensor<1x2x2x16xf32>
  // CHECK: dfg.pool max
  dfg.func @pools(%x: tensor<1x16x4x4xf32>, %few: tensor<1x3x4x4xf32>) -> (tensor<1x16x2x2xf32>, tensor<1x3x2x2xf32>) {
    %y = dfg.pool max %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x16x4x4xf32>) -> tensor<1x16x2x2xf32>
    %z = dfg.pool max %few {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
        : (tensor<1x3x4x4xf32>) -> tensor<1x3x2x2xf32>
    dfg.return %y, %z : tensor<1x16x2x2xf32>, tensor<1x3x2x2xf32>
  }
}
