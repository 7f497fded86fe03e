// Steps become functions that call the runtime.
// RUN: tfc-opt %s --convert-kernel-to-rt -cse -split-input-file | FileCheck %s

// Inputs are addresses and extents; a destination that is a fetch is bound first and
// written in place; the step ends with what its kernels reported.
// CHECK-LABEL: func.func @main_entry
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[IN:.*]]: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[X:.*]] = rt.input_data %[[IN]] {index = 0 : i64}
// CHECK: %[[N:.*]] = rt.input_dim %[[IN]] {dim = 0 : i64, index = 0 : i64}
// CHECK: %[[Y:.*]] = rt.output_bind %[[CONTEXT]], %[[OUT]], %[[N]] {dtype = 1 : i64, index = 0 : i64}
// CHECK: rt.check %[[Y]]
// CHECK: rt.run_kernel @k %[[CONTEXT]], %{{.*}}, %[[X]], %[[Y]], %[[N]], %[[N]]
// CHECK: %[[FAULT:.*]] = rt.fault %[[CONTEXT]]
// CHECK: return %[[FAULT]]
dfg.graph @net {
  kernel.func @k(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
  dfg.step @main(%x: tensor<?xf32>) -> tensor<?xf32> {
    %zero = arith.constant 0 : index
    %n = tensor.dim %x, %zero : tensor<?xf32>
    %d = kernel.empty [%n] {kernel.output = 0 : i64} : tensor<?xf32>
    %y = kernel.dispatch @k ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    dfg.return %y : tensor<?xf32>
  }
}

// -----

// A fetch that is an input is copied; a checked view tests the numbers of elements; an
// item of a tensor whose extent is not known tests the position.
// CHECK-LABEL: func.func @views_entry
// CHECK: %[[X:.*]] = rt.input_data %{{.*}} {index = 0 : i64}
// CHECK: rt.assert %{{.*}} {code = {{[0-9]+}} : i64, message = "a tensor of sizes has fewer elements than needed"
// CHECK: rt.assert %{{.*}} {code = {{[0-9]+}} : i64, message = "the requested shape does not hold as many elements as the tensor has"
// CHECK: %[[Y:.*]] = rt.output_bind
// CHECK: "llvm.intr.memmove"(%[[Y]], %[[X]],
dfg.graph @views {
  dfg.step @views(%x: tensor<?xf32>, %sizes: tensor<?xi64>) -> tensor<?x2xf32> {
    %n = kernel.item %sizes [1] : tensor<?xi64>
    %y = kernel.view %x [%n] {checked} : tensor<?xf32> to tensor<?x2xf32>
    dfg.return %y : tensor<?x2xf32>
  }
}

// -----

// CHECK-LABEL: func.func @branches_entry
// CHECK: scf.index_switch
// CHECK: case 0 {
// CHECK: default {
dfg.graph @branches {
  dfg.step @branches(%c: tensor<i1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
    %z = dfg.if %c : tensor<i1> -> tensor<4xf32> {
      dfg.yield %x : tensor<4xf32>
    } else {
      dfg.yield %y : tensor<4xf32>
    }
    dfg.return %z : tensor<4xf32>
  }
}

// -----

// CHECK-LABEL: func.func @loops_entry
// CHECK: scf.while
// CHECK: rt.run_kernel @less
// CHECK: scf.condition
// CHECK: rt.run_kernel @next
dfg.graph @loops {
  kernel.func @less(%i: tensor<i64>) -> tensor<i1> {
    %c = dfg.is_nan %i : (tensor<i64>) -> tensor<i1>
    kernel.return %c : tensor<i1>
  }
  kernel.func @next(%i: tensor<i64>) -> tensor<i64> {
    %y = dfg.neg %i : (tensor<i64>) -> tensor<i64>
    kernel.return %y : tensor<i64>
  }
  dfg.step @loops(%start: tensor<i64>) -> tensor<i64> {
    %z = dfg.while (%start) : (tensor<i64>) -> tensor<i64> cond {
    ^bb0(%i: tensor<i64>):
      %d = kernel.empty [] : tensor<i1>
      %c = kernel.dispatch @less ins(%i) outs(%d) : (tensor<i64>, tensor<i1>) -> tensor<i1>
      dfg.yield %c : tensor<i1>
    } body {
    ^bb0(%i: tensor<i64>):
      %d = kernel.empty [] : tensor<i64>
      %n = kernel.dispatch @next ins(%i) outs(%d) : (tensor<i64>, tensor<i64>) -> tensor<i64>
      dfg.yield %n : tensor<i64>
    }
    dfg.return %z : tensor<i64>
  }
}

// -----

// The plan tells extents of outputs, the smallest number where only data does or where
// branches differ, then the places of slots; the step reads these from it.
// CHECK-LABEL: func.func @slots_plan
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[IN:.*]]: !llvm.ptr, %[[WORDS:.*]]: !llvm.ptr) -> i64
// CHECK: %[[N:.*]] = rt.input_dim %[[IN]] {dim = 0 : i64, index = 0 : i64}
// CHECK: %[[M:.*]] = rt.input_dim %[[IN]] {dim = 0 : i64, index = 1 : i64}
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[N]], %[[M]]
// CHECK: %[[OPEN:.*]] = arith.constant -9223372036854775808
// CHECK: %[[BRANCH:.*]] = arith.select %[[SAME]], %{{.*}}, %[[OPEN]]
// CHECK: %[[WORD:.*]] = arith.index_cast %[[BRANCH]]
// CHECK: %[[FIRST:.*]] = llvm.getelementptr %[[WORDS]][0]
// CHECK: llvm.store %[[WORD]], %[[FIRST]]
// CHECK: %[[UNKNOWN:.*]] = arith.index_cast %[[OPEN]]
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[WORDS]][1]
// CHECK: llvm.store %[[UNKNOWN]], %[[SECOND]]
// CHECK: arith.mului_extended %[[N]]
// CHECK: %[[SLOT:.*]] = llvm.getelementptr %[[WORDS]][2]
// CHECK: llvm.store %{{.*}}, %[[SLOT]]
// CHECK: return %{{.*}} : i64
// CHECK-LABEL: func.func @slots_entry
// CHECK: %[[PLAN:.*]] = llvm.alloca
// CHECK: %[[BYTES:.*]] = call @slots_plan(%{{.*}}, %{{.*}}, %[[PLAN]])
// CHECK: %[[SIZE:.*]] = arith.index_cast %[[BYTES]]
// CHECK: %[[ARENA:.*]] = rt.arena_reserve %{{.*}}, %[[SIZE]]
// CHECK: %[[AT:.*]] = llvm.getelementptr %[[PLAN]]
// CHECK: %[[BEGIN:.*]] = llvm.load %[[AT]] : !llvm.ptr -> i64
// CHECK: %[[MEMORY:.*]] = llvm.getelementptr %[[ARENA]][%[[BEGIN]]]
// CHECK: rt.run_kernel @k %{{.*}}, %[[MEMORY]]
dfg.graph @slots {
  kernel.func @k(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
  dfg.step @slots(%x: tensor<?xf32>, %o: tensor<?xf32>, %c: tensor<i1>, %s: tensor<1xi64>) -> (tensor<?xf32>, tensor<?xf32>) {
    %zero = arith.constant 0 : index
    %n = tensor.dim %x, %zero : tensor<?xf32>
    %d = kernel.empty [%n] {kernel.slot = 0 : i64} : tensor<?xf32>
    %y = kernel.dispatch @k ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    %z = dfg.if %c : tensor<i1> -> tensor<?xf32> {
      dfg.yield %y : tensor<?xf32>
    } else {
      dfg.yield %o : tensor<?xf32>
    }
    %m = kernel.item %s [0] : tensor<1xi64>
    %v = kernel.view %y [%m] {checked} : tensor<?xf32> to tensor<?xf32>
    dfg.return %z, %v : tensor<?xf32>, tensor<?xf32>
  }
}

// -----

// Tasks are functions that find in a frame what they use of the step.
// CHECK-LABEL: func.func @tasks_entry
// CHECK: %[[X:.*]] = rt.input_data %arg1 {index = 0 : i64}
// CHECK: %[[N:.*]] = rt.input_dim %arg1 {dim = 0 : i64, index = 0 : i64}
// CHECK: llvm.store %[[X]], %{{.*}}
// CHECK: %[[WORD:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK: llvm.store %[[WORD]], %{{.*}}
// CHECK: %[[S:.*]] = rt.run_tasks %arg0, %{{.*}} {dependencies = array<i64: 0, 1>, functions = [@tasks_task0, @tasks_task1]}
// CHECK: rt.check %[[S]]
// CHECK-LABEL: func.func @tasks_task0(%arg0: !llvm.ptr, %arg1: !llvm.ptr) -> i32
// CHECK-SAME: probe-stack
// CHECK: %[[MEMORY:.*]] = llvm.load %{{.*}} : !llvm.ptr -> !llvm.ptr
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> i64
// CHECK: rt.scratch_allocate %arg0
// CHECK: rt.run_kernel @exp %arg0, %{{.*}}, %[[MEMORY]]
// CHECK: return %{{.*}} : i32
// CHECK-LABEL: func.func @tasks_task1
dfg.graph @tasks {
  kernel.func @exp(%x: tensor<?xf32>) -> tensor<?xf32> {
    %y = dfg.exp %x : (tensor<?xf32>) -> tensor<?xf32>
    kernel.return %y : tensor<?xf32>
  }
  dfg.step @tasks(%x: tensor<?xf32>) {
    dfg.tasks {
      %zero = arith.constant 0 : index
      %n = tensor.dim %x, %zero : tensor<?xf32>
      %d = kernel.empty [%n] : tensor<?xf32>
      %y = kernel.dispatch @exp ins(%x) outs(%d) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      dfg.yield
    }, {
      dfg.yield
    } {dependencies = array<i64: 0, 1>}
    dfg.return
  }
}
