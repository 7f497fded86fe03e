// Groups of ops become kernels and their dispatches.
// RUN: tfc-opt %s --tfc-form-dispatches | FileCheck %s

// A chain is one kernel; a constant that is one number stands inside, another is passed.
// Sizes are spelled out in the step.
dfg.graph @fuses {
  // CHECK-LABEL: dfg.step @main
  // CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32> {
  // CHECK: %[[W:.*]] = dfg.constant
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %c0
  // CHECK: %[[D:.*]] = kernel.empty[%[[N]]] : tensor<?x4xf32>
  // CHECK: %[[Y:.*]] = kernel.dispatch @mul_0 ins(%[[X]], %[[W]]) outs(%[[D]])
  // CHECK-NOT: kernel.dispatch
  // CHECK: dfg.return %[[Y]]
  dfg.step @main(%x: tensor<?x4xf32> {dfg.edge = "x"}) -> (tensor<?x4xf32> {dfg.edge = "y"}) {
    %one = dfg.constant dense<1.0> : tensor<f32>
    %w = dfg.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
    %a = dfg.exp %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %b = dfg.add %a, %one : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
    %y = dfg.mul %b, %w : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
    dfg.return %y : tensor<?x4xf32>
  }
  // CHECK: kernel.func @mul_0(%{{.*}}: tensor<?x4xf32> {{.*}}, %{{.*}}: tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.constant
  // CHECK: dfg.exp
  // CHECK: dfg.add
  // CHECK: dfg.mul
  // CHECK: kernel.return
}

// What two ops read is computed once, by a kernel of its own; equal groups share one.
dfg.graph @shares {
  // CHECK-LABEL: dfg.step @twice
  // CHECK: kernel.dispatch @[[EXP:exp_[0-9]+]]
  // CHECK: kernel.dispatch @[[NEG:neg_[0-9]+]]
  // CHECK: kernel.dispatch @[[NEG]]
  dfg.step @twice(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
    %a = dfg.exp %x : (tensor<8xf32>) -> tensor<8xf32>
    %b = dfg.neg %a : (tensor<8xf32>) -> tensor<8xf32>
    %c = dfg.neg %y : (tensor<8xf32>) -> tensor<8xf32>
    dfg.return %a, %b, %c : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  }
  // CHECK-COUNT-2: kernel.func
  // CHECK-NOT: kernel.func
}

// A producer of other extents is not computed again for each element that reads it.
dfg.graph @broadcasts {
  // CHECK-LABEL: dfg.step @rows
  // CHECK: kernel.dispatch @exp
  // CHECK: kernel.dispatch @add
  dfg.step @rows(%x: tensor<8x4xf32>, %y: tensor<4xf32>) -> tensor<8x4xf32> {
    %e = dfg.exp %y : (tensor<4xf32>) -> tensor<4xf32>
    %z = dfg.add %x, %e : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
    dfg.return %z : tensor<8x4xf32>
  }
}

// Reshapes are views, checked where the numbers of elements may differ; sizes are read
// and written by the step itself.
dfg.graph @sizes {
  // CHECK-LABEL: dfg.step @views
  // CHECK: %[[N:.*]] = kernel.item %{{.*}} [0] : tensor<2xi64>
  // CHECK: %[[M:.*]] = tensor.dim
  // CHECK: kernel.view %{{.*}}[%{{.*}}] : tensor<?x4xf32> to tensor<?x2x2xf32>
  // CHECK: kernel.view %{{.*}}[%[[N]]] {checked} : tensor<?x4xf32> to tensor<?xf32>
  // CHECK: %[[S:.*]] = kernel.index_tensor %{{.*}} into %{{.*}} : tensor<2xi64>
  // CHECK-NOT: kernel.dispatch
  dfg.step @views(%x: tensor<?x4xf32>, %sizes: tensor<2xi64>) -> (tensor<?x2x2xf32>, tensor<?xf32>, tensor<2xi64>) {
    %n = dfg.item %sizes[0] : tensor<2xi64>
    %zero = arith.constant 0 : index
    %m = tensor.dim %x, %zero : tensor<?x4xf32>
    %a = dfg.reshape %x to [%m, 2, 2] : (tensor<?x4xf32>) -> tensor<?x2x2xf32>
    %b = dfg.reshape %x to [%n] : (tensor<?x4xf32>) -> tensor<?xf32>
    %s = dfg.index_tensor [%n, 7] : tensor<2xi64>
    dfg.return %a, %b, %s : tensor<?x2x2xf32>, tensor<?xf32>, tensor<2xi64>
  }
}

