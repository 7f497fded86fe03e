// Lists and optionals, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so update "l=[f32(1), f32(2, 3)]" "x=f32(9)" | FileCheck %s --check-prefix=UPDATE
// RUN: %python %S/Inputs/execute.py %t.so join "x=np.arange(6, dtype=np.float32).reshape(2, 3)" | FileCheck %s --check-prefix=JOIN
// RUN: %python %S/Inputs/execute.py %t.so shared "l=[f32(1)]" "x=f32(2)" "c=np.array(True)" | FileCheck %s --check-prefix=SHARED
// RUN: %python %S/Inputs/execute.py %t.so shared "l=[f32(1)]" "x=f32(2)" "c=np.array(False)" | FileCheck %s --check-prefix=UNSHARED
// RUN: %python %S/Inputs/execute.py %t.so optional "o=f32(1, 2)" "p=None" | FileCheck %s --check-prefix=SOME
// RUN: %python %S/Inputs/execute.py %t.so optional "o=f32(1, 2)" "p=[f32(3)]" | FileCheck %s --check-prefix=BOTH
// RUN: not %python %S/Inputs/execute.py %t.so optional "o=None" "p=None" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not %python %S/Inputs/execute.py %t.so update "l=[]" "x=f32(1)" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not %python %S/Inputs/execute.py %t.so update "l=[f32(1), np.zeros(2)]" "x=f32(1)" 2>&1 | FileCheck %s --check-prefix=DTYPE
// RUN: not %python %S/Inputs/execute.py %t.so take "l=[np.zeros((2, 2), np.float32)]" 2>&1 | FileCheck %s --check-prefix=RANK

