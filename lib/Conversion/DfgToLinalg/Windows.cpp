// The general lowering of convolutions and pooling: loops over window positions outside,
// loops over the result inside, so that nothing is tested per element.
#include "Contraction.h"
#include "Families.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tfc/Conversion/DfgToLinalg/Elements.h"

using namespace mlir;

namespace tfc {
namespace {

/// How windows slide over the spatial dimensions of a tensor.
struct Sliding {
  ArrayRef<int64_t> strides, pads, dilations;
  /// The first spatial dimension of operand and result.
  unsigned first;

  template <class Op>
  explicit Sliding(Op op)
      : strides(op.getStrides()), pads(op.getPads()), dilations(op.getDilations()),
        first(op.getChannelsLast() ? 1 : 2) {}

  unsigned count() const { return strides.size(); }

  /// Operand position minus `stride * result position`, given a position in the window.
  Value shift(IndexMath math, unsigned i, Value window) const {
    return math.sub(math.mul(window, math.constant(dilations[i])), math.constant(pads[2 * i]));
  }

  /// The result positions whose operand positions lie inside the operand.
  LoopRange inside(IndexMath math, unsigned i, Value shift, Value extent, Value resultExtent) const {
    Value begin = math.ceilDivOrZero(math.sub(math.constant(0), shift), strides[i]);
    Value end = math.min(resultExtent, math.ceilDivOrZero(math.sub(extent, shift), strides[i]));
    return {begin, end};
  }

  Value position(IndexMath math, unsigned i, Value result, Value shift) const {
    return math.add(math.mul(result, math.constant(strides[i])), shift);
  }
};

/// Spatial loops for one position in the window.
struct SpatialLoops {
  SmallVector<Value> shifts;
  SmallVector<LoopRange> ranges;

  SpatialLoops(const Sliding &sliding, OpBuilder &b, Location loc, ValueRange window, ArrayRef<LoopRange> operand,
               ArrayRef<LoopRange> result) {
    IndexMath math(b, loc);
    for (unsigned i = 0; i < sliding.count(); ++i) {
      shifts.push_back(sliding.shift(math, i, window[i]));
      unsigned dim = sliding.first + i;
      ranges.push_back(sliding.inside(math, i, shifts[i], operand[dim].end, result[dim].end));
    }
  }

  SmallVector<Value> positions(const Sliding &sliding, OpBuilder &b, Location loc, ValueRange result) const {
    SmallVector<Value> at;
    for (unsigned i = 0; i < sliding.count(); ++i)
      at.push_back(sliding.position(IndexMath(b, loc), i, result[i], shifts[i]));
    return at;
  }
};

/// Joins index lists into the indices of a tensor.
SmallVector<Value> join(std::initializer_list<ValueRange> lists) {
  SmallVector<Value> indices;
  for (ValueRange list : lists)
    llvm::append_range(indices, list);
  return indices;
}

/// Reads an element of an accumulator, combines it and writes it back.
Value update(OpBuilder &b, Location loc, Value tensor, ValueRange at, llvm::function_ref<Value(Value)> combine) {
  Value old = tensor::ExtractOp::create(b, loc, tensor, at);
  return tensor::InsertOp::create(b, loc, combine(old), tensor, at);
}

class Convolution {
public:
  Convolution(dfg::ConvOp op, LinalgLowering &lowering)
      : op(op), lowering(lowering), loc(op.getLoc()), sliding(op), last(op.getChannelsLast()),
        x(fullRanges(lowering, loc, op.getX())), w(fullRanges(lowering, loc, op.getW())),
        y(fullRanges(lowering, loc, op.getY())) {}

  Value lower() {
    OpBuilder &b = lowering.builder;
    unsigned spatial = sliding.count();
    LoopRange batch = y[0], channels = w[last ? spatial : 1], groups = fullRange(b, loc, indexConstant(b, loc, op.getGroups()));
    // Groups divide the filters evenly.
    LoopRange filters = w[last ? spatial + 1 : 0];
    filters.end = IndexMath(b, loc).ceilDivOrZero(filters.end, op.getGroups());
    SmallVector<LoopRange> window(ArrayRef(w).slice(last ? 0 : 2, spatial));

    Accumulator accumulator(lowering, loc, op.getY());
    Type compute = computeElementType(op.getY().getType().getElementType());
    Value init = accumulator.init(elementConstant(b, loc, compute, 0));
    Value sum = last ? channelsLast(init, batch, groups, filters, channels, window)
                     : channelsFirst(init, batch, groups, filters, channels, window);
    return accumulator.finish(sum);
  }

private:
  /// A plane of the result per filter; each channel and window position adds to it.
  Value channelsFirst(Value init, LoopRange batch, LoopRange groups, LoopRange filters, LoopRange channels,
                      ArrayRef<LoopRange> window) {
    SmallVector<LoopRange> outer{batch, groups, filters, channels};
    llvm::append_range(outer, window);
    return emitLoops(lowering.builder, loc, outer, init, [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
      Value channel = grouped(b, l, i[1], channels, i[3]), filter = grouped(b, l, i[1], filters, i[2]);
      ValueRange k = i.drop_front(4);
      Value weight = tensor::ExtractOp::create(b, l, lowering.lowered(op.getW()), join({filter, i[3], k}));
      SpatialLoops loops(sliding, b, l, k, x, y);
      Value batchIndex = i[0];
      return emitLoops(b, l, loops.ranges, carried[0], [&](OpBuilder &b, Location l, ValueRange s, ValueRange carried) {
        SmallVector<Value> from = loops.positions(sliding, b, l, s);
        return addTerm(b, l, carried[0], join({batchIndex, filter, s}), join({batchIndex, channel, from}), weight);
      });
    })[0];
  }

