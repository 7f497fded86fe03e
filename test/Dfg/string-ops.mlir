// Syntax of operations on strings and of tables: every op survives printing and parsing.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @borders
dfg.func @borders(%x: tensor<?xi128>) {
  // CHECK: dfg.string_feed %{{.*}} {input = 0 : i64} : (tensor<?xi128>) -> tensor<?xi64>
  %h = dfg.string_feed %x {input = 0 : i64} : (tensor<?xi128>) -> tensor<?xi64>
  // CHECK: dfg.string_fetch %{{.*}} : (tensor<?xi64>) -> tensor<?xi128>
  %y = dfg.string_fetch %h : (tensor<?xi64>) -> tensor<?xi128>
  %words = dfg.constant dense<[8, 1, 97]> : tensor<3xi64>
  // CHECK: dfg.string_constant %{{.*}} : (tensor<3xi64>) -> tensor<i64>
  %c = dfg.string_constant %words : (tensor<3xi64>) -> tensor<i64>
  dfg.return
}

// CHECK-LABEL: dfg.func @elementwise
dfg.func @elementwise(%a: tensor<?x!dfg.string>, %b: tensor<?x!dfg.string>) {
  // CHECK: dfg.constant dense<"\00/"> : tensor<!dfg.string>
  %separator = dfg.constant dense<"\00/"> : tensor<!dfg.string>
  // CHECK: dfg.string_join %{{.*}}, %{{.*}}, %{{.*}} : (tensor<!dfg.string>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  %0 = dfg.string_join %separator, %a, %b : (tensor<!dfg.string>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
  // CHECK: dfg.string_length %{{.*}} {utf8} : (tensor<?x!dfg.string>) -> tensor<?xi32>
  %1 = dfg.string_length %0 {utf8} : (tensor<?x!dfg.string>) -> tensor<?xi32>
  // CHECK: dfg.string_equal %{{.*}}, %{{.*}} : (tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?xi1>
  %2 = dfg.string_equal %0, %b : (tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?xi1>
  dfg.return
}

// CHECK-LABEL: dfg.graph @tables
dfg.graph @tables {
  // CHECK: dfg.table @ids "vocabulary" : tensor<!dfg.string> to tensor<i64>
  dfg.table @ids "vocabulary" : tensor<!dfg.string> to tensor<i64>
  // CHECK: dfg.table @names "names" static : tensor<i64> to tensor<!dfg.string> = dense<[1, 2]> : tensor<2xi64>, dense<["one", "two"]> : tensor<2x!dfg.string>
  dfg.table @names "names" static : tensor<i64> to tensor<!dfg.string>
      = dense<[1, 2]> : tensor<2xi64>, dense<["one", "two"]> : tensor<2x!dfg.string>
  dfg.step @use(%keys: tensor<?x!dfg.string>, %values: tensor<?xi64>) {
    %no = dfg.constant dense<-1> : tensor<i64>
    // CHECK: dfg.table_insert @ids insert, %{{.*}}, %{{.*}} : tensor<?x!dfg.string>, tensor<?xi64>
    dfg.table_insert @ids insert, %keys, %values : tensor<?x!dfg.string>, tensor<?xi64>
    // CHECK: dfg.table_find @ids, %{{.*}}, %{{.*}} : (tensor<?x!dfg.string>, tensor<i64>) -> tensor<?xi64>
    %y = dfg.table_find @ids, %keys, %no : (tensor<?x!dfg.string>, tensor<i64>) -> tensor<?xi64>
    // CHECK: dfg.table_remove @ids, %{{.*}} : tensor<?x!dfg.string>
    dfg.table_remove @ids, %keys : tensor<?x!dfg.string>
    // CHECK: dfg.table_export @ids : tensor<?x!dfg.string>, tensor<?xi64>
    %k, %v = dfg.table_export @ids : tensor<?x!dfg.string>, tensor<?xi64>
    // CHECK: dfg.table_size @ids : index
    %n = dfg.table_size @ids : index
    dfg.return
  }
}
