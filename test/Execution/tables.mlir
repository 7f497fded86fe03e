// Hash tables of an instance, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so find "x=np.array([b'b', b'zz'])" -- size | FileCheck %s --check-prefix=FIND
// RUN: %python %S/Inputs/execute.py %t.so add "k=np.array([b'a', b'b', b'a'])" "v=np.array([[1, 1], [2, 2], [3, 3]])" -- all -- drop "k=np.array([b'a', b'q'])" -- all -- set "k=np.array([b'n'])" "v=np.array([[7, 8]])" -- all | FileCheck %s --check-prefix=CHANGE
// RUN: %python %S/Inputs/execute.py %t.so grow "k=np.arange(1000)" -- names "k=np.array([0, 999, 1000])" -- shrink "k=np.arange(0, 1000, 2)" -- names "k=np.array([0, 1, 998, 999])" | FileCheck %s --check-prefix=GROW
// RUN: not %python %S/Inputs/execute.py %t.so filled 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not %python %S/Inputs/execute.py %t.so fill "v=np.array([1, 2])" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not %python %S/Inputs/execute.py %t.so fill "v=np.array([1, 1])" -- filled -- fill "v=np.array([2, 2])" 2>&1 | FileCheck %s --check-prefix=OTHER

// FIND: y: object[2] b'two' b'?'
// FIND: n: int64[1] 3
// CHANGE: k: object[2] b'a' b'b'
// CHANGE: v: int64[2, 2] 3 3 2 2
// CHANGE: k: object[1] b'b'
// CHANGE: v: int64[1, 2] 2 2
// CHANGE: k: object[1] b'n'
// CHANGE: v: int64[1, 2] 7 8
// GROW: y: object[3] b'some' b'some' b'none'
// GROW: y: object[4] b'none' b'some' b'none' b'some'
// EMPTY: FAILED_PRECONDITION: table 'static' is not initialized
// TWICE: INVALID_ARGUMENT: table 'static': key 1 comes twice, with different values
// OTHER: FAILED_PRECONDITION: table 'static' was initialized with other content already

dfg.graph @net {
  dfg.table @words "words" static : tensor<!dfg.string> to tensor<!dfg.string>
      = dense<["a", "b", "c"]> : tensor<3x!dfg.string>, dense<["one", "two", "three"]> : tensor<3x!dfg.string>
  dfg.table @pairs "pairs" : tensor<!dfg.string> to tensor<2xi64>
  dfg.table @numbers "numbers" : tensor<i64> to tensor<!dfg.string>
  dfg.table @once "static" static : tensor<!dfg.string> to tensor<i64>

  dfg.step @find(%x: tensor<?x!dfg.string> {dfg.edge = "x"}) -> (tensor<?x!dfg.string> {dfg.edge = "y"}) {
    %no = dfg.constant dense<"?"> : tensor<!dfg.string>
    %y = dfg.table_find @words, %x, %no : (tensor<?x!dfg.string>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
    dfg.return %y : tensor<?x!dfg.string>
  }
  dfg.step @size() -> (tensor<1xi64> {dfg.edge = "n"}) {
    %n = dfg.table_size @words : index
    %y = dfg.index_tensor [%n] : tensor<1xi64>
    dfg.return %y : tensor<1xi64>
  }
  dfg.step @add(%k: tensor<?x!dfg.string> {dfg.edge = "k"}, %v: tensor<?x2xi64> {dfg.edge = "v"}) {
    dfg.table_insert @pairs insert, %k, %v : tensor<?x!dfg.string>, tensor<?x2xi64>
    dfg.return
  }
  dfg.step @set(%k: tensor<?x!dfg.string> {dfg.edge = "k"}, %v: tensor<?x2xi64> {dfg.edge = "v"}) {
    dfg.table_insert @pairs replace, %k, %v : tensor<?x!dfg.string>, tensor<?x2xi64>
    dfg.return
  }
  dfg.step @drop(%k: tensor<?x!dfg.string> {dfg.edge = "k"}) {
    dfg.table_remove @pairs, %k : tensor<?x!dfg.string>
    dfg.return
  }
  dfg.step @all() -> (tensor<?x!dfg.string> {dfg.edge = "k"}, tensor<?x2xi64> {dfg.edge = "v"}) {
    %k, %v = dfg.table_export @pairs : tensor<?x!dfg.string>, tensor<?x2xi64>
    dfg.return %k, %v : tensor<?x!dfg.string>, tensor<?x2xi64>
  }
  dfg.step @grow(%k: tensor<1000xi64> {dfg.edge = "k"}) {
    %v = dfg.constant dense<"some"> : tensor<1000x!dfg.string>
    dfg.table_insert @numbers insert, %k, %v : tensor<1000xi64>, tensor<1000x!dfg.string>
    dfg.return
  }
  dfg.step @shrink(%k: tensor<?xi64> {dfg.edge = "k"}) {
    dfg.table_remove @numbers, %k : tensor<?xi64>
    dfg.return
  }
  dfg.step @names(%k: tensor<?xi64> {dfg.edge = "k"}) -> (tensor<?x!dfg.string> {dfg.edge = "y"}) {
    %no = dfg.constant dense<"none"> : tensor<!dfg.string>
    %y = dfg.table_find @numbers, %k, %no : (tensor<?xi64>, tensor<!dfg.string>) -> tensor<?x!dfg.string>
    dfg.return %y : tensor<?x!dfg.string>
  }
  dfg.step @fill(%v: tensor<2xi64> {dfg.edge = "v"}) {
    %k = dfg.constant dense<"k"> : tensor<2x!dfg.string>
    dfg.table_insert @once initialize, %k, %v : tensor<2x!dfg.string>, tensor<2xi64>
    dfg.return
  }
  dfg.step @filled() -> (tensor<1xi64> {dfg.edge = "y"}) {
    %k = dfg.constant dense<"k"> : tensor<1x!dfg.string>
    %no = dfg.constant dense<0> : tensor<i64>
    %y = dfg.table_find @once, %k, %no : (tensor<1x!dfg.string>, tensor<i64>) -> tensor<1xi64>
    dfg.return %y : tensor<1xi64>
  }
}
