// Temporaries of kernels: small ones on the stack, the others in one allocation.
// RUN: tfc-opt %s --tfc-place-kernel-temporaries | FileCheck %s

// CHECK-LABEL: func.func private @two_body
// CHECK-SAME: %[[FAULT:[a-z0-9]*]]: !llvm.ptr, %{{[a-z0-9]*}}: index, %{{[a-z0-9]*}}: index)
func.func private @two_body(%x: memref<?xf32>, %fault: !llvm.ptr, %begin: index, %end: index) {
  // CHECK-DAG: %[[SMALL:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16xf32>
  // The size of the loop's temporary is moved to the front, and follows from another's.
  // CHECK-DAG: %[[N:.*]] = memref.dim
  // CHECK-DAG: %[[TWICE:.*]] = arith.muli %[[N]], %{{.*}}
  // CHECK: %[[MEMORY:.*]] = rt.kernel_allocate %[[FAULT]], %{{.*}} : (!llvm.ptr, index) -> !llvm.ptr
  // CHECK: %[[GIVEN:.*]] = llvm.icmp "ne" %[[MEMORY]]
  // CHECK-NEXT: scf.if %[[GIVEN]] {
  // CHECK: linalg.fill ins(%{{.*}}) outs(%[[SMALL]]
  // CHECK: scf.for
  // CHECK-NOT: memref.alloc
  // CHECK: rt.kernel_free %[[FAULT]], %[[MEMORY]] : (!llvm.ptr, !llvm.ptr) -> ()
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %value = arith.constant 1.0 : f32
  %n = memref.dim %x, %zero : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  %small = memref.alloc() : memref<16xf32>
  linalg.fill ins(%value : f32) outs(%small : memref<16xf32>)
  linalg.fill ins(%value : f32) outs(%a : memref<?xf32>)
  scf.for %i = %begin to %end step %two {
    %m = memref.dim %a, %zero : memref<?xf32>
    %twice = arith.muli %m, %two : index
    %b = memref.alloc(%twice) : memref<?xf32>
    linalg.fill ins(%value : f32) outs(%b : memref<?xf32>)
  }
  return
}
