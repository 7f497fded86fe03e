// Generates the kernels that have a root.
#include "tfc/Codegen/CPU/Emit/Convolution.h"
#include "tfc/Codegen/CPU/Emit/Matmul.h"
#include "tfc/Codegen/CPU/Emit/Pooling.h"
#include "tfc/Codegen/CPU/Emit/Rows.h"
#include "tfc/Codegen/CPU/Emit/Transpose.h"
#include "tfc/Codegen/CPU/Emit/Winograd.h"
#include "tfc/Codegen/CPU/Passes.h"
#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
#include "tfc/Conversion/KernelToFunc/KernelToFunc.h"

namespace tfc {
#define GEN_PASS_DEF_EMITKERNELS
#include "tfc/Codegen/CPU/Passes.h.inc"
} // namespace tfc

using namespace mlir;

namespace tfc {
namespace {

/// One kernel while it is generated.
class Emitter {
public:
  Emitter(OpBuilder &builder, kernel::FuncOp kernel, const cpu::CpuTarget &target)
      : builder(builder), kernel(kernel), target(target), memory(createKernelFunction(builder, kernel)) {
    for (auto [argument, input] : llvm::zip(kernel.getArguments(), memory.inputs))
      buffers[argument] = input;
  }

  void emit(Operation *root) {
    if (auto matmul = dyn_cast<kernel::MatmulOp>(root))
      matmul.getColumns() ? emitPacked(matmul) : emitBatched(matmul);
    else if (auto conv = dyn_cast<kernel::ConvOp>(root))
      conv.getWinograd() ? emitWinograd(conv) : emitConv(conv);
    else if (auto transpose = dyn_cast<dfg::TransposeOp>(root))
      emitTranspose(transpose);
    else if (auto pool = dyn_cast<kernel::PoolOp>(root))
      emitPool(pool);
    else
      emitRows(root);
    func::ReturnOp::create(builder, kernel.getLoc());
  }

private:
  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, kernel.getLoc(), value); }
  int64_t numberOf(StringRef attribute) { return kernel->getAttrOfType<IntegerAttr>(attribute).getInt(); }
  Value dim(Value memref, int64_t i) { return memref::DimOp::create(builder, kernel.getLoc(), memref, i); }

  /// Of bytes on both sides, or on the right one, what emitters ask: one side is unsigned.
  static bool isLeftUnsigned(Value left, Value right) {
    Type element = dfg::tensorType(left).getElementType();
    return element.isInteger(8) ? element.isUnsignedInteger()
                                : !dfg::tensorType(right).getElementType().isUnsignedInteger();
  }

  /// All dimensions but the last as one.
  Value collapseRows(Value memref) {
    auto type = cast<MemRefType>(memref.getType());
    if (type.getRank() == 2)
      return memref;
    SmallVector<ReassociationIndices> groups(2);
    for (int64_t i = 0; i + 1 < type.getRank(); ++i)
      groups[0].push_back(i);
    groups[1].push_back(type.getRank() - 1);
    return memref::CollapseShapeOp::create(builder, kernel.getLoc(), memref, groups);
  }

  void emitPacked(kernel::MatmulOp op) {
    Location loc = op.getLoc();
    Value output = memory.outputs[0];
    int64_t rank = cast<MemRefType>(output.getType()).getRank();
    cpu::MatmulOperands operands{collapseRows(buffers[op.getA()]), buffers[op.getB()], collapseRows(output), true};
    operands.unsignedA = isLeftUnsigned(op.getA(), op.getB());
    // The extents that a row number is made of, innermost first; not needed by a matrix.
    SmallVector<Value> extents;
    for (int64_t i = rank - 2; i > 0; --i)
      extents.push_back(dim(output, i));
    cpu::emitMatmul(builder, loc, target, operands, memory.begin, memory.end,
                    [&](OpBuilder &b, Location l, Value vector, ValueRange position, Value mask) {
                      return finish(b, l, op.getY(), vector, unravel(b, l, position, extents), mask);
                    });
  }

