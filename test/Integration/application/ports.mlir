// Names and types that headers must bear.
dfg.graph @ports {
  dfg.step @main(%a: tensor<2x3xbf16> {dfg.edge = "*/ class"}, %b: tensor<f16> {dfg.edge = "int\0Ay\\"}, %c: tensor<?xi4> {dfg.edge = "/*", dfg.dims = ["*/"]}, %d: tensor<2xcomplex<f32>> {dfg.edge = "537"})
      -> (tensor<2x3xbf16> {dfg.edge = "y:0"}, tensor<f16> {dfg.edge = "y.0"}, tensor<?xi4> {dfg.edge = "", dfg.dims = ["*/"]}, tensor<2xcomplex<f32>> {dfg.edge = "union"}) {
    dfg.return %a, %b, %c, %d : tensor<2x3xbf16>, tensor<f16>, tensor<?xi4>, tensor<2xcomplex<f32>>
  }
}
