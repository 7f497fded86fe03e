// Boxes in images, (y1, x1, y2, x2) with 1 for the last element of a dimension.
#include "Boxes.h"

#include "Images.h"

using namespace mlir;

namespace tfc::tf {

using Dims = GraphBuilder::Dims;

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

/// Inputs: boxes [n, 4], scores [n], the most that are taken, and, depending on the version,
/// thresholds of overlap and score.
static LogicalResult importNonMaxSuppression(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 2, 2)) || failed(c.requireRank(1, 1, 1)))
    return failure();
  bool isFifth = c.op() == "NonMaxSuppressionV5", isPadded = c.boolean("pad_to_max_output_size");
  if (isFifth && b.constantNumbers(c.input(5)) != SmallVector<double>{0})
    return importSoftSuppression(c);
  auto number = [&](unsigned i, Type element, double otherwise) {
    return c.hasInput(i) ? b.cast(b.reshape(c.input(i), {}), element) : b.scalar(element, otherwise);
  };
  Value boxes = b.unsqueeze(b.cast(c.input(0), f32), {0}), scores = b.unsqueeze(b.cast(c.input(1), f32), {0, 1});
  Value limit = number(2, i64, 0);
  Value rows = b.create<dfg::NonMaxSuppressionOp>(boxes, scores, limit, number(3, f32, c.number("iou_threshold", 0.5)),
                                                  number(4, f32, -HUGE_VAL), UnitAttr());
  Value taken = b.squeeze(b.sliceAxis(rows, 1, b.expr(2), b.expr(1)), {1});
  if (!taken)
    return failure();
  AffineExpr count = b.dim(taken, 0), missing = b.expr(0);
  if (isPadded) {
    auto most = b.content(limit);
    if (failed(most))
      return failure();
    missing = b.scope.sub(most->front(), count);
  }
  auto padded = [&](Value x) {
    return isPadded ? b.pad(dfg::PadMode::Constant, x, b.scalarLike(x, 0), {b.expr(0)}, {missing}) : x;
  };
  SmallVector<Value> results{padded(b.cast(taken, b.builder.getI32Type()))};
  if (isFifth)
    results.push_back(padded(b.create<dfg::GatherOp>(c.input(1), taken, int64_t(0))));
  if (isFifth || c.op() == "NonMaxSuppressionV4")
    results.push_back(b.fromContent(count, {}, b.builder.getI32Type()));
  return c.results(results);
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

/// The colors of boxes for which a node has none.
static Value defaultColors(GraphBuilder &b, bool isGray) {
  static constexpr double table[] = {1,   1,   0, 1, 0,   0, 1, 1, 1, 0, 0,   1, 0, 1, 0, 1, 0.5, 0, 0.5, 1,
                                     0.5, 0.5, 0, 1, 0.5, 0, 0, 1, 0, 0, 0.5, 1, 0, 1, 1, 1, 1,   0, 1,   1};
  SmallVector<double> colors{ArrayRef<double>(table)};
  if (isGray)
    std::fill(colors.begin(), colors.end(), 1);
  return b.fromNumbers(colors, {10, 4}, b.builder.getF32Type());
}

/// Inputs: images, boxes [N, boxes, 4], and colors, which boxes take in turn.
static LogicalResult importDrawBoundingBoxes(NodeContext &c) {
  GraphBuilder &b = c.b;
  Type f32 = b.builder.getF32Type(), i64 = b.builder.getI64Type();
  if (failed(c.requireRank(0, 4, 4)) || failed(c.requireRank(1, 3, 3)))
    return failure();
  Value x = c.input(0);
  Dims sizes = b.dims(x);
  Value colors = c.input(2);
  if (!colors || b.number(b.dim(colors, 0)) == 0) {
    auto channels = b.number(sizes[3]);
    if (!channels)
      return c.unsupported() << "has images of type " << x.getType() << " and no colors, expected known channels";
    colors = defaultColors(b, *channels == 1);
  }
  Boxes boxes(b, b.cast(c.input(1), f32));
  // Over [N, boxes, H, W]: whether a pixel is on a frame.
  SmallVector<Term> isEdge, isWithin;
  std::optional<Term> isValid;
  for (int64_t axis : {0, 1}) {
    Term at = positionsAlong(b, sizes[1 + axis], 2 + axis, 4), size = countLike(at, sizes[1 + axis]);
    Term scale = countLike(Term(b, b.scalar(f32, 0)), b.scope.sub(sizes[1 + axis], b.expr(1)));
    auto place = [&](Term edge) { return Term(b, b.unsqueeze((edge * scale).cast(i64), {2, 3})); };
    Term low = place(boxes.low(axis)), high = place(boxes.high(axis));
    isEdge.push_back({b, b.create<dfg::OrOp>(equal(at, low), equal(at, high))});
    isWithin.push_back((at >= low) & (at <= high));
    Term fits = (low <= high) & (low < size) & (high >= 0);
    isValid = isValid ? *isValid & fits : fits;
  }
  Term frame{b, b.create<dfg::OrOp>(isEdge[0] & isWithin[1], isEdge[1] & isWithin[0])};
  Term index = positionsAlong(b, b.dim(c.input(1), 1), 1, 4);
  Term drawn = select(frame & *isValid, index, index.number(-1));
  Term topmost = max(Term(b, b.reduce(dfg::ReduceKind::Max, drawn, {1}, /*keepDims=*/false)), -1);
  Value entry = b.create<dfg::RemOp>(max(topmost, 0), countLike(topmost, b.dim(colors, 0)));
  Value color = b.sliceAxis(b.create<dfg::GatherOp>(colors, entry, int64_t(0)), 3, b.expr(0), sizes[3]);
  return c.result(b.select(b.unsqueeze(topmost >= 0, {3}), b.cast(color, b.elementType(x)), x));
}

void registerBoxOps(OpRegistry &ops) {
  for (StringRef name : {"DrawBoundingBoxes", "DrawBoundingBoxesV2"})
    ops.add(name, importDrawBoundingBoxes);
  for (StringRef name : {"NonMaxSuppression", "NonMaxSuppressionV2", "NonMaxSuppressionV3", "NonMaxSuppressionV4",
                         "NonMaxSuppressionV5"})
    ops.add(name, importNonMaxSuppression);
}

} // namespace tfc::tf
