// Arithmetic on SSA values written as C++ expressions: `x * 2.0 + y` builds arith ops.
//
// A term is a scalar or a vector of any rank; a literal beside a term becomes a constant of
// the term's type, splat where that is a vector. Terms are handles, as cheap to copy as a
// Value, and live no longer than the builder they were made with. No op carries fast-math
// flags: expansions depend on the rounding of every single operation.
#ifndef TFC_LIB_CODEGEN_CPU_MATH_TERMS_H
#define TFC_LIB_CODEGEN_CPU_MATH_TERMS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tfc::expansion {

class Term {
public:
  Term(mlir::ImplicitLocOpBuilder &builder, mlir::Value value) : b(&builder), v(value) {}

  mlir::ImplicitLocOpBuilder &builder() const { return *b; }
  mlir::Value value() const { return v; }
  mlir::Type type() const { return v.getType(); }
  /// Bits of one element.
  unsigned width() const { return mlir::getElementTypeOrSelf(type()).getIntOrFloatBitWidth(); }
  /// `element`, or a vector of it in the shape of this term.
  mlir::Type shaped(mlir::Type element) const {
    if (auto vector = llvm::dyn_cast<mlir::VectorType>(type()))
      return vector.clone(element);
    return element;
  }

protected:
  mlir::Value splat(mlir::TypedAttr scalar) const {
    if (auto vector = llvm::dyn_cast<mlir::VectorType>(type()))
      return mlir::arith::ConstantOp::create(*b, mlir::DenseElementsAttr::get(vector, scalar));
    return mlir::arith::ConstantOp::create(*b, scalar);
  }

private:
  mlir::ImplicitLocOpBuilder *b;
  mlir::Value v;
};

/// f32 or f64. A literal is rounded to the term's precision.
class Float : public Term {
public:
  using Term::Term;
  using Literal = double;
  Float constant(double literal) const {
    return {builder(), splat(builder().getFloatAttr(mlir::getElementTypeOrSelf(type()), literal))};
  }
};

/// A signless integer as wide as the float it belongs to.
class Int : public Term {
public:
  using Term::Term;
  using Literal = int64_t;
  Int constant(int64_t literal) const {
    return {builder(), splat(builder().getIntegerAttr(mlir::getElementTypeOrSelf(type()), literal))};
  }
};

/// The result of a comparison.
class Bool : public Term {
public:
  using Term::Term;
};

/// A term, or a literal that takes its type from the term beside it.
template <typename T> class Operand {
public:
  Operand(T term) : term(term) {}
  Operand(typename T::Literal literal) : literal(literal) {}
  const T *get() const { return term ? &*term : nullptr; }
  T like(const T &other) const { return term ? *term : other.constant(literal); }

private:
  std::optional<T> term;
  typename T::Literal literal = 0;
};
using FloatOperand = Operand<Float>;
using IntOperand = Operand<Int>;

/// Builds OpTy on two operands, of which at least one is a term.
template <typename OpTy, typename T> T build(const Operand<T> &lhs, const Operand<T> &rhs) {
  const T &term = lhs.get() ? *lhs.get() : *rhs.get();
  return {term.builder(), OpTy::create(term.builder(), lhs.like(term).value(), rhs.like(term).value())};
}

inline Float operator+(FloatOperand a, FloatOperand b) { return build<mlir::arith::AddFOp>(a, b); }
inline Float operator-(FloatOperand a, FloatOperand b) { return build<mlir::arith::SubFOp>(a, b); }
inline Float operator*(FloatOperand a, FloatOperand b) { return build<mlir::arith::MulFOp>(a, b); }
inline Float operator/(FloatOperand a, FloatOperand b) { return build<mlir::arith::DivFOp>(a, b); }
inline Float operator-(Float a) { return {a.builder(), mlir::arith::NegFOp::create(a.builder(), a.value())}; }

inline Int operator+(IntOperand a, IntOperand b) { return build<mlir::arith::AddIOp>(a, b); }
inline Int operator-(IntOperand a, IntOperand b) { return build<mlir::arith::SubIOp>(a, b); }
inline Int operator&(IntOperand a, IntOperand b) { return build<mlir::arith::AndIOp>(a, b); }
inline Int operator^(IntOperand a, IntOperand b) { return build<mlir::arith::XOrIOp>(a, b); }
inline Int operator<<(Int a, int64_t n) { return build<mlir::arith::ShLIOp>(IntOperand(a), IntOperand(n)); }
/// Arithmetic shift: the sign is kept.
inline Int operator>>(Int a, int64_t n) { return build<mlir::arith::ShRSIOp>(IntOperand(a), IntOperand(n)); }
inline Int shiftRightUnsigned(Int a, int64_t n) { return build<mlir::arith::ShRUIOp>(IntOperand(a), IntOperand(n)); }
inline Int atLeast(Int a, int64_t bound) { return build<mlir::arith::MaxSIOp>(IntOperand(a), IntOperand(bound)); }

