#ifndef TFC_CODEGEN_CPU_PASSES
#define TFC_CODEGEN_CPU_PASSES

include "mlir/Pass/PassBase.td"

def ExpandMath : Pass<"tfc-expand-math"> {
  let summary = "replace math functions of f32 by arithmetic";
  let description = [{
    Rewrites `math.exp`, `log`, `tanh`, `erf` and their kin on f32 scalars and vectors into
    straight-line arithmetic: no calls, branches or table lookups, so that it vectorizes.
    docs/design/math.md lists the functions with the bounds of their errors.
    Denormals, infinities, NaN, signed zeros and huge arguments give the results of libm.

    Ops on other types are left alone, but for `math.rsqrt` on f64. Callers widen f16 and
    bf16 first. `--convert-math-to-llvm` and then, for f64, `--convert-math-to-libm` take
    what remains; the other way round, libm would be called to round to integers.

    ```mlir
    %y = math.exp %x : vector<16xf32>
    ```
    becomes 16 ops of arith and `math.fma` on `vector<16xf32>`, and constants.
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::math::MathDialect"];
}

def PlaceKernelTemporaries : Pass<"tfc-place-kernel-temporaries", "mlir::func::FuncOp"> {
  let summary = "give kernel temporaries their memory";
  let description = [{
    A `memref.alloc` of small static size becomes stack memory of the kernel; all others
    are parts of one allocation from the application's allocator. Their sizes are computed
    before it; without memory the kernel sets its fault word and does nothing.

    ```mlir
    %t = memref.alloc() : memref<16xf32>
    %u = memref.alloc(%n) : memref<?xf32>
    ...
    ```
    becomes
    ```mlir
    %t = memref.alloca() : memref<16xf32>
    %p = rt.kernel_allocate %fault, %bytes : (!llvm.ptr, index) -> !llvm.ptr
    scf.if %given {
      %u = ... // a memref of %n elements at %p
      ...
      rt.kernel_free %fault, %p : (!llvm.ptr, !llvm.ptr) -> ()
    }
    ```
  }];
  let dependentDialects = ["mlir::LLVM::LLVMDialect", "mlir::memref::MemRefDialect", "mlir::scf::SCFDialect",
                           "::tfc::rt::RtDialect"];
}

def FloatIntegerConvs : Pass<"tfc-float-integer-convs", "::tfc::dfg::GraphOp"> {
  let summary = "run convolutions of small integers in floats, where those are exact";
  let description = [{
    A convolution of bytes less a zero point by constants that came as integers runs in f32
    where no sum can pass 2^24, else in f64: the same numbers, by a faster emitter. Those of
    bytes themselves keep to products of bytes.

    ```mlir
    %y = dfg.conv %x, %w {...} : (tensor<1x3x8x8xi32>, tensor<4x3x3x3xi32>) -> tensor<1x4x8x8xi32>
    ```
    becomes
    ```mlir
    %a = dfg.cast %x : (tensor<1x3x8x8xi32>) -> tensor<1x3x8x8xf32>
    %b = dfg.conv %a, %v {...} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x8x8xf32>
    %y = dfg.cast %b : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xi32>
    ```
  }];
  let dependentDialects = ["::tfc::dfg::DfgDialect"];
}

def SelectRoots : Pass<"tfc-select-roots", "::tfc::dfg::GraphOp"> {
  let summary = "choose the ops that emitters of their own generate, and pack their weights";
  let description = [{
    Products, convolutions, pooling, softmax and normalizations become ops of `kernel` that have
    an emitter; constants on the right side are rearranged into panels of 16 columns. Constant
    bytes that are scaled to f32 stay bytes, their scales go behind the product.

    ```mlir
    %w = dfg.constant dense<1.0> : tensor<8x10xf32>
    %y = dfg.matmul %x, %w : (tensor<?x8xf32>, tensor<8x10xf32>) -> tensor<?x10xf32>
    ```
    becomes
    ```mlir
    %w = dfg.constant dense<...> : tensor<1x8x16xf32>
    %y = kernel.matmul %x, %w {columns = 10 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x10xf32>
    ```
  }];
  let options = [Option<"winograd", "winograd", "bool", "false",
                        "convolutions of 3x3 in f32 by Winograd's algorithm where that pays">];
  let dependentDialects = ["::tfc::kernel::KernelDialect"];
}

def SplitTransposedConvs : Pass<"tfc-split-transposed-convs", "::tfc::dfg::GraphOp"> {
  let summary = "write transposed convolutions without zeros between the elements of their input";
  let description = [{
    A convolution of an input with zeros between its elements, which is how transposed
    convolutions are imported, becomes one of the input itself with stride^n times the filters,
    each with the taps that one of the stride^n positions within a stride reads. Its channels
    are then put side by side.

    ```mlir
    %p = dfg.pad constant %x, %zero low [0, 0, 1, 1] high [0, 0, 1, 1] interior [0, 0, 1, 1] : ...
    %y = dfg.conv %p, %w {...} : (tensor<1x8x17x17xf32>, tensor<4x8x2x2xf32>) -> tensor<1x4x16x16xf32>
    ```
    becomes
    ```mlir
    %z = dfg.conv %x, %v {...} : (tensor<1x8x8x8xf32>, tensor<16x8x1x1xf32>) -> tensor<1x16x8x8xf32>
    ... transposes and reshapes to tensor<1x4x16x16xf32>
    ```
  }];
}

def PlanWork : Pass<"tfc-plan-work", "::tfc::dfg::GraphOp"> {
  let summary = "say how kernels are cut into work units";
  let description = [{
    A kernel whose emitter knows how gets `kernel.units`, a map from (rows, columns) of its
    result to counts whose product is the number of units; rows are `kernel.row_dims`
    dimensions behind `kernel.batch_dims` leading ones, columns the last. The cut follows
    from shapes and the target CPU alone.

    ```mlir
    kernel.func @matmul_0(...) -> tensor<?x10xf32>
        attributes {kernel.batch_dims = 0, kernel.row_dims = 1, kernel.units = affine_map<(d0, d1) -> (d0 ceildiv 96, 1)>}
    ```
  }];
  let options = [Option<"cpu", "cpu", "std::string", "\"x86-64-v3\"", "target CPU as LLVM names it">];
}

def EmitKernels : Pass<"tfc-emit-kernels", "mlir::ModuleOp"> {
  let summary = "generate the kernels that have a root";
  let description = [{
    A `kernel.func` with a root becomes functions of vectorized loops over memory; the
    pointwise ops behind the root run on its results in registers.
  }];
  let options = [Option<"cpu", "cpu", "std::string", "\"x86-64-v3\"", "target CPU as LLVM names it">];
  let dependentDialects = ["mlir::func::FuncDialect", "mlir::LLVM::LLVMDialect", "mlir::memref::MemRefDialect",
                           "mlir::vector::VectorDialect", "mlir::scf::SCFDialect", "mlir::math::MathDialect",
                           "mlir::affine::AffineDialect"];
}

def SplitWork : Pass<"tfc-split-work", "mlir::func::FuncOp"> {
  let summary = "let kernels of the general path do a range of work units";
  let description = [{
    A kernel that is one linalg op whose loop over dimension `kernel.split` of the result is
    parallel becomes loops over its range: `kernel.grain` positions a unit. Any other does
    all its work in unit 0.

    ```mlir
    linalg.generic {iterator_types = ["parallel", ...]} ...
    ```
    becomes
    ```mlir
    %first = arith.muli %begin, %grain : index
    %last = arith.minsi %end_times_grain, %rows : index
    scf.for %i = %first to %last step %c1 { ... }
    ```
  }];
  let dependentDialects = ["mlir::scf::SCFDialect", "mlir::linalg::LinalgDialect"];
}

#endif // TFC_CODEGEN_CPU_PASSES
