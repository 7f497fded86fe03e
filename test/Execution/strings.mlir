// Strings through a step, and in state that outlives one, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so join "x=np.array([b'a', b'', b'c\0d'], object)" "m=np.array([True, True, False])" | FileCheck %s --check-prefix=JOIN
// RUN: not %python %S/Inputs/execute.py %t.so last 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: %python %S/Inputs/execute.py %t.so first -- keep "x=np.array([b'one'])" -- last -- keep "x=np.array([b'', b'three'])" -- last | FileCheck %s --check-prefix=KEPT
// RUN: %python %S/Inputs/execute.py %t.so put "x=np.array([b'a', b'b', b'long enough'])" "n=np.array([1, 2, 3])" -- get -- put "x=np.array([b'z'])" "n=np.array([9])" -- get_two | FileCheck %s --check-prefix=QUEUE
// RUN: %python %S/Inputs/execute.py %t.so pad "x=np.array([b'a'])" "y=np.array([b'b', b'c'])" | FileCheck %s --check-prefix=PAD
// RUN: %python %S/Inputs/execute.py %t.so rank "p=np.array(5)" "x=np.array(b'late')" -- rank "p=np.array(1)" "x=np.array(b'soon')" -- top -- top | FileCheck %s --check-prefix=RANK
// RUN: %python %S/Inputs/execute.py %t.so loop "x=np.array([b'ab'])" | FileCheck %s --check-prefix=LOOP

// JOIN: y: object[3] b'a, hello' b', hello' b'c\x00d'
// JOIN: n: int32[3] 8 7 3
// JOIN: e: bool[3] False False False
// NOTHING: FAILED_PRECONDITION: variable 'kept/last' holds no value yet
// KEPT: y: object[2] b'zero' b''
// KEPT: y: object[1] b'one'
// KEPT: y: object[2] b'' b'three'
// QUEUE: x: object[] b'a'
// QUEUE: n: int64[] 1
// QUEUE: x: object[2] b'b' b'long enough'
// QUEUE: n: int64[2] 2 3
// PAD: x: object[2, 2] b'a' b'' b'b' b'c'
// RANK: x: object[] b'soon'
// RANK: x: object[] b'late'
// LOOP: y: object[1] b'abababab'

