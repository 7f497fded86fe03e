// Syntax of lists and optionals.
// RUN: tfc-opt %s | tfc-opt | FileCheck %s

// CHECK-LABEL: dfg.func @lists
dfg.func @lists(%x: tensor<4xf32>, %l: !dfg.list<tensor<?xf32>>, %i: index, %s: tensor<2xi64>) {
  // CHECK: dfg.list_make : () -> !dfg.list<f32>
  %a = dfg.list_make : () -> !dfg.list<f32>
  // CHECK: dfg.list_make %{{.*}}, %{{.*}} : (tensor<4xf32>, tensor<4xf32>) -> !dfg.list<tensor<*xf32>>
  %b = dfg.list_make %x, %x : (tensor<4xf32>, tensor<4xf32>) -> !dfg.list<tensor<*xf32>>
  // CHECK: dfg.list_insert %{{.*}}, %{{.*}}, %{{.*}} : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
  %c = dfg.list_insert %l, %x, %i : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_insert %{{.*}}, %{{.*}} : (!dfg.list<f32>, tensor<4xf32>) -> !dfg.list<tensor<4xf32>>
  %d = dfg.list_insert %a, %x : (!dfg.list<f32>, tensor<4xf32>) -> !dfg.list<tensor<4xf32>>
  // CHECK: dfg.list_erase %{{.*}} : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  %e = dfg.list_erase %c : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_at %{{.*}}, %{{.*}} : (!dfg.list<tensor<*xf32>>, index) -> tensor<?xf32>
  %f = dfg.list_at %b, %i : (!dfg.list<tensor<*xf32>>, index) -> tensor<?xf32>
  // CHECK: dfg.list_length %{{.*}} : (!dfg.list<tensor<?xf32>>) -> index
  %g = dfg.list_length %e : (!dfg.list<tensor<?xf32>>) -> index
  // CHECK: dfg.list_concat %{{.*}} {axis = 0 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?xf32>
  %h = dfg.list_concat %l {axis = 0 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?xf32>
  // CHECK: dfg.list_stack %{{.*}} {axis = 1 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?x?xf32>
  %j = dfg.list_stack %l {axis = 1 : i64} : (!dfg.list<tensor<?xf32>>) -> tensor<?x?xf32>
  // CHECK: dfg.list_split %{{.*}}, %{{.*}} {axis = 0 : i64, keep_axis} : (tensor<4xf32>, tensor<2xi64>) -> !dfg.list<tensor<?xf32>>
  %k = dfg.list_split %x, %s {axis = 0 : i64, keep_axis} : (tensor<4xf32>, tensor<2xi64>) -> !dfg.list<tensor<?xf32>>
  dfg.return
}

// CHECK-LABEL: dfg.func @places
dfg.func @places(%x: tensor<4xf32>, %xs: tensor<?x4xf32>, %l: !dfg.list<tensor<?xf32>>, %i: index, %p: tensor<?xi32>) {
  // CHECK: dfg.list_set %{{.*}}, %{{.*}}, %{{.*}} {accumulate, grow} : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
  %a = dfg.list_set %l, %x, %i {grow, accumulate} : (!dfg.list<tensor<?xf32>>, tensor<4xf32>, index) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_scatter %{{.*}}, %{{.*}}, %{{.*}} {grow} : (!dfg.list<tensor<?xf32>>, tensor<?x4xf32>, tensor<?xi32>) -> !dfg.list<tensor<?xf32>>
  %b = dfg.list_scatter %a, %xs, %p {grow} : (!dfg.list<tensor<?xf32>>, tensor<?x4xf32>, tensor<?xi32>) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_zeros %{{.*}} : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  %zeros = dfg.list_zeros %b : (!dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_add %{{.*}}, %{{.*}} : (!dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  %sum = dfg.list_add %b, %zeros : (!dfg.list<tensor<?xf32>>, !dfg.list<tensor<?xf32>>) -> !dfg.list<tensor<?xf32>>
  // Elements may be lists and optionals.
  // CHECK: dfg.list_make : () -> !dfg.list<none>
  %nothing = dfg.list_make : () -> !dfg.list<none>
  // CHECK: dfg.list_insert %{{.*}}, %{{.*}} : (!dfg.list<none>, !dfg.list<tensor<?xf32>>) -> !dfg.list<!dfg.list<tensor<?xf32>>>
  %nest = dfg.list_insert %nothing, %sum : (!dfg.list<none>, !dfg.list<tensor<?xf32>>) -> !dfg.list<!dfg.list<tensor<?xf32>>>
  // CHECK: dfg.list_at %{{.*}}, %{{.*}} : (!dfg.list<!dfg.list<tensor<?xf32>>>, index) -> !dfg.list<tensor<?xf32>>
  %inner = dfg.list_at %nest, %i : (!dfg.list<!dfg.list<tensor<?xf32>>>, index) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_resize %{{.*}}, %{{.*}} : (!dfg.list<tensor<?xf32>>, index) -> !dfg.list<tensor<?xf32>>
  %c = dfg.list_resize %b, %i : (!dfg.list<tensor<?xf32>>, index) -> !dfg.list<tensor<?xf32>>
  // CHECK: dfg.list_gather %{{.*}}, %{{.*}} : (!dfg.list<tensor<?xf32>>, tensor<?xi32>) -> tensor<?x?xf32>
  %d = dfg.list_gather %c, %p : (!dfg.list<tensor<?xf32>>, tensor<?xi32>) -> tensor<?x?xf32>
  // CHECK: dfg.list_extents %{{.*}} : (!dfg.list<tensor<?xf32>>) -> tensor<?xi64>
  %e = dfg.list_extents %c : (!dfg.list<tensor<?xf32>>) -> tensor<?xi64>
  dfg.return
}

// CHECK-LABEL: dfg.func @optionals
dfg.func @optionals(%x: tensor<4xf32>, %l: !dfg.list<tensor<?xf32>>) {
  // CHECK: dfg.optional_make : () -> !dfg.optional<tensor<?xf32>>
  %a = dfg.optional_make : () -> !dfg.optional<tensor<?xf32>>
  // CHECK: dfg.optional_make %{{.*}} : (!dfg.list<tensor<?xf32>>) -> !dfg.optional<!dfg.list<tensor<?xf32>>>
  %b = dfg.optional_make %l : (!dfg.list<tensor<?xf32>>) -> !dfg.optional<!dfg.list<tensor<?xf32>>>
  // CHECK: dfg.optional_has %{{.*}} : (!dfg.optional<tensor<?xf32>>) -> index
  %c = dfg.optional_has %a : (!dfg.optional<tensor<?xf32>>) -> index
  // CHECK: dfg.optional_get %{{.*}} : (!dfg.optional<tensor<?xf32>>) -> tensor<?xf32>
  %d = dfg.optional_get %a : (!dfg.optional<tensor<?xf32>>) -> tensor<?xf32>
  dfg.return
}
