// What the verifiers of steps, calls and structured control flow refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.graph @call_nobody {
  dfg.func @f(%x: tensor<f32>) {
    // expected-error @+1 {{calls @g, expected a dfg.func of this graph}}
    dfg.call @g(%x) : (tensor<f32>) -> ()
    dfg.return
  }
}

// -----

dfg.graph @call_types {
  dfg.func @g(%x: tensor<f32>) {
    dfg.return
  }
  dfg.func @f(%x: tensor<i32>) {
    // expected-error @+1 {{calls @g with other types than '(tensor<f32>) -> ()'}}
    dfg.call @g(%x) : (tensor<i32>) -> ()
    dfg.return
  }
}

// -----

dfg.func @if_yields_less(%c: tensor<i1>, %x: tensor<f32>) {
  // expected-error @+1 {{else branch yields 0 values, expected 1}}
  %y = dfg.if %c : tensor<i1> -> tensor<f32> {
    dfg.yield %x : tensor<f32>
  } else {
    dfg.yield
  }
  dfg.return
}

// -----

dfg.func @if_yields_other(%c: tensor<i1>, %x: tensor<?xf32>) {
  // expected-error @+1 {{then branch yields 'tensor<?xf32>' as value 0, expected 'tensor<4xf32>'}}
  %y = dfg.if %c : tensor<i1> -> tensor<4xf32> {
    dfg.yield %x : tensor<?xf32>
  } else {
    dfg.yield %x : tensor<?xf32>
  }
  dfg.return
}

// -----

dfg.func @case_element(%i: tensor<i32>, %x: tensor<f32>) {
  // expected-error @+1 {{branch yields 'tensor<i32>' as value 0, expected 'tensor<f32>'}}
  %y = dfg.case %i : tensor<i32> -> tensor<f32> {
    dfg.yield %x : tensor<f32>
  }, {
    dfg.yield %i : tensor<i32>
  }
  dfg.return
}

// -----

dfg.func @while_arity(%x: tensor<i1>) {
  // expected-error @+1 {{has 0 results, expected one per operand}}
  dfg.while (%x) : (tensor<i1>) -> () cond {
    dfg.yield %x : tensor<i1>
  } body {
    dfg.yield
  }
  dfg.return
}

// -----

dfg.func @while_arguments(%x: tensor<i1>) {
  // expected-error @+1 {{has regions whose arguments differ from the results}}
  %y = dfg.while (%x) : (tensor<i1>) -> tensor<i1> cond {
    dfg.yield %x : tensor<i1>
  } body {
  ^bb0(%v: tensor<i1>):
    dfg.yield %v : tensor<i1>
  }
  dfg.return
}

// -----

dfg.func @while_condition(%x: tensor<i1>) {
  // expected-error @+1 {{has a condition that yields no single value}}
  %y = dfg.while (%x) : (tensor<i1>) -> tensor<i1> cond {
  ^bb0(%v: tensor<i1>):
    dfg.yield
  } body {
  ^bb0(%v: tensor<i1>):
    dfg.yield %v : tensor<i1>
  }
  dfg.return
}

// -----

