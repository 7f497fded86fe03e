// Elementwise mathematics. Binary and ternary ops broadcast as NumPy does.
#ifndef DFG_MATH_OPS
#define DFG_MATH_OPS

include "DfgBase.td"
include "DfgAttrs.td"
include "DfgInterfaces.td"

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

class Dfg_UnaryOp<string mnemonicText, string what, list<Trait> traits = []>
    : Dfg_PureOp<mnemonicText, !listconcat([DeclareOpInterfaceMethods<Dfg_InferShapes>], traits)> {
  let summary = what # ", elementwise";
  let description = "Example:\n```mlir\n%y = dfg." # mnemonicText #
                    " %x : (tensor<?x4xf32>) -> tensor<?x4xf32>\n```";
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_AbsOp : Dfg_UnaryOp<"abs", "absolute value">;
def Dfg_NegOp : Dfg_UnaryOp<"neg", "negation; integers wrap"> { let hasFolder = 1; }
def Dfg_SignOp : Dfg_UnaryOp<"sign", "-1, 0 or 1; NaN stays NaN">;
def Dfg_ExpOp : Dfg_UnaryOp<"exp", "e to the power x">;
def Dfg_Expm1Op : Dfg_UnaryOp<"expm1", "exp(x) - 1 without cancellation near 0">;
def Dfg_LogOp : Dfg_UnaryOp<"log", "natural logarithm">;
def Dfg_Log1pOp : Dfg_UnaryOp<"log1p", "log(1 + x) without cancellation near 0">;
def Dfg_SqrtOp : Dfg_UnaryOp<"sqrt", "square root"> { let hasFolder = 1; }
def Dfg_RsqrtOp : Dfg_UnaryOp<"rsqrt", "reciprocal square root">;
def Dfg_SinOp : Dfg_UnaryOp<"sin", "sine of radians">;
def Dfg_CosOp : Dfg_UnaryOp<"cos", "cosine of radians">;
def Dfg_TanOp : Dfg_UnaryOp<"tan", "tangent of radians">;
def Dfg_AsinOp : Dfg_UnaryOp<"asin", "arc sine">;
def Dfg_AcosOp : Dfg_UnaryOp<"acos", "arc cosine">;
def Dfg_AtanOp : Dfg_UnaryOp<"atan", "arc tangent">;
def Dfg_SinhOp : Dfg_UnaryOp<"sinh", "hyperbolic sine">;
def Dfg_CoshOp : Dfg_UnaryOp<"cosh", "hyperbolic cosine">;
def Dfg_TanhOp : Dfg_UnaryOp<"tanh", "hyperbolic tangent">;
def Dfg_AsinhOp : Dfg_UnaryOp<"asinh", "inverse hyperbolic sine">;
def Dfg_AcoshOp : Dfg_UnaryOp<"acosh", "inverse hyperbolic cosine">;
def Dfg_AtanhOp : Dfg_UnaryOp<"atanh", "inverse hyperbolic tangent">;
def Dfg_ErfOp : Dfg_UnaryOp<"erf", "Gauss error function">;
def Dfg_FloorOp : Dfg_UnaryOp<"floor", "largest integer not above x">;
def Dfg_CeilOp : Dfg_UnaryOp<"ceil", "smallest integer not below x">;
def Dfg_RoundOp : Dfg_UnaryOp<"round", "nearest integer, halves to even">;
def Dfg_TruncOp : Dfg_UnaryOp<"trunc", "integer part, towards zero">;
def Dfg_SigmoidOp : Dfg_UnaryOp<"sigmoid", "1 / (1 + exp(-x))">;
def Dfg_NotOp : Dfg_UnaryOp<"not", "logical not of booleans, bitwise not of integers">;

class Dfg_PredicateOp<string mnemonicText, string what>
    : Dfg_PureOp<mnemonicText, [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = what;
  let description = "Example:\n```mlir\n%y = dfg." # mnemonicText #
                    " %x : (tensor<4xf32>) -> tensor<4xi1>\n```";
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}
def Dfg_IsNanOp : Dfg_PredicateOp<"is_nan", "whether an element is not a number">;
def Dfg_IsInfOp : Dfg_PredicateOp<"is_inf", "whether an element is an infinity of a wanted sign"> {
  let arguments = (ins Dfg_Tensor:$x, DefaultValuedAttr<BoolAttr, "true">:$positive,
                       DefaultValuedAttr<BoolAttr, "true">:$negative);
}

def Dfg_CastOp : Dfg_PureOp<"cast", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "convert the element type";
  let description = [{
    Floats to integers truncate towards zero; anything to a boolean is `x != 0`;
    integers narrow by wrapping; floats narrow to nearest even. For 8-bit floats,
    `saturate` gives the largest finite value instead of NaN or infinity, `round_up`
    rounds towards infinity (f8E8M0FNU only).

    Example:
    ```mlir
    %y = dfg.cast %x : (tensor<?xf32>) -> tensor<?xi32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x, DefaultValuedAttr<BoolAttr, "true">:$saturate,
                       OptionalAttr<StrAttr>:$round_mode);
  let results = (outs Dfg_Tensor:$y);
  let hasFolder = 1;
}

def Dfg_BitcastOp : Dfg_PureOp<"bitcast", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "reinterpret the bits of elements of equal width";
  let description = [{
    Example:
    ```mlir
    %y = dfg.bitcast %x : (tensor<4xf32>) -> tensor<4xi32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$x);
  let results = (outs Dfg_Tensor:$y);
}

//===----------------------------------------------------------------------===//
// Two and three operands
//===----------------------------------------------------------------------===//

class Dfg_BinaryOp<string mnemonicText, string what, list<Trait> traits = []>
    : Dfg_PureOp<mnemonicText, !listconcat([DeclareOpInterfaceMethods<Dfg_InferShapes>], traits)> {
  let summary = what # ", elementwise with broadcasting";
  let description = "Example:\n```mlir\n%y = dfg." # mnemonicText #
                    " %a, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>\n```";
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_AddOp : Dfg_BinaryOp<"add", "sum", [Commutative]> { let hasFolder = 1; }
def Dfg_SubOp : Dfg_BinaryOp<"sub", "difference"> { let hasFolder = 1; }
def Dfg_MulOp : Dfg_BinaryOp<"mul", "product", [Commutative]> { let hasFolder = 1; }
def Dfg_DivOp : Dfg_BinaryOp<"div", "quotient; of integers towards zero, 0 where the divisor is 0"> {
  let hasFolder = 1;
}
def Dfg_RemOp : Dfg_BinaryOp<"rem", "remainder with the dividend's sign (C fmod and %)">;
def Dfg_ModOp : Dfg_BinaryOp<"mod", "remainder with the divisor's sign (NumPy mod)">;
def Dfg_PowOp : Dfg_PureOp<"pow", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "a to the power b, in a's element type, elementwise with broadcasting";
  let description = [{
    Example:
    ```mlir
    %y = dfg.pow %a, %b : (tensor<?x4xf32>, tensor<i64>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
}
def Dfg_Atan2Op : Dfg_BinaryOp<"atan2", "angle of the point (b, a)">;
def Dfg_MaxOp : Dfg_BinaryOp<"max", "larger element, NaN wins", [Commutative]>;
def Dfg_MinOp : Dfg_BinaryOp<"min", "smaller element, NaN wins", [Commutative]>;
def Dfg_AndOp : Dfg_BinaryOp<"and", "logical or bitwise and", [Commutative]>;
def Dfg_OrOp : Dfg_BinaryOp<"or", "logical or bitwise or", [Commutative]>;
def Dfg_XorOp : Dfg_BinaryOp<"xor", "logical or bitwise exclusive or", [Commutative]>;
def Dfg_ShlOp : Dfg_BinaryOp<"shl", "shift left; 0 from the element's width on">;
def Dfg_ShrOp : Dfg_BinaryOp<"shr", "shift right, arithmetic for signed elements">;

def Dfg_RandomBitsOp : Dfg_PureOp<"random_bits", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "random numbers that are a function of a counter and a key, elementwise with broadcasting";
  let description = [{
    The first 64 of the bits that Philox 4x32-10 (Salmon and others, 2011) makes of the
    counter (a, 0) and the key b. All tensors are of ui64.

    Example:
    ```mlir
    %y = dfg.random_bits %counter, %key : (tensor<?x4xui64>, tensor<ui64>) -> tensor<?x4xui64>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
}

def Dfg_CompareOp : Dfg_PureOp<"compare", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "compare two tensors, elementwise with broadcasting";
  let description = [{
    Comparisons with NaN are false, except `ne`.

    Example:
    ```mlir
    %y = dfg.compare lt %a, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xi1>
    ```
  }];
  let arguments = (ins Dfg_CompareKindAttr:$kind, Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
  let assemblyFormat = "$kind $a `,` $b attr-dict `:` functional-type(operands, results)";
}

def Dfg_SelectOp : Dfg_PureOp<"select", [DeclareOpInterfaceMethods<Dfg_InferShapes>]> {
  let summary = "take a where the condition holds, b elsewhere; all three broadcast";
  let description = [{
    Example:
    ```mlir
    %y = dfg.select %c, %a, %b : (tensor<4xi1>, tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Dfg_Tensor:$condition, Dfg_Tensor:$a, Dfg_Tensor:$b);
  let results = (outs Dfg_Tensor:$y);
}

#endif // DFG_MATH_OPS
