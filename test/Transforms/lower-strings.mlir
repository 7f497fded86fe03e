// Tensors of strings as tensors of handles.
// RUN: not tfc-opt --dfg-lower-strings --verify-each --split-input-file %s 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=ERROR < %t.err

// CHECK-LABEL: dfg.local @words : !dfg.list<tensor<?xi64>>
// CHECK: dfg.variable @v "v" : tensor<2x!dfg.string>
// CHECK: dfg.step @main(%[[X:.*]]: tensor<?xi128> {dfg.dims = ["n"], dfg.edge = "x"}, %[[M:.*]]: tensor<i1>)
// CHECK-SAME: -> (tensor<?xi128> {dfg.edge = "y"}, tensor<2xi128>, tensor<3xi128>)
dfg.graph @borders {
  dfg.local @words : !dfg.list<tensor<?x!dfg.string>>
  dfg.variable @v "v" : tensor<2x!dfg.string> = dense<["a", "bc"]> : tensor<2x!dfg.string>
  dfg.step @main(%x: tensor<?x!dfg.string> {dfg.dims = ["n"], dfg.edge = "x"}, %m: tensor<i1>)
      -> (tensor<?x!dfg.string> {dfg.edge = "y"}, tensor<2x!dfg.string>, tensor<3x!dfg.string>) {
    // CHECK: %[[H:.*]] = dfg.string_feed %[[X]] {input = 0 : i64} : (tensor<?xi128>) -> tensor<?xi64>
    // The words: an offset for each record, then size and bytes of the records.
    // CHECK: %[[WORDS:.*]] = dfg.constant dense<[16, 32, 1, 97, 0, 0]> : tensor<6xi64>
    // CHECK: %[[C:.*]] = dfg.string_constant %[[WORDS]] : (tensor<6xi64>) -> tensor<2xi64>
    %c = dfg.constant dense<["a", ""]> : tensor<2x!dfg.string>
    // Equal strings are one record.
    // CHECK: %[[ONE:.*]] = dfg.string_constant %{{.*}} : (tensor<3xi64>) -> tensor<i64>
    // CHECK: %[[SPREAD:.*]] = dfg.broadcast_to %[[ONE]] to [3] : (tensor<i64>) -> tensor<3xi64>
    %s = dfg.constant dense<"z"> : tensor<3x!dfg.string>
    // CHECK: dfg.if %[[M]] : tensor<i1> -> tensor<?xi64>
    %y = dfg.if %m : tensor<i1> -> tensor<?x!dfg.string> {
      // CHECK: dfg.yield %[[H]] : tensor<?xi64>
      dfg.yield %x : tensor<?x!dfg.string>
    } else {
      // CHECK: dfg.concat %[[H]], %[[C]] {axis = 0 : i64} : (tensor<?xi64>, tensor<2xi64>) -> tensor<?xi64>
      %j = dfg.concat %x, %c {axis = 0 : i64} : (tensor<?x!dfg.string>, tensor<2x!dfg.string>) -> tensor<?x!dfg.string>
      dfg.yield %j : tensor<?x!dfg.string>
    }
    // CHECK: %[[V:.*]] = dfg.read @v : tensor<2xi64>
    %v = dfg.read @v : tensor<2x!dfg.string>
    // CHECK: %[[Y:.*]] = dfg.string_fetch %{{.*}} : (tensor<?xi64>) -> tensor<?xi128>
    // CHECK: dfg.string_fetch %[[V]] : (tensor<2xi64>) -> tensor<2xi128>
    // CHECK: dfg.string_fetch %[[SPREAD]]
    // CHECK: dfg.return %[[Y]], %{{.*}} : tensor<?xi128>, tensor<2xi128>, tensor<3xi128>
    dfg.return %y, %v, %s : tensor<?x!dfg.string>, tensor<2x!dfg.string>, tensor<3x!dfg.string>
  }
}

// -----

dfg.graph @lists {
  // ERROR: has an input or output '!dfg.list<tensor<?x!dfg.string>>': unsupported, expected tensors of strings only
  dfg.step @main(%x: !dfg.list<tensor<?x!dfg.string>>) {
    dfg.return
  }
}
