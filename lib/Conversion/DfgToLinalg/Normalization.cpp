// Lowerings of softmax and layer normalization: a few passes over each row, without
// tensors between them.
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {
namespace {

/// The elements of a tensor along one axis, at a place in the other dimensions.
class Row {
public:
  Row(LinalgLowering &lowering, ValueRange others, size_t axis, Value extent)
      : lowering(lowering), position(others), axis(axis), extent(extent) {
    position.insert(position.begin() + axis, Value());
  }

  SmallVector<Value> at(Value i) const {
    SmallVector<Value> indices = position;
    indices[axis] = i;
    return indices;
  }

  /// Combines `term(i, x[i])` over the row.
  Value reduce(OpBuilder &builder, Location loc, dfg::ReduceKind kind, Value x,
               llvm::function_ref<Value(OpBuilder &, Location, Value)> term) const {
    Type element = dfg::tensorType(x).getElementType();
    Type compute = computeElementType(element);
    return emitLoops(builder, loc, fullRange(builder, loc, extent), emitIdentity(builder, loc, kind, compute),
                     [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
                       Value value = term(b, l, lowering.extract(b, l, x, at(i[0])));
                       return SmallVector<Value>{reassociable(emitCombine(b, l, kind, compute, carried[0], value))};
                     })[0];
  }

  /// Writes `term(i, x[i])` to the row of a stored tensor.
  Value write(OpBuilder &builder, Location loc, Value x, Value result,
              llvm::function_ref<Value(OpBuilder &, Location, Value i, Value x)> term) const {
    Type element = dfg::tensorType(x).getElementType();
    return emitLoops(builder, loc, fullRange(builder, loc, extent), result,
                     [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
                       SmallVector<Value> indices = at(i[0]);
                       Value value = term(b, l, i[0], lowering.extract(b, l, x, indices));
                       Value stored = narrowElement(b, l, value, element);
                       return SmallVector<Value>{tensor::InsertOp::create(b, l, stored, carried[0], indices)};
                     })[0];
  }

private:
  LinalgLowering &lowering;
  SmallVector<Value> position;
  size_t axis;
  Value extent;
};

/// Computes every row of `result`, which is shaped like `x`, along an axis.
Value forEachRow(LinalgLowering &lowering, Location loc, Value x, Value result, size_t axis,
                 llvm::function_ref<Value(OpBuilder &, Location, const Row &, Value)> body) {
  SmallVector<LoopRange> others = fullRanges(lowering, loc, x);
  Value extent = others[axis].end;
  others.erase(others.begin() + axis);
  return emitLoops(lowering.builder, loc, others, lowering.empty(loc, result),
                   [&](OpBuilder &b, Location l, ValueRange loops, ValueRange carried) {
                     return SmallVector<Value>{body(b, l, Row(lowering, loops, axis, extent), carried[0])};
                   })[0];
}

struct Normalizations {
  static FailureOr<Value> lower(dfg::SoftmaxOp op, LinalgLowering &lowering) {
    Value x = op.getX();
    auto row = [&](OpBuilder &b, Location loc, const Row &row, Value result) {
      Value largest =
          row.reduce(b, loc, dfg::ReduceKind::Max, x, [](OpBuilder &, Location, Value element) { return element; });
      auto shifted = [&](OpBuilder &b, Location l, Value element) -> Value {
        return math::ExpOp::create(b, l, arith::SubFOp::create(b, l, element, largest));
      };
      Value sum = row.reduce(b, loc, dfg::ReduceKind::Sum, x, shifted);
      return row.write(b, loc, x, result, [&](OpBuilder &b, Location l, Value, Value element) -> Value {
        return arith::DivFOp::create(b, l, shifted(b, l, element), sum);
      });
    };
    return forEachRow(lowering, op.getLoc(), x, op.getY(), op.getAxis(), row);
  }

  static FailureOr<Value> lower(dfg::LayerNormOp op, LinalgLowering &lowering) {
    Value x = op.getX();
    Location loc = op.getLoc();
    size_t axis = op.getX().getType().getRank() - 1;
    Type compute = computeElementType(op.getX().getType().getElementType());
    Value extent = lowering.size(loc, x, axis);
    Value count = arith::SIToFPOp::create(
        lowering.builder, loc, compute,
        arith::IndexCastOp::create(lowering.builder, loc, lowering.builder.getI64Type(), extent));
    auto row = [&](OpBuilder &b, Location loc, const Row &row, Value result) {
      Value mean;
      auto centred = [&](OpBuilder &b, Location l, Value element) -> Value {
        return mean ? arith::SubFOp::create(b, l, element, mean).getResult() : element;
      };
      if (!op.getRms()) {
        Value sum =
            row.reduce(b, loc, dfg::ReduceKind::Sum, x, [](OpBuilder &, Location, Value element) { return element; });
        mean = arith::DivFOp::create(b, loc, sum, count);
      }
      Value squares = row.reduce(b, loc, dfg::ReduceKind::Sum, x, [&](OpBuilder &b, Location l, Value element) {
        Value c = centred(b, l, element);
        return reassociable(arith::MulFOp::create(b, l, c, c));
      });
      Value variance = arith::DivFOp::create(b, loc, squares, count);
      Value epsilon = elementConstant(b, loc, compute, op.getEpsilon().convertToDouble());
      Value deviation = math::SqrtOp::create(b, loc, arith::AddFOp::create(b, loc, variance, epsilon));
      Value scale = arith::DivFOp::create(b, loc, elementConstant(b, loc, compute, 1.0), deviation);
      return row.write(b, loc, x, result, [&](OpBuilder &b, Location l, Value i, Value element) -> Value {
        Value normal = arith::MulFOp::create(b, l, centred(b, l, element), scale);
        Value scaled = arith::MulFOp::create(b, l, normal, lowering.extract(b, l, op.getScale(), i));
        if (!op.getBias())
          return scaled;
        return arith::AddFOp::create(b, l, scaled, lowering.extract(b, l, op.getBias(), i));
      });
    };
    return forEachRow(lowering, loc, x, op.getY(), axis, row);
  }
};

} // namespace

void registerNormalizationLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Normalizations, dfg::SoftmaxOp, dfg::LayerNormOp>(*context);
  });
}

} // namespace tfc