inline Bool compare(mlir::arith::CmpFPredicate predicate, const FloatOperand &a, const FloatOperand &b) {
  const Float &term = a.get() ? *a.get() : *b.get();
  auto &builder = term.builder();
  return {builder, mlir::arith::CmpFOp::create(builder, predicate, a.like(term).value(), b.like(term).value())};
}
/// Every comparison of floats but != is false where an operand is NaN.
inline Bool operator<(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::OLT, a, b); }
inline Bool operator<=(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::OLE, a, b); }
inline Bool operator>(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::OGT, a, b); }
inline Bool operator>=(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::OGE, a, b); }
inline Bool operator==(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::OEQ, a, b); }
inline Bool operator!=(FloatOperand a, FloatOperand b) { return compare(mlir::arith::CmpFPredicate::UNE, a, b); }
/// Signed.
inline Bool operator<(Int a, int64_t literal) {
  return {a.builder(), mlir::arith::CmpIOp::create(a.builder(), mlir::arith::CmpIPredicate::slt, a.value(),
                                                   a.constant(literal).value())};
}
inline Bool operator&&(Bool a, Bool b) {
  return {a.builder(), mlir::arith::AndIOp::create(a.builder(), a.value(), b.value())};
}
inline Bool operator||(Bool a, Bool b) {
  return {a.builder(), mlir::arith::OrIOp::create(a.builder(), a.value(), b.value())};
}
inline Bool operator^(Bool a, Bool b) {
  return {a.builder(), mlir::arith::XOrIOp::create(a.builder(), a.value(), b.value())};
}

/// `yes` where `condition` holds, else `no`; both are evaluated. A literal takes the type of
/// the other; for two literals there is `selectLike`.
template <typename T> T selectLike(const T &type, Bool condition, Operand<T> yes, Operand<T> no) {
  auto &builder = condition.builder();
  return {builder,
          mlir::arith::SelectOp::create(builder, condition.value(), yes.like(type).value(), no.like(type).value())};
}
inline Float select(Bool condition, FloatOperand yes, FloatOperand no) {
  return selectLike<Float>(yes.get() ? *yes.get() : *no.get(), condition, yes, no);
}

/// a * b + c, rounded once.
inline Float fma(FloatOperand a, FloatOperand b, FloatOperand c) {
  const Float &term = a.get() ? *a.get() : b.get() ? *b.get() : *c.get();
  return {term.builder(),
          mlir::math::FmaOp::create(term.builder(), a.like(term).value(), b.like(term).value(), c.like(term).value())};
}
inline Float sqrt(Float x) { return {x.builder(), mlir::math::SqrtOp::create(x.builder(), x.value())}; }
inline Float abs(Float x) { return {x.builder(), mlir::math::AbsFOp::create(x.builder(), x.value())}; }
/// Towards zero.
inline Float trunc(Float x) { return {x.builder(), mlir::math::TruncOp::create(x.builder(), x.value())}; }
inline Float copysign(FloatOperand magnitude, Float sign) {
  return build<mlir::math::CopySignOp>(magnitude, FloatOperand(sign));
}

/// The larger or smaller of x and a literal; NaN stays NaN. Written so that it is the one
/// instruction maxps or minps, whose second operand wins where one is NaN.
inline Float atLeast(Float x, double bound) { return select(x < bound, bound, x); }
inline Float atMost(Float x, double bound) { return select(x > bound, bound, x); }

/// The bit pattern of a float, and the float of a bit pattern.
inline Int bits(Float x) {
  auto integer = x.shaped(x.builder().getIntegerType(x.width()));
  return {x.builder(), mlir::arith::BitcastOp::create(x.builder(), integer, x.value())};
}
inline Float fromBits(Int x) {
  auto &b = x.builder();
  auto real = x.shaped(x.width() == 32 ? mlir::Type(b.getF32Type()) : mlir::Type(b.getF64Type()));
  return {b, mlir::arith::BitcastOp::create(b, real, x.value())};
}
/// The float nearest to a signed integer of the same width.
inline Float toFloat(Int x) {
  auto &b = x.builder();
  auto real = x.shaped(x.width() == 32 ? mlir::Type(b.getF32Type()) : mlir::Type(b.getF64Type()));
  return {b, mlir::arith::SIToFPOp::create(b, real, x.value())};
}
/// Towards zero.
inline Int toInt(Float x) {
  auto integer = x.shaped(x.builder().getIntegerType(x.width()));
  return {x.builder(), mlir::arith::FPToSIOp::create(x.builder(), integer, x.value())};
}
/// f32 to f64 (exact), f64 to f32 (nearest), the low 32 of 64 bits.
inline Float widen(Float x) {
  return {x.builder(), mlir::arith::ExtFOp::create(x.builder(), x.shaped(x.builder().getF64Type()), x.value())};
}
inline Float narrow(Float x) {
  return {x.builder(), mlir::arith::TruncFOp::create(x.builder(), x.shaped(x.builder().getF32Type()), x.value())};
}
inline Int lowHalf(Int x) {
  return {x.builder(), mlir::arith::TruncIOp::create(x.builder(), x.shaped(x.builder().getI32Type()), x.value())};
}

/// c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule: the fewest operations, and the rounding
/// errors of the high powers shrink with x. Throughput comes from the loop around it.
inline Float polynomial(Float x, llvm::ArrayRef<double> c) {
  Float sum = x.constant(c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = fma(sum, x, coefficient);
  return sum;
}

} // namespace tfc::expansion

#endif // TFC_LIB_CODEGEN_CPU_MATH_TERMS_H
