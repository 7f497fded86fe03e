// Complex numbers are for ops that move elements: mathematics takes their parts.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.func @math(%x: tensor<4xcomplex<f32>>) {
  // expected-error @+1 {{'dfg.add' op works on 'tensor<4xcomplex<f32>>', expected real numbers}}
  %y = dfg.add %x, %x : (tensor<4xcomplex<f32>>, tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  dfg.return
}

// -----

dfg.func @cast(%x: tensor<4xf32>) {
  // expected-error @+1 {{'dfg.cast' op works on 'tensor<4xcomplex<f32>>', expected real numbers}}
  %y = dfg.cast %x : (tensor<4xf32>) -> tensor<4xcomplex<f32>>
  dfg.return
}

// -----

dfg.func @scatter(%x: tensor<4xcomplex<f32>>, %i: tensor<2x1xi64>, %u: tensor<2xcomplex<f32>>) {
  %y = dfg.scatter_nd none %x, %i, %u : (tensor<4xcomplex<f32>>, tensor<2x1xi64>, tensor<2xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  // expected-error @+1 {{'dfg.scatter_nd' op works on 'tensor<4xcomplex<f32>>', expected real numbers}}
  %z = dfg.scatter_nd sum %x, %i, %u : (tensor<4xcomplex<f32>>, tensor<2x1xi64>, tensor<2xcomplex<f32>>) -> tensor<4xcomplex<f32>>
  dfg.return
}
