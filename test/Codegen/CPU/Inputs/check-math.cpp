// Compares the expansions of math ops with libm in double, and times them.
//
//   check-math [--stride=N] [--table] [OP...]
//
// takes every N-th of the 2^32 floats (default 1009; 1 takes minutes an op) and those around
// points where something happens. Exits with 1 if an error is beyond its bound. --table prints
// errors and times as a Markdown table.
//
// Kernels come from build-math.py, compiled for x86-64-v3 and v4; what the machine cannot
// run is left out. All kernels of a function must return the same bits.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {
constexpr int kBlock = 4096;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

using UnaryKernel = void (*)(const float *, float *);
using BinaryKernel = void (*)(const float *, const float *, float *);

double rsqrt(double x) { return 1 / std::sqrt(x); }
double powHalf(double x) { return std::pow(x, 0.5); }
double powSquare(double x) { return std::pow(x, 2); }
double powCube(double x) { return std::pow(x, 3); }
double powInverse(double x) { return std::pow(x, -1); }

// F(name, reference, bound in ulp, range of the timing)
#define UNARY_FUNCTIONS(F)                                                                                             \
  F(exp, std::exp, 2, -20, 20)                                                                                         \
  F(exp2, std::exp2, 1.5, -20, 20)                                                                                     \
  F(expm1, std::expm1, 2, -5, 5)                                                                                       \
  F(log, std::log, 1.5, 0.01, 100)                                                                                     \
  F(log2, std::log2, 2, 0.01, 100)                                                                                     \
  F(log10, std::log10, 2, 0.01, 100)                                                                                   \
  F(log1p, std::log1p, 2, -0.9, 10)                                                                                    \
  F(sinh, std::sinh, 1.5, -5, 5)                                                                                       \
  F(cosh, std::cosh, 1, -5, 5)                                                                                         \
  F(tanh, std::tanh, 3, -5, 5)                                                                                         \
  F(asinh, std::asinh, 1, -5, 5)                                                                                       \
  F(acosh, std::acosh, 1, 1, 10)                                                                                       \
  F(atanh, std::atanh, 1, -0.99, 0.99)                                                                                 \
  F(erf, std::erf, 2, -4, 4)                                                                                           \
  F(erfc, std::erfc, 1, -4, 9)                                                                                         \
  F(sin, std::sin, 2, -10, 10)                                                                                         \
  F(cos, std::cos, 2, -10, 10)                                                                                         \
  F(tan, std::tan, 1, -10, 10)                                                                                         \
  F(asin, std::asin, 1.5, -1, 1)                                                                                       \
  F(acos, std::acos, 1.5, -1, 1)                                                                                       \
  F(atan, std::atan, 1.5, -5, 5)                                                                                       \
  F(cbrt, std::cbrt, 1, -100, 100)                                                                                     \
  F(rsqrt, rsqrt, 1.5, 0.01, 100)                                                                                      \
  F(pow_half, powHalf, 1, 0.01, 100)                                                                                   \
  F(pow_square, powSquare, 1, 0.01, 100)                                                                               \
  F(pow_cube, powCube, 1, 0.01, 100)                                                                                   \
  F(pow_inverse, powInverse, 1, 0.01, 100)
#define BINARY_FUNCTIONS(F)                                                                                            \
  F(powf, std::pow, 1, 0.1, 10)                                                                                        \
  F(atan2, std::atan2, 2, -5, 5)

#define DECLARE_UNARY(name, ...)                                                                                       \
  extern "C" void name##_loop_v3(const float *, float *);                                                              \
  extern "C" void name##_vector_v3(const float *, float *);                                                            \
  extern "C" void name##_loop_v4(const float *, float *);                                                              \
  extern "C" void name##_vector_v4(const float *, float *);
#define DECLARE_BINARY(name, ...)                                                                                      \
  extern "C" void name##_loop_v3(const float *, const float *, float *);                                               \
  extern "C" void name##_vector_v3(const float *, const float *, float *);                                             \
  extern "C" void name##_loop_v4(const float *, const float *, float *);                                               \
  extern "C" void name##_vector_v4(const float *, const float *, float *);
UNARY_FUNCTIONS(DECLARE_UNARY)
BINARY_FUNCTIONS(DECLARE_BINARY)

const char *const kVariants[] = {"v3 loop", "v3 vector", "v4 loop", "v4 vector"};

template <typename Kernel, typename Reference> struct Function {
  const char *name;
  Reference reference;
  double bound;
  float low, high;
  Kernel kernels[4];
};
using Unary = Function<UnaryKernel, double (*)(double)>;
using Binary = Function<BinaryKernel, double (*)(double, double)>;

