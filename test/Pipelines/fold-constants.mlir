// What follows from constants alone is computed by the compiler.
// RUN: tfc-opt %s --tfc-fold-constants | FileCheck %s

// A chain is one value, whatever its ops; bits come out as they would at run time.
// CHECK-LABEL: dfg.step @chain
// CHECK-DAG: %[[P:.*]] = dfg.constant dense<[0.0474258736, 0.952574133]> : tensor<2xf32>
// CHECK-DAG: %[[B:.*]] = dfg.constant dense<[false, true]> : tensor<2xi1>
// CHECK-NOT: dfg.softmax
// CHECK: dfg.add %{{.*}}, %[[P]]
// CHECK: dfg.return %{{.*}}, %[[B]]
dfg.graph @chains {
  dfg.step @chain(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi1>) {
    %c = dfg.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %s = dfg.mul %c, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %p = dfg.softmax %s {axis = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
    %b = dfg.compare gt %s, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
    %y = dfg.add %x, %p : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    dfg.return %y, %b : tensor<2xf32>, tensor<2xi1>
  }
}

// What would be much larger than what it follows from stays.
// CHECK-LABEL: dfg.step @grows
// CHECK: dfg.broadcast_to
// CHECK: dfg.exp
dfg.graph @growth {
  dfg.step @grows() -> tensor<1024x1024xf32> {
    %c = dfg.constant dense<2.0> : tensor<f32>
    %w = dfg.broadcast_to %c to [1024, 1024] : (tensor<f32>) -> tensor<1024x1024xf32>
    %e = dfg.exp %w : (tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
    dfg.return %e : tensor<1024x1024xf32>
  }
}

// What a client feeds is not known.
// CHECK-LABEL: dfg.step @fed
// CHECK: dfg.exp
dfg.graph @inputs {
  dfg.step @fed(%x: tensor<2xf32>) -> tensor<2xf32> {
    %e = dfg.exp %x : (tensor<2xf32>) -> tensor<2xf32>
    dfg.return %e : tensor<2xf32>
  }
}