dfg.graph @net {
  dfg.variable @kept_first "first" : tensor<2x!dfg.string> = dense<["zero", ""]> : tensor<2x!dfg.string>
  dfg.variable @kept_last "kept/last" : tensor<?x!dfg.string>
  dfg.queue @pairs fifo capacity(-1) : [tensor<!dfg.string>, tensor<i64>]
  dfg.queue @rows padding_fifo capacity(-1) : [tensor<?x!dfg.string>]
  dfg.queue @ranked priority capacity(-1) : [tensor<i64>, tensor<!dfg.string>]

  dfg.step @join(%x: tensor<?x!dfg.string> {dfg.edge = "x", dfg.dims = ["n"]}, %m: tensor<?xi1> {dfg.edge = "m", dfg.dims = ["n"]})
      -> (tensor<?x!dfg.string> {dfg.edge = "y"}, tensor<?xi32> {dfg.edge = "n"}, tensor<?xi1> {dfg.edge = "e"}) {
    %c = dfg.constant dense<"hello"> : tensor<1x!dfg.string>
    %s = dfg.constant dense<", "> : tensor<!dfg.string>
    %zero = arith.constant 0 : index
    %d = tensor.dim %x, %zero : tensor<?x!dfg.string>
    %b = dfg.broadcast_to %c to [%d] : (tensor<1x!dfg.string>) -> tensor<?x!dfg.string>
    %j = dfg.string_join %s, %x, %b : (tensor<!dfg.string>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    %y = dfg.select %m, %j, %x : (tensor<?xi1>, tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?x!dfg.string>
    %l = dfg.string_length %y {utf8} : (tensor<?x!dfg.string>) -> tensor<?xi32>
    %e = dfg.string_equal %y, %b : (tensor<?x!dfg.string>, tensor<?x!dfg.string>) -> tensor<?xi1>
    dfg.return %y, %l, %e : tensor<?x!dfg.string>, tensor<?xi32>, tensor<?xi1>
  }
  dfg.step @first() -> (tensor<2x!dfg.string> {dfg.edge = "y"}) {
    %y = dfg.read @kept_first : tensor<2x!dfg.string>
    dfg.return %y : tensor<2x!dfg.string>
  }
  dfg.step @keep(%x: tensor<?x!dfg.string> {dfg.edge = "x"}) {
    dfg.assign @kept_last, %x : tensor<?x!dfg.string>
    dfg.return
  }
  dfg.step @last() -> (tensor<?x!dfg.string> {dfg.edge = "y"}) {
    %y = dfg.read @kept_last : tensor<?x!dfg.string>
    dfg.return %y : tensor<?x!dfg.string>
  }
  dfg.step @put(%x: tensor<?x!dfg.string> {dfg.edge = "x"}, %n: tensor<?xi64> {dfg.edge = "n"}) {
    dfg.enqueue @pairs, %x, %n : tensor<?x!dfg.string>, tensor<?xi64> {many}
    dfg.return
  }
  dfg.step @get() -> (tensor<!dfg.string> {dfg.edge = "x"}, tensor<i64> {dfg.edge = "n"}) {
    %x, %n = dfg.dequeue @pairs : tensor<!dfg.string>, tensor<i64>
    dfg.return %x, %n : tensor<!dfg.string>, tensor<i64>
  }
  dfg.step @get_two() -> (tensor<2x!dfg.string> {dfg.edge = "x"}, tensor<2xi64> {dfg.edge = "n"}) {
    %two = arith.constant 2 : index
    %x, %n = dfg.dequeue @pairs [%two] : tensor<2x!dfg.string>, tensor<2xi64>
    dfg.return %x, %n : tensor<2x!dfg.string>, tensor<2xi64>
  }
  // Elements of different lengths are filled up with empty strings.
  dfg.step @pad(%x: tensor<?x!dfg.string> {dfg.edge = "x"}, %y: tensor<?x!dfg.string> {dfg.edge = "y"})
      -> (tensor<2x?x!dfg.string> {dfg.edge = "x"}) {
    %two = arith.constant 2 : index
    dfg.enqueue @rows, %x : tensor<?x!dfg.string>
    dfg.enqueue @rows, %y : tensor<?x!dfg.string>
    %rows = dfg.dequeue @rows [%two] : tensor<2x?x!dfg.string>
    dfg.return %rows : tensor<2x?x!dfg.string>
  }
  dfg.step @rank(%p: tensor<i64> {dfg.edge = "p"}, %x: tensor<!dfg.string> {dfg.edge = "x"}) {
    dfg.enqueue @ranked, %p, %x : tensor<i64>, tensor<!dfg.string>
    dfg.return
  }
  dfg.step @top() -> (tensor<!dfg.string> {dfg.edge = "x"}) {
    %p, %x = dfg.dequeue @ranked : tensor<i64>, tensor<!dfg.string>
    dfg.return %x : tensor<!dfg.string>
  }
  dfg.step @loop(%x: tensor<1x!dfg.string> {dfg.edge = "x"}) -> (tensor<1x!dfg.string> {dfg.edge = "y"}) {
    %s = dfg.constant dense<""> : tensor<!dfg.string>
    %six = dfg.constant dense<6> : tensor<1xi32>
    %y = dfg.while (%x) : (tensor<1x!dfg.string>) -> (tensor<1x!dfg.string>) cond {
    ^bb0(%now: tensor<1x!dfg.string>):
      %n = dfg.string_length %now : (tensor<1x!dfg.string>) -> tensor<1xi32>
      %less = dfg.compare lt %n, %six : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi1>
      dfg.yield %less : tensor<1xi1>
    } body {
    ^bb0(%now: tensor<1x!dfg.string>):
      %twice = dfg.string_join %s, %now, %now : (tensor<!dfg.string>, tensor<1x!dfg.string>, tensor<1x!dfg.string>) -> tensor<1x!dfg.string>
      dfg.yield %twice : tensor<1x!dfg.string>
    }
    dfg.return %y : tensor<1x!dfg.string>
  }
}
