// Complex Fourier transforms of any length.
#include "operation/fourier.h"

#include <math.h>

using namespace tfc::rt;

// exp(-2 pi i k / n)
static Complex root(int64_t k, int64_t n) {
  double angle = -2 * M_PI * static_cast<double>(k) / static_cast<double>(n);
  return {cos(angle), sin(angle)};
}

// The factor to split off next. 4 before 2: fewer operations.
static int64_t nextFactor(int64_t rest) {
  if (rest % 4 == 0)
    return 4;
  for (int64_t factor = 2; factor <= MixedRadix::maxFactor; ++factor)
    if (rest % factor == 0)
      return factor;
  return rest;
}

bool MixedRadix::suits(int64_t length) {
  while (length > 1) {
    int64_t factor = nextFactor(length);
    if (factor > maxFactor)
      return false;
    length /= factor;
  }
  return true;
}

MixedRadix::MixedRadix(int64_t length, Complex *twiddles) : length(length), twiddles(twiddles) {
  for (int64_t k = 0; k < length; ++k)
    twiddles[k] = root(k, length);
}

// Joins transforms of `done` points into ones of done * factor. `from` holds them as
// [residue of time modulo length / done][frequency], `to` will with the new numbers.
// Residues q * step + k, for all q, make the new residue k. `fixedFactor` is `factor`
// where the code knows it, or 0.
template <int fixedFactor>
void MixedRadix::combine(const Complex *from, Complex *to, int64_t factor, int64_t done) const {
  const int64_t p = fixedFactor ? fixedFactor : factor;
  const int64_t step = length / (p * done), turn = length / p;
  for (int64_t k = 0; k < step; ++k)
    for (int64_t j = 0; j < done; ++j) {
      Complex term[fixedFactor ? fixedFactor : maxFactor];
      for (int64_t q = 0; q < p; ++q)
        term[q] = from[(q * step + k) * done + j] * twiddles[q * j * step];
      Complex *out = to + k * p * done + j;
      if constexpr (fixedFactor == 2) {
        out[0] = term[0] + term[1];
        out[done] = term[0] - term[1];
      } else if constexpr (fixedFactor == 4) {
        Complex even = term[0] + term[2], evenDifference = term[0] - term[2];
        Complex odd = term[1] + term[3], difference = term[1] - term[3];
        Complex turned{difference.im, -difference.re}; // by -i
        out[0] = even + odd;
        out[done] = evenDifference + turned;
        out[2 * done] = even - odd;
        out[3 * done] = evenDifference - turned;
      } else {
        for (int64_t r = 0; r < p; ++r) {
          Complex sum = term[0];
          for (int64_t q = 1; q < p; ++q)
            sum = sum + term[q] * twiddles[q * r % p * turn];
          out[r * done] = sum;
        }
      }
    }
}

Complex *MixedRadix::run(Complex *data, Complex *buffer) const {
  for (int64_t done = 1; done < length;) {
    int64_t factor = nextFactor(length / done);
    switch (factor) {
    case 2: combine<2>(data, buffer, factor, done); break;
    case 3: combine<3>(data, buffer, factor, done); break;
    case 4: combine<4>(data, buffer, factor, done); break;
    case 5: combine<5>(data, buffer, factor, done); break;
    default: combine<0>(data, buffer, factor, done); break;
    }
    Complex *other = data;
    data = buffer;
    buffer = other;
    done *= factor;
  }
  return data;
}

static int64_t innerLengthOf(int64_t length) {
  if (MixedRadix::suits(length))
    return length;
  int64_t power = 1;
  while (power < 2 * length - 1)
    power *= 2;
  return power;
}

int64_t Fourier::planSize(int64_t length) {
  int64_t inner = innerLengthOf(length);
  return inner == length ? inner : inner + length + 2 * inner;
}

int64_t Fourier::scratchSize(int64_t length) { return 2 * innerLengthOf(length); }

Fourier::Fourier(int64_t length, Complex *memory)
    : length(length), innerLength(innerLengthOf(length)), inner(innerLength, memory), chirp(memory + innerLength),
      kernel(chirp + length) {
  if (innerLength == length)
    return;
  // k^2 modulo 2 * length, step by step: it keeps angles small and cannot overflow.
  for (int64_t k = 0, square = 0; k < length; ++k) {
    chirp[k] = root(square, 2 * length);
    square = (square + 2 * k + 1) % (2 * length);
  }
  for (int64_t k = 0; k < innerLength; ++k)
    kernel[k] = {0, 0};
  for (int64_t k = 0; k < length; ++k)
    kernel[k] = kernel[(innerLength - k) % innerLength] = chirp[k].conjugate();
  kernel = inner.run(kernel, kernel + innerLength);
}

Complex *Fourier::run(Complex *scratch) const {
  Complex *data = scratch, *buffer = scratch + innerLength;
  if (innerLength == length)
    return inner.run(data, buffer);
  for (int64_t k = 0; k < length; ++k)
    data[k] = data[k] * chirp[k];
  for (int64_t k = length; k < innerLength; ++k)
    data[k] = {0, 0};
  Complex *spectrum = inner.run(data, buffer);
  // Back by the forward transform of the conjugate.
  for (int64_t k = 0; k < innerLength; ++k)
    spectrum[k] = (spectrum[k] * kernel[k]).conjugate();
  Complex *result = inner.run(spectrum, spectrum == data ? buffer : data);
  const double scale = 1.0 / static_cast<double>(innerLength);
  for (int64_t k = 0; k < length; ++k) {
    Complex value = result[k].conjugate() * chirp[k];
    result[k] = {value.re * scale, value.im * scale};
  }
  return result;
}