#define ROW(name, reference, bound, low, high)                                                                         \
  {#name, reference, bound, low, high, {name##_loop_v3, name##_vector_v3, name##_loop_v4, name##_vector_v4}},
const Unary kUnary[] = {UNARY_FUNCTIONS(ROW)};
const Binary kBinary[] = {BINARY_FUNCTIONS(ROW)};

int variants() { return __builtin_cpu_supports("x86-64-v4") ? 4 : 2; }

float fromBits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

uint32_t toBits(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof x);
  return bits;
}

/// How far `got` is from `exact`, in units in the last place of an f32 at `exact`; infinite
/// where the two differ in kind: NaN, an infinity, the sign of a zero.
double ulps(float got, double exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(got) || std::isnan(exact))
    return std::isnan(got) && std::isnan(exact) ? 0 : wrong;
  if (exact == 0 || std::isinf(exact))
    return got == exact && std::signbit(got) == std::signbit(exact) ? 0 : wrong;
  if (got == 0 && std::signbit(got) != std::signbit(exact))
    return wrong;
  // Overflow counts from 2^128, where the next float would be.
  double limit = 0x1p128;
  double value = std::isinf(got) ? std::copysign(limit, got) : got;
  double clipped = std::clamp(exact, -limit, limit);
  int exponent = std::clamp(std::ilogb(clipped), -126, 127);
  return std::fabs(value - clipped) * std::ldexp(1.0, 23 - exponent);
}

/// Worst case of one function so far.
struct Worst {
  double error = 0;
  float x = 0, y = 0, got = 0;
  double exact = 0;
  bool differ = false; ///< kernels disagree
};

/// Runs all kernels of a function on a block and updates `worst`.
template <typename F, typename Call, typename Exact>
void checkBlock(const F &function, Call call, Exact exact, const float *x, const float *y, Worst &worst) {
  static float results[4][kBlock];
  for (int v = 0; v < variants(); ++v)
    call(function.kernels[v], results[v]);
  for (int i = 0; i < kBlock; ++i) {
    double reference = exact(i);
    double error = ulps(results[0][i], reference);
    if (error > worst.error)
      worst = {error, x[i], y[i], results[0][i], reference, worst.differ};
    for (int v = 1; v < variants(); ++v)
      if (toBits(results[v][i]) != toBits(results[0][i]) && !(std::isnan(results[v][i]) && std::isnan(results[0][i]))) {
        if (!worst.differ)
          std::printf("%s(%a, %a): %a in '%s', %a in '%s'\n", function.name, x[i], y[i], results[v][i], kVariants[v],
                      results[0][i], kVariants[0]);
        worst.differ = true;
      }
  }
}

void check(const Unary &f, const float *x, Worst &worst) {
  checkBlock(
      f, [&](UnaryKernel kernel, float *out) { kernel(x, out); }, [&](int i) { return f.reference(x[i]); }, x, x,
      worst);
}

void check(const Binary &f, const float *x, const float *y, Worst &worst) {
  checkBlock(
      f, [&](BinaryKernel kernel, float *out) { kernel(x, y, out); }, [&](int i) { return f.reference(x[i], y[i]); }, x,
      y, worst);
}

/// Arguments around which something happens in some function.
std::vector<float> landmarks() {
  std::vector<float> points = {
      0,    0x1p-149f,  0x1p-126f, 0x1p-25f, 0x1p-24f, 0x1p-13f,   0x1p-12f,   0x1p-1f,         0.70710678f, 1,
      1.1f, 1.4142135f, 2,         4,        9.1f,     10.1f,      16,         17.328680f,      18,          24,
      127,  128,        149,       150,      151,      87.336545f, 88.722839f, 89.415986f,      103.27893f,  103.97208f,
      1e5f, 1e10f,      1e30f,     0x1p51f,  0x1p77f,  0x1p103f,   0x1p127f,   0x1.fffffep127f, kInfinity};
  for (int k = 1; k < 40; ++k) {
    points.push_back(k * 0.78539816f);
    points.push_back(k * 0.34657359f);
  }
  return points;
}

/// Every stride-th float, and 4096 neighbours of each landmark and its negative.
Worst checkUnary(const Unary &f, uint64_t stride) {
  static float x[kBlock];
  Worst worst;
  int count = 0;
  auto add = [&](float value) {
    x[count++] = value;
    if (count == kBlock) {
      check(f, x, worst);
      count = 0;
    }
  };
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += stride)
    add(fromBits(uint32_t(bits)));
  for (float point : landmarks())
    for (int offset = -2048; offset < 2048; ++offset)
      for (uint32_t sign : {0u, 0x80000000u})
        add(fromBits((toBits(point) + uint32_t(offset)) ^ sign));
  add(std::numeric_limits<float>::quiet_NaN());
  while (count)
    add(0);
  return worst;
}

