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

// -----

func.func @index_tensor_count(%n: index, %d: tensor<2xi64>) {
  // expected-error @+1 {{writes 1 values to 'tensor<2xi64>', expected as many integers}}
  %y = kernel.index_tensor %n into %d : tensor<2xi64>
  return
}

// -----

kernel.func @return_other(%x: tensor<4xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{gives 'tensor<4xf32>' as value 0, expected 'tensor<8xf32>'}}
  kernel.return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{entry block must have 1 arguments to match function signature}}
"kernel.func"() ({
^bb0:
  kernel.return
}) {sym_name = "func_arguments", function_type = (tensor<f32>) -> ()} : () -> ()

// -----

func.func @release_index(%n: index) {
  // expected-error @+1 {{operand #0 must be}}
  kernel.release %n : index
  return
}

// -----

func.func @retain_tensor(%x: tensor<f32>) {
  // expected-error @+1 {{operand #0 must be list or optional, but got 'tensor<f32>'}}
  kernel.retain %x : tensor<f32>
  return
}

// -----

func.func @operation_consumes_tensor(%x: tensor<f32>) {
  // expected-error @+1 {{consumes operand 0, expected a list or optional}}
  kernel.operation "tfc_operation_list_length"(%x) {parameters = array<i64>, consumed = array<i64: 0>} : (tensor<f32>) -> ()
  return
}

// -----

func.func @view_count(%x: tensor<4xf32>) {
  // expected-error @+1 {{shows 'tensor<4xf32>' as 'tensor<2x3xf32>', expected elements that it holds}}
  %y = kernel.view %x [] : tensor<4xf32> to tensor<2x3xf32>
  return
}

// -----

func.func @view_sizes(%x: tensor<4xf32>) {
  // expected-error @+1 {{has 0 sizes for 'tensor<?xf32>', expected 1}}
  %y = kernel.view %x [] : tensor<4xf32> to tensor<?xf32>
  return
}

// -----

func.func @item_position(%x: tensor<4xi64>) {
  // expected-error @+1 {{reads position 4 of 'tensor<4xi64>'}}
  %n = kernel.item %x [4] : tensor<4xi64>
  return
}
