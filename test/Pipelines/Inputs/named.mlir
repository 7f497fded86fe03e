dfg.graph @net {
  dfg.step @main(%x: tensor<64x256xf32> {dfg.edge = "x"}) -> (tensor<64x256xf32> {dfg.edge = "y"}) {
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %r = dfg.max %x, %zero : (tensor<64x256xf32>, tensor<f32>) -> tensor<64x256xf32> loc("/body/Relu")
    %y = dfg.softmax %r {axis = 1 : i64} : (tensor<64x256xf32>) -> tensor<64x256xf32> loc("/head/Softmax")
    dfg.return %y : tensor<64x256xf32>
  }
}
