// Boxes in images, (y1, x1, y2, x2) with 1 for the last element of a dimension.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_BOXES_H
#define TFC_LIB_IMPORT_GRAPHDEF_BOXES_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Formula.h"

namespace tfc::tf {

/// Boxes [..., 4] as two numbers for each axis, 0 (rows) and 1 (columns).
class Boxes {
public:
  Boxes(GraphBuilder &b, mlir::Value boxes) : b(b), boxes(widened({b, boxes})) {}

  Term low(int64_t axis) const { return column(axis); }
  Term high(int64_t axis) const { return column(2 + axis); }

private:
  /// Numbers along the dimensions of the boxes, without the last one.
  Term column(int64_t i) const {
    int64_t last = b.rank(boxes) - 1;
    return {b, b.squeeze(b.sliceAxis(boxes, last, b.expr(i), b.expr(1)), {last})};
  }

  GraphBuilder &b;
  mlir::Value boxes;
};

/// NonMaxSuppressionV5 where overlap lowers scores, too.
mlir::LogicalResult importSoftSuppression(NodeContext &c);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_BOXES_H
