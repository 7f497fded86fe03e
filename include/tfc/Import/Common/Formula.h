// Arithmetic on tensors, written as formulas are.
#ifndef TFC_IMPORT_COMMON_FORMULA_H
#define TFC_IMPORT_COMMON_FORMULA_H

#include "tfc/Import/Common/GraphBuilder.h"

namespace tfc {

/// A tensor in a formula. Operators emit elementwise ops; a number beside a tensor takes
/// its element type. Null values flow through as in GraphBuilder.
class Term {
public:
  Term(GraphBuilder &b, mlir::Value value) : b(&b), value(value) {}
  operator mlir::Value() const { return value; }
  explicit operator bool() const { return bool(value); }

  GraphBuilder &builder() const { return *b; }
  /// A number of this tensor's element type.
  Term number(double x) const { return {*b, b->scalarLike(value, x)}; }
  Term cast(mlir::Type elementType) const { return {*b, b->cast(value, elementType)}; }
  template <class Op> Term apply() const { return {*b, b->create<Op>(value)}; }
  template <class Op> Term apply(Term y) const { return {*b, b->create<Op>(value, y.value)}; }
  Term compare(dfg::CompareKind kind, Term y) const { return {*b, b->compare(kind, value, y.value)}; }

  Term operator-() const { return apply<dfg::NegOp>(); }

private:
  GraphBuilder *b;
  mlir::Value value;
};

#define TFC_TERM_BINARY(name, Op)                                                                                      \
  inline Term name(Term x, Term y) { return x.apply<dfg::Op>(y); }                                                     \
  inline Term name(Term x, double y) { return name(x, x.number(y)); }                                                  \
  inline Term name(double x, Term y) { return name(y.number(x), y); }
TFC_TERM_BINARY(operator+, AddOp)
TFC_TERM_BINARY(operator-, SubOp)
TFC_TERM_BINARY(operator*, MulOp)
TFC_TERM_BINARY(operator/, DivOp)
TFC_TERM_BINARY(max, MaxOp)
TFC_TERM_BINARY(min, MinOp)
#undef TFC_TERM_BINARY

#define TFC_TERM_COMPARE(name, KIND)                                                                                   \
  inline Term name(Term x, Term y) { return x.compare(dfg::CompareKind::KIND, y); }                                    \
  inline Term name(Term x, double y) { return name(x, x.number(y)); }
TFC_TERM_COMPARE(operator<, LT)
TFC_TERM_COMPARE(operator<=, LE)
TFC_TERM_COMPARE(operator>, GT)
TFC_TERM_COMPARE(operator>=, GE)
TFC_TERM_COMPARE(equal, EQ)
#undef TFC_TERM_COMPARE

inline Term operator&(Term x, Term y) { return x.apply<dfg::AndOp>(y); }

inline Term abs(Term x) { return x.apply<dfg::AbsOp>(); }
inline Term ceil(Term x) { return x.apply<dfg::CeilOp>(); }
inline Term cos(Term x) { return x.apply<dfg::CosOp>(); }
inline Term erf(Term x) { return x.apply<dfg::ErfOp>(); }
inline Term exp(Term x) { return x.apply<dfg::ExpOp>(); }
inline Term expm1(Term x) { return x.apply<dfg::Expm1Op>(); }
inline Term floor(Term x) { return x.apply<dfg::FloorOp>(); }
inline Term log1p(Term x) { return x.apply<dfg::Log1pOp>(); }
inline Term log(Term x) { return x.apply<dfg::LogOp>(); }
inline Term round(Term x) { return x.apply<dfg::RoundOp>(); }
inline Term sigmoid(Term x) { return x.apply<dfg::SigmoidOp>(); }
inline Term sqrt(Term x) { return x.apply<dfg::SqrtOp>(); }
inline Term tanh(Term x) { return x.apply<dfg::TanhOp>(); }
inline Term pow(Term x, double y) { return x.apply<dfg::PowOp>(x.number(y)); }
inline Term square(Term x) { return x * x; }
inline Term select(Term condition, Term x, Term y) { return {x.builder(), x.builder().select(condition, x, y)}; }

/// Limits x to [low, high].
inline Term clamp(Term x, double low, double high) { return min(max(x, low), high); }

/// The type that sums of elements are kept in: f32 for narrower floats.
inline mlir::Type wideType(mlir::Type element) {
  bool isNarrow = llvm::isa<mlir::FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
  return isNarrow ? mlir::Float32Type::get(element.getContext()) : element;
}
inline Term widened(Term x) { return x.cast(wideType(x.builder().elementType(x))); }

/// Sum and mean along axes, which stay with extent 1.
inline Term sum(Term x, llvm::ArrayRef<int64_t> axes) {
  return {x.builder(), x.builder().reduce(dfg::ReduceKind::Sum, x, axes)};
}
/// A number of elements, known or not, in the element type of `like`.
inline Term countLike(Term like, mlir::AffineExpr count) {
  GraphBuilder &b = like.builder();
  if (auto number = GraphBuilder::number(count))
    return like.number(*number);
  return {b, b.cast(b.fromContent(count, {}, b.builder.getI64Type()), b.elementType(like))};
}
inline Term mean(Term x, llvm::ArrayRef<int64_t> axes) {
  GraphBuilder::Dims extents;
  for (int64_t axis : axes)
    extents.push_back(x.builder().dim(x, axis));
  return sum(x, axes) / countLike(x, x.builder().scope.product(extents));
}

} // namespace tfc

#endif // TFC_IMPORT_COMMON_FORMULA_H
