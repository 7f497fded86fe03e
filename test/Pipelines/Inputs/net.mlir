dfg.graph @net {
  dfg.step @main(%x: tensor<?x4xf32> {dfg.edge = "x", dfg.dims = ["n", 4]}) -> (tensor<?x4xf32> {dfg.edge = "y"}) {
    %one = dfg.constant dense<1.0> : tensor<f32>
    %w = dfg.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
    %a = dfg.abs %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %b = dfg.add %a, %one : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
    %y = dfg.mul %b, %w : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
    dfg.return %y : tensor<?x4xf32>
  }
}
