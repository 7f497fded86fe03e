// Softmax and normalizations: sweeps over a row, each reducing it or storing it.
#include "tfc/Codegen/CPU/Emit/Rows.h"

#include "KernelBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <limits>

using namespace mlir;

namespace tfc::cpu {
namespace {

/// Independent partial results of a reduction: enough to hide the latency of an addition.
constexpr int64_t kStreams = 4;

/// The longest row that is kept on the stack between sweeps, in elements.
constexpr int64_t kKeptColumns = 8192;

class RowEmitter {
public:
  RowEmitter(KernelBuilder &kb, const RowOperands &operands)
      : kb(kb), operands(operands), columns(kb.dim(operands.output, 1)), f32(kb.builder.getF32Type()) {}

  /// Runs `body(row)` for the rows of work units [begin, end).
  void forEachRow(Value begin, Value end, llvm::function_ref<void(Value)> body);

  /// Combines all vectors of a row: `step(column, mask, accumulator)` gives the next accumulator; elements that `mask`
  /// leaves out are ignored. The result stands in every lane. The order is fixed by the number of columns.
  /// `besides(column, count)` runs for every `count` columns but the last few.
  Value reduce(double identity, llvm::function_ref<Value(Value, Value, Value)> step,
               llvm::function_ref<Value(Value, Value)> combine,
               llvm::function_ref<void(Value, int64_t)> besides = {});
  /// Asks for the next row of inputs and outputs from a column on, so that memory answers while this row keeps the
  /// processor busy: where rows are no longer than a page, hardware does not see them coming.
  void prefetchNextRow(Value column, int64_t count);
  /// Visits all vectors of a row: `body(column, mask)`.
  void sweep(llvm::function_ref<void(Value, Value)> body);

  /// The row's inputs as `source` gives them.
  Value input(Value column, Value mask) { return operands.source(kb.builder, kb.loc, ValueRange({row, column}), mask); }
  /// Whether `source` does more than load.
  bool sourceComputes() {
    row = kb.index(0);
    return kb.lengthOf([&] { input(kb.index(0), Value()); }) > 1;
  }
  /// Finishes and stores one vector of results.
  void store(Value vector, Value column, Value mask);

  /// A buffer for one row of intermediate results, or null if rows may be too long.
  Value rowBuffer();

