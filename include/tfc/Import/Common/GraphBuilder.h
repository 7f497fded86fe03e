// What importers build graphs with: ops whose result types are inferred at once, and
// small integer tensors followed as symbolic numbers.
#ifndef TFC_IMPORT_COMMON_GRAPHBUILDER_H
#define TFC_IMPORT_COMMON_GRAPHBUILDER_H

#include "Dfg/Dfg.h"

namespace tfc {

/// An operand of `GraphBuilder::create` that may be absent.
struct OptionalOperand {
  mlir::Value value;
  operator mlir::Value() const { return value; }
};

/// Emits `dfg` ops at an insertion point and knows every extent symbolically.
///
/// Everything is null in, null out: an op that cannot be made reports why on its
/// location and is a null value, ops on null values are null, and questions about null
/// values have harmless answers (rank 0, element type f32). So an importer writes
/// straight-line code and looks at the end once.
///
/// **Content.** Shapes travel through models as small integer tensors (Shape, Gather, Mul,
/// Concat, Reshape). Such a tensor's content is a list of expressions over the scope's
/// symbols. `create` evaluates ops whose operands have known content, so that these chains
/// become index arithmetic; the tensors themselves stay behind unused and are erased by
/// `eraseDead`. Small constants of floats are evaluated likewise. Only when content is
/// asked for that nobody knows, `dfg.item` reads it.
///
/// Nothing is ever erased while a builder lives, or before it forgets: the scope's symbols
/// refer to values. Not thread-safe.
class GraphBuilder {
public:
  using Dims = llvm::SmallVector<mlir::AffineExpr>;
  /// Longest tensor whose content is followed.
  static constexpr int64_t kMostContent = 64;

  explicit GraphBuilder(mlir::MLIRContext *context) : builder(context), loc(builder.getUnknownLoc()), scope(context) {}
  ~GraphBuilder();

  /// Where ops go and the location that they get; set freely.
  mlir::OpBuilder builder;
  mlir::Location loc;
  dfg::DimScope scope;

  //===--------------------------------------------------------------------===//
  // Ops
  //===--------------------------------------------------------------------===//

  /// The only result of a new op whose result type follows from its operands. Arguments
  /// are those of the op's builder after the result types.
  template <class Op, class... Args> mlir::Value create(Args &&...args) {
    if ((isNull(args) || ...))
      return {};
    return infer(Op::create(builder, loc, mlir::Type(placeholder()), std::forward<Args>(args)...));
  }
  /// The same for ops that take their result's element type (cast, bitcast, arg_reduce).
  template <class Op, class... Args> mlir::Value createAs(mlir::Type elementType, Args &&...args) {
    if ((isNull(args) || ...))
      return {};
    return infer(Op::create(builder, loc, mlir::Type(placeholder(elementType)), std::forward<Args>(args)...));
  }
  /// An op with several results, whose element types are given; null if it cannot be made.
  template <class Op, class... Args> Op createMany(llvm::ArrayRef<mlir::Type> elementTypes, Args &&...args) {
    if ((isNull(args) || ...))
      return {};
    llvm::SmallVector<mlir::Type> types;
    for (mlir::Type type : elementTypes)
      types.push_back(placeholder(type));
    auto op = Op::create(builder, loc, mlir::TypeRange(types), std::forward<Args>(args)...);
    return inferTypes(op) ? op : Op();
  }

  mlir::Value cast(mlir::Value x, mlir::Type elementType);
  mlir::Value compare(dfg::CompareKind kind, mlir::Value a, mlir::Value b) {
    return create<dfg::CompareOp>(kind, a, b);
  }
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b) {
    return create<dfg::SelectOp>(condition, a, b);
  }
  mlir::Value reduce(dfg::ReduceKind kind, mlir::Value x, llvm::ArrayRef<int64_t> axes, bool keepDims = true);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value concat(mlir::ValueRange inputs, int64_t axis);

