// Syntax of the rt dialect: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: func.func @entry
func.func @entry(%context: !llvm.ptr, %inputs: !llvm.ptr, %outputs: !llvm.ptr, %bytes: index, %ok: i1) -> i32 {
  // CHECK: rt.input_data %{{.*}} {index = 0 : i64} : (!llvm.ptr) -> !llvm.ptr
  %x = rt.input_data %inputs {index = 0 : i64} : (!llvm.ptr) -> !llvm.ptr
  // CHECK: rt.input_dim %{{.*}} {dim = 1 : i64, index = 0 : i64} : (!llvm.ptr) -> index
  %n = rt.input_dim %inputs {index = 0 : i64, dim = 1 : i64} : (!llvm.ptr) -> index
  // CHECK: rt.arena_reserve %{{.*}}, %{{.*}} : (!llvm.ptr, index) -> !llvm.ptr
  %arena = rt.arena_reserve %context, %bytes : (!llvm.ptr, index) -> !llvm.ptr
  // CHECK: rt.scratch_allocate %{{.*}}, %{{.*}} : (!llvm.ptr, index) -> !llvm.ptr
  %scratch = rt.scratch_allocate %context, %bytes : (!llvm.ptr, index) -> !llvm.ptr
  // CHECK: rt.check %{{.*}} : (!llvm.ptr) -> ()
  rt.check %scratch : (!llvm.ptr) -> ()
  // CHECK: rt.output_bind %{{.*}}, %{{.*}}, %{{.*}} {dtype = 1 : i64, index = 0 : i64} : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  %y = rt.output_bind %context, %outputs, %n {index = 0 : i64, dtype = 1 : i64}
      : (!llvm.ptr, !llvm.ptr, index) -> !llvm.ptr
  // CHECK: rt.run_kernel @relu_0 %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {grain = 1024 : i64} : (!llvm.ptr, index, !llvm.ptr, !llvm.ptr, index) -> ()
  rt.run_kernel @relu_0 %context, %n, %x, %y, %n {grain = 1024 : i64}
      : (!llvm.ptr, index, !llvm.ptr, !llvm.ptr, index) -> ()
  // CHECK: rt.operation "tfc_operation_top_k" %{{.*}}, %{{.*}}, %{{.*}} {input_count = 1 : i64, output_count = 2 : i64, parameters = array<i64: 0, 1, 1>} : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  %status = rt.operation "tfc_operation_top_k" %context, %inputs, %outputs
      {input_count = 1 : i64, output_count = 2 : i64, parameters = array<i64: 0, 1, 1>}
      : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
  // CHECK: rt.assert %{{.*}}, %{{.*}} {code = 3 : i64, message = "no", node = "Reshape_7"} : (!llvm.ptr, i1) -> ()
  rt.assert %context, %ok {code = 3 : i64, node = "Reshape_7", message = "no"} : (!llvm.ptr, i1) -> ()
  // CHECK: rt.scratch_free %{{.*}}, %{{.*}} : (!llvm.ptr, !llvm.ptr) -> ()
  rt.scratch_free %context, %scratch : (!llvm.ptr, !llvm.ptr) -> ()
  // CHECK: rt.kernel_allocate %{{.*}}, %{{.*}} : (!llvm.ptr, index) -> !llvm.ptr
  %temporary = rt.kernel_allocate %scratch, %bytes : (!llvm.ptr, index) -> !llvm.ptr
  // CHECK: rt.kernel_free %{{.*}}, %{{.*}} : (!llvm.ptr, !llvm.ptr) -> ()
  rt.kernel_free %scratch, %temporary : (!llvm.ptr, !llvm.ptr) -> ()
  // CHECK: rt.fault %{{.*}} : (!llvm.ptr) -> i32
  %fault = rt.fault %context : (!llvm.ptr) -> i32
  return %fault : i32
}