  Value add(Value x, Value y) { return arith::AddFOp::create(kb.builder, kb.loc, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(kb.builder, kb.loc, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(kb.builder, kb.loc, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(kb.builder, kb.loc, x, y); }

  KernelBuilder &kb;
  const RowOperands &operands;
  Value row, columns;
  Type f32;
};

void RowEmitter::forEachRow(Value begin, Value end, llvm::function_ref<void(Value)> body) {
  Value rows = kb.dim(operands.output, 0);
  const int64_t perUnit = RowPlan::get(cast<MemRefType>(operands.output.getType()).getDimSize(1)).unitRows;
  kb.loop(kb.mul(begin, perUnit), kb.min(kb.mul(end, perUnit), rows), 1, [&](Value i) {
    row = i;
    body(i);
  });
}

Value RowEmitter::reduce(double identity, llvm::function_ref<Value(Value, Value, Value)> step,
                         llvm::function_ref<Value(Value, Value)> combine,
                         llvm::function_ref<void(Value, int64_t)> besides) {
  const int64_t lanes = kb.target.lanes(), block = kStreams * lanes;
  Value blocks = kb.mul(kb.div(columns, block), block), whole = kb.mul(kb.div(columns, lanes), lanes);
  SmallVector<Value> streams(kStreams, kb.splat(f32, identity));
  streams = kb.reduce(kb.index(0), blocks, block, streams, [&](Value column, ValueRange carried) {
    if (besides)
      besides(column, block);
    SmallVector<Value> next;
    for (auto [i, value] : llvm::enumerate(carried))
      next.push_back(step(kb.add(column, i * lanes), Value(), value));
    return next;
  });
  streams[0] = kb.reduce(blocks, whole, lanes, streams[0], [&](Value column, ValueRange carried) {
    return SmallVector<Value>{step(column, Value(), carried[0])};
  })[0];
  Value result = combine(combine(streams[0], streams[1]), combine(streams[2], streams[3]));
  // The last, partial vector.
  result = kb.ifThenElse(
      kb.less(whole, columns), result.getType(),
      [&] {
        Value mask = kb.maskOf(kb.sub(columns, whole));
        return SmallVector<Value>{kb.select(mask, step(whole, mask, result), result)};
      },
      [&] { return SmallVector<Value>{result}; })[0];
  for (int64_t distance = lanes / 2; distance; distance /= 2) {
    SmallVector<int64_t> swapped;
    for (int64_t i = 0; i < lanes; ++i)
      swapped.push_back(i ^ distance);
    result = combine(result, vector::ShuffleOp::create(kb.builder, kb.loc, result, result, swapped));
  }
  return result;
}

void RowEmitter::prefetchNextRow(Value column, int64_t count) {
  auto prefetch = [&](Value memref, bool isWrite) {
    constexpr int64_t kLineBits = 64 * 8;
    int64_t perLine = kLineBits / std::max(8u, cast<MemRefType>(memref.getType()).getElementTypeBitWidth());
    for (int64_t i = 0; i < count; i += perLine)
      memref::PrefetchOp::create(kb.builder, kb.loc, memref, ValueRange{kb.add(row, 1), kb.add(column, i)}, isWrite,
                                 /*localityHint=*/3, /*isDataCache=*/true);
  };
  for (Value input : operands.inputs)
    prefetch(input, /*isWrite=*/false);
  prefetch(operands.output, /*isWrite=*/true);
}

void RowEmitter::sweep(llvm::function_ref<void(Value, Value)> body) {
  const int64_t lanes = kb.target.lanes();
  Value whole = kb.mul(kb.div(columns, lanes), lanes);
  kb.loop(kb.index(0), whole, lanes, [&](Value column) { body(column, Value()); });
  kb.ifThen(kb.less(whole, columns), [&] { body(whole, kb.maskOf(kb.sub(columns, whole))); });
}

void RowEmitter::store(Value vector, Value column, Value mask) {
  if (operands.epilogue)
    vector = operands.epilogue(kb.builder, kb.loc, vector, {row, column}, mask);
  if (vector)
    kb.store(vector, operands.output, {row, column}, mask);
}

Value RowEmitter::rowBuffer() {
  std::optional<int64_t> length = constantOf(columns);
  if (!length || *length > kKeptColumns)
    return {};
  // A partial vector at the end is stored whole.
  return kb.stackBuffer({(*length + kb.target.lanes() - 1) / kb.target.lanes() * kb.target.lanes()}, f32);
}

} // namespace

RowPlan RowPlan::get(int64_t columns) {
  // A few microseconds of work.
  return {ShapedType::isDynamic(columns) ? 8 : std::max<int64_t>(4096 / std::max<int64_t>(columns, 1), 1)};
}

AffineMap RowPlan::units(MLIRContext *context) const {
  AffineExpr rows = getAffineDimExpr(0, context);
  return AffineMap::get(2, 0, {rows.ceilDiv(unitRows), getAffineConstantExpr(1, context)}, context);
}

void emitSoftmax(OpBuilder &builder, Location loc, const CpuTarget &target, const RowOperands &operands, bool logarithm,
                 Value begin, Value end) {
  KernelBuilder kb(builder, loc, target);
  RowEmitter row(kb, operands);
  auto exp = [&](Value x) { return math::ExpOp::create(builder, loc, x); };
  auto sum = [&](Value x, Value y) { return row.add(x, y); };
  auto largest = [&](Value x, Value y) { return kb.maxFloat(x, y); };
  // Exponentials are kept for the second sweep where there is room: in the output, whose memory then arrives while
  // they are computed, else on the stack.
  const bool keptInOutput = !logarithm && cast<MemRefType>(operands.output.getType()).getElementType().isF32();
  Value kept = logarithm || keptInOutput ? Value() : row.rowBuffer();

  row.forEachRow(begin, end, [&](Value i) {
    Value max = row.reduce(
        -std::numeric_limits<double>::infinity(),
        [&](Value column, Value mask, Value before) { return kb.maxFloat(row.input(column, mask), before); }, largest);
    Value total = row.reduce(
        0,
        [&](Value column, Value mask, Value before) {
          Value power = exp(row.sub(row.input(column, mask), max));
          if (keptInOutput)
            kb.store(power, operands.output, {i, column}, mask);
          else if (kept)
            kb.store(power, kept, column);
          return row.add(before, power);
        },
        sum, [&](Value column, int64_t count) { row.prefetchNextRow(column, count); });
    if (logarithm) {
      Value shift = row.add(max, math::LogOp::create(builder, loc, total));
      return row.sweep(
          [&](Value column, Value mask) { row.store(row.sub(row.input(column, mask), shift), column, mask); });
    }
    Value factor = row.div(kb.splat(row.f32, 1), total);
    row.sweep([&](Value column, Value mask) {
      Value power = keptInOutput ? kb.load(operands.output, {i, column}, mask)
                    : kept       ? kb.load(kept, column)
                                 : exp(row.sub(row.input(column, mask), max));
      row.store(row.mul(power, factor), column, mask);
    });
  });
}

void emitNormalization(OpBuilder &builder, Location loc, const CpuTarget &target, const RowOperands &operands,
                       const Normalization &normalization, Value begin, Value end) {
  KernelBuilder kb(builder, loc, target);
  RowEmitter row(kb, operands);
  auto sum = [&](Value x, Value y) { return row.add(x, y); };
  // What is fused before the kernel is computed once if its results can be kept.
  Value kept = row.sourceComputes() ? row.rowBuffer() : Value();
  auto input = [&](Value column, Value mask) { return kept ? kb.load(kept, column) : row.input(column, mask); };
  auto firstInput = [&](Value column, Value mask) {
    Value vector = row.input(column, mask);
    if (kept)
      kb.store(vector, kept, column);
    return vector;
  };

  Value count = kb.broadcast(kb.toFloat(row.columns));
  Value one = kb.splat(row.f32, 1);
  row.forEachRow(begin, end, [&](Value) {
    Value mean;
    if (normalization.centered)
      mean = row.div(
          row.reduce(
              0, [&](Value column, Value mask, Value before) { return row.add(before, firstInput(column, mask)); },
              sum),
          count);
    Value squares = row.reduce(
        0,
        [&](Value column, Value mask, Value before) {
          Value x = mean ? row.sub(input(column, mask), mean) : firstInput(column, mask);
          return kb.fma(x, x, before);
        },
        sum);
    Value variance = row.add(row.div(squares, count), kb.splat(row.f32, normalization.epsilon));
    Value factor = row.div(one, math::SqrtOp::create(builder, loc, variance));
    row.sweep([&](Value column, Value mask) {
      Value x = input(column, mask);
      Value y = row.mul(mean ? row.sub(x, mean) : x, factor);
      Value scale = normalization.scale ? kb.load(normalization.scale, column, mask) : Value();
      Value bias = normalization.bias ? kb.load(normalization.bias, column, mask) : Value();
      if (scale)
        y = bias ? kb.fma(y, scale, bias) : row.mul(y, scale);
      else if (bias)
        y = row.add(y, bias);
      row.store(y, column, mask);
    });
  });
}

} // namespace tfc::cpu