dfg.func @while_body(%x: tensor<4xf32>, %c: tensor<i1>) {
  // expected-error @+1 {{body yields 'tensor<8xf32>' as value 0, expected 'tensor<4xf32>'}}
  %y = dfg.while (%x) : (tensor<4xf32>) -> tensor<4xf32> cond {
  ^bb0(%v: tensor<4xf32>):
    dfg.yield %c : tensor<i1>
  } body {
  ^bb0(%v: tensor<4xf32>):
    %longer = dfg.concat %v, %v {axis = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
    dfg.yield %longer : tensor<8xf32>
  }
  dfg.return
}

// -----

dfg.graph @twice {
  // expected-note @+1 {{see existing symbol definition here}}
  dfg.step @main() {
    dfg.return
  }
  // expected-error @+1 {{redefinition of symbol named 'main'}}
  dfg.step @main() {
    dfg.return
  }
}

// -----

// expected-error @+1 {{argument 0 has dfg.edge 1 : i64, expected a string}}
dfg.step @step_edge(%x: tensor<f32> {dfg.edge = 1 : i64}) {
  dfg.return
}

// -----

// expected-error @+1 {{argument 0 of type 'tensor<?x4xf32>' has dfg.dims ["n"], expected a name or extent per dimension}}
dfg.step @step_dims(%x: tensor<?x4xf32> {dfg.dims = ["n"]}) {
  dfg.return
}

// -----

// expected-error @+1 {{result 0 of type 'tensor<?xf32>' has dfg.dims [unit], expected a name or extent per dimension}}
dfg.step @step_result_dims(%x: tensor<?xf32>) -> (tensor<?xf32> {dfg.dims = [unit]}) {
  dfg.return %x : tensor<?xf32>
}

// -----

dfg.func @return_less() -> tensor<f32> {
  // expected-error @+1 {{gives 0 values, expected 1}}
  dfg.return
}

// -----

dfg.step @return_other(%x: tensor<?xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{gives 'tensor<?xf32>' as value 0, expected 'tensor<4xf32>'}}
  dfg.return %x : tensor<?xf32>
}

// -----

dfg.func @yield_alone(%x: tensor<f32>) {
  // expected-error @+1 {{'dfg.yield' op expects parent op to be one of 'dfg.if, dfg.case, dfg.while, dfg.tasks'}}
  dfg.yield %x : tensor<f32>
}

// -----

dfg.func @assert_numbers(%c: tensor<f32>) {
  // expected-error @+1 {{has condition of type 'tensor<f32>', expected one boolean}}
  dfg.assert %c, "never" : tensor<f32>
  dfg.return
}

// -----

dfg.func @assert_many(%c: tensor<?xi1>) {
  // expected-error @+1 {{has condition of type 'tensor<?xi1>', expected one boolean}}
  dfg.assert %c, "never" : tensor<?xi1>
  dfg.return
}

// -----

dfg.func @if_condition(%c: tensor<2xi1>) {
  // expected-error @+1 {{has condition of type 'tensor<2xi1>', expected one boolean}}
  dfg.if %c : tensor<2xi1> {
    dfg.yield
  } else {
    dfg.yield
  }
  dfg.return
}

// -----

dfg.func @case_index(%i: tensor<f32>) {
  // expected-error @+1 {{has index of type 'tensor<f32>', expected one integer}}
  dfg.case %i : tensor<f32> {
    dfg.yield
  }
  dfg.return
}

// -----

dfg.func @while_condition_type(%x: tensor<i32>) {
  // expected-error @+1 {{has condition of type 'tensor<i32>', expected one boolean}}
  %y = dfg.while (%x) : (tensor<i32>) -> tensor<i32> cond {
  ^bb0(%v: tensor<i32>):
    dfg.yield %v : tensor<i32>
  } body {
  ^bb0(%v: tensor<i32>):
    dfg.yield %v : tensor<i32>
  }
  dfg.return
}

// -----

dfg.func @tasks_order() {
  // expected-error @+1 {{has task 0 depend on 1, expected an earlier one of 2}}
  dfg.tasks {
    dfg.yield
  }, {
    dfg.yield
  } {dependencies = array<i64: 1, 0>}
  dfg.return
}

// -----

dfg.func @tasks_pairs() {
  // expected-error @+1 {{has 1 numbers of dependencies, expected pairs}}
  dfg.tasks {
    dfg.yield
  } {dependencies = array<i64: 0>}
  dfg.return
}

// -----

dfg.func @tasks_yield(%x: tensor<f32>) {
  // expected-error @+1 {{has a task that yields values, expected none}}
  dfg.tasks {
    dfg.yield %x : tensor<f32>
  } {dependencies = array<i64>}
  dfg.return
}

// -----

dfg.graph @runner {
  dfg.step @put(%x: tensor<f32>) {
    dfg.return
  }
  // expected-error @+1 {{runs @put, which has inputs or outputs, expected none}}
  dfg.queue_runner "q" enqueue [@put] closed [11]
}