  /// The results of one of the branches [first, count), each emitted by `emit` inside a
  /// region of nested `dfg.if`s; an index out of range takes the last. Extents on which
  /// branches differ are dynamic. Empty after an error, such as results of different ranks.
  llvm::SmallVector<mlir::Value> branch(mlir::AffineExpr index, size_t count,
                                        llvm::function_ref<llvm::SmallVector<mlir::Value>(size_t)> emit,
                                        size_t first = 0);

  /// Array ops whose sizes and offsets are expressions.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<mlir::AffineExpr> sizes);
  mlir::Value broadcastTo(mlir::Value x, llvm::ArrayRef<mlir::AffineExpr> sizes);
  mlir::Value slice(mlir::Value x, llvm::ArrayRef<mlir::AffineExpr> offsets, llvm::ArrayRef<mlir::AffineExpr> sizes,
                    llvm::ArrayRef<int64_t> strides = {});
  /// The box [offset, offset + size) of one axis.
  mlir::Value sliceAxis(mlir::Value x, int64_t axis, mlir::AffineExpr offset, mlir::AffineExpr size);
  mlir::Value updateSlice(mlir::Value x, mlir::Value update, llvm::ArrayRef<mlir::AffineExpr> offsets);
  mlir::Value pad(dfg::PadMode mode, mlir::Value x, mlir::Value value, llvm::ArrayRef<mlir::AffineExpr> low,
                  llvm::ArrayRef<mlir::AffineExpr> high, llvm::ArrayRef<int64_t> interior = {});
  mlir::Value iota(mlir::Type elementType, llvm::ArrayRef<mlir::AffineExpr> sizes, int64_t axis);

