// What the verifiers of the kernel dialect refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

func.func @empty_sizes(%n: index) {
  // expected-error @+1 {{has 1 sizes for 'tensor<4xf32>', expected 0}}
  %d = kernel.empty [%n] : tensor<4xf32>
  return
}

// -----

func.func @dispatch_nobody(%x: tensor<4xf32>) {
  // expected-error @+1 {{runs @nobody, expected a kernel of this module}}
  %y = kernel.dispatch @nobody ins(%x) outs(%x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

kernel.func @k(%x: tensor<4xf32>) -> tensor<4xf32> {
  kernel.return %x : tensor<4xf32>
}
func.func @dispatch_arity(%x: tensor<4xf32>) {
  // expected-error @+1 {{runs @k with 2 inputs and 1 outputs, expected 1 and 1}}
  %y = kernel.dispatch @k ins(%x, %x) outs(%x) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @index_tensor_types(%n: index, %d: tensor<1xi64>) {
  // expected-error @+1 {{failed to verify that all of {destination, output} have same type}}
  %y = "kernel.index_tensor"(%n, %d) : (index, tensor<1xi64>) -> tensor<2xi64>
  return
}
