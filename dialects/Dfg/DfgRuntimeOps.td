// Operations that run as functions of the runtime archive: algorithms that are no loops
// over elements, most with results whose extents only data tells.
#ifndef DFG_RUNTIME_OPS
#define DFG_RUNTIME_OPS

include "DfgBase.td"
include "DfgInterfaces.td"

class Dfg_RuntimeOp<string mnemonicText>
    : Dfg_PureOp<mnemonicText, [DeclareOpInterfaceMethods<Dfg_InferShapes>,
                                DeclareOpInterfaceMethods<Dfg_RuntimeOperation>]>;

def Dfg_ArgsortOp : Dfg_RuntimeOp<"argsort"> {
  let summary = "indices that sort along an axis, and the sorted elements";
  let description = [{
    Stable both ways; NaN is greater than everything else.

    Example:
    ```mlir
    %i, %y = dfg.argsort %x {axis = 1 : i64, descending} : (tensor<?x4xf32>) -> (tensor<?x4xi64>, tensor<?x4xf32>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, I64Attr:$axis, UnitAttr:$descending);
  let results = (outs Dfg_Tensor:$indices, Dfg_Tensor:$y);
}

def Dfg_TopKOp : Dfg_RuntimeOp<"top_k"> {
  let summary = "the k greatest or least elements along an axis, in order, and their indices";
  let description = [{
    `k` is one i64; a k beyond the extent is an error of the step. Of equal elements
    those with the lower index come first.

    Example:
    ```mlir
    %y, %i = dfg.top_k %x, %k {axis = 1 : i64, largest}
        : (tensor<?x16xf32>, tensor<i64>) -> (tensor<?x4xf32>, tensor<?x4xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$k, I64Attr:$axis, UnitAttr:$largest);
  let results = (outs Dfg_Tensor:$y, Dfg_Tensor:$indices);
}

def Dfg_UniqueOp : Dfg_RuntimeOp<"unique"> {
  let summary = "distinct elements, or distinct slices along an axis";
  let description = [{
    Gives them ascending (`sorted`) or by first occurrence, the index of each one's first
    occurrence, for each element (or slice) of x its place in y, and how often each occurs.

    Example:
    ```mlir
    %y, %i, %inverse, %counts = dfg.unique %x {sorted}
        : (tensor<?xf32>) -> (tensor<?xf32>, tensor<?xi64>, tensor<?xi64>, tensor<?xi64>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, OptionalAttr<I64Attr>:$axis, UnitAttr:$sorted);
  let results = (outs Dfg_Tensor:$y, Dfg_Tensor:$indices, Dfg_Tensor:$inverse, Dfg_Tensor:$counts);
}

def Dfg_NonZeroOp : Dfg_RuntimeOp<"non_zero"> {
  let summary = "indices of the elements that are not zero: one column an element";
  let description = [{
    Example:
    ```mlir
    %y = dfg.non_zero %x : (tensor<?x4xf32>) -> tensor<2x?xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_NonMaxSuppressionOp : Dfg_RuntimeOp<"non_max_suppression"> {
  let summary = "greedy choice of boxes by score that overlap little";
  let description = [{
    For each batch and class of `boxes` [batch, n, 4] and `scores` [batch, classes, n],
    both f32: at most `limit` (i64) boxes whose score exceeds `score_threshold` (f32) and
    whose overlap with a better one is not above `overlap_threshold` (f32). Rows are
    (batch, class, box). Boxes are (y1, x1, y2, x2), or with `center_point_box`
    (x, y, width, height).

    Example:
    ```mlir
    %y = dfg.non_max_suppression %boxes, %scores, %limit, %overlap, %score
        : (tensor<1x?x4xf32>, tensor<1x2x?xf32>, tensor<i64>, tensor<f32>, tensor<f32>) -> tensor<?x3xi64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$boxes, Dfg_Tensor:$scores, Dfg_Tensor:$limit, Dfg_Tensor:$overlap_threshold,
                       Dfg_Tensor:$score_threshold, UnitAttr:$center_point_box);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_DetOp : Dfg_RuntimeOp<"det"> {
  let summary = "determinants of the square matrices in the last two dimensions";
  let description = [{
    Example:
    ```mlir
    %y = dfg.det %x : (tensor<?x3x3xf32>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_DftOp : Dfg_RuntimeOp<"dft"> {
  let summary = "discrete Fourier transform along an axis";
  let description = [{
    The last dimension of x is 1 (real) or 2 (real and imaginary part). x is cut or
    zero-padded to `length`, one i64. With `onesided` only frequencies 0 to length/2 are
    given; an inverse takes those and gives real numbers.

    Example:
    ```mlir
    %y = dfg.dft %x, %length {axis = 1 : i64, onesided} : (tensor<?x16x1xf32>, tensor<i64>) -> tensor<?x9x2xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, Dfg_Tensor:$length, I64Attr:$axis, UnitAttr:$inverse, UnitAttr:$onesided);
  let results = (outs Dfg_Tensor:$y);
}

//===----------------------------------------------------------------------===//
// Matrices in the last two dimensions, of f32 or f64
//===----------------------------------------------------------------------===//

def Dfg_CholeskyOp : Dfg_RuntimeOp<"cholesky"> {
  let summary = "lower triangles that, times their transpose, give symmetric matrices";
  let description = [{
    Only the lower triangle of x counts. A matrix that is not positive definite is an
    error of the step (INVALID_ARGUMENT).

    Example:
    ```mlir
    %y = dfg.cholesky %x : (tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_SolveOp : Dfg_RuntimeOp<"solve"> {
  let summary = "solutions of the systems of linear equations a y = b";
  let description = [{
    With `triangle` only the lower or upper triangle of a counts. A singular matrix is an
    error of the step (INVALID_ARGUMENT). Leading dimensions are equal.

    Example:
    ```mlir
    %y = dfg.solve %a, %b {triangle = "lower"} : (tensor<?x3x3xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b, OptionalAttr<StrAttr>:$triangle);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_QrOp : Dfg_RuntimeOp<"qr"> {
  let summary = "products of an orthogonal matrix and an upper triangle";
  let description = [{
    q is [..., m, k] and r [..., k, n], where k is the lesser of m and n, or with `full` m.

    Example:
    ```mlir
    %q, %r = dfg.qr %x : (tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<3x3xf32>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, UnitAttr:$full);
  let results = (outs Dfg_Tensor:$q, Dfg_Tensor:$r);
}

def Dfg_SvdOp : Dfg_RuntimeOp<"svd"> {
  let summary = "singular values, descending, and vectors in the columns of u and v";
  let description = [{
    x is u diag(s) v^T. u is [..., m, k] and v [..., n, k], where k is the lesser of m and n;
    with `full` they are square.

    Example:
    ```mlir
    %s, %u, %v = dfg.svd %x : (tensor<4x3xf32>) -> (tensor<3xf32>, tensor<4x3xf32>, tensor<3x3xf32>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, UnitAttr:$full);
  let results = (outs Dfg_Tensor:$s, Dfg_Tensor:$u, Dfg_Tensor:$v);
}

def Dfg_EighOp : Dfg_RuntimeOp<"eigh"> {
  let summary = "eigenvalues, ascending, and eigenvectors (columns) of symmetric matrices";
  let description = [{
    Only the lower triangle of x counts.

    Example:
    ```mlir
    %e, %v = dfg.eigh %x : (tensor<3x3xf32>) -> (tensor<3xf32>, tensor<3x3xf32>)
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$e, Dfg_Tensor:$v);
}

//===----------------------------------------------------------------------===//
// Complex numbers
//===----------------------------------------------------------------------===//

def Dfg_ComplexPartsOp : Dfg_RuntimeOp<"complex_parts"> {
  let summary = "real and imaginary parts, in a new last dimension";
  let description = [{
    Arithmetic is done on parts: elementwise ops work on real numbers.

    Example:
    ```mlir
    %y = dfg.complex_parts %x : (tensor<?xcomplex<f32>>) -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_ComplexJoinOp : Dfg_RuntimeOp<"complex_join"> {
  let summary = "complex numbers of the parts in the last dimension";
  let description = [{
    Example:
    ```mlir
    %y = dfg.complex_join %x : (tensor<?x2xf32>) -> tensor<?xcomplex<f32>>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

#endif // DFG_RUNTIME_OPS
