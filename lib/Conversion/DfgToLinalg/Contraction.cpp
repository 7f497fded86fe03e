// The general lowering of matrix products, for any rank, element type and broadcasting.
#include "Contraction.h"
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tfc {

/// A stored element, widened to the type that is summed up.
static Value toSummed(OpBuilder &b, Location loc, Value stored, Type element, Type summed) {
  Value x = widenElement(b, loc, stored, element);
  if (x.getType() == summed)
    return x;
  if (element.isUnsignedInteger())
    return arith::ExtUIOp::create(b, loc, summed, x);
  return arith::ExtSIOp::create(b, loc, summed, x);
}

Value multiplyAdd(OpBuilder &b, Location loc, Value sum, Value x, Type xElement, Value y, Type yElement) {
  x = toSummed(b, loc, x, xElement, sum.getType());
  y = toSummed(b, loc, y, yElement, sum.getType());
  if (isa<FloatType>(sum.getType()))
    return reassociable(
        arith::AddFOp::create(b, loc, sum, reassociable(arith::MulFOp::create(b, loc, x, y).getResult())));
  return arith::AddIOp::create(b, loc, sum, arith::MulIOp::create(b, loc, x, y));
}

namespace {

/// A product as a nest of loops: batch dimensions, rows, columns and the inner dimension.
class Product {
public:
  Product(dfg::MatmulOp op, LinalgLowering &lowering) : op(op), lowering(lowering) {
    bool hasRows = op.getA().getType().getRank() > 1, hasColumns = op.getB().getType().getRank() > 1;
    batch = op.getY().getType().getRank() - hasRows - hasColumns;
    loops = batch + hasRows + hasColumns + 1;
    // The innermost loop is the one that reads `b` in sequence.
    bool columnsLast = hasColumns && !op.getTransposeB();
    inner = columnsLast ? loops - 2 : loops - 1;
    unsigned columns = columnsLast ? loops - 1 : loops - 2;
    a = loopsOf(op.getA(), hasRows ? SmallVector<unsigned>{batch, inner} : SmallVector<unsigned>{inner},
                op.getTransposeA());
    b = loopsOf(op.getB(), hasColumns ? SmallVector<unsigned>{inner, columns} : SmallVector<unsigned>{inner},
                op.getTransposeB());
    for (unsigned i = 0; i < batch + hasRows; ++i)
      y.push_back(i);
    if (hasColumns)
      y.push_back(columns);
  }

  Value lower() {
    Location loc = op.getLoc();
    std::optional<AffineMap> aMap = operandMap(op.getA(), a), bMap = operandMap(op.getB(), b);
    if (!aMap || !bMap)
      return lowerByIndex();
    Accumulator accumulator(lowering, loc, op.getY());
    Value init = accumulator.init(zero());
    SmallVector<AffineExpr> exprs;
    for (unsigned loop : y)
      exprs.push_back(getAffineDimExpr(loop, op.getContext()));
    SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
    iterators[inner] = utils::IteratorType::reduction;
    Value sum = linalg::GenericOp::create(
                    lowering.builder, loc, init.getType(),
                    ValueRange{lowering.lowered(op.getA()), lowering.lowered(op.getB())}, init,
                    ArrayRef<AffineMap>{*aMap, *bMap, AffineMap::get(loops, 0, exprs, op.getContext())}, iterators,
                    [&](OpBuilder &builder, Location l, ValueRange elements) {
                      linalg::YieldOp::create(builder, l, term(builder, l, elements[2], elements[0], elements[1]));
                    })
                    .getResult(0);
    return accumulator.finish(sum);
  }

private:
  /// The loop of every dimension of an operand; leading ones align with the last batch.
  SmallVector<unsigned> loopsOf(Value operand, SmallVector<unsigned> matrix, bool transposed) {
    if (transposed)
      std::swap(matrix[0], matrix[1]);
    SmallVector<unsigned> result;
    unsigned leading = dfg::tensorType(operand).getRank() - matrix.size();
    for (unsigned i = 0; i < leading; ++i)
      result.push_back(batch - leading + i);
    llvm::append_range(result, matrix);
    return result;
  }

  std::optional<AffineMap> operandMap(Value operand, ArrayRef<unsigned> dimLoops) {
    SmallVector<AffineExpr> exprs;
    for (auto [i, loop] : llvm::enumerate(dimLoops)) {
      AffineExpr expr = getAffineDimExpr(loop, op.getContext());
      if (loop < batch)
        expr = broadcastPosition(lowering.scope, lowering.scope.dim(operand, i), lowering.scope.dim(op.getY(), loop),
                                 loop);
      if (!expr)
        return std::nullopt;
      exprs.push_back(expr);
    }
    return AffineMap::get(loops, 0, exprs, op.getContext());
  }

  /// Where only the call decides which batch dimensions are broadcast.
  Value lowerByIndex() {
    Location loc = op.getLoc();
    size_t innerDim = llvm::find(a, inner) - a.begin();
    LoopRange range = fullRange(lowering.builder, loc, lowering.size(loc, op.getA(), innerDim));
    SmallVector<LoopRange> aRanges = fullRanges(lowering, loc, op.getA()), bRanges = fullRanges(lowering, loc, op.getB());
    Value none = zero();
    auto element = [&](OpBuilder &builder, Location l, ValueRange result) {
      SmallVector<Value> position(loops);
      for (auto [loop, value] : llvm::zip_equal(y, result))
        position[loop] = value;
      return emitLoops(builder, l, range, none, [&](OpBuilder &builder, Location l, ValueRange i, ValueRange carried) {
        position[inner] = i[0];
        auto read = [&](Value operand, ArrayRef<unsigned> dimLoops, ArrayRef<LoopRange> ranges) {
          SmallVector<Value> indices;
          for (auto [loop, range] : llvm::zip_equal(dimLoops, ranges))
            indices.push_back(loop < batch ? broadcastIndex(builder, l, range.end, position[loop]) : position[loop]);
          return tensor::ExtractOp::create(builder, l, lowering.lowered(operand), indices);
        };
        return SmallVector<Value>{
            term(builder, l, carried[0], read(op.getA(), a, aRanges), read(op.getB(), b, bRanges))};
      })[0];
    };
    return lowering.generate(loc, op.getY(), element);
  }

  Value term(OpBuilder &builder, Location loc, Value sum, Value x, Value y) {
    return multiplyAdd(builder, loc, sum, x, op.getA().getType().getElementType(), y,
                       op.getB().getType().getElementType());
  }
  Value zero() {
    return elementConstant(lowering.builder, op.getLoc(), computeElementType(op.getY().getType().getElementType()), 0);
  }

  dfg::MatmulOp op;
  LinalgLowering &lowering;
  unsigned batch, loops, inner;
  /// The loop of every dimension.
  SmallVector<unsigned> a, b, y;
};

struct Products {
  static FailureOr<Value> lower(dfg::MatmulOp op, LinalgLowering &lowering) { return Product(op, lowering).lower(); }
};

} // namespace

void registerContractionLowerings(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, dfg::DfgDialect *) { attachLinalgModels<Products, dfg::MatmulOp>(*context); });
  registerWindowLowerings(registry);
}

} // namespace tfc
