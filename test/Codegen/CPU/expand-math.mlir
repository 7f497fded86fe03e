// RUN: tfc-opt %s --tfc-expand-math --split-input-file -verify-each | FileCheck %s

// An expansion has no calls, no branches and no other math ops than those that are single
// instructions, on scalars and vectors of any rank alike.

// CHECK-LABEL: func.func @scalar(
// CHECK-SAME:    %[[X:.*]]: f32) -> f32
func.func @scalar(%x: f32) -> f32 {
  // CHECK-DAG:  %[[LOW:.*]] = arith.constant -1.040000e+02 : f32
  // CHECK-DAG:  %[[BELOW:.*]] = arith.cmpf olt, %[[X]], %{{.*}} : f32
  // CHECK:      arith.select %[[BELOW]], %{{.*}}, %[[X]] : f32
  // CHECK:      %[[SUM:.*]] = math.fma
  // CHECK:      %[[BITS:.*]] = arith.bitcast %{{.*}} : f32 to i32
  // CHECK:      %[[SHIFTED:.*]] = arith.shli %[[BITS]]
  // CHECK:      %[[POWER:.*]] = arith.bitcast %[[SHIFTED]] : i32 to f32
  // CHECK:      %[[ONCE:.*]] = arith.mulf %{{.*}}, %[[POWER]]
  // CHECK:      %[[TWICE:.*]] = arith.mulf %[[ONCE]], %[[POWER]]
  // CHECK:      return %[[TWICE]]
  %0 = math.exp %x : f32
  return %0 : f32
}

// -----

// CHECK-LABEL: func.func @vector(
// CHECK-NOT:     f32 to i32
// CHECK:         arith.bitcast %{{.*}} : vector<2x8xf32> to vector<2x8xi32>
// CHECK-NOT:     math.exp
func.func @vector(%x: vector<2x8xf32>) -> vector<2x8xf32> {
  %0 = math.exp %x : vector<2x8xf32>
  return %0 : vector<2x8xf32>
}

// -----

// CHECK-LABEL: func.func @scalable(
// CHECK:         math.fma {{.*}} : vector<[4]xf32>
// CHECK-NOT:     math.tanh
func.func @scalable(%x: vector<[4]xf32>) -> vector<[4]xf32> {
  %0 = math.tanh %x : vector<[4]xf32>
  return %0 : vector<[4]xf32>
}

// -----

// Fast-math flags of the op do not reach the expansion: it depends on every rounding.

// CHECK-LABEL: func.func @flags(
// CHECK-NOT:     fastmath
// CHECK:         return
func.func @flags(%x: f32) -> f32 {
  %0 = math.log %x fastmath<fast> : f32
  return %0 : f32
}

// -----

// CHECK-LABEL: func.func @all(
// CHECK-NOT:     math.{{(exp|log|sin|cos|tan|asin|acos|atan|erf|cbrt|rsqrt|powf)}}
// CHECK-NOT:     call
// CHECK-NOT:     scf.
// CHECK:         return
func.func @all(%x: f32, %y: f32) {
  %0 = math.exp %x : f32
  %1 = math.exp2 %x : f32
  %2 = math.expm1 %x : f32
  %3 = math.log %x : f32
  %4 = math.log2 %x : f32
  %5 = math.log10 %x : f32
  %6 = math.log1p %x : f32
  %7 = math.sinh %x : f32
  %8 = math.cosh %x : f32
  %9 = math.tanh %x : f32
  %10 = math.asinh %x : f32
  %11 = math.acosh %x : f32
  %12 = math.atanh %x : f32
  %13 = math.erf %x : f32
  %14 = math.erfc %x : f32
  %15 = math.sin %x : f32
  %16 = math.cos %x : f32
  %17 = math.tan %x : f32
  %18 = math.asin %x : f32
  %19 = math.acos %x : f32
  %20 = math.atan %x : f32
  %21 = math.cbrt %x : f32
  %22 = math.rsqrt %x : f32
  %23 = math.powf %x, %y : f32
  %24 = math.atan2 %x, %y : f32
  %25, %26 = math.sincos %x : f32
  return
}

// -----

// Common constant exponents need no logarithm.

// CHECK-LABEL: func.func @powers(
// CHECK-SAME:    %[[X:.*]]: vector<8xf32>, %[[Y:.*]]: f32)
// CHECK:         %[[SQUARE:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK:         math.sqrt %[[Y]]
// CHECK-NOT:     math.fma
// CHECK:         return %[[SQUARE]]
func.func @powers(%x: vector<8xf32>, %y: f32) -> (vector<8xf32>, f32) {
  %two = arith.constant dense<2.0> : vector<8xf32>
  %half = arith.constant 0.5 : f32
  %0 = math.powf %x, %two : vector<8xf32>
  %1 = math.powf %y, %half : f32
  return %0, %1 : vector<8xf32>, f32
}

// -----

// rsqrt alone is expanded for f64.

// CHECK-LABEL: func.func @f64(
// CHECK:         %[[ROOT:.*]] = math.sqrt %{{.*}} : f64
// CHECK:         arith.divf %{{.*}}, %[[ROOT]] : f64
// CHECK:         math.exp %{{.*}} : f64
func.func @f64(%x: f64) -> (f64, f64) {
  %0 = math.rsqrt %x : f64
  %1 = math.exp %x : f64
  return %0, %1 : f64, f64
}

// -----

// Other types are left alone, and so are ops that are single instructions anyway.

// CHECK-LABEL: func.func @untouched(
// CHECK-NEXT:    math.exp %{{.*}} : f16
// CHECK-NEXT:    math.exp %{{.*}} : tensor<4xf32>
// CHECK-NEXT:    math.sqrt
// CHECK-NEXT:    math.roundeven
// CHECK-NEXT:    math.round
// CHECK-NEXT:    math.floor
// CHECK-NEXT:    return
func.func @untouched(%h: f16, %t: tensor<4xf32>, %x: f32) {
  %0 = math.exp %h : f16
  %1 = math.exp %t : tensor<4xf32>
  %2 = math.sqrt %x : f32
  %3 = math.roundeven %x : f32
  %4 = math.round %x : f32
  %5 = math.floor %x : f32
  return
}
