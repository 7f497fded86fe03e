// References to lists: taken over by last uses, counted otherwise.
// RUN: tfc-opt %s --tfc-own-lists | FileCheck %s

dfg.graph @net {
  // An update that uses the list last has it; one before gets a reference of its own.
  // CHECK-LABEL: dfg.step @updates
  // CHECK: kernel.retain %[[L:.*]] : !dfg.list<tensor<f32>>
  // CHECK-NEXT: %[[A:.*]] = kernel.operation "tfc_operation_list_erase"(%[[L]])
  // CHECK-NEXT: %[[B:.*]] = kernel.operation "tfc_operation_list_erase"(%[[L]])
  // CHECK-NEXT: kernel.operation "tfc_operation_list_length"(%[[A]])
  // CHECK-NEXT: kernel.release %[[A]]
  // CHECK-NEXT: dfg.return %[[B]]
  dfg.step @updates(%l: !dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>> {
    %a = kernel.operation "tfc_operation_list_erase"(%l) {parameters = array<i64>, consumed = array<i64: 0>} : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>>
    %b = kernel.operation "tfc_operation_list_erase"(%l) {parameters = array<i64>, consumed = array<i64: 0>} : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>>
    %n = kernel.operation "tfc_operation_list_length"(%a) {parameters = array<i64>} : (!dfg.list<tensor<f32>>) -> index
    dfg.return %b : !dfg.list<tensor<f32>>
  }

  // Branches that use a list last each have it.
  // CHECK-LABEL: dfg.step @branches
  // CHECK: dfg.if
  // CHECK-NEXT: kernel.operation "tfc_operation_list_erase"
  // CHECK: } else {
  // CHECK: kernel.release
  // CHECK-NEXT: %{{.*}} = kernel.operation "tfc_operation_list_make"
  dfg.step @branches(%l: !dfg.list<tensor<f32>>, %c: tensor<i1>) -> !dfg.list<tensor<f32>> {
    %y = dfg.if %c : tensor<i1> -> !dfg.list<tensor<f32>> {
      %a = kernel.operation "tfc_operation_list_erase"(%l) {parameters = array<i64>, consumed = array<i64: 0>} : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>>
      dfg.yield %a : !dfg.list<tensor<f32>>
    } else {
      %b = kernel.operation "tfc_operation_list_make"() {parameters = array<i64>} : () -> !dfg.list<tensor<f32>>
      dfg.yield %b : !dfg.list<tensor<f32>>
    }
    dfg.return %y : !dfg.list<tensor<f32>>
  }

  // A loop takes its initial list over unless its body reads the same list.
  // CHECK-LABEL: dfg.step @loops
  // CHECK: kernel.retain %[[L:.*]] : !dfg.list<tensor<f32>>
  // CHECK-NEXT: dfg.while(%[[L]])
  // CHECK: } body {
  // CHECK: kernel.operation "tfc_operation_list_length"(%[[L]])
  // CHECK-NOT: kernel.retain
  // CHECK: dfg.yield
  // CHECK: kernel.release %[[L]]
  dfg.step @loops(%l: !dfg.list<tensor<f32>>, %c: tensor<i1>) -> !dfg.list<tensor<f32>> {
    %y = dfg.while (%l) : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>> cond {
    ^bb0(%v: !dfg.list<tensor<f32>>):
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%v: !dfg.list<tensor<f32>>):
      %n = kernel.operation "tfc_operation_list_length"(%l) {parameters = array<i64>} : (!dfg.list<tensor<f32>>) -> index
      %a = kernel.operation "tfc_operation_list_erase"(%v) {parameters = array<i64>, consumed = array<i64: 0>} : (!dfg.list<tensor<f32>>) -> !dfg.list<tensor<f32>>
      dfg.yield %a : !dfg.list<tensor<f32>>
    }
    dfg.return %y : !dfg.list<tensor<f32>>
  }
}
