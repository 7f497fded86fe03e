#ifndef TFC_CODEGEN_CPU_PASSES
#define TFC_CODEGEN_CPU_PASSES

include "mlir/Pass/PassBase.td"

def ExpandMath : Pass<"tfc-expand-math"> {
  let summary = "replace math ops by polynomials on f32 and f64 scalars and vectors";
  let description = [{
    Rewrites `math.exp`, `log`, `tanh`, `erf` and their kin into straight-line
    arithmetic that vectorizes, so that generated code calls no vector math library.
    Each function's bound in ulp stands beside its expansion and is tested.
    Denormals, infinities, NaN and huge arguments give the results of libm.

    ```mlir
    %y = math.exp %x : vector<16xf32>
    ```
    becomes about 12 `arith` and `math.fma` ops on `vector<16xf32>`.
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::math::MathDialect", "mlir::vector::VectorDialect"];
}

def FreeKernelTemporaries : Pass<"tfc-free-kernel-temporaries", "mlir::func::FuncOp"> {
  let summary = "give kernel temporaries back";
  let description = [{
    A `memref.alloc` of small static size becomes stack memory of the kernel; any other is
    freed at the end of the block that made it.

    ```mlir
    %t = memref.alloc() : memref<16xf32>
    %u = memref.alloc(%n) : memref<?xf32>
    ```
    becomes
    ```mlir
    %t = memref.alloca() : memref<16xf32>
    %u = memref.alloc(%n) : memref<?xf32>
    ...
    memref.dealloc %u : memref<?xf32>
    ```
  }];
  let dependentDialects = ["mlir::memref::MemRefDialect"];
}

#endif // TFC_CODEGEN_CPU_PASSES
