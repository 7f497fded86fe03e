// State that steps of one instance share, run.
// REQUIRES: numpy
// RUN: tfc-compile %s -o %t.so
// RUN: %python %S/Inputs/execute.py %t.so add "x=f32(1, 2)" -- add "x=f32(3, 4)" -- get | FileCheck %s --check-prefix=ADD
// RUN: not %python %S/Inputs/execute.py %t.so last 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: %python %S/Inputs/execute.py %t.so keep "x=f32(1)" -- last -- keep "x=f32(1, 2, 3)" -- last | FileCheck %s --check-prefix=LAST
// RUN: not %python %S/Inputs/execute.py %t.so narrow "x=f32(1, 2, 3)" 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: %python %S/Inputs/execute.py %t.so history "x=f32(1)" "y=f32(2, 3)" -- history "x=f32(4)" "y=f32(5)" | FileCheck %s --check-prefix=HISTORY
// RUN: %python %S/Inputs/execute.py %t.so put "x=f32(1, 2, 3)" -- put "x=f32(4)" -- get_two -- finish -- rest | FileCheck %s --check-prefix=QUEUE
// RUN: not %python %S/Inputs/execute.py %t.so put "x=f32(1)" -- finish -- get_two 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: not %python %S/Inputs/execute.py %t.so finish -- put "x=f32(1)" 2>&1 | FileCheck %s --check-prefix=CLOSED
// RUN: %python %S/Inputs/checkpoint.py %t.so %t.safetensors | FileCheck %s --check-prefix=CHECKPOINT

// CHECKPOINT: tfc_instance_save: 0
// CHECKPOINT: metadata: {'format': 'tfc', 'version': '1', 'unset:kept/last': '', 'unset:three': ''}
// CHECKPOINT: sum: float32[2] [11.0, 22.0]
// CHECKPOINT: none: float32[0] []
// CHECKPOINT: tfc_instance_restore: 0
// CHECKPOINT: last: [7. 8. 9.]
// Shapes that are not the model's are a FAILED_PRECONDITION.
// CHECKPOINT: tfc_instance_restore: 9

dfg.graph @net {
  dfg.variable @sum "sum" : tensor<2xf32> = dense<[10.0, 20.0]> : tensor<2xf32>
  dfg.variable @kept "kept/last" : tensor<?xf32>
  dfg.variable @three "three" : tensor<3xf32>
  dfg.variable @none "none" : tensor<0xf32> = dense<> : tensor<0xf32>
  dfg.local @list : !dfg.list<tensor<?xf32>>
  dfg.queue @numbers fifo capacity(-1) : [tensor<f32>]

  // ADD: y: float32[2] 11.0 22.0
  // ADD: y: float32[2] 14.0 26.0
  dfg.step @add(%x: tensor<2xf32> {dfg.edge = "x"}) -> (tensor<2xf32> {dfg.edge = "y"}) {
    dfg.acquire @sum
    %sum = dfg.read @sum : tensor<2xf32>
    %next = dfg.add %sum, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    dfg.assign @sum, %next : tensor<2xf32>
    dfg.release @sum
    dfg.return %next : tensor<2xf32>
  }

  // A value without elements is one.
  // ADD: sum: float32[2] 14.0 26.0
  // ADD: has: int64[2] 0 1
  dfg.step @get() -> (tensor<2xf32> {dfg.edge = "sum"}, tensor<2xi64> {dfg.edge = "has"}) {
    %sum = dfg.read @sum : tensor<2xf32>
    %last = dfg.has_value @kept : index
    %none = dfg.has_value @none : index
    %has = dfg.index_tensor [%last, %none] : tensor<2xi64>
    dfg.return %sum, %has : tensor<2xf32>, tensor<2xi64>
  }

  dfg.step @keep(%x: tensor<?xf32> {dfg.edge = "x"}) {
    dfg.assign @kept, %x : tensor<?xf32>
    dfg.return
  }
  // NOTHING: FAILED_PRECONDITION: variable 'kept/last' holds no value yet
  // LAST: y: float32[1] 1.0
  // LAST: y: float32[3] 1.0 2.0 3.0
  dfg.step @last() -> (tensor<?xf32> {dfg.edge = "y"}) {
    %y = dfg.read @kept : tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }
  // NARROW: INVALID_ARGUMENT: variable 'sum': dimension 0 of the value is 3, expected 2
  dfg.step @narrow(%x: tensor<?xf32> {dfg.edge = "x"}) {
    dfg.assign @sum, %x : tensor<?xf32>
    dfg.return
  }

  // HISTORY: one: list of float32[1] 1.0
  // HISTORY: two: list of float32[1] 1.0; float32[2] 2.0 3.0
  // HISTORY: one: list of float32[1] 4.0
  // HISTORY: two: list of float32[1] 4.0; float32[1] 5.0
  dfg.step @history(%x: tensor<?xf32> {dfg.edge = "x"}, %y: tensor<?xf32> {dfg.edge = "y"})
      -> (!dfg.list<tensor<?xf32>> {dfg.edge = "one"}, !dfg.list<tensor<?xf32>> {dfg.edge = "two"}) {
    %one = arith.constant 1 : index
    %a = dfg.take @list : !dfg.list<tensor<?xf32>>
    %b = dfg.list_insert %a, %x : (!dfg.list<tensor<?xf32>>, tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
    dfg.put @list, %b : !dfg.list<tensor<?xf32>>
    %c = dfg.peek @list : !dfg.list<tensor<?xf32>>
    %d = dfg.take @list : !dfg.list<tensor<?xf32>>
    %e = dfg.list_set %d, %y, %one {grow} : (!dfg.list<tensor<?xf32>>, tensor<?xf32>, index) -> !dfg.list<tensor<?xf32>>
    dfg.put @list, %e : !dfg.list<tensor<?xf32>>
    %f = dfg.peek @list : !dfg.list<tensor<?xf32>>
    dfg.return %c, %f : !dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>
  }

  // CLOSED: CANCELLED: queue 'numbers' is closed
  dfg.step @put(%x: tensor<?xf32> {dfg.edge = "x"}) {
    dfg.enqueue @numbers, %x : tensor<?xf32> {many}
    dfg.return
  }
  // QUEUE: y: float32[2] 1.0 2.0
  // FEW: OUT_OF_RANGE: queue 'numbers' is closed and has too few elements (wanted 2, has 1)
  dfg.step @get_two() -> (tensor<2xf32> {dfg.edge = "y"}) {
    %two = arith.constant 2 : index
    %y = dfg.dequeue @numbers [%two] : tensor<2xf32>
    dfg.return %y : tensor<2xf32>
  }
  dfg.step @finish() {
    dfg.queue_close @numbers
    dfg.return
  }
  // QUEUE: n: int64[2] 2 1
  // QUEUE: y: float32[2] 3.0 4.0
  dfg.step @rest() -> (tensor<2xi64> {dfg.edge = "n"}, tensor<?xf32> {dfg.edge = "y"}) {
    %many = arith.constant 100 : index
    %n = dfg.queue_size @numbers : index
    %closed = dfg.queue_is_closed @numbers : index
    %ns = dfg.index_tensor [%n, %closed] : tensor<2xi64>
    %y = dfg.dequeue @numbers [%many] {up_to} : tensor<?xf32>
    dfg.return %ns, %y : tensor<2xi64>, tensor<?xf32>
  }
}