/// Random bit patterns, pairs that pow does not over- or underflow on, small integers, and all
/// pairs of special values.
Worst checkBinary(const Binary &f, uint64_t stride) {
  static float x[kBlock], y[kBlock];
  Worst worst;
  std::mt19937_64 random(1);
  uint64_t blocks = (uint64_t(1) << 32) / stride / kBlock;
  for (uint64_t block = 0; block < blocks; ++block) {
    for (int i = 0; i < kBlock; ++i) {
      uint64_t bits = random();
      x[i] = fromBits(uint32_t(bits));
      y[i] = fromBits(uint32_t(bits >> 32));
      if (block % 4 == 1) { // |x^y| between 2^-150 and 2^128
        x[i] = std::fabs(x[i]);
        double target = -150 + 278 * double(bits >> 32) * 0x1p-32;
        y[i] = float(target / std::log2(double(x[i])));
      } else if (block % 4 == 2) { // near 1, to a high power
        x[i] = 1 + (float(uint32_t(bits)) * 0x1p-32f - 0.5f) * 0x1p-6f;
        y[i] = (float(bits >> 32) * 0x1p-32f - 0.5f) * 0x1p14f;
      } else if (block % 4 == 3) {
        x[i] = float(int(bits % 41) - 20);
        y[i] = float(int(bits / 41 % 41) - 20) * (bits >> 60 ? 1.0f : 0.5f);
      }
    }
    check(f, x, y, worst);
  }
  std::vector<float> special = landmarks();
  for (float v : {3.0f, 0.5f, 0.3f, 5.5f, 0x1p23f, 0x1.000002p23f, 0x1p24f})
    special.push_back(v);
  for (size_t i = 0, n = special.size(); i < n; ++i)
    special.push_back(-special[i]);
  special.push_back(std::numeric_limits<float>::quiet_NaN());
  int count = 0;
  for (float a : special)
    for (float b : special) {
      x[count] = a;
      y[count] = b;
      if (++count == kBlock) {
        check(f, x, y, worst);
        count = 0;
      }
    }
  check(f, x, y, worst);
  return worst;
}

/// Nanoseconds an element of `call` on one block: the tenth percentile of short samples, as
/// whatever else the machine does only ever makes them longer.
template <typename Call> double timeOf(Call call) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> samples;
  for (int sample = 0; sample < 201; ++sample) {
    auto begin = Clock::now();
    for (int i = 0; i < 5; ++i)
      call();
    samples.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / (5.0 * kBlock));
  }
  std::nth_element(samples.begin(), samples.begin() + samples.size() / 10, samples.end());
  return samples[samples.size() / 10];
}

void fill(float *x, float low, float high, int seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(low, high);
  for (int i = 0; i < kBlock; ++i)
    x[i] = uniform(random);
}

void printTimes(const Unary &f) {
  alignas(64) static float x[kBlock], out[kBlock];
  fill(x, f.low, f.high, 1);
  for (int v = 0; v < variants(); ++v)
    std::printf(" %.2f |", timeOf([&] { f.kernels[v](x, out); }));
}

void printTimes(const Binary &f) {
  alignas(64) static float x[kBlock], y[kBlock], out[kBlock];
  fill(x, f.low, f.high, 1);
  fill(y, f.low, f.high, 2);
  for (int v = 0; v < variants(); ++v)
    std::printf(" %.2f |", timeOf([&] { f.kernels[v](x, y, out); }));
}

/// Prints the row of one function; true if it keeps its promise.
template <typename F> bool report(const F &f, const Worst &worst, bool table) {
  bool good = worst.error <= f.bound && !worst.differ;
  if (table) {
    std::printf("| %s | %.3g | %.2f |", f.name, f.bound, worst.error);
    printTimes(f);
    std::printf("\n");
  } else {
    std::printf("%-11s %s: %.3f ulp of at most %.3g, at %a %a: %a, exactly %a\n", f.name, good ? "ok" : "WRONG",
                worst.error, f.bound, worst.x, worst.y, worst.got, worst.exact);
  }
  std::fflush(stdout);
  return good;
}
} // namespace

int main(int argc, char **argv) {
  uint64_t stride = 1009;
  bool table = false, good = true;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument.rfind("--stride=", 0) == 0)
      stride = std::stoull(argument.substr(9));
    else if (argument == "--table")
      table = true;
    else
      names.push_back(argument);
  }
  auto wanted = [&](const char *name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  if (table) {
    std::printf("| op | bound (ulp) | seen (ulp) |");
    for (int v = 0; v < variants(); ++v)
      std::printf(" %s (ns) |", kVariants[v]);
    std::printf("\n|---|---|---|%s\n", variants() == 4 ? "---|---|---|---|" : "---|---|");
  }
  for (const Unary &f : kUnary)
    if (wanted(f.name))
      good &= report(f, checkUnary(f, stride), table);
  for (const Binary &f : kBinary)
    if (wanted(f.name))
      good &= report(f, checkBinary(f, stride), table);
  return good ? 0 : 1;
}
