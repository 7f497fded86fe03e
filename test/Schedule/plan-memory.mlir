// Destinations of a step get their places.
// RUN: tfc-opt %s --tfc-plan-memory | FileCheck %s

// A fetch is written where it is wanted. The first and the third value never live at the
// same time and share memory.
dfg.graph @chain {
  kernel.func @k(%x: tensor<16xf32>) -> tensor<16xf32> {
    %y = dfg.exp %x : (tensor<16xf32>) -> tensor<16xf32>
    kernel.return %y : tensor<16xf32>
  }
  // CHECK-LABEL: dfg.step @static
  // CHECK-SAME: kernel.arena_size = 128 : i64, kernel.live_bytes = 128 : i64
  // CHECK: kernel.empty[] {kernel.offset = [[A:0|64]] : i64}
  // CHECK: kernel.empty[] {kernel.offset = {{0|64}} : i64}
  // CHECK: kernel.empty[] {kernel.offset = [[A]] : i64}
  // CHECK: kernel.empty[] {kernel.output = 0 : i64}
  dfg.step @static(%x: tensor<16xf32>) -> tensor<16xf32> {
    %p = kernel.empty [] : tensor<16xf32>
    %a = kernel.dispatch @k ins(%x) outs(%p) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %q = kernel.empty [] : tensor<16xf32>
    %b = kernel.dispatch @k ins(%a) outs(%q) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %r = kernel.empty [] : tensor<16xf32>
    %c = kernel.dispatch @k ins(%b) outs(%r) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %s = kernel.empty [] : tensor<16xf32>
    %d = kernel.dispatch @k ins(%c) outs(%s) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    dfg.return %d : tensor<16xf32>
  }
}

// What a view shows lives as long as the view.
dfg.graph @views {
  kernel.func @k(%x: tensor<16xf32>) -> tensor<16xf32> {
    %y = dfg.exp %x : (tensor<16xf32>) -> tensor<16xf32>
    kernel.return %y : tensor<16xf32>
  }
  kernel.func @add(%x: tensor<4x4xf32>, %y: tensor<16xf32>) -> tensor<16xf32> {
    %z = dfg.exp %y : (tensor<16xf32>) -> tensor<16xf32>
    kernel.return %z : tensor<16xf32>
  }
  // CHECK-LABEL: dfg.step @alive
  // CHECK: kernel.empty[] {kernel.offset = [[A:[0-9]+]] : i64}
  // CHECK-NOT: kernel.offset = [[A]] : i64
  // CHECK: kernel.view
  dfg.step @alive(%x: tensor<16xf32>) -> tensor<16xf32> {
    %p = kernel.empty [] : tensor<16xf32>
    %a = kernel.dispatch @k ins(%x) outs(%p) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %v = kernel.view %a [] : tensor<16xf32> to tensor<4x4xf32>
    %q = kernel.empty [] : tensor<16xf32>
    %b = kernel.dispatch @k ins(%a) outs(%q) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %r = kernel.empty [] : tensor<16xf32>
    %c = kernel.dispatch @k ins(%b) outs(%r) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %s = kernel.empty [] : tensor<16xf32>
    %d = kernel.dispatch @add ins(%v, %c) outs(%s)
        : (tensor<4x4xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    dfg.return %d : tensor<16xf32>
  }
}

// Sizes that follow from inputs get a slot; sizes that only data tells come from scratch,
// which is given back.
dfg.graph @dynamic {
  kernel.func @k(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
  // CHECK-LABEL: dfg.step @sizes
  // CHECK: kernel.empty[%{{.*}}] {kernel.slot = 0 : i64}
  // CHECK: kernel.item
  // CHECK: kernel.empty[%{{.*}}] : tensor<?xf32>
  // CHECK: kernel.release
  dfg.step @sizes(%x: tensor<?xf32>, %n: tensor<i64>) -> tensor<?xf32> {
    %zero = arith.constant 0 : index
    %dim = tensor.dim %x, %zero : tensor<?xf32>
    %p = kernel.empty [%dim] : tensor<?xf32>
    %a = kernel.dispatch @k ins(%x) outs(%p) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %count = kernel.item %n [] : tensor<i64>
    %q = kernel.empty [%count] : tensor<?xf32>
    %b = kernel.dispatch @k ins(%a) outs(%q) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %r = kernel.empty [%dim] : tensor<?xf32>
    %c = kernel.dispatch @k ins(%b) outs(%r) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    dfg.return %c : tensor<?xf32>
  }
}

// A loop keeps two buffers of a variable whose size stays: its next value is written there.
dfg.graph @variables {
  kernel.func @k(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
  // CHECK-LABEL: dfg.step @variables
  // CHECK: } body {
  // CHECK: kernel.empty[%{{.*}}] {kernel.variable = 0 : i64}
  dfg.step @variables(%x: tensor<?xf32>, %c: tensor<i1>) -> tensor<?xf32> {
    %r = dfg.while (%x) : (tensor<?xf32>) -> tensor<?xf32> cond {
    ^bb0(%v: tensor<?xf32>):
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%v: tensor<?xf32>):
      %zero = arith.constant 0 : index
      %n = tensor.dim %x, %zero : tensor<?xf32>
      %d = kernel.empty [%n] : tensor<?xf32>
      %w = kernel.dispatch @k ins(%v) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %w : tensor<?xf32>
    }
    dfg.return %r : tensor<?xf32>
  }
}

// Tasks take turns, so what different ones take is apart; within a task memory is used again.
dfg.graph @tasks {
  kernel.func @k(%x: tensor<16xf32>) -> tensor<16xf32> {
    %y = dfg.exp %x : (tensor<16xf32>) -> tensor<16xf32>
    kernel.return %y : tensor<16xf32>
  }
  // CHECK-LABEL: dfg.step @tasks
  // CHECK-SAME: kernel.arena_size = 192 : i64
  // CHECK: dfg.tasks {
  // CHECK: kernel.empty[] {kernel.offset = [[A:[0-9]+]] : i64}
  // CHECK: kernel.empty[] {kernel.offset = {{[0-9]+}} : i64}
  // CHECK: kernel.empty[] {kernel.offset = [[A]] : i64}
  // CHECK: }, {
  // CHECK-NOT: kernel.offset = [[A]] : i64
  // CHECK: dfg.yield
  dfg.step @tasks(%x: tensor<16xf32>) {
    dfg.tasks {
      %p = kernel.empty [] : tensor<16xf32>
      %a = kernel.dispatch @k ins(%x) outs(%p) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
      %q = kernel.empty [] : tensor<16xf32>
      %b = kernel.dispatch @k ins(%a) outs(%q) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
      %r = kernel.empty [] : tensor<16xf32>
      %c = kernel.dispatch @k ins(%b) outs(%r) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
      dfg.yield
    }, {
      %p = kernel.empty [] : tensor<16xf32>
      %a = kernel.dispatch @k ins(%x) outs(%p) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
      dfg.yield
    } {dependencies = array<i64>}
    dfg.return
  }
}
