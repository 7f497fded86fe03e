// Complex numbers in formulas.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H
#define TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H

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

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_COMPLEX_H