  /// One product after the other; a work unit belongs to one of them.
  void emitBatched(kernel::MatmulOp op) {
    Location loc = op.getLoc();
    // What was written in another order is seen in that of the product.
    SmallVector<int64_t> orderY(op.getPermutationY().value_or(ArrayRef<int64_t>())), orderC(orderY);
    for (auto [i, from] : llvm::enumerate(orderY))
      orderC[from] = i;
    Value a = reordered(buffers[op.getA()], op.getPermutationA()),
          b = reordered(buffers[op.getB()], op.getPermutationB()),
          c = reordered(memory.outputs[0], orderY.empty() ? std::nullopt : std::optional<ArrayRef<int64_t>>(orderC));
    auto finishAt = [&](OpBuilder &bb, Location l, Value vector, ArrayRef<Value> position, Value mask) {
      SmallVector<Value> indices(position);
      for (auto [i, from] : llvm::enumerate(orderY))
        indices[i] = position[from];
      return finish(bb, l, op.getY(), vector, indices, mask);
    };
    auto type = cast<MemRefType>(c.getType());
    int64_t rank = type.getRank();
    if (rank == 2) {
      cpu::MatmulOperands operands{a, b, c, false};
      return cpu::emitMatmul(builder, loc, target, operands, memory.begin, memory.end,
                             [&](OpBuilder &bb, Location l, Value vector, ValueRange position, Value mask) {
                               return finishAt(bb, l, vector, llvm::to_vector(position), mask);
                             });
    }
    auto plan = cpu::MatmulPlan::get(target, type.getDimSize(rank - 2), type.getDimSize(rank - 1),
                                     cast<MemRefType>(a.getType()).getDimSize(rank - 1),
                                     cast<MemRefType>(a.getType()).getElementType());
    OpBuilder::InsertionGuard guard(builder);
    auto [number, begin, end] = forEachPart(plan.units(builder.getContext()), {dim(c, rank - 2), dim(c, rank - 1)});
    SmallVector<Value> batch; // indices of the matrix, outermost first
    Value rest = number;
    for (int64_t i = rank - 3; i > 0; --i) {
      batch.push_back(arith::RemUIOp::create(builder, loc, rest, dim(c, i)));
      rest = arith::DivUIOp::create(builder, loc, rest, dim(c, i));
    }
    batch.push_back(rest);
    std::reverse(batch.begin(), batch.end());
    auto matrix = [&](Value memref) -> Value {
      SmallVector<OpFoldResult> offsets(batch.begin(), batch.end()), extents(rank - 2, builder.getIndexAttr(1)),
          strides(rank, builder.getIndexAttr(1));
      auto from = cast<MemRefType>(memref.getType());
      for (int64_t i : {rank - 2, rank - 1}) {
        offsets.push_back(builder.getIndexAttr(0));
        extents.push_back(from.isDynamicDim(i) ? OpFoldResult(dim(memref, i))
                                               : OpFoldResult(builder.getIndexAttr(from.getDimSize(i))));
      }
      auto to =
          memref::SubViewOp::inferRankReducedResultType(from.getShape().take_back(2), from, offsets, extents, strides);
      return memref::SubViewOp::create(builder, loc, cast<MemRefType>(to), memref, offsets, extents, strides);
    };
    cpu::MatmulOperands operands{matrix(a), matrix(b), matrix(c), false};
    cpu::emitMatmul(builder, loc, target, operands, begin, end,
                    [&](OpBuilder &bb, Location l, Value vector, ValueRange position, Value mask) {
                      SmallVector<Value> indices(batch);
                      llvm::append_range(indices, position);
                      return finishAt(bb, l, vector, indices, mask);
                    });
  }

  /// Some work units of one of the parts that a kernel has one after the other.
  struct Part {
    Value number, begin, end;
  };

  /// A loop over the parts that the kernel's range of units belongs to; `units` gives the units of a part. Leaves the
  /// builder in the loop.
  Part forEachPart(AffineMap units, std::initializer_list<Value> sizes) {
    Location loc = kernel.getLoc();
    auto count = [&](unsigned i) -> Value {
      return affine::AffineApplyOp::create(builder, loc, units.getSubMap({i}), ValueRange(ArrayRef(sizes)));
    };
    Value perPart = arith::MulIOp::create(builder, loc, count(0), count(1));
    perPart = arith::MaxUIOp::create(builder, loc, perPart, index(1));
    Value first = arith::DivUIOp::create(builder, loc, memory.begin, perPart);
    Value beyond = arith::CeilDivUIOp::create(builder, loc, memory.end, perPart);
    auto loop = scf::ForOp::create(builder, loc, first, beyond, index(1));
    builder.setInsertionPointToStart(loop.getBody());
    Value base = arith::MulIOp::create(builder, loc, loop.getInductionVar(), perPart);
    auto within = [&](Value unit) { return arith::SubIOp::create(builder, loc, unit, base); };
    return {loop.getInductionVar(), arith::MaxSIOp::create(builder, loc, within(memory.begin), index(0)),
            arith::MinSIOp::create(builder, loc, within(memory.end), perPart)};
  }

