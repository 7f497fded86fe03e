// Strings for a C program: joined, looked up, and remembered from one call to the next.
dfg.graph @words {
  dfg.table @ids "ids" static : tensor<!dfg.string> to tensor<i32>
      = dense<["zero", "one"]> : tensor<2x!dfg.string>, dense<[0, 1]> : tensor<2xi32>
  dfg.queue @seen fifo capacity(-1) : [tensor<?x!dfg.string>]
  dfg.step @main(%x: tensor<?x!dfg.string> {dfg.edge = "x", dfg.dims = ["n"]})
      -> (tensor<?x!dfg.string> {dfg.edge = "y", dfg.dims = ["n"]}, tensor<?xi32> {dfg.edge = "id"}) {
    %separator = dfg.constant dense<"+"> : tensor<!dfg.string>
    %none = dfg.constant dense<-1> : tensor<i32>
    %y = dfg.string_join %separator, %x, %x
        : (tensor<!dfg.string>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    %id = dfg.table_find @ids, %x, %none : (tensor<?x!dfg.string>, tensor<i32>) -> tensor<?xi32>
    dfg.enqueue @seen, %x : tensor<?x!dfg.string>
    dfg.return %y, %id : tensor<?x!dfg.string>, tensor<?xi32>
  }
  dfg.step @next() -> (tensor<?x!dfg.string> {dfg.edge = "x"}) {
    %x = dfg.dequeue @seen : tensor<?x!dfg.string>
    dfg.return %x : tensor<?x!dfg.string>
  }
}
