// Tasks of a step, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so pass "x=f32(1, 2, 3)" -- pass "x=f32(4, 5)" | FileCheck %s --check-prefix=PASS
// RUN: not %python %S/Inputs/execute.py %t.so fail "x=f32(1)" 2>&1 | FileCheck %s --check-prefix=FAIL
// RUN: %python %S/Inputs/execute.py %t.so loops "x=f32(1)" | FileCheck %s --check-prefix=LOOPS

dfg.graph @net {
  dfg.queue @q fifo capacity(1) : [tensor<?xf32>]
  dfg.local @cell : !dfg.list<tensor<?xf32>>
  dfg.local @sum : !dfg.list<tensor<1xf32>>

  // What is dequeued comes from a task behind; both use a value from before.
  // PASS: y: float32[3] 3.0 6.0 9.0
  // PASS: y: float32[2] 12.0 15.0
  dfg.step @pass(%x: tensor<?xf32> {dfg.edge = "x"}) -> (tensor<?xf32> {dfg.edge = "y"}) {
    %zero = arith.constant 0 : index
    %twice = dfg.add %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    dfg.tasks {
      %taken = dfg.dequeue @q : tensor<?xf32>
      %more = dfg.add %taken, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      %l = dfg.list_make %more : (tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
      dfg.put @cell, %l : !dfg.list<tensor<?xf32>>
      dfg.yield
    }, {
      dfg.enqueue @q, %twice : tensor<?xf32>
      dfg.yield
    } {dependencies = array<i64>}
    %list = dfg.peek @cell : !dfg.list<tensor<?xf32>>
    %y = dfg.list_at %list, %zero : (!dfg.list<tensor<?xf32>>, index) -> tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }

  // FAIL: INVALID_ARGUMENT{{.*}}beside
  dfg.step @fail(%x: tensor<?xf32> {dfg.edge = "x"}) {
    %no = dfg.constant dense<false> : tensor<i1>
    dfg.tasks {
      %taken = dfg.dequeue @q : tensor<?xf32>
      dfg.yield
    }, {
      dfg.assert %no, "beside" : tensor<i1>
      dfg.yield
    } {dependencies = array<i64>}
    dfg.return
  }

  // Two loops, of which one makes what the other takes.
  // LOOPS: s: float32[1] 1023.0
  dfg.step @loops(%x: tensor<1xf32> {dfg.edge = "x"}) -> (tensor<1xf32> {dfg.edge = "s"}) {
    %zero = arith.constant 0 : index
    %i0 = dfg.constant dense<0> : tensor<i32>
    %one = dfg.constant dense<1> : tensor<i32>
    %ten = dfg.constant dense<10> : tensor<i32>
    dfg.tasks {
      %none = dfg.constant dense<0.0> : tensor<1xf32>
      %r:2 = dfg.while (%i0, %none) : (tensor<i32>, tensor<1xf32>) -> (tensor<i32>, tensor<1xf32>) cond {
      ^bb0(%i: tensor<i32>, %s: tensor<1xf32>):
        %c = dfg.compare lt %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
        dfg.yield %c : tensor<i1>
      } body {
      ^bb0(%i: tensor<i32>, %s: tensor<1xf32>):
        %taken = dfg.dequeue @q : tensor<1xf32>
        %more = dfg.add %s, %taken : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
        %next = dfg.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
        dfg.yield %next, %more : tensor<i32>, tensor<1xf32>
      }
      %l = dfg.list_make %r#1 : (tensor<1xf32>) -> !dfg.list<tensor<1xf32>>
      dfg.put @sum, %l : !dfg.list<tensor<1xf32>>
      dfg.yield
    }, {
      %r:2 = dfg.while (%i0, %x) : (tensor<i32>, tensor<1xf32>) -> (tensor<i32>, tensor<1xf32>) cond {
      ^bb0(%i: tensor<i32>, %v: tensor<1xf32>):
        %c = dfg.compare lt %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
        dfg.yield %c : tensor<i1>
      } body {
      ^bb0(%i: tensor<i32>, %v: tensor<1xf32>):
        dfg.enqueue @q, %v : tensor<1xf32>
        %twice = dfg.add %v, %v : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
        %next = dfg.add %i, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
        dfg.yield %next, %twice : tensor<i32>, tensor<1xf32>
      }
      dfg.yield
    } {dependencies = array<i64>}
    %list = dfg.peek @sum : !dfg.list<tensor<1xf32>>
    %s = dfg.list_at %list, %zero : (!dfg.list<tensor<1xf32>>, index) -> tensor<1xf32>
    dfg.return %s : tensor<1xf32>
  }
}
