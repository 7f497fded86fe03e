// Complex Fourier transforms of one length.
#ifndef TFC_RUNTIME_OPERATION_FOURIER_H
#define TFC_RUNTIME_OPERATION_FOURIER_H

#include <stdint.h>

namespace tfc::rt {

struct Complex {
  double re, im;

  Complex operator+(Complex b) const { return {re + b.re, im + b.im}; }
  Complex operator-(Complex b) const { return {re - b.re, im - b.im}; }
  Complex operator*(Complex b) const { return {re * b.re - im * b.im, re * b.im + im * b.re}; }
  Complex conjugate() const { return {re, -im}; }
};

// A mixed-radix transform (Stockham: no reordering pass) of a length whose prime
// factors are small.
class MixedRadix {
public:
  static constexpr int64_t maxFactor = 31;
  static bool suits(int64_t length);

  // `twiddles` has room for `length` numbers and outlives this.
  MixedRadix(int64_t length, Complex *twiddles);

  // Transforms `data`; `buffer` is as long. Returns where the result is: one of both.
  Complex *run(Complex *data, Complex *buffer) const;

private:
  template <int fixedFactor> void combine(const Complex *from, Complex *to, int64_t factor, int64_t done) const;

  int64_t length;
  const Complex *twiddles; // exp(-2 pi i k / length)
};

// The forward transform of any length; prime factors above MixedRadix::maxFactor by
// Bluestein's convolution with a chirp, on a power of two.
class Fourier {
public:
  // Complex numbers of memory that a plan of this length needs, to be given to the
  // constructor, and that each call of `run` needs.
  static int64_t planSize(int64_t length);
  static int64_t scratchSize(int64_t length);

  // `memory` outlives this.
  Fourier(int64_t length, Complex *memory);

  // Transforms the first `length` numbers of `scratch` and returns where the result
  // is, within `scratch`. Threads may share a plan.
  Complex *run(Complex *scratch) const;

private:
  int64_t length, innerLength; // equal without Bluestein
  MixedRadix inner;
  Complex *chirp;  // exp(-pi i k^2 / length), [length]
  Complex *kernel; // transform of its conjugate, wrapped around, over innerLength
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_OPERATION_FOURIER_H
