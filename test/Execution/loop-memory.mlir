// A loop takes memory for its values, not for its iterations: what one iteration allocates,
// of sizes that differ each time, and lists that it makes and drops.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/loop_memory.py %t.so | FileCheck %s
// CHECK: 100000 iterations take no more memory than 1000

dfg.graph @net {
  dfg.step @main(%n: tensor<i64> {dfg.edge = "n"}, %x: tensor<?xf32> {dfg.edge = "x"}) -> (tensor<?xf32> {dfg.edge = "y"}) {
    %zero = dfg.constant dense<0> : tensor<i64>
    %one = dfg.constant dense<1> : tensor<i64>
    %first = arith.constant 0 : index
    %r:2 = dfg.while (%zero, %x) : (tensor<i64>, tensor<?xf32>) -> (tensor<i64>, tensor<?xf32>) cond {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>):
      %c = dfg.compare lt %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>):
      %next = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      %l = dfg.list_make %v, %x : (tensor<?xf32>, tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
      %m = dfg.list_insert %l, %x, %first : (!dfg.list<tensor<?xf32>>, tensor<?xf32>, index) -> !dfg.list<tensor<?xf32>>
      %w = dfg.list_concat %m {axis = 0 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?xf32>
      %g = dfg.list_make %w : (tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
      %k = dfg.list_insert %g, %v, %first : (!dfg.list<tensor<?xf32>>, tensor<?xf32>, index) -> !dfg.list<tensor<?xf32>>
      %u = dfg.list_at %k, %first : (!dfg.list<tensor<?xf32>>, index) -> tensor<?xf32>
      dfg.yield %next, %u : tensor<i64>, tensor<?xf32>
    }
    dfg.return %r#1 : tensor<?xf32>
  }
}