// A slice whose elements lie one after the other is a view; one that leaves gaps is not.
dfg.graph @slices {
  // CHECK-LABEL: dfg.step @parts
  // CHECK: %[[O:.*]] = arith.muli %{{.*}}, %c6
  // CHECK: kernel.view %{{.*}}[] from %[[O]] : tensor<4x6xf32> to tensor<1x6xf32>
  // CHECK: %[[S:.*]] = arith.constant 8 : index
  // CHECK: kernel.view %{{.*}}[] from %[[S]] : tensor<4x6xf32> to tensor<1x3xf32>
  // CHECK: kernel.dispatch @slice
  dfg.step @parts(%x: tensor<4x6xf32>, %i: tensor<i64>) -> (tensor<1x6xf32>, tensor<1x3xf32>, tensor<2x3xf32>) {
    %n = dfg.item %i[] : tensor<i64>
    %a = dfg.slice %x [%n, 0] [1, 6] [1, 1] : (tensor<4x6xf32>) -> tensor<1x6xf32>
    %b = dfg.slice %x [1, 2] [1, 3] [1, 1] : (tensor<4x6xf32>) -> tensor<1x3xf32>
    %c = dfg.slice %x [1, 2] [2, 3] [1, 1] : (tensor<4x6xf32>) -> tensor<2x3xf32>
    dfg.return %a, %b, %c : tensor<1x6xf32>, tensor<1x3xf32>, tensor<2x3xf32>
  }
}

// Branches form dispatches of their own.
dfg.graph @branches {
  // CHECK-LABEL: dfg.step @choose
  // CHECK: dfg.if
  // CHECK: kernel.dispatch @exp
  // CHECK: dfg.yield
  // CHECK: } else {
  // CHECK: kernel.dispatch @neg
  // CHECK: dfg.yield
  dfg.step @choose(%c: tensor<i1>, %x: tensor<8xf32>) -> tensor<8xf32> {
    %y = dfg.if %c : tensor<i1> -> tensor<8xf32> {
      %e = dfg.exp %x : (tensor<8xf32>) -> tensor<8xf32>
      dfg.yield %e : tensor<8xf32>
    } else {
      %n = dfg.neg %x : (tensor<8xf32>) -> tensor<8xf32>
      dfg.yield %n : tensor<8xf32>
    }
    dfg.return %y : tensor<8xf32>
  }
}

// What follows from a splat alone is one number in a kernel on vectors of elements; an
// emitter reads it from memory.
dfg.graph @uniform {
  // CHECK-LABEL: dfg.step @splats
  // CHECK-DAG: dfg.constant dense<2.000000e+00>
  // CHECK-DAG: kernel.dispatch @mul
  // CHECK-DAG: kernel.dispatch @matmul
  dfg.step @splats(%x: tensor<2x4xf16>, %y: tensor<4x3xf32>) -> (tensor<2x4xf16>, tensor<2x3xf32>) {
    %two = dfg.constant dense<2.0> : tensor<2x4xf32>
    %half = dfg.cast %two : (tensor<2x4xf32>) -> tensor<2x4xf16>
    %a = dfg.mul %x, %half : (tensor<2x4xf16>, tensor<2x4xf16>) -> tensor<2x4xf16>
    %b = kernel.matmul %two, %y : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
    dfg.return %a, %b : tensor<2x4xf16>, tensor<2x3xf32>
  }
  // CHECK-DAG: dfg.cast %{{.*}} : (tensor<f32>) -> tensor<f16>
  // CHECK-DAG: dfg.mul %{{.*}} : (tensor<8xf16>, tensor<f16>) -> tensor<8xf16>
}