  Value reordered(Value memref, std::optional<ArrayRef<int64_t>> order) {
    if (!order)
      return memref;
    SmallVector<unsigned> dims(order->begin(), order->end());
    auto map = AffineMap::getPermutationMap(dims, builder.getContext());
    return memref::TransposeOp::create(builder, kernel.getLoc(), memref, AffineMapAttr::get(map));
  }

  /// Softmax and normalizations: what stands before the root is computed as its rows are
  /// read.
  void emitRows(Operation *root) {
    Location loc = root->getLoc();
    Value output = memory.outputs[0], x = cast<kernel::Root>(root).getFusibleOperand(), y = root->getResult(0);
    auto type = cast<MemRefType>(output.getType());
    SmallVector<Value> extents; // that a row number is made of, innermost first
    for (int64_t i = type.getRank() - 2; i > 0; --i)
      extents.push_back(dim(output, i));
    auto place = [&](OpBuilder &b, Location l, ValueRange position) {
      return type.getRank() == 1 ? SmallVector<Value>{position[1]} : unravel(b, l, position, extents);
    };
    cpu::RowOperands operands;
    auto rowsOf = [&](Value memref) { return type.getRank() == 1 ? withUnitDim(memref, 0) : collapseRows(memref); };
    operands.output = rowsOf(output);
    for (Value input : memory.inputs)
      if (auto from = dyn_cast<MemRefType>(input.getType()); from && from.getShape() == type.getShape())
        operands.inputs.push_back(rowsOf(input));
    auto source = [&](OpBuilder &b, Location l, ValueRange position, Value mask) {
      IRMapping values;
      return evaluate(b, l, x, values, target.lanes(), place(b, l, position), mask);
    };
    auto epilogue = [&](OpBuilder &b, Location l, Value vector, ValueRange position, Value mask) {
      return finish(b, l, y, vector, place(b, l, position), mask);
    };
    operands.source = source;
    operands.epilogue = epilogue;
    if (isa<kernel::SoftmaxOp>(root))
      return cpu::emitSoftmax(builder, loc, target, operands, /*logarithm=*/false, memory.begin, memory.end);
    auto norm = cast<kernel::LayerNormOp>(root);
    cpu::Normalization normalization;
    normalization.scale = buffers[norm.getScale()];
    if (norm.getBias())
      normalization.bias = buffers[norm.getBias()];
    normalization.epsilon = norm.getEpsilon().convertToDouble();
    normalization.centered = !norm.getRms();
    cpu::emitNormalization(builder, loc, target, operands, normalization, memory.begin, memory.end);
  }

  /// The indices of all dimensions from (row, column).
  static SmallVector<Value> unravel(OpBuilder &b, Location l, ValueRange position, ArrayRef<Value> extents) {
    SmallVector<Value> indices{position[1]};
    Value row = position[0];
    for (Value extent : extents) {
      indices.push_back(arith::RemUIOp::create(b, l, row, extent));
      row = arith::DivUIOp::create(b, l, row, extent);
    }
    indices.push_back(row);
    std::reverse(indices.begin(), indices.end());
    return indices;
  }

