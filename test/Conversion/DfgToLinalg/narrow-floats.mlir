// Conversions that LLVM would call a compiler runtime for are integer arithmetic.
// RUN: tfc-opt %s --convert-dfg-to-linalg -split-input-file | FileCheck %s --implicit-check-not=arith.truncf

// CHECK-LABEL: kernel.func @to_bf16
// CHECK: arith.shrui %{{.*}} : i32
// CHECK: arith.trunci %{{.*}} : i32 to i16
// CHECK: arith.bitcast %{{.*}} : i16 to bf16
kernel.func @to_bf16(%x: tensor<?xf32>) -> tensor<?xbf16> {
  %y = dfg.cast %x : (tensor<?xf32>) -> tensor<?xbf16>
  kernel.return %y : tensor<?xbf16>
}

// -----

// CHECK-LABEL: kernel.func @from_f8
// CHECK-SAME: tensor<?xi8>
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK: arith.bitcast %{{.*}} : i32 to f32
// CHECK-NOT: arith.extf
kernel.func @from_f8(%x: tensor<?xf8E4M3FN>) -> tensor<?xf32> {
  %y = dfg.cast %x : (tensor<?xf8E4M3FN>) -> tensor<?xf32>
  kernel.return %y : tensor<?xf32>
}

// -----

// Few bits live in a byte and wrap there.
// CHECK-LABEL: kernel.func @add_i4
// CHECK: arith.addi %{{.*}} : i8
// CHECK: arith.trunci %{{.*}} : i8 to i4
// CHECK: arith.extsi %{{.*}} : i4 to i8
kernel.func @add_i4(%x: tensor<?xi4>) -> tensor<?xi4> {
  %y = dfg.add %x, %x : (tensor<?xi4>, tensor<?xi4>) -> tensor<?xi4>
  kernel.return %y : tensor<?xi4>
}