// What a root reads from memory is not computed in its kernel, even if nothing outside needs it.
dfg.graph @residual {
  // CHECK-LABEL: dfg.step @block
  // CHECK: kernel.dispatch @max
  // CHECK: kernel.dispatch @conv
  dfg.step @block(%x: tensor<1x4x4x16xf32>, %w: tensor<1x3x3x16x16xf32>) -> tensor<1x4x4x16xf32> {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %h = dfg.max %x, %zero : (tensor<1x4x4x16xf32>, tensor<f32>) -> tensor<1x4x4x16xf32>
    %c = kernel.conv %h, %w {channels = 16 : i64, strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
        : (tensor<1x4x4x16xf32>, tensor<1x3x3x16x16xf32>) -> tensor<1x4x4x16xf32>
    %y = dfg.add %c, %h : (tensor<1x4x4x16xf32>, tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32>
    dfg.return %y : tensor<1x4x4x16xf32>
  }
}

// Sizes that no iteration changes are those of what came in.
// CHECK-LABEL: dfg.step @invariant
// CHECK: } body {
// CHECK: tensor.dim %arg0
// CHECK: kernel.empty
dfg.graph @loops {
  dfg.step @invariant(%x: tensor<?xf32>, %c: tensor<i1>) -> tensor<?xf32> {
    %r = dfg.while (%x) : (tensor<?xf32>) -> tensor<?xf32> cond {
    ^bb0(%v: tensor<?xf32>):
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%v: tensor<?xf32>):
      %w = dfg.neg %v : (tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %w : tensor<?xf32>
    }
    dfg.return %r : tensor<?xf32>
  }
}

// Parts of tensors that only a pointwise group reads are read by its kernel, and sizes of
// parts of a tensor in a list are known: a cell of a recurrent network is two kernels.
dfg.graph @gates {
  // CHECK-LABEL: dfg.step @cell
  // CHECK: %[[X:.*]] = kernel.operation "tfc_operation_list_at"
  // CHECK: %[[Z:.*]] = kernel.dispatch @matmul_{{[0-9]+}} ins(%[[X]]
  // CHECK: kernel.dispatch @add_{{[0-9]+}} ins({{.*}}%[[Z]]
  // CHECK-NOT: kernel.dispatch
  // CHECK: dfg.return
  dfg.step @cell(%xs: tensor<?x?x8xf32> {dfg.dims = ["T", "B", 8]}, %c: tensor<?x4xf32> {dfg.dims = ["B", 4]},
                 %w: tensor<8x8xf32>, %i: tensor<i64>) -> tensor<?x4xf32> {
    %zero = arith.constant 0 : index
    %l = dfg.list_split %xs {axis = 0 : i64} : (tensor<?x?x8xf32>) -> !dfg.list<tensor<?x8xf32>>
    %n = dfg.item %i[] : tensor<i64>
    %x = dfg.list_at %l, %n : (!dfg.list<tensor<?x8xf32>>, index) -> tensor<?x8xf32>
    %z = kernel.matmul %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
    %rows = tensor.dim %z, %zero : tensor<?x8xf32>
    %a = dfg.slice %z [0, 0] [%rows, 4] [1, 1] : (tensor<?x8xf32>) -> tensor<?x4xf32>
    %b = dfg.slice %z [0, 4] [%rows, 4] [1, 1] : (tensor<?x8xf32>) -> tensor<?x4xf32>
    %e = dfg.tanh %a : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %f = dfg.mul %e, %b : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %g = dfg.add %f, %c : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    dfg.return %g : tensor<?x4xf32>
  }
}
