// What the verifiers of variables, locals and queues refuse.
// RUN: tfc-opt %s -split-input-file -verify-diagnostics

dfg.graph @value_type {
  // expected-error @+1 {{has value of type 'tensor<2xf32>', expected 'tensor<?xf32>'}}
  dfg.variable @v "v" : tensor<?xf32> = dense<0.0> : tensor<2xf32>
}

// -----

dfg.graph @twice {
  // expected-note @+1 {{see existing symbol definition here}}
  dfg.variable @v "v" : tensor<f32>
  // expected-error @+1 {{redefinition of symbol named 'v'}}
  dfg.local @v : !dfg.list<tensor<f32>>
}

// -----

dfg.graph @read_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @w, expected a dfg.variable of this graph}}
    %y = dfg.read @w : tensor<?x2xf32>
    dfg.return
  }
}

// -----

dfg.graph @read_local {
  dfg.local @l : !dfg.list<tensor<2xf32>>
  dfg.step @s() {
    // expected-error @+1 {{uses @l, expected a dfg.variable of this graph}}
    %y = dfg.read @l : tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @read_type {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{reads 'tensor<2xf32>' of a variable of 'tensor<?x2xf32>'}}
    %y = dfg.read @v : tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @assign_type {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s(%x: tensor<2xf32> {dfg.edge = "x"}) {
    // expected-error @+1 {{assigns 'tensor<2xf32>' to a variable of 'tensor<?x2xf32>'}}
    dfg.assign @v, %x : tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @has_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @w, expected a dfg.variable of this graph}}
    %h = dfg.has_value @w : index
    dfg.return
  }
}

// -----

dfg.graph @acquire_missing {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s() {
    // expected-error @+1 {{uses @q, expected a dfg.variable of this graph}}
    dfg.acquire @q
    dfg.return
  }
}

// -----

dfg.graph @release_missing {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s() {
    // expected-error @+1 {{uses @q, expected a dfg.variable of this graph}}
    dfg.release @q
    dfg.return
  }
}

// -----

dfg.graph @take_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @v, expected a dfg.local of this graph}}
    %t = dfg.take @v : !dfg.list<tensor<2xf32>>
    dfg.return
  }
}

// -----

dfg.graph @take_type {
  dfg.local @l : !dfg.list<tensor<2xf32>>
  dfg.step @s() {
    // expected-error @+1 {{has list '!dfg.list<tensor<f32>>', expected the local's '!dfg.list<tensor<2xf32>>'}}
    %t = dfg.take @l : !dfg.list<tensor<f32>>
    dfg.return
  }
}

// -----

dfg.graph @peek_type {
  dfg.local @l : !dfg.list<tensor<2xf32>>
  dfg.step @s() {
    // expected-error @+1 {{has list '!dfg.list<tensor<*xf32>>', expected the local's '!dfg.list<tensor<2xf32>>'}}
    %t = dfg.peek @l : !dfg.list<tensor<*xf32>>
    dfg.return
  }
}

// -----

dfg.graph @put_type {
  dfg.local @l : !dfg.list<tensor<2xf32>>
  dfg.step @s() {
    %e = dfg.list_make : () -> !dfg.list<f32>
    // expected-error @+1 {{has list '!dfg.list<f32>', expected the local's '!dfg.list<tensor<2xf32>>'}}
    dfg.put @l, %e : !dfg.list<f32>
    dfg.return
  }
}

// -----

dfg.graph @enqueue_missing {
  dfg.local @l : !dfg.list<tensor<2xf32>>
  dfg.step @s(%x: tensor<2xf32> {dfg.edge = "x"}) {
    // expected-error @+1 {{uses @l, expected a dfg.queue of this graph}}
    dfg.enqueue @l, %x : tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @enqueue_count {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s(%x: tensor<2xf32> {dfg.edge = "x"}) {
    // expected-error @+1 {{has 1 values, expected the queue's 2}}
    dfg.enqueue @q, %x : tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @enqueue_dtype {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s(%x: tensor<2xf32> {dfg.edge = "x"}) {
    // expected-error @+1 {{has 'tensor<2xf32>' for one of 'tensor<*xi64>'}}
    dfg.enqueue @q, %x, %x : tensor<2xf32>, tensor<2xf32>
    dfg.return
  }
}

// -----

dfg.graph @enqueue_rank {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s(%x: tensor<2xf32> {dfg.edge = "x"}, %i: tensor<i64> {dfg.edge = "i"}) {
    // expected-error @+1 {{has 'tensor<2xf32>' for many of 'tensor<2xf32>'}}
    dfg.enqueue @q, %x, %i : tensor<2xf32>, tensor<i64> {many}
    dfg.return
  }
}

// -----

dfg.graph @enqueue_scalar {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s(%xs: tensor<3x2xf32> {dfg.edge = "xs"}, %i: tensor<i64> {dfg.edge = "i"}) {
    // expected-error @+1 {{has 'tensor<i64>' for many of 'tensor<*xi64>'}}
    dfg.enqueue @q, %xs, %i : tensor<3x2xf32>, tensor<i64> {many}
    dfg.return
  }
}

// -----

dfg.graph @dequeue_rank {
  dfg.queue @q fifo capacity(4) : [tensor<2xf32>, tensor<*xi64>]
  dfg.step @s() {
    // expected-error @+1 {{has 'tensor<?x2xf32>' for one of 'tensor<2xf32>'}}
    %a, %b = dfg.dequeue @q : tensor<?x2xf32>, tensor<i64>
    dfg.return
  }
}

// -----

dfg.graph @size_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @v, expected a dfg.queue of this graph}}
    %n = dfg.queue_size @v : index
    dfg.return
  }
}

// -----

dfg.graph @closed_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @v, expected a dfg.queue of this graph}}
    %n = dfg.queue_is_closed @v : index
    dfg.return
  }
}

// -----

dfg.graph @close_missing {
  dfg.variable @v "v" : tensor<?x2xf32>
  dfg.step @s() {
    // expected-error @+1 {{uses @v, expected a dfg.queue of this graph}}
    dfg.queue_close @v
    dfg.return
  }
}
