// Branches and loops, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so if "c=np.array(True)" "x=f32(1, 2, 3)" | FileCheck %s --check-prefix=THEN
// RUN: %python %S/Inputs/execute.py %t.so if "c=np.array(False)" "x=f32(1, 2, 3)" | FileCheck %s --check-prefix=ELSE
// RUN: %python %S/Inputs/execute.py %t.so case "i=np.array(0, np.int32)" "x=f32(3)" | FileCheck %s --check-prefix=CASE0
// RUN: %python %S/Inputs/execute.py %t.so case "i=np.array(1, np.int32)" "x=f32(3)" | FileCheck %s --check-prefix=CASE1
// RUN: %python %S/Inputs/execute.py %t.so case "i=np.array(-7, np.int32)" "x=f32(3)" | FileCheck %s --check-prefix=LAST
// RUN: %python %S/Inputs/execute.py %t.so fibonacci "n=np.array(10)" | FileCheck %s --check-prefix=FIBONACCI
// RUN: %python %S/Inputs/execute.py %t.so fibonacci "n=np.array(0)" | FileCheck %s --check-prefix=NEVER
// RUN: %python %S/Inputs/execute.py %t.so double "n=np.array(3)" "x=f32(1, 2)" | FileCheck %s --check-prefix=DOUBLE
// RUN: %python %S/Inputs/execute.py %t.so powers "n=np.array(3)" "x=f32(2, 3)" | FileCheck %s --check-prefix=POWERS
// RUN: not %python %S/Inputs/execute.py %t.so assert "c=np.array(False)" 2>&1 | FileCheck %s --check-prefix=ASSERT

