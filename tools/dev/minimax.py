#!/usr/bin/env python3
"""Derive the polynomial coefficients of the math expansions (docs/design/math.md).

    python3 -m pip install mpmath numpy && tools/dev/minimax.py [NAME...]

For each fit named (default: all) prints its largest weighted error as a power of two,
after and before rounding to the working type, and its coefficients, lowest power first.

A fit minimizes max |weight(x) * (f(x) - sum c_k x^k)| over [lo, hi] by the Remez exchange.
The weight makes that the relative error of the function the polynomial ends up in. The
coefficients are rounded one at a time, lowest first, and the rest fitted again after each:
rounding all of them at the end would lose one to three bits.
"""
import math
import re
import struct
import sys

import numpy as np
from mpmath import mp, mpf

mp.dps = 45
LN2, LN10 = mp.log(2), mp.log(10)


def to_f32(x):
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def to_f64(x):
    return mpf(float(x))


def odd_tail(f):
    """T of f(x) = x + x^3 T(x^2), as a function of z = x^2."""
    return lambda z: (f(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def odd_weight(f):
    return lambda z: z * mp.sqrt(z) / f(mp.sqrt(z))


def tail(f):
    """T of f(x) = x + x^2 T(x)."""
    return lambda x: (f(x) - x) / x**2


def tail_weight(f):
    return lambda x: x**2 / f(x)


def linear(f):
    """T of f(x) = x T(x)."""
    return lambda x: f(x) / x


def linear_weight(f):
    return lambda x: x / f(x)


def log2_ratio(s):
    return mp.log((1 + s) / (1 - s), 2)


def cosine_tail(z):
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2


def cosine_weight(z):
    return z**2 / mp.cos(mp.sqrt(z))


def scaled_erfc(t):
    """e^(a^2) erfc(a) where t = 1 / (a + 3)."""
    a = 1 / t - 3
    return mp.exp(a * a) * mp.erfc(a)


# Half the range of log(m): m is between the square roots of 1/2 and 2.
LOG_LO, LOG_HI = -0.29290, 0.41422
# The square of 0.553 quarter turns: the reduction rounds to nearest but for a few hundredths.
TRIG_HI = 0.7546

# name: (f, weight, lo, hi, degree, working type)
FITS = {
    # e^r = 1 + r + r^2 T(r), |r| <= ln 2
    "exp": (tail(mp.expm1), lambda x: x**2 / mp.exp(x), -0.6933, 0.6933, 5, to_f32),
    # e^r - 1 = r + r^2 T(r), |r| <= ln 2 / 2
    "expm1": (tail(mp.expm1), tail_weight(mp.expm1), -0.3467, 0.3467, 4, to_f32),
    # (e^(2r) - 1) / 2 = r + r^2 T(r), |r| <= ln 2 / 4
    "tanh": (tail(lambda x: mp.expm1(2 * x) / 2), tail_weight(lambda x: mp.expm1(2 * x) / 2), -0.1734, 0.1734, 4, to_f32),
    # 2^r = 1 + r T(r), |r| <= 1
    "exp2": (lambda x: mp.expm1(x * LN2) / x, lambda x: x / mp.exp(x * LN2), -1.0001, 1.0001, 6, to_f32),
    # log(1 + f) = f + f^2 T(f); log2 and log10(1 + f) = f T(f)
    "log": (tail(mp.log1p), tail_weight(mp.log1p), LOG_LO, LOG_HI, 8, to_f32),
    "log2": (linear(lambda x: mp.log1p(x) / LN2), linear_weight(lambda x: mp.log1p(x) / LN2), LOG_LO, LOG_HI, 9, to_f32),
    "log10": (linear(lambda x: mp.log1p(x) / LN10), linear_weight(lambda x: mp.log1p(x) / LN10), LOG_LO, LOG_HI, 9, to_f32),
    # f(x) = x + x z T(z), z = x^2; cosine = 1 - z/2 + z^2 T(z)
    "sin": (odd_tail(mp.sin), odd_weight(mp.sin), 0, TRIG_HI, 2, to_f32),
    "cos": (cosine_tail, cosine_weight, 0, TRIG_HI, 2, to_f32),
    "tan_sin": (odd_tail(mp.sin), odd_weight(mp.sin), 0, TRIG_HI, 3, to_f64),
    "tan_cos": (cosine_tail, cosine_weight, 0, TRIG_HI, 2, to_f64),
    "asin": (odd_tail(mp.asin), odd_weight(mp.asin), 0, 0.3025, 5, to_f32),
    "atan": (odd_tail(mp.atan), odd_weight(mp.atan), 0, 1, 8, to_f32),
    "sinh": (odd_tail(mp.sinh), odd_weight(mp.sinh), 0, 1, 2, to_f32),
    # erf(x) = x + x T(z) up to 1.1, 1 - T(x)^8 above; erfc(a) = e^(-a^2) t T(t), t = 1 / (a + 3)
    "erf_small": (lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1, lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z)), 0, 1.2101, 6, to_f32),
    "erf_large": (lambda x: mp.erfc(x) ** 0.125, lambda x: 8 * mp.erfc(x) ** 0.875 / mp.erf(x), 1.1, 4, 6, to_f32),
    "erfc": (linear(scaled_erfc), linear_weight(scaled_erfc), mpf(1) / 13.06, mpf(1) / 3, 9, to_f32),
    # log2((1 + s) / (1 - s)) = s T(s^2) and 2^r = 1 + r T(r), |r| <= 1/2, both in f64
    "pow_log2": (lambda z: log2_ratio(mp.sqrt(z)) / mp.sqrt(z), lambda z: mp.sqrt(z) / log2_ratio(mp.sqrt(z)), 0, 0.02945, 4, to_f64),
    "pow_exp2": (lambda x: mp.expm1(x * LN2) / x, lambda x: x / mp.exp(x * LN2), -0.5001, 0.5001, 5, to_f64),
}


