// New values of variables are written into the variables where nothing else needs the old ones.
// RUN: tfc-opt %s --tfc-form-dispatches --tfc-update-variables | FileCheck %s

// Momentum: both variables.
dfg.graph @optimizer {
  dfg.variable @w "w" : tensor<4x8xf32>
  dfg.variable @m "m" : tensor<4x8xf32>
  // CHECK-LABEL: dfg.step @momentum
  // CHECK: %[[W:.*]] = kernel.operation "tfc_operation_variable_update"() {parameters = array<i64: 0>}
  // CHECK: %[[M:.*]] = kernel.operation "tfc_operation_variable_update"() {parameters = array<i64: 1>}
  // CHECK: %[[MV:.*]] = kernel.view %[[M]]
  // CHECK: %[[N:.*]] = kernel.dispatch @[[ADD:.*_in_place]] ins(%[[MV]], {{.*}} outs(%[[MV]])
  // CHECK: %[[WV:.*]] = kernel.view %[[W]]
  // CHECK: kernel.dispatch @[[SUB:.*_in_place]] ins({{.*}} outs(%[[WV]])
  // CHECK-NOT: variable_assign
  // CHECK: dfg.return
  dfg.step @momentum(%g: tensor<4x8xf32>) {
    %rate = dfg.constant dense<0.9> : tensor<f32>
    dfg.acquire @w
    dfg.acquire @m
    %w = dfg.read @w : tensor<4x8xf32>
    %m = dfg.read @m : tensor<4x8xf32>
    %s = dfg.mul %m, %rate : (tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32>
    %n = dfg.add %s, %g : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    %v = dfg.sub %w, %n : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    dfg.assign @w, %v : tensor<4x8xf32>
    dfg.assign @m, %n : tensor<4x8xf32>
    dfg.release @m
    dfg.release @w
    dfg.return
  }
  // CHECK-DAG: kernel.func @[[ADD]](%{{.*}}: tensor<32xf32> {kernel.destination}
  // CHECK-DAG: kernel.func @[[SUB]](
}

// Not where the old value is read once more, where elements change places, or where the step
// has not acquired the variable.
dfg.graph @kept {
  dfg.variable @w "w" : tensor<4x4xf32>
  // CHECK-LABEL: dfg.step @fetches
  // CHECK-NOT: variable_update
  // CHECK: variable_assign
  dfg.step @fetches(%g: tensor<4x4xf32>) -> tensor<4x4xf32> {
    dfg.acquire @w
    %w = dfg.read @w : tensor<4x4xf32>
    %v = dfg.add %w, %g : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    dfg.assign @w, %v : tensor<4x4xf32>
    dfg.release @w
    dfg.return %w : tensor<4x4xf32>
  }
  // CHECK-LABEL: dfg.step @turns
  // CHECK-NOT: variable_update
  // CHECK: variable_assign
  dfg.step @turns() {
    dfg.acquire @w
    %w = dfg.read @w : tensor<4x4xf32>
    %v = dfg.transpose %w {permutation = array<i64: 1, 0>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
    dfg.assign @w, %v : tensor<4x4xf32>
    dfg.release @w
    dfg.return
  }
  // CHECK-LABEL: dfg.step @unlocked
  // CHECK-NOT: variable_update
  // CHECK: variable_assign
  dfg.step @unlocked(%g: tensor<4x4xf32>) {
    %w = dfg.read @w : tensor<4x4xf32>
    %v = dfg.add %w, %g : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    dfg.assign @w, %v : tensor<4x4xf32>
    dfg.return
  }
}