  void emitConv(kernel::ConvOp op) {
    Location loc = op.getLoc();
    const bool isLine = cast<MemRefType>(memory.outputs[0].getType()).getRank() == 3, isColumn = op.isColumn();
    const int64_t groups = op.getGroups();
    // Columns lie down: a register tile is some pixels of a row.
    auto lying = [&](Value memref, int64_t height) {
      if (!isColumn)
        return memref;
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, cast<MemRefType>(memref.getType()).getRank()));
      std::swap(order[height], order[height + 1]);
      return reordered(memref, ArrayRef<int64_t>(order));
    };
    auto image = [&](Value memref) { return isLine ? withUnitDim(memref, 1) : lying(memref, 1); };
    auto window = [&](int64_t i) {
      i = isColumn ? 1 - i : i;
      return cpu::Window{op.getStrides()[i], op.getDilations()[i], op.getPads()[2 * i]};
    };
    Value input = buffers[op.getX()];
    if (op.getChannelsFirst())
      input = reordered(input, isLine ? ArrayRef<int64_t>{0, 2, 1} : ArrayRef<int64_t>{0, 2, 3, 1});
    cpu::ConvolutionOperands operands{image(input), lying(buffers[op.getW()], 1), image(memory.outputs[0]), window(0),
                                      window(1)};
    operands.unsignedInput = isLeftUnsigned(op.getX(), op.getW());
    Value begin = memory.begin, end = memory.end, firstChannel;
    OpBuilder::InsertionGuard guard(builder);
    if (groups > 1) {
      auto sizes = cpu::ConvolutionSizes::of(operands, /*depthwise=*/false);
      sizes.inputs /= groups, sizes.outputs /= groups;
      Value lines = arith::MulIOp::create(builder, loc, dim(operands.output, 0), dim(operands.output, 1));
      auto group = forEachPart(cpu::ConvolutionPlan::get(target, sizes).units(builder.getContext()),
                               {lines, index(sizes.outputs)});
      begin = group.begin, end = group.end;
      firstChannel = arith::MulIOp::create(builder, loc, group.number, index(sizes.outputs));
      operands.input = ofGroup(operands.input, 3, group.number, groups);
      operands.weights = ofGroup(operands.weights, 0, group.number, groups);
      operands.output = ofGroup(operands.output, 3, group.number, groups);
    }
    auto epilogue = [&](OpBuilder &b, Location l, Value vector, ValueRange position, Value mask) {
      SmallVector<Value> indices(position);
      if (firstChannel)
        indices.back() = arith::AddIOp::create(b, l, indices.back(), firstChannel);
      if (isLine)
        indices.erase(indices.begin() + 1);
      if (isColumn)
        std::swap(indices[1], indices[2]);
      return finish(b, l, op.getY(), vector, indices, mask);
    };
    auto emit = op.getDepthwise() ? cpu::emitDepthwiseConvolution : cpu::emitConvolution;
    emit(builder, loc, target, operands, begin, end, epilogue);
  }

  void emitWinograd(kernel::ConvOp op) {
    auto sizes = cpu::WinogradSizes::of(buffers[op.getX()].getType(), memory.outputs[0].getType());
    auto plan = cpu::WinogradPlan::get(target, sizes);
    auto scratch = [&](ArrayRef<int64_t> shape) -> Value {
      return memref::AllocOp::create(builder, op.getLoc(), MemRefType::get(shape, builder.getF32Type()));
    };
    cpu::WinogradOperands operands{buffers[op.getX()],
                                   buffers[op.getW()],
                                   memory.outputs[0],
                                   op.getPads()[0],
                                   op.getPads()[2],
                                   scratch(plan.transformedShape()),
                                   scratch(plan.productsShape())};
    cpu::emitWinograd(builder, op.getLoc(), target, operands, memory.begin, memory.end,
                      [&](OpBuilder &b, Location l, Value vector, ValueRange position, Value mask) {
                        return finish(b, l, op.getY(), vector, position, mask);
                      });
  }

  void emitPool(kernel::PoolOp op) {
    const bool isLine = cast<MemRefType>(memory.outputs[0].getType()).getRank() == 3;
    auto image = [&](Value memref) { return isLine ? withUnitDim(memref, 1) : memref; };
    auto window = [&](int64_t i) { return cpu::Window{op.getStrides()[i], op.getDilations()[i], op.getPads()[2 * i]}; };
    cpu::PoolingOperands operands{image(buffers[op.getX()]),
                                  image(memory.outputs[0]),
                                  op.getSum() ? cpu::PoolingKind::sum : cpu::PoolingKind::max,
                                  op.getWindow()[0],
                                  op.getWindow()[1],
                                  window(0),
                                  window(1)};
    auto epilogue = [&](OpBuilder &b, Location l, Value vector, ValueRange position, Value mask) {
      SmallVector<Value> indices(position);
      if (isLine)
        indices.erase(indices.begin() + 1);
      return finish(b, l, op.getY(), vector, indices, mask);
    };
    cpu::emitPooling(builder, op.getLoc(), target, operands, memory.begin, memory.end, epilogue);
  }

  /// The part of a memref that belongs to a group, one of `groups` along a dimension.
  Value ofGroup(Value memref, int64_t along, Value group, int64_t groups) {
    Location loc = kernel.getLoc();
    auto type = cast<MemRefType>(memref.getType());
    SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)), sizes,
        strides(type.getRank(), builder.getIndexAttr(1));
    for (int64_t i = 0; i < type.getRank(); ++i)
      sizes.push_back(type.isDynamicDim(i) ? OpFoldResult(dim(memref, i)) : builder.getIndexAttr(type.getDimSize(i)));
    const int64_t extent = type.getDimSize(along) / groups;
    offsets[along] = arith::MulIOp::create(builder, loc, group, index(extent)).getResult();
    sizes[along] = builder.getIndexAttr(extent);
    return memref::SubViewOp::create(builder, loc, memref, offsets, sizes, strides);
  }

  void emitTranspose(dfg::TransposeOp op) {
    // Dimensions that stay side by side are one.
    SmallVector<ReassociationIndices> outputGroups;
    for (auto [to, from] : llvm::enumerate(op.getPermutation())) {
      if (to == 0 || from != op.getPermutation()[to - 1] + 1)
        outputGroups.emplace_back();
      outputGroups.back().push_back(to);
    }
    auto firstRead = [&](const ReassociationIndices &group) { return op.getPermutation()[group.front()]; };
    SmallVector<ReassociationIndices> inputGroups(outputGroups.size());
    SmallVector<int64_t> permutation(outputGroups.size());
    SmallVector<unsigned> byInput = llvm::to_vector(llvm::seq<unsigned>(outputGroups.size()));
    llvm::sort(byInput, [&](unsigned a, unsigned b) { return firstRead(outputGroups[a]) < firstRead(outputGroups[b]); });
    for (auto [i, group] : llvm::enumerate(byInput)) {
      permutation[group] = i;
      for (int64_t to : outputGroups[group])
        inputGroups[i].push_back(op.getPermutation()[to]);
    }
    auto collapse = [&](Value memref, ArrayRef<ReassociationIndices> groups) -> Value {
      if (groups.size() == op.getPermutation().size())
        return memref;
      return memref::CollapseShapeOp::create(builder, op.getLoc(), memref, groups);
    };
    // Work is cut along one dimension; the others of its group count as well. The loops obey the cut themselves.
    memory.function->removeAttr("kernel.grain");
    int64_t split = numberOf("kernel.split"), part = 0;
    while (outputGroups[part].back() < split)
      ++part;
    Value unit = index(numberOf("kernel.grain")), extent = dim(memory.outputs[0], split);
    Value begin = arith::MulIOp::create(builder, op.getLoc(), memory.begin, unit);
    Value end = arith::MinSIOp::create(builder, op.getLoc(),
                                       arith::MulIOp::create(builder, op.getLoc(), memory.end, unit), extent);
    for (int64_t i = split + 1; i <= outputGroups[part].back(); ++i) {
      begin = arith::MulIOp::create(builder, op.getLoc(), begin, dim(memory.outputs[0], i));
      end = arith::MulIOp::create(builder, op.getLoc(), end, dim(memory.outputs[0], i));
    }
    cpu::emitTranspose(builder, op.getLoc(), target,
                       {collapse(buffers[op.getX()], inputGroups), collapse(memory.outputs[0], outputGroups), permutation},
                       part, begin, end);
  }

  /// The same memory with a dimension of extent 1 more, before dimension `at`.
  Value withUnitDim(Value memref, int64_t at) {
    auto type = cast<MemRefType>(memref.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.begin() + at, 1);
    SmallVector<OpFoldResult> sizes;
    SmallVector<ReassociationIndices> groups(type.getRank());
    for (int64_t i = 0, next = 0; i < type.getRank(); ++i) {
      if (i == at) {
        sizes.push_back(builder.getIndexAttr(1));
        groups[i].push_back(next++);
      }
      sizes.push_back(type.isDynamicDim(i) ? OpFoldResult(dim(memref, i))
                                           : OpFoldResult(builder.getIndexAttr(type.getDimSize(i))));
      groups[i].push_back(next++);
    }
    FailureOr<MemRefType> to = memref::ExpandShapeOp::computeExpandedType(type, shape, groups);
    return memref::ExpandShapeOp::create(builder, kernel.getLoc(), *to, memref, groups, sizes);
  }

  /// Runs the pointwise ops of the kernel on a vector of the root's results.
  Value finish(OpBuilder &b, Location loc, Value rootResult, Value vector, ValueRange indices, Value mask) {
    IRMapping values;
    values.map(rootResult, rounded(b, loc, vector, rootResult));
    Value result = cast<kernel::ReturnOp>(kernel.getBody().front().getTerminator()).getResults()[0];
    Value computed =
        evaluate(b, loc, result, values, cast<VectorType>(vector.getType()).getNumElements(), indices, mask);
    return narrowElement(b, loc, computed, dfg::tensorType(result).getElementType());
  }

  /// Elements as they would be had they been stored as what a value holds and read again.
  static Value rounded(OpBuilder &b, Location loc, Value computed, Value as) {
    Type element = dfg::tensorType(as).getElementType();
    return widenElement(b, loc, narrowElement(b, loc, computed, element), element);
  }

  /// The elements of a value of the kernel at a position, computed from what `values` knows
  /// there. Groups are small: recursion is shallow.
  Value evaluate(OpBuilder &b, Location loc, Value value, IRMapping &values, int64_t lanes, ValueRange indices,
                 Value mask) {
    if (Value known = values.lookupOrNull(value))
      return known;
    Value result;
    if (auto pointwise = dyn_cast_or_null<dfg::Pointwise>(value.getDefiningOp())) {
      SmallVector<Value> operands;
      for (Value operand : pointwise->getOperands())
        operands.push_back(evaluate(b, loc, operand, values, lanes, indices, mask));
      result = rounded(b, loc, pointwise.emitElement(b, operands), value);
    } else {
      result = load(b, loc, value, lanes, indices, mask);
    }
    values.map(value, result);
    return result;
  }

  /// The elements of an operand that stand at the same position as the root's results.
  Value load(OpBuilder &b, Location loc, Value operand, int64_t lanes, ValueRange indices, Value mask) {
    Type element = dfg::tensorType(operand).getElementType();
    if (auto constant = operand.getDefiningOp<dfg::ConstantOp>()) {
      auto splat = cast<SplatElementsAttr>(constant.getValue());
      const double number = isa<FloatType>(element)       ? splat.getSplatValue<APFloat>().convertToDouble()
                            : element.isUnsignedInteger() ? splat.getSplatValue<APInt>().roundToDouble()
                                                          : splat.getSplatValue<APInt>().signedRoundToDouble();
      return elementConstant(b, loc, VectorType::get(lanes, computeElementType(element)), number);
    }
    Value buffer = buffers[operand];
    auto memref = cast<MemRefType>(buffer.getType());
    auto type = VectorType::get(lanes, memref.getElementType());
    int64_t rank = memref.getRank();
    SmallVector<Value> at;
    for (int64_t i = 0; i < rank; ++i)
      at.push_back(memref.getDimSize(i) == 1 ? arith::ConstantIndexOp::create(b, loc, 0).getResult()
                                             : indices[indices.size() - rank + i]);
    Value stored;
    if (rank == 0 || memref.getDimSize(rank - 1) == 1) {
      Value scalar = widenElement(b, loc, memref::LoadOp::create(b, loc, buffer, at), element);
      return vector::BroadcastOp::create(b, loc, VectorType::get(lanes, scalar.getType()), scalar);
    }
    if (mask)
      stored = cpu::loadMasked(b, loc, type, buffer, at, mask);
    else
      stored = vector::LoadOp::create(b, loc, type, buffer, at);
    return widenElement(b, loc, stored, element);
  }

  OpBuilder &builder;
  kernel::FuncOp kernel;
  const cpu::CpuTarget &target;
  KernelFunction memory;
  llvm::DenseMap<Value, Value> buffers;
};

