dfg.graph @scale {
  dfg.step @main(%x: tensor<?xf32> {dfg.edge = "x:0", dfg.dims = ["n"]}) -> (tensor<?xf32> {dfg.edge = "class", dfg.dims = ["n"]}) {
    %two = dfg.constant dense<2.0> : tensor<f32>
    %y = dfg.mul %x, %two : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }
}
