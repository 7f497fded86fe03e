// Updates of part of a tensor write the tensor itself where nothing reads it afterwards.
// RUN: tfc-opt %s --tfc-form-dispatches --tfc-update-in-place | FileCheck %s

// A loop that collects one row in each iteration: its variable is written in place.
dfg.graph @collects {
  // CHECK-LABEL: dfg.step @rows
  // CHECK: ^bb0(%{{.*}}: tensor<i64>, %[[ROWS:.*]]: tensor<4x8xf32>):
  // CHECK: dfg.yield
  // CHECK: ^bb0(%{{.*}}: tensor<i64>, %[[ROWS:.*]]: tensor<4x8xf32>):
  // CHECK: kernel.dispatch @[[UPDATE:.*_in_place]] ins(%[[ROWS]], {{.*}} outs(%[[ROWS]])
  dfg.step @rows(%x: tensor<1x8xf32>, %c: tensor<i1>) -> tensor<4x8xf32> {
    %first = dfg.constant dense<0> : tensor<i64>
    %one = dfg.constant dense<1> : tensor<i64>
    %none = dfg.constant dense<0.0> : tensor<4x8xf32>
    %i, %r = dfg.while (%first, %none) : (tensor<i64>, tensor<4x8xf32>) -> (tensor<i64>, tensor<4x8xf32>) cond {
    ^bb0(%i: tensor<i64>, %rows: tensor<4x8xf32>):
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>, %rows: tensor<4x8xf32>):
      %n = dfg.item %i[] : tensor<i64>
      %next = dfg.update_slice %rows, %x [%n, 0] : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
      %j = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      dfg.yield %j, %next : tensor<i64>, tensor<4x8xf32>
    }
    dfg.return %r : tensor<4x8xf32>
  }
  // CHECK: kernel.func @[[UPDATE]](%{{.*}}: tensor<4x8xf32> {kernel.destination}
  // CHECK-NOT: kernel.func @update_slice_{{[0-9]+}}(
}

// A result of the step itself: twice in place, but not where the tensor is read once more.
dfg.graph @chains {
  // CHECK-LABEL: dfg.step @twice
  // CHECK: %[[X:.*]] = kernel.dispatch @exp
  // CHECK: %[[E:.*]] = kernel.view %[[X]]
  // CHECK: %[[A:.*]] = kernel.dispatch @{{.*}}_in_place ins(%[[E]], %{{.*}} outs(%[[E]])
  // CHECK: %[[B:.*]] = kernel.dispatch @{{.*}}_in_place ins(%[[A]], %{{.*}} outs(%[[A]])
  // CHECK: %[[F:.*]] = kernel.empty
  // CHECK: kernel.dispatch @{{update_slice_[0-9]+}} ins(%[[B]], %{{.*}} outs(%[[F]])
  dfg.step @twice(%x: tensor<4x8xf32>, %u: tensor<1x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
    %e = dfg.exp %x : (tensor<4x8xf32>) -> tensor<4x8xf32>
    %a = dfg.update_slice %e, %u [1, 0] : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
    %b = dfg.update_slice %a, %u [2, 0] : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
    %c = dfg.update_slice %b, %u [3, 0] : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
    dfg.return %b, %c : tensor<4x8xf32>, tensor<4x8xf32>
  }
}

// What the caller gave is not written.
dfg.graph @inputs {
  // CHECK-LABEL: dfg.step @given
  // CHECK: %[[D:.*]] = kernel.empty
  // CHECK: kernel.dispatch @{{update_slice_[0-9]+}} ins({{.*}} outs(%[[D]])
  dfg.step @given(%x: tensor<4x8xf32>, %u: tensor<1x8xf32>) -> tensor<4x8xf32> {
    %a = dfg.update_slice %x, %u [1, 0] : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<4x8xf32>
    dfg.return %a : tensor<4x8xf32>
  }
}
