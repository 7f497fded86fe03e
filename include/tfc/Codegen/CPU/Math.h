// Math functions as arithmetic: the patterns behind the pass tfc-expand-math.
#ifndef TFC_CODEGEN_CPU_MATH_H
#define TFC_CODEGEN_CPU_MATH_H

namespace mlir {
class RewritePatternSet;
}

namespace tfc {
/// Adds the patterns that replace transcendental math ops on scalars and vectors of f32
/// (`math.rsqrt` on f64 too) by straight-line ops of arith and math.fma, sqrt, absf, copysign
/// and trunc, which LLVM maps to single instructions from x86-64-v3 on. Ops on other types are
/// left alone. The patterns keep no state: one set may serve several threads.
void populateExpandMathPatterns(mlir::RewritePatternSet &patterns);
} // namespace tfc

#endif // TFC_CODEGEN_CPU_MATH_H
