dfg.graph @layer {
  dfg.step @main(%x: tensor<?x3xf32> {dfg.edge = "x", dfg.dims = ["batch", 3]}) -> (tensor<?x2xf32> {dfg.edge = "y", dfg.dims = ["batch", 2]}) {
    %w = dfg.constant dense<[[1.0, -1.0], [10.0, -10.0], [100.0, -100.0]]> : tensor<3x2xf32>
    %b = dfg.constant dense<[0.5, 7.0]> : tensor<2xf32>
    %zero = dfg.constant dense<0.0> : tensor<f32>
    %m = dfg.matmul %x, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
    %s = dfg.add %m, %b : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %y = dfg.max %s, %zero : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
    dfg.return %y : tensor<?x2xf32>
  }
}
