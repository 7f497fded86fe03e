// Kernels on tensors become functions on memory.
// RUN: tfc-opt %s --convert-kernel-to-func | FileCheck %s

// One pointer per tensor, then the dynamic extents of each, then the address of the fault word and the range of work units.
// CHECK: func.func private @copy_body(%[[X:.*]]: !llvm.ptr {llvm.noalias}, %[[Y:.*]]: !llvm.ptr {llvm.noalias}, %{{.*}}: index, %{{.*}}: index, %{{.*}}: !llvm.ptr, %{{.*}}: index, %{{.*}}: index)
// CHECK: %[[FROM:.*]] = bufferization.to_tensor %{{.*}} restrict : memref<?x4xf32> to tensor<?x4xf32>
// CHECK: bufferization.materialize_in_destination %[[FROM]] in restrict writable %{{.*}} : (tensor<?x4xf32>, memref<?x4xf32>) -> ()

// The entry unpacks the words of a block, behind the fault word.
// CHECK: func.func private @copy(%[[BLOCK:.*]]: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// CHECK: llvm.getelementptr %[[BLOCK]][1]
// CHECK: llvm.getelementptr %[[BLOCK]][4]
// CHECK: llvm.load %[[BLOCK]]
// CHECK: call @copy_body
kernel.func @copy(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  kernel.return %x : tensor<?x4xf32>
}