dfg.graph @net {
  // UPDATE: a: list of float32[1] 9.0; float32[1] 1.0; float32[2] 2.0 3.0
  // UPDATE: b: list of float32[1] 1.0; float32[2] 2.0 3.0
  // UPDATE: c: list of float32[1] 1.0
  // UPDATE: n: int64[] 3
  // UPDATE: last: float32[2] 2.0 3.0
  // RANGE: OUT_OF_RANGE: list_erase: position is -1
  // DTYPE: INVALID_ARGUMENT: input 'l', element 1: dtype is f64, expected f32
  dfg.step @update(%l: !dfg.list<tensor<?xf32>> {dfg.edge = "l"}, %x: tensor<?xf32> {dfg.edge = "x"})
      -> (!dfg.list<tensor<?xf32>> {dfg.edge = "a"}, !dfg.list<tensor<?xf32>> {dfg.edge = "b"},
          !dfg.list<tensor<?xf32>> {dfg.edge = "c"}, tensor<i64> {dfg.edge = "n"}, tensor<?xf32> {dfg.edge = "last"}) {
    %zero = arith.constant 0 : index
    %back = arith.constant -1 : index
    %c = dfg.list_erase %l : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
    %a = dfg.list_insert %l, %x, %zero : (!dfg.list<tensor<?xf32>>, tensor<?xf32>, index) -> !dfg.list<tensor<?xf32>>
    %n = dfg.list_length %a : (!dfg.list<tensor<?xf32>>) -> index
    %length = dfg.index_tensor [%n] : tensor<i64>
    %last = dfg.list_at %a, %back : (!dfg.list<tensor<?xf32>>, index) -> tensor<?xf32>
    dfg.return %a, %l, %c, %length, %last : !dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>, tensor<i64>, tensor<?xf32>
  }

  // JOIN: a: list of float32[2, 2] 0.0 1.0 3.0 4.0; float32[2, 1] 2.0 5.0
  // JOIN: b: float32[2, 3] 0.0 1.0 2.0 3.0 4.0 5.0
  // JOIN: c: float32[3, 2] 0.0 3.0 1.0 4.0 2.0 5.0
  // JOIN: d: float32[0, 2]
  dfg.step @join(%x: tensor<?x3xf32> {dfg.edge = "x"})
      -> (!dfg.list<tensor<?x?xf32>> {dfg.edge = "a"}, tensor<?x3xf32> {dfg.edge = "b"}, tensor<3x?xf32> {dfg.edge = "c"}, tensor<?x2xf32> {dfg.edge = "d"}) {
    %two = dfg.constant dense<2> : tensor<i64>
    %a = dfg.list_split %x, %two {axis = 1 : i64, keep_axis} : (tensor<?x3xf32>, tensor<i64>) -> !dfg.list<tensor<?x?xf32>>
    %b = dfg.list_concat %a {axis = 1 : i64} : (!dfg.list<tensor<?x?xf32>>) -> tensor<?x3xf32>
    %columns = dfg.list_split %x {axis = 1 : i64} : (tensor<?x3xf32>) -> !dfg.list<tensor<?xf32>>
    %c = dfg.list_stack %columns {axis = 0 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<3x?xf32>
    %empty = dfg.list_make : () -> !dfg.list<tensor<2xf32>>
    %d = dfg.list_stack %empty {axis = 0 : i64} : (!dfg.list<tensor<2xf32>>) -> tensor<?x2xf32>
    dfg.return %a, %b, %c, %d : !dfg.list<tensor<?x?xf32>>, tensor<?x3xf32>, tensor<3x?xf32>, tensor<?x2xf32>
  }

  // One branch changes a list that is used afterwards.
  // SHARED: y: list of float32[1] 1.0; float32[1] 2.0
  // SHARED: z: list of float32[1] 1.0
  // UNSHARED: y: list of float32[1] 1.0
  // UNSHARED: z: list of float32[1] 1.0
  dfg.step @shared(%l: !dfg.list<tensor<1xf32>> {dfg.edge = "l"}, %x: tensor<1xf32> {dfg.edge = "x"}, %c: tensor<i1> {dfg.edge = "c"})
      -> (!dfg.list<tensor<1xf32>> {dfg.edge = "y"}, !dfg.list<tensor<1xf32>> {dfg.edge = "z"}) {
    %y = dfg.if %c : tensor<i1> -> !dfg.list<tensor<1xf32>> {
      %m = dfg.list_insert %l, %x : (!dfg.list<tensor<1xf32>>, tensor<1xf32>) -> !dfg.list<tensor<1xf32>>
      dfg.yield %m : !dfg.list<tensor<1xf32>>
    } else {
      dfg.yield %l : !dfg.list<tensor<1xf32>>
    }
    dfg.return %y, %l : !dfg.list<tensor<1xf32>>, !dfg.list<tensor<1xf32>>
  }

  // SOME: x: float32[2] 1.0 2.0
  // SOME: h: int64[2] 1 0
  // SOME: p: nothing
  // BOTH: h: int64[2] 1 1
  // BOTH: p: list of float32[1] 3.0
  // NONE: FAILED_PRECONDITION: optional_get: the optional holds nothing
  dfg.step @optional(%o: !dfg.optional<tensor<?xf32>> {dfg.edge = "o"}, %p: !dfg.optional<!dfg.list<tensor<?xf32>>> {dfg.edge = "p"})
      -> (tensor<?xf32> {dfg.edge = "x"}, tensor<2xi64> {dfg.edge = "h"}, !dfg.optional<!dfg.list<tensor<?xf32>>> {dfg.edge = "p"}) {
    %a = dfg.optional_has %o : (!dfg.optional<tensor<?xf32>>) -> index
    %b = dfg.optional_has %p : (!dfg.optional<!dfg.list<tensor<?xf32>>>) -> index
    %h = dfg.index_tensor [%a, %b] : tensor<2xi64>
    %x = dfg.optional_get %o : (!dfg.optional<tensor<?xf32>>) -> tensor<?xf32>
    dfg.return %x, %h, %p : tensor<?xf32>, tensor<2xi64>, !dfg.optional<!dfg.list<tensor<?xf32>>>
  }

  // RANK: INVALID_ARGUMENT: list_at: tensor of rank 2, expected 1
  dfg.step @take(%l: !dfg.list<tensor<*xf32>> {dfg.edge = "l"}) -> (tensor<?xf32> {dfg.edge = "x"}) {
    %zero = arith.constant 0 : index
    %x = dfg.list_at %l, %zero : (!dfg.list<tensor<*xf32>>, index) -> tensor<?xf32>
    dfg.return %x : tensor<?xf32>
  }
}
