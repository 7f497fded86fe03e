// Syntax of the kernel dialect: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK: kernel.func @relu_0(%{{.*}}: tensor<?xf32>) -> tensor<?xf32> {
kernel.func @relu_0(%x: tensor<?xf32>) -> tensor<?xf32> {
  %zero = dfg.constant dense<0.0> : tensor<f32>
  %y = dfg.max %x, %zero : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  // CHECK: kernel.return %{{.*}} : tensor<?xf32>
  kernel.return %y : tensor<?xf32>
}

// CHECK-LABEL: func.func @step
func.func @step(%x: tensor<?xf32>, %n: index) {
  // CHECK: %[[D:.*]] = kernel.empty[%{{.*}}] : tensor<?xf32>
  %d = kernel.empty [%n] : tensor<?xf32>
  // CHECK: kernel.dispatch @relu_0 ins(%{{.*}}) outs(%[[D]]) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %y = kernel.dispatch @relu_0 ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  // CHECK: kernel.operation "tfc_operation_non_zero"(%{{.*}}) {parameters = array<i64>} : (tensor<?xf32>) -> tensor<1x?xi64>
  %i = kernel.operation "tfc_operation_non_zero"(%y) {parameters = array<i64>} : (tensor<?xf32>) -> tensor<1x?xi64>
  // CHECK: kernel.view %{{.*}}[%{{.*}}] {checked} : tensor<1x?xi64> to tensor<?xi64>
  %v = kernel.view %i [%n] {checked} : tensor<1x?xi64> to tensor<?xi64>
  // CHECK: kernel.item %{{.*}} [0] : tensor<?xi64>
  %k = kernel.item %v [0] : tensor<?xi64>
  %e = kernel.empty [] : tensor<2xi64>
  // CHECK: kernel.index_tensor %{{.*}}, %{{.*}} into %{{.*}} : tensor<2xi64>
  %s = kernel.index_tensor %n, %k into %e : tensor<2xi64>
  return
}
