// Syntax of elementwise mathematics: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @random
dfg.func @random(%x: tensor<?x4xui64>, %key: tensor<ui64>) -> tensor<?x4xui64> {
  // CHECK: dfg.random_bits %{{.*}}, %{{.*}} : (tensor<?x4xui64>, tensor<ui64>) -> tensor<?x4xui64>
  %y = dfg.random_bits %x, %key : (tensor<?x4xui64>, tensor<ui64>) -> tensor<?x4xui64>
  dfg.return %y : tensor<?x4xui64>
}

// CHECK-LABEL: dfg.func @unary
dfg.func @unary(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: dfg.abs %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %0 = dfg.abs %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.neg %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = dfg.neg %0 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sign %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = dfg.sign %1 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.exp %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = dfg.exp %2 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.expm1 %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %4 = dfg.expm1 %3 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.log %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %5 = dfg.log %4 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.log1p %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %6 = dfg.log1p %5 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sqrt %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %7 = dfg.sqrt %6 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.rsqrt %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %8 = dfg.rsqrt %7 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sin %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %9 = dfg.sin %8 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.cos %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %10 = dfg.cos %9 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.tan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %11 = dfg.tan %10 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.asin %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %12 = dfg.asin %11 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.acos %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %13 = dfg.acos %12 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.atan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %14 = dfg.atan %13 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sinh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %15 = dfg.sinh %14 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.cosh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %16 = dfg.cosh %15 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.tanh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %17 = dfg.tanh %16 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.asinh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %18 = dfg.asinh %17 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.acosh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %19 = dfg.acosh %18 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.atanh %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %20 = dfg.atanh %19 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.erf %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %21 = dfg.erf %20 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.floor %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %22 = dfg.floor %21 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.ceil %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %23 = dfg.ceil %22 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.round %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %24 = dfg.round %23 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.trunc %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %25 = dfg.trunc %24 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sigmoid %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %26 = dfg.sigmoid %25 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  dfg.return %26 : tensor<?x4xf32>
}

// CHECK-LABEL: dfg.func @binary
dfg.func @binary(%x: tensor<?x4xf32>, %b: tensor<4xf32>) -> tensor<?x4xf32> {
  // CHECK: dfg.add %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %0 = dfg.add %x, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.sub %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = dfg.sub %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.mul %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = dfg.mul %1, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.div %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %3 = dfg.div %2, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.rem %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %4 = dfg.rem %3, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.mod %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %5 = dfg.mod %4, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.atan2 %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %6 = dfg.atan2 %5, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.max %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %7 = dfg.max %6, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: dfg.min %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %8 = dfg.min %7, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  dfg.return %8 : tensor<?x4xf32>
}

// CHECK-LABEL: dfg.func @bits
dfg.func @bits(%x: tensor<?xui8>, %b: tensor<ui8>) -> tensor<?xui8> {
  // CHECK: dfg.and %{{.*}}, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  %0 = dfg.and %x, %b : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  // CHECK: dfg.or %{{.*}}, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  %1 = dfg.or %0, %b : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  // CHECK: dfg.xor %{{.*}}, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  %2 = dfg.xor %1, %b : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  // CHECK: dfg.shl %{{.*}}, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  %3 = dfg.shl %2, %b : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  // CHECK: dfg.shr %{{.*}}, %{{.*}} : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  %4 = dfg.shr %3, %b : (tensor<?xui8>, tensor<ui8>) -> tensor<?xui8>
  // CHECK: dfg.not %{{.*}} : (tensor<?xui8>) -> tensor<?xui8>
  %n = dfg.not %4 : (tensor<?xui8>) -> tensor<?xui8>
  dfg.return %n : tensor<?xui8>
}

// CHECK-LABEL: dfg.func @predicates
dfg.func @predicates(%x: tensor<?xf32>, %y: tensor<f32>) -> tensor<?xi1> {
  // CHECK: dfg.is_nan %{{.*}} : (tensor<?xf32>) -> tensor<?xi1>
  %nan = dfg.is_nan %x : (tensor<?xf32>) -> tensor<?xi1>
  // CHECK: dfg.is_inf %{{.*}} {negative = false} : (tensor<?xf32>) -> tensor<?xi1>
  %inf = dfg.is_inf %x {negative = false} : (tensor<?xf32>) -> tensor<?xi1>
  // CHECK: dfg.compare lt %{{.*}}, %{{.*}} : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  %less = dfg.compare lt %x, %y : (tensor<?xf32>, tensor<f32>) -> tensor<?xi1>
  // CHECK: dfg.select %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?xi1>, tensor<?xi1>, tensor<?xi1>) -> tensor<?xi1>
  %z = dfg.select %less, %nan, %inf : (tensor<?xi1>, tensor<?xi1>, tensor<?xi1>) -> tensor<?xi1>
  dfg.return %z : tensor<?xi1>
}

// CHECK-LABEL: dfg.func @conversions
dfg.func @conversions(%x: tensor<?xf32>, %e: tensor<i64>) -> tensor<?xi32> {
  // CHECK: dfg.pow %{{.*}}, %{{.*}} : (tensor<?xf32>, tensor<i64>) -> tensor<?xf32>
  %p = dfg.pow %x, %e : (tensor<?xf32>, tensor<i64>) -> tensor<?xf32>
  // CHECK: dfg.cast %{{.*}} {saturate = false} : (tensor<?xf32>) -> tensor<?xf8E4M3FN>
  %small = dfg.cast %p {saturate = false} : (tensor<?xf32>) -> tensor<?xf8E4M3FN>
  // CHECK: dfg.cast %{{.*}} : (tensor<?xf8E4M3FN>) -> tensor<?xf32>
  %wide = dfg.cast %small : (tensor<?xf8E4M3FN>) -> tensor<?xf32>
  // CHECK: dfg.bitcast %{{.*}} : (tensor<?xf32>) -> tensor<?xi32>
  %bits = dfg.bitcast %wide : (tensor<?xf32>) -> tensor<?xi32>
  dfg.return %bits : tensor<?xi32>
}