  /// All filters at a place of the result; each window position and channel adds to them.
  Value channelsLast(Value init, LoopRange batch, LoopRange groups, LoopRange filters, LoopRange channels,
                     ArrayRef<LoopRange> window) {
    SmallVector<LoopRange> outer{batch};
    llvm::append_range(outer, window);
    return emitLoops(lowering.builder, loc, outer, init, [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
      SmallVector<Value> k(i.drop_front(1));
      SpatialLoops loops(sliding, b, l, k, x, y);
      Value batchIndex = i[0];
      SmallVector<LoopRange> inner = loops.ranges;
      inner.append({groups, channels, filters});
      return emitLoops(b, l, inner, carried[0], [&](OpBuilder &b, Location l, ValueRange j, ValueRange carried) {
        ValueRange s = j.take_front(sliding.count()), c = j.drop_front(sliding.count());
        Value channel = grouped(b, l, c[0], channels, c[1]), filter = grouped(b, l, c[0], filters, c[2]);
        Value weight = tensor::ExtractOp::create(b, l, lowering.lowered(op.getW()), join({k, c[1], filter}));
        SmallVector<Value> from = loops.positions(sliding, b, l, s);
        return addTerm(b, l, carried[0], join({batchIndex, s, filter}), join({batchIndex, from, channel}), weight);
      });
    })[0];
  }

  /// Channel number `i` of a group, counted over all groups.
  static Value grouped(OpBuilder &b, Location loc, Value group, LoopRange perGroup, Value i) {
    IndexMath math(b, loc);
    return math.add(math.mul(group, perGroup.end), i);
  }

  SmallVector<Value> addTerm(OpBuilder &b, Location loc, Value result, ValueRange to, ValueRange from, Value weight) {
    return {update(b, loc, result, to, [&](Value sum) {
      Value element = tensor::ExtractOp::create(b, loc, lowering.lowered(op.getX()), from);
      return multiplyAdd(b, loc, sum, element, op.getX().getType().getElementType(), weight,
                         op.getW().getType().getElementType());
    })};
  }

  dfg::ConvOp op;
  LinalgLowering &lowering;
  Location loc;
  Sliding sliding;
  bool last;
  SmallVector<LoopRange> x, w, y;
};

struct Windows {
  static FailureOr<Value> lower(dfg::ConvOp op, LinalgLowering &lowering) { return Convolution(op, lowering).lower(); }

  static FailureOr<Value> lower(dfg::PoolOp op, LinalgLowering &lowering) {
    OpBuilder &builder = lowering.builder;
    Location loc = op.getLoc();
    Type element = op.getX().getType().getElementType();
    Sliding sliding(op);
    SmallVector<LoopRange> x = fullRanges(lowering, loc, op.getX()), y = fullRanges(lowering, loc, op.getY());
    // [batch, (channels,) window...] outside, [spatial..., (channels)] inside.
    SmallVector<LoopRange> outer(ArrayRef(y).take_front(sliding.first)), trailing(ArrayRef(y).drop_front(sliding.first + sliding.count()));
    for (int64_t extent : op.getWindow())
      outer.push_back(fullRange(builder, loc, indexConstant(builder, loc, extent)));
    Accumulator accumulator(lowering, loc, op.getY());
    Value init = accumulator.init(emitIdentity(builder, loc, op.getKind(), element));
    Value combined = emitLoops(builder, loc, outer, init, [&](OpBuilder &b, Location l, ValueRange i, ValueRange carried) {
      SmallVector<Value> leading(i.take_front(sliding.first));
      SpatialLoops loops(sliding, b, l, i.drop_front(sliding.first), x, y);
      SmallVector<LoopRange> inner = loops.ranges;
      llvm::append_range(inner, trailing);
      return emitLoops(b, l, inner, carried[0], [&](OpBuilder &b, Location l, ValueRange j, ValueRange carried) {
        ValueRange s = j.take_front(sliding.count()), rest = j.drop_front(sliding.count());
        Value from = lowering.extract(b, l, op.getX(), join({leading, loops.positions(sliding, b, l, s), rest}));
        return SmallVector<Value>{update(b, l, carried[0], join({leading, s, rest}), [&](Value old) {
          return reassociable(emitCombine(b, l, op.getKind(), element, old, from));
        })};
      });
    })[0];
    return accumulator.finish(combined);
  }
};

} // namespace

void registerWindowLowerings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) {
    attachLinalgModels<Windows, dfg::ConvOp, dfg::PoolOp>(*context);
  });
}

} // namespace tfc