/// The only op of a kernel, if it is a transpose of f32 that moves another dimension to the end.
dfg::TransposeOp tiledTranspose(kernel::FuncOp kernel) {
  auto op = dyn_cast<dfg::TransposeOp>(kernel.getBody().front().front());
  if (!op || op->getNextNode() != kernel.getBody().front().getTerminator() ||
      !dfg::tensorType(op.getX()).getElementType().isF32() || !kernel->hasAttr("kernel.split"))
    return {};
  int64_t last = op.getPermutation().size() - 1;
  return op.getPermutation()[last] != last ? op : dfg::TransposeOp();
}

struct EmitKernels : impl::EmitKernelsBase<EmitKernels> {
  using Base::Base;

  void runOnOperation() override {
    auto target = cpu::CpuTarget::get(cpu);
    if (!target) {
      getOperation().emitError() << "unknown target CPU '" << cpu << "'";
      return signalPassFailure();
    }
    OpBuilder builder(&getContext());
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<kernel::FuncOp>())) {
      Operation *root = nullptr;
      kernel.walk([&](kernel::Root op) { root = op; });
      if (!root)
        root = tiledTranspose(kernel);
      if (!root)
        continue;
      builder.setInsertionPointAfter(kernel);
      Emitter(builder, kernel, *target).emit(root);
      kernel.erase();
    }
  }
};

} // namespace
} // namespace tfc