dfg.graph @net {
  // Branches of different extents.
  // THEN: y: float32[3] 2.0 4.0 6.0
  // ELSE: y: float32[6] 1.0 2.0 3.0 1.0 2.0 3.0
  dfg.step @if(%c: tensor<i1> {dfg.edge = "c"}, %x: tensor<?xf32> {dfg.edge = "x", dfg.dims = ["n"]}) -> (tensor<?xf32> {dfg.edge = "y"}) {
    %y = dfg.if %c : tensor<i1> -> tensor<?xf32> {
      %a = dfg.add %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %a : tensor<?xf32>
    } else {
      %a = dfg.concat %x, %x {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %a : tensor<?xf32>
    }
    dfg.return %y : tensor<?xf32>
  }

  // CASE0: y: float32[1] -3.0
  // CASE1: y: float32[1] 6.0
  // LAST: y: float32[1] 9.0
  dfg.step @case(%i: tensor<i32> {dfg.edge = "i"}, %x: tensor<1xf32> {dfg.edge = "x"}) -> (tensor<1xf32> {dfg.edge = "y"}) {
    %y = dfg.case %i : tensor<i32> -> tensor<1xf32> {
      %a = dfg.neg %x : (tensor<1xf32>) -> tensor<1xf32>
      dfg.yield %a : tensor<1xf32>
    }, {
      %a = dfg.add %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      dfg.yield %a : tensor<1xf32>
    }, {
      %a = dfg.mul %x, %x : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      dfg.yield %a : tensor<1xf32>
    }
    dfg.return %y : tensor<1xf32>
  }

  // Variables that change places.
  // FIBONACCI: y: int64[] 55
  // NEVER: y: int64[] 0
  dfg.step @fibonacci(%n: tensor<i64> {dfg.edge = "n"}) -> (tensor<i64> {dfg.edge = "y"}) {
    %zero = dfg.constant dense<0> : tensor<i64>
    %one = dfg.constant dense<1> : tensor<i64>
    %r:3 = dfg.while (%zero, %zero, %one) : (tensor<i64>, tensor<i64>, tensor<i64>) -> (tensor<i64>, tensor<i64>, tensor<i64>) cond {
    ^bb0(%i: tensor<i64>, %a: tensor<i64>, %b: tensor<i64>):
      %c = dfg.compare lt %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>, %a: tensor<i64>, %b: tensor<i64>):
      %next = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      %sum = dfg.add %a, %b : (tensor<i64>, tensor<i64>) -> tensor<i64>
      dfg.yield %next, %b, %sum : tensor<i64>, tensor<i64>, tensor<i64>
    }
    dfg.return %r#1 : tensor<i64>
  }

  // A variable that grows.
  // DOUBLE: y: float32[16] 1.0 2.0 1.0 2.0 1.0 2.0 1.0 2.0 1.0 2.0 1.0 2.0 1.0 2.0 1.0 2.0
  dfg.step @double(%n: tensor<i64> {dfg.edge = "n"}, %x: tensor<?xf32> {dfg.edge = "x"}) -> (tensor<?xf32> {dfg.edge = "y"}) {
    %zero = dfg.constant dense<0> : tensor<i64>
    %one = dfg.constant dense<1> : tensor<i64>
    %r:2 = dfg.while (%zero, %x) : (tensor<i64>, tensor<?xf32>) -> (tensor<i64>, tensor<?xf32>) cond {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>):
      %c = dfg.compare lt %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>):
      %next = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      %w = dfg.concat %v, %v {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield %next, %w : tensor<i64>, tensor<?xf32>
    }
    dfg.return %r#1 : tensor<?xf32>
  }

  // Nested loops, lists, sizes that stay: x^(1+2+...) for each outer iteration.
  // POWERS: y: float32[3, 2] 2.0 3.0 8.0 27.0 64.0 729.0
  dfg.step @powers(%n: tensor<i64> {dfg.edge = "n"}, %x: tensor<?xf32> {dfg.edge = "x", dfg.dims = ["m"]}) -> (tensor<?x?xf32> {dfg.edge = "y"}) {
    %zero = dfg.constant dense<0> : tensor<i64>
    %one = dfg.constant dense<1> : tensor<i64>
    %ones = dfg.div %x, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %empty = dfg.list_make : () -> !dfg.list<f32>
    %r:3 = dfg.while (%zero, %ones, %empty) : (tensor<i64>, tensor<?xf32>, !dfg.list<f32>) -> (tensor<i64>, tensor<?xf32>, !dfg.list<tensor<?xf32>>) cond {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>, %l: !dfg.list<tensor<?xf32>>):
      %c = dfg.compare lt %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>, %v: tensor<?xf32>, %l: !dfg.list<tensor<?xf32>>):
      %next = dfg.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
      %s:2 = dfg.while (%zero, %v) : (tensor<i64>, tensor<?xf32>) -> (tensor<i64>, tensor<?xf32>) cond {
      ^bb0(%j: tensor<i64>, %w: tensor<?xf32>):
        %c = dfg.compare le %j, %i : (tensor<i64>, tensor<i64>) -> tensor<i1>
        dfg.yield %c : tensor<i1>
      } body {
      ^bb0(%j: tensor<i64>, %w: tensor<?xf32>):
        %nextj = dfg.add %j, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
        %m = dfg.mul %w, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
        dfg.yield %nextj, %m : tensor<i64>, tensor<?xf32>
      }
      %k = dfg.list_insert %l, %s#1 : (!dfg.list<tensor<?xf32>>, tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
      dfg.yield %next, %s#1, %k : tensor<i64>, tensor<?xf32>, !dfg.list<tensor<?xf32>>
    }
    %y = dfg.list_stack %r#2 {axis = 0 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?x?xf32>
    dfg.return %y : tensor<?x?xf32>
  }

  // ASSERT: INVALID_ARGUMENT: {{.*}}something is wrong
  dfg.step @assert(%c: tensor<i1> {dfg.edge = "c"}) -> (tensor<i1> {dfg.edge = "y"}) {
    dfg.assert %c, "something is wrong" : tensor<i1>
    dfg.return %c : tensor<i1>
  }
}
