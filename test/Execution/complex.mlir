// Ops that move elements move complex ones; constants of them lie in objects and in kernels.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so main "x=np.array([1+2j, 3-1j], np.complex64)" | FileCheck %s

// CHECK: padded: complex64[4] (5-6j) (1+2j) (3-1j) (5-6j)
// CHECK: constant: complex64[2] (1+0j) (2+3j)

dfg.graph @net {
  dfg.step @main(%x: tensor<2xcomplex<f32>> {dfg.edge = "x"})
      -> (tensor<4xcomplex<f32>> {dfg.edge = "padded"}, tensor<2xcomplex<f32>> {dfg.edge = "constant"}) {
    %border = dfg.constant dense<(5.0, -6.0)> : tensor<complex<f32>>
    %padded = dfg.pad constant %x, %border low [1] high [1] : (tensor<2xcomplex<f32>>, tensor<complex<f32>>) -> tensor<4xcomplex<f32>>
    %constant = dfg.constant dense<[(1.0, 0.0), (2.0, 3.0)]> : tensor<2xcomplex<f32>>
    dfg.return %padded, %constant : tensor<4xcomplex<f32>>, tensor<2xcomplex<f32>>
  }
}
