// Sizes of all kinds: inner tensors and results that follow from the batch, one by an
// expression, one that only data tells; and a step whose sizes are all static.
dfg.graph @rows {
  dfg.step @main(%x: tensor<?x32xf32> {dfg.edge = "x", dfg.dims = ["batch", 32]}, %c: tensor<i1> {dfg.edge = "c"})
      -> (tensor<?x8xf32> {dfg.edge = "y", dfg.dims = ["batch", 8]}, tensor<?xf32> {dfg.edge = "flat"}) {
    %w = dfg.constant dense<0.5> : tensor<32x256xf32>
    %v = dfg.constant dense<0.25> : tensor<256x8xf32>
    %a = dfg.matmul %x, %w : (tensor<?x32xf32>, tensor<32x256xf32>) -> tensor<?x256xf32>
    %b = dfg.matmul %a, %v : (tensor<?x256xf32>, tensor<256x8xf32>) -> tensor<?x8xf32>
    %y = dfg.if %c : tensor<i1> -> tensor<?x8xf32> {
      %n = dfg.neg %b : (tensor<?x8xf32>) -> tensor<?x8xf32>
      dfg.yield %n : tensor<?x8xf32>
    } else {
      dfg.yield %b : tensor<?x8xf32>
    }
    %zero = arith.constant 0 : index
    %eight = arith.constant 8 : index
    %batch = tensor.dim %x, %zero : tensor<?x32xf32>
    %count = arith.muli %batch, %eight : index
    %flat = dfg.reshape %b to [%count] : (tensor<?x8xf32>) -> tensor<?xf32>
    dfg.return %y, %flat : tensor<?x8xf32>, tensor<?xf32>
  }
  dfg.step @found(%x: tensor<?xf32> {dfg.edge = "x"}, %y: tensor<?xf32> {dfg.edge = "y"})
      -> (tensor<1x?xi64> {dfg.edge = "where"}) {
    %s = dfg.add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %i = dfg.non_zero %s : (tensor<?xf32>) -> tensor<1x?xi64>
    dfg.return %i : tensor<1x?xi64>
  }
  dfg.step @fixed(%x: tensor<4x32xf32> {dfg.edge = "x"}) -> (tensor<4x8xf32> {dfg.edge = "y"}) {
    %w = dfg.constant dense<0.5> : tensor<32x256xf32>
    %v = dfg.constant dense<0.25> : tensor<256x8xf32>
    %a = dfg.matmul %x, %w : (tensor<4x32xf32>, tensor<32x256xf32>) -> tensor<4x256xf32>
    %y = dfg.matmul %a, %v : (tensor<4x256xf32>, tensor<256x8xf32>) -> tensor<4x8xf32>
    dfg.return %y : tensor<4x8xf32>
  }
}
