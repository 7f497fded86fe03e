// Syntax of graphs, steps, functions and structured control flow.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK: dfg.graph @net {
dfg.graph @net {
  // CHECK: dfg.func @twice(%{{.*}}: tensor<?xf32>) -> tensor<?xf32> {
  dfg.func @twice(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.add %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }

  // CHECK: dfg.step @main(%[[X:.*]]: tensor<?xf32> {dfg.dims = ["n"], dfg.edge = "x:0"}, %[[C:.*]]: tensor<i1>, %[[I:.*]]: tensor<i32>) -> (tensor<?xf32> {dfg.edge = "y:0"}, tensor<i64>)
  dfg.step @main(%x: tensor<?xf32> {dfg.edge = "x:0", dfg.dims = ["n"]}, %c: tensor<i1>, %i: tensor<i32>)
      -> (tensor<?xf32> {dfg.edge = "y:0"}, tensor<i64>) {
    // CHECK: dfg.call @twice(%[[X]]) : (tensor<?xf32>) -> tensor<?xf32>
    %a = dfg.call @twice(%x) : (tensor<?xf32>) -> tensor<?xf32>
    // CHECK: dfg.if %[[C]] : tensor<i1> -> tensor<?xf32> {
    // CHECK: } else {
    %b = dfg.if %c : tensor<i1> -> tensor<?xf32> {
      dfg.yield %a : tensor<?xf32>
    } else {
      %two = dfg.constant dense<2.0> : tensor<3xf32>
      dfg.yield %two : tensor<3xf32>
    }
    // CHECK: dfg.case %[[I]] : tensor<i32> -> tensor<?xf32>, tensor<i64> {
    // CHECK: }, {
    %d:2 = dfg.case %i : tensor<i32> -> tensor<?xf32>, tensor<i64> {
      %zero = dfg.constant dense<0> : tensor<i64>
      dfg.yield %b, %zero : tensor<?xf32>, tensor<i64>
    }, {
      %one = dfg.constant dense<1> : tensor<i64>
      dfg.yield %x, %one : tensor<?xf32>, tensor<i64>
    }
    // CHECK: dfg.while(%{{.*}}, %{{.*}}) : (tensor<i64>, tensor<?xf32>) -> (tensor<i64>, tensor<?xf32>) cond {
    // CHECK: } body {
    %ten = dfg.constant dense<10> : tensor<i64>
    %r:2 = dfg.while (%d#1, %d#0) : (tensor<i64>, tensor<?xf32>) -> (tensor<i64>, tensor<?xf32>) cond {
    ^bb0(%k: tensor<i64>, %v: tensor<?xf32>):
      %less = dfg.compare lt %k, %ten : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %less : tensor<i1>
    } body {
    ^bb0(%k: tensor<i64>, %v: tensor<?xf32>):
      %next = dfg.add %k, %k : (tensor<i64>, tensor<i64>) -> tensor<i64>
      %longer = dfg.concat %v, %v {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %next, %longer : tensor<i64>, tensor<?xf32>
    }
    dfg.return %r#1, %r#0 : tensor<?xf32>, tensor<i64>
  }
}

// CHECK-LABEL: dfg.graph @tasks
dfg.graph @tasks {
  dfg.queue @q fifo capacity(1) : [tensor<f32>]
  dfg.step @main(%x: tensor<f32>) {
    // CHECK: dfg.tasks {
    // CHECK: dfg.dequeue @q
    // CHECK: }, {
    // CHECK: dfg.enqueue @q
    // CHECK: } {dependencies = array<i64: 0, 2>}
    dfg.tasks {
      %y = dfg.dequeue @q : tensor<f32>
      dfg.yield
    }, {
      dfg.enqueue @q, %x : tensor<f32>
      dfg.yield
    }, {
      dfg.yield
    } {dependencies = array<i64: 0, 2>}
    dfg.return
  }
  dfg.step @put() {
    dfg.return
  }
  // CHECK: dfg.queue_runner "q" enqueue [@put, @put] cancel @put closed [11]
  dfg.queue_runner "q" enqueue [@put, @put] cancel @put closed [11]
}
