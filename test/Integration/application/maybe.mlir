// A kernel as dispatching leaves it, whose temporaries are too large for the stack: nothing says
// that the two extents are equal, so that loops cannot be fused.
dfg.graph @maybe {
  dfg.step @main(%a: tensor<?xf32> {dfg.edge = "a", dfg.dims = ["n"]}, %b: tensor<?xf32> {dfg.edge = "b", dfg.dims = ["n"]}) -> (tensor<?xf32> {dfg.edge = "y"}) {
    %zero = arith.constant 0 : index
    %n = tensor.dim %a, %zero : tensor<?xf32>
    %empty = kernel.empty[%n] : tensor<?xf32>
    %y = kernel.dispatch @difference ins(%a, %b) outs(%empty) : (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }
  kernel.func @difference(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
    %square = dfg.mul %a, %a : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %twice = dfg.add %b, %b : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %y = dfg.sub %twice, %square : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
}
