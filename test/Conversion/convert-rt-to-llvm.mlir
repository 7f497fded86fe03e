// Runtime ops become calls of the C ABI.
// RUN: tfc-opt %s --convert-rt-to-llvm | FileCheck %s

// CHECK-LABEL: func.func @step_entry
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[IN:.*]]: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
func.func @step_entry(%context: !llvm.ptr, %inputs: !llvm.ptr, %outputs: !llvm.ptr) -> i32 {
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> !llvm.ptr
  %x = rt.input_data %inputs {index = 0 : i64} : (!llvm.ptr) -> !llvm.ptr
  // CHECK: llvm.load %{{.*}} : !llvm.ptr -> i64
  %n = rt.input_dim %inputs {index = 0 : i64, dim = 0 : i64} : (!llvm.ptr) -> index
  // CHECK: %[[P:.*]] = llvm.call @tfc_scratch_allocate(%[[CONTEXT]], %{{.*}}) : (!llvm.ptr, i64) -> !llvm.ptr
  %p = rt.scratch_allocate %context, %n : (!llvm.ptr, index) -> !llvm.ptr
  // A null pointer leaves the step.
  // CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
  // CHECK: llvm.icmp "ne" %[[P]], %[[NULL]]
  // CHECK: cf.cond_br %{{.*}}, ^[[NEXT:.*]], ^{{.*}}
  // CHECK: ^[[NEXT]]:
  rt.check %p : (!llvm.ptr) -> ()
  // CHECK: llvm.call @tfc_output_bind(%[[CONTEXT]], %[[OUT]],
  %y = rt.output_bind %context, %outputs, %n {index = 0 : i64, dtype = 1 : i64} : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  // CHECK: llvm.call @tfc_scratch_free(%[[CONTEXT]], %[[P]])
  rt.scratch_free %context, %p : (!llvm.ptr, !llvm.ptr) -> ()
  %fault = rt.fault %context : (!llvm.ptr) -> i32
  return %fault : i32
}

// CHECK-LABEL: func.func @tasks_entry
func.func @tasks_entry(%context: !llvm.ptr, %inputs: !llvm.ptr, %outputs: !llvm.ptr) -> i32 {
  // CHECK: constant @tasks_task0 : (!llvm.ptr, !llvm.ptr) -> i32
  // CHECK: llvm.call @tfc_tasks_run(%arg0, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %arg1) : (!llvm.ptr, !llvm.ptr, i64, !llvm.ptr, i64, !llvm.ptr) -> i32
  %s = rt.run_tasks %context, %inputs {functions = [@tasks_task0, @tasks_task0], dependencies = array<i64: 0, 1>} : (!llvm.ptr, !llvm.ptr) -> i32
  return %s : i32
}
func.func @tasks_task0(%context: !llvm.ptr, %frame: !llvm.ptr) -> i32 {
  %fault = rt.fault %context : (!llvm.ptr) -> i32
  return %fault : i32
}
