// Canonicalizations of structured control flow.
// RUN: tfc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: dfg.func @constant_condition
// CHECK-NEXT: %[[Y:.*]] = dfg.neg
// CHECK-NEXT: dfg.return %[[Y]]
dfg.func @constant_condition(%x: tensor<f32>) -> tensor<f32> {
  %c = dfg.constant dense<true> : tensor<i1>
  dfg.assert %c, "never printed" : tensor<i1>
  %y = dfg.if %c : tensor<i1> -> tensor<f32> {
    %a = dfg.neg %x : (tensor<f32>) -> tensor<f32>
    dfg.yield %a : tensor<f32>
  } else {
    dfg.yield %x : tensor<f32>
  }
  dfg.return %y : tensor<f32>
}

// CHECK-LABEL: dfg.func @constant_index
// CHECK-NEXT: %[[Y:.*]] = dfg.abs
// CHECK-NEXT: dfg.return %[[Y]]
dfg.func @constant_index(%x: tensor<f32>) -> tensor<f32> {
  %i = dfg.constant dense<-1> : tensor<i32>
  %y = dfg.case %i : tensor<i32> -> tensor<f32> {
    dfg.yield %x : tensor<f32>
  }, {
    %a = dfg.abs %x : (tensor<f32>) -> tensor<f32>
    dfg.yield %a : tensor<f32>
  }
  dfg.return %y : tensor<f32>
}

// A result that nobody uses, and one that is the same either way.
// CHECK-LABEL: dfg.func @branch_results
// CHECK: %[[Y:.*]] = dfg.if %{{.*}} : tensor<i1> -> tensor<f32> {
// CHECK: dfg.return %[[Y]], %arg1
dfg.func @branch_results(%c: tensor<i1>, %x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %y:3 = dfg.if %c : tensor<i1> -> tensor<f32>, tensor<f32>, tensor<f32> {
    %a = dfg.neg %x : (tensor<f32>) -> tensor<f32>
    dfg.yield %a, %a, %x : tensor<f32>, tensor<f32>, tensor<f32>
  } else {
    %a = dfg.abs %x : (tensor<f32>) -> tensor<f32>
    dfg.yield %x, %a, %x : tensor<f32>, tensor<f32>, tensor<f32>
  }
  dfg.return %y#1, %y#2 : tensor<f32>, tensor<f32>
}

// %same never changes, %dead only feeds itself.
// CHECK-LABEL: dfg.func @loop_variables
// CHECK: dfg.while(%arg0) : (tensor<f32>) -> tensor<f32> cond {
// CHECK: ^bb0(%[[V:.*]]: tensor<f32>):
// CHECK-NEXT: dfg.compare lt %[[V]], %arg1
// CHECK: } body {
// CHECK-NOT: dfg.neg
// CHECK: dfg.mul %{{.*}}, %arg1
dfg.func @loop_variables(%x: tensor<f32>, %s: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %r:3 = dfg.while (%x, %s, %x) : (tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>) cond {
  ^bb0(%v: tensor<f32>, %same: tensor<f32>, %dead: tensor<f32>):
    %c = dfg.compare lt %v, %same : (tensor<f32>, tensor<f32>) -> tensor<i1>
    dfg.yield %c : tensor<i1>
  } body {
  ^bb0(%v: tensor<f32>, %same: tensor<f32>, %dead: tensor<f32>):
    %n = dfg.mul %v, %same : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %d = dfg.neg %dead : (tensor<f32>) -> tensor<f32>
    %e = dfg.add %d, %v : (tensor<f32>, tensor<f32>) -> tensor<f32>
    dfg.yield %n, %same, %e : tensor<f32>, tensor<f32>, tensor<f32>
  }
  dfg.return %r#0, %r#1 : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: dfg.func @optionals
// CHECK: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: dfg.iota [%[[ONE]]]
// CHECK: dfg.return %arg0
dfg.func @optionals(%x: tensor<f32>) -> (tensor<f32>, tensor<?xi64>) {
  %o = dfg.optional_make %x : (tensor<f32>) -> !dfg.optional<tensor<f32>>
  %h = dfg.optional_has %o : (!dfg.optional<tensor<f32>>) -> index
  %i = dfg.iota [%h] axis(0) : tensor<?xi64>
  %y = dfg.optional_get %o : (!dfg.optional<tensor<f32>>) -> tensor<f32>
  dfg.return %y, %i : tensor<f32>, tensor<?xi64>
}
