// Syntax of state: variables, locals and queues.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.graph @net
dfg.graph @net {
  // CHECK: dfg.variable @w "dense/kernel" : tensor<?x10xf32>
  dfg.variable @w "dense/kernel" : tensor<?x10xf32>
  // CHECK: dfg.variable @b "dense/bias" : tensor<10xf32> = dense<0.000000e+00> : tensor<10xf32>
  dfg.variable @b "dense/bias" : tensor<10xf32> = dense<0.0> : tensor<10xf32>
  // CHECK: dfg.local @history : !dfg.list<tensor<?xf32>>
  dfg.local @history : !dfg.list<tensor<?xf32>>
  // CHECK: dfg.queue @examples fifo capacity(64) : [tensor<10xf32>, tensor<i64>]
  dfg.queue @examples fifo capacity(64) : [tensor<10xf32>, tensor<i64>]
  // CHECK: dfg.queue @mixed random_shuffle capacity(-1) min_after(8) seed(3) : [tensor<*xf32>]
  dfg.queue @mixed random_shuffle capacity(-1) min_after(8) seed(3) : [tensor<*xf32>]
  // CHECK: dfg.queue @ragged padding_fifo capacity(4) : [tensor<?xf32>]
  dfg.queue @ragged padding_fifo capacity(4) : [tensor<?xf32>]
  // CHECK: dfg.queue @urgent priority capacity(4) : [tensor<i64>]
  dfg.queue @urgent priority capacity(4) : [tensor<i64>]

  // CHECK-LABEL: dfg.step @variables
  dfg.step @variables(%x: tensor<10xf32> {dfg.edge = "x"}) -> (tensor<?x10xf32> {dfg.edge = "y"}) {
    // CHECK: dfg.acquire @b
    dfg.acquire @b
    // CHECK: %[[B:.*]] = dfg.read @b : tensor<10xf32>
    %b = dfg.read @b : tensor<10xf32>
    %next = dfg.add %b, %x : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>
    // CHECK: dfg.assign @b, %{{.*}} : tensor<10xf32>
    dfg.assign @b, %next : tensor<10xf32>
    // CHECK: dfg.release @b
    dfg.release @b
    // CHECK: dfg.has_value @w : index
    %has = dfg.has_value @w : index
    %w = dfg.read @w : tensor<?x10xf32>
    dfg.return %w : tensor<?x10xf32>
  }

  // CHECK-LABEL: dfg.step @locals
  dfg.step @locals(%x: tensor<?xf32> {dfg.edge = "x"}) -> (!dfg.list<tensor<?xf32>> {dfg.edge = "y"}) {
    // CHECK: dfg.take @history : <tensor<?xf32>>
    %l = dfg.take @history : !dfg.list<tensor<?xf32>>
    %m = dfg.list_insert %l, %x : (!dfg.list<tensor<?xf32>>, tensor<?xf32>) -> !dfg.list<tensor<?xf32>>
    // CHECK: dfg.put @history, %{{.*}} : <tensor<?xf32>>
    dfg.put @history, %m : !dfg.list<tensor<?xf32>>
    // CHECK: dfg.peek @history : <tensor<?xf32>>
    %y = dfg.peek @history : !dfg.list<tensor<?xf32>>
    dfg.return %y : !dfg.list<tensor<?xf32>>
  }

  // CHECK-LABEL: dfg.step @queues
  dfg.step @queues(%x: tensor<10xf32> {dfg.edge = "x"}, %label: tensor<i64> {dfg.edge = "label"},
                   %xs: tensor<4x10xf32> {dfg.edge = "xs"}) -> (tensor<10xf32> {dfg.edge = "y"}) {
    // CHECK: dfg.enqueue @examples, %{{.*}}, %{{.*}} : tensor<10xf32>, tensor<i64>
    dfg.enqueue @examples, %x, %label : tensor<10xf32>, tensor<i64>
    // CHECK: dfg.enqueue @mixed, %{{.*}} : tensor<4x10xf32> {many}
    dfg.enqueue @mixed, %xs : tensor<4x10xf32> {many}
    // CHECK: %{{.*}}:2 = dfg.dequeue @examples : tensor<10xf32>, tensor<i64>
    %y, %z = dfg.dequeue @examples : tensor<10xf32>, tensor<i64>
    // CHECK: dfg.queue_size @mixed : index
    %n = dfg.queue_size @mixed : index
    // CHECK: dfg.dequeue @mixed[%{{.*}}] {up_to} : tensor<?x10xf32>
    %ys = dfg.dequeue @mixed [%n] {up_to} : tensor<?x10xf32>
    // CHECK: dfg.queue_is_closed @mixed : index
    %c = dfg.queue_is_closed @mixed : index
    // CHECK: dfg.queue_close @examples
    dfg.queue_close @examples
    // CHECK: dfg.queue_close @mixed {cancel}
    dfg.queue_close @mixed {cancel}
    dfg.return %y : tensor<10xf32>
  }
}
