// Complex numbers in formulas.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H
#define TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// Real and imaginary parts of a tensor.
struct Complex {
  Term re, im;

  static Complex of(GraphBuilder &b, mlir::Value x);
  /// The parts of x, or x and zeros if it is real.
  static Complex ofAny(GraphBuilder &b, mlir::Value x);
  mlir::Value joined() const;

  Complex conjugate() const { return {re, -im}; }
  Complex operator-() const { return {-re, -im}; }
};

inline Complex operator+(Complex x, Complex y) { return {x.re + y.re, x.im + y.im}; }
inline Complex operator-(Complex x, Complex y) { return {x.re - y.re, x.im - y.im}; }
inline Complex operator*(Complex x, Complex y) { return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; }
inline Complex operator/(Complex x, Complex y) {
  Term size = square(y.re) + square(y.im);
  Complex product = x * y.conjugate();
  return {product.re / size, product.im / size};
}

/// Without overflow where the parts are large.
Term sizeOf(Complex x);

/// Has an operator that is known for real numbers imported otherwise where an input or the
/// result is complex.
void addComplex(OpRegistry &ops, llvm::StringRef name, OpRegistry::Importer importer);

/// Functions of complex numbers, and products of matrices.
void registerComplexMathOps(OpRegistry &ops);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H