  /// Drops dimensions of extent 1, inserts them (axes of the result), or merges the
  /// dimensions [first, last) into one. Axes are in range and, for insertion, sorted.
  mlir::Value squeeze(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value unsqueeze(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value flatten(mlir::Value x, int64_t first, int64_t last);

  //===--------------------------------------------------------------------===//
  // Constants
  //===--------------------------------------------------------------------===//

  mlir::Value constant(mlir::ElementsAttr value);
  /// A scalar of an element type (any float or integer).
  mlir::Value scalar(mlir::Type elementType, double value);
  /// A scalar of the element type of `like`.
  mlir::Value scalarLike(mlir::Value like, double value) { return scalar(elementType(like), value); }
  /// A vector of integers.
  mlir::Value integers(llvm::ArrayRef<int64_t> values, mlir::Type elementType = {});
  /// `value` everywhere.
  mlir::Value filled(mlir::Type elementType, llvm::ArrayRef<mlir::AffineExpr> sizes, double value);

  //===--------------------------------------------------------------------===//
  // What is known of a value
  //===--------------------------------------------------------------------===//

  int64_t rank(mlir::Value x) const;
  mlir::Type elementType(mlir::Value x) const;
  Dims dims(mlir::Value x);
  /// One extent; axes may count from the back.
  mlir::AffineExpr dim(mlir::Value x, int64_t axis);
  /// The constant extents; ShapedType::kDynamic where unknown.
  llvm::SmallVector<int64_t> shape(mlir::Value x) const;
  /// The constant an expression is, if it is one.
  static std::optional<int64_t> number(mlir::AffineExpr expr);
  /// Number of elements.
  mlir::AffineExpr count(mlir::Value x) { return scope.product(dims(x)); }
  mlir::AffineExpr expr(int64_t value) { return scope.constant(value); }
  llvm::SmallVector<mlir::AffineExpr> exprs(llvm::ArrayRef<int64_t> values);

  /// The elements of a small integer (or boolean) tensor in row-major order, if known.
  std::optional<Dims> knownContent(mlir::Value x);
  /// The same, reading what is not known at run time. Fails when the number of elements is
  /// unknown or above kMostContent.
  mlir::FailureOr<Dims> content(mlir::Value x);
  /// Elements of a constant, converted; nothing if x is no constant, has more than
  /// kMostContent elements or is not made of numbers.
  std::optional<llvm::SmallVector<int64_t>> constantIntegers(mlir::Value x);
  std::optional<llvm::SmallVector<double>> constantNumbers(mlir::Value x);
  /// A tensor of a static shape with this content.
  mlir::Value fromContent(llvm::ArrayRef<mlir::AffineExpr> content, llvm::ArrayRef<int64_t> shape,
                          mlir::Type elementType);

  /// Arithmetic that the scope does not do: a comparison is 1 or 0, a selection takes x
  /// where the condition is not 0.
  mlir::AffineExpr compare(dfg::CompareKind kind, mlir::AffineExpr x, mlir::AffineExpr y);
  mlir::AffineExpr select(mlir::AffineExpr condition, mlir::AffineExpr x, mlir::AffineExpr y);
  /// The extent that is left when the product of `factors` is divided by that of `divisors`,
  /// which is taken to divide it; at run time a divisor of 0 counts as 1.
  mlir::AffineExpr quotient(llvm::ArrayRef<mlir::AffineExpr> factors, llvm::ArrayRef<mlir::AffineExpr> divisors);

  /// A tensor of constants, rounded to the element type.
  mlir::Value fromNumbers(llvm::ArrayRef<double> numbers, llvm::ArrayRef<int64_t> shape, mlir::Type elementType);

  /// An expression as an index value at the insertion point; reused where it dominates.
  mlir::Value index(mlir::AffineExpr expr);
  /// A number that is no affine expression: an index op on the materialized operands.
  template <class Op> mlir::AffineExpr indexOp(mlir::AffineExpr a, mlir::AffineExpr b) {
    return scope.index(mlir::Value(Op::create(builder, loc, index(a), index(b))));
  }

  /// Begins anew, in a step that shares no values with what was built before.
  void forget() {
    scope = dfg::DimScope(builder.getContext());
    materialized.clear();
    readContent.clear();
  }

  /// Takes an op that turned out wrong out of the graph. It and what its regions hold live
  /// as long as the builder.
  void discard(mlir::Operation *op);

private:
  static bool isNull(mlir::Value value) { return !value; }
  static bool isNull(const OptionalOperand &) { return false; }
  static bool isNull(mlir::ValueRange values) {
    return llvm::any_of(values, [](mlir::Value value) { return !value; });
  }
  static bool isNull(llvm::ArrayRef<mlir::Value> values) { return isNull(mlir::ValueRange(values)); }
  static bool isNull(const llvm::SmallVectorImpl<mlir::Value> &values) { return isNull(mlir::ValueRange(values)); }
  template <class T>
  static std::enable_if_t<!std::is_convertible_v<T, mlir::Value> && !std::is_convertible_v<T, mlir::ValueRange>, bool>
  isNull(const T &) {
    return false;
  }

  mlir::RankedTensorType placeholder(mlir::Type elementType = {});
  bool inferTypes(mlir::Operation *op);
  /// Whether x is there and has as many dimensions; if not, that is reported.
  bool hasRank(mlir::Value x, int64_t least);
  /// Types of the op, and its content in place of the op where that is known.
  mlir::Value infer(mlir::Operation *op);
  /// Splits expressions into static numbers and index values in the holes.
  void split(llvm::ArrayRef<mlir::AffineExpr> exprs, llvm::SmallVectorImpl<int64_t> &statics,
             llvm::SmallVectorImpl<mlir::Value> &dynamics);
  /// The result of an op whose operands have known elements; null where it stays an op.
  mlir::Value evaluate(mlir::Operation *op);
  bool dominatesInsertion(mlir::Value value);

  /// Values of expressions by the block that they were emitted in.
  llvm::DenseMap<std::pair<mlir::AffineExpr, mlir::Block *>, mlir::Value> materialized;
  llvm::DenseMap<mlir::Value, Dims> readContent;
  llvm::SmallVector<mlir::Operation *> discarded;
};

/// Erases ops without effects that nobody uses, last ones first, in all nested regions.
void eraseDead(mlir::Region &region);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_GRAPHBUILDER_H