def minimize(columns, target):
    """c with max |target - columns c| (nearly) least, by Lawson's reweighted least squares.

    Unlike the Remez exchange it needs no Haar system, which fixing the coefficient of x^0 on
    an interval around 0 takes away."""
    importance = np.full(len(target), 1 / len(target))
    scale = np.abs(columns).max(axis=0)
    best, least = None, np.inf
    for _ in range(400):
        root = np.sqrt(importance)
        c = np.linalg.lstsq(columns / scale * root[:, None], target * root, rcond=None)[0] / scale
        error = np.abs(target - columns @ c)
        if error.max() < least:
            best, least = c, error.max()
        importance = importance * error
        importance /= importance.sum()
    return best, least


def fit(f, weight, lo, hi, degree, rounded):
    """Representable coefficients, their error, and the error without rounding."""
    lo, hi, points = mpf(lo), mpf(hi), 500
    grid = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * (i + mpf(1) / 2) / points) for i in range(points)]
    weights = [weight(x) for x in grid]
    columns = np.array([[float(w * x**k) for k in range(degree + 1)] for x, w in zip(grid, weights)])
    wanted = [w * f(x) for x, w in zip(grid, weights)]
    done, ideal = [], None
    while len(done) <= degree:
        rest = [t - w * mp.polyval(done[::-1], x) if done else t for x, w, t in zip(grid, weights, wanted)]
        coefficients, least = minimize(columns[:, len(done):], np.array([float(r) for r in rest]))
        ideal = ideal or least
        done.append(rounded(coefficients[0]))
    worst = max(abs(t - w * mp.polyval(done[::-1], x)) for x, w, t in zip(grid, weights, wanted))
    return done, worst, ideal


def main():
    for name in sys.argv[1:] or FITS:
        coefficients, worst, ideal = fit(*FITS[name])
        print(f"{name}: 2^{float(mp.log(worst, 2)):.2f} (ideally 2^{math.log2(ideal):.2f})")
        print("  {" + ", ".join(re.sub(r"\.?0*p", "p", float(c).hex()) for c in coefficients) + "}")


if __name__ == "__main__":
    main()
