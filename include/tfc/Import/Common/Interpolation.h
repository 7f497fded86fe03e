// Filters that interpolate between elements, and weighted sums of neighbours.
#ifndef TFC_IMPORT_COMMON_INTERPOLATION_H
#define TFC_IMPORT_COMMON_INTERPOLATION_H

#include <algorithm>
#include <cmath>

#include "tfc/Import/Common/Formula.h"

namespace tfc {

//===----------------------------------------------------------------------===//
// Formulas that serve numbers and tensors alike
//===----------------------------------------------------------------------===//

inline float floor(float x) { return std::floor(x); }
inline float ceil(float x) { return std::ceil(x); }
inline float abs(float x) { return std::abs(x); }
inline float max(float x, double y) { return std::max(x, float(y)); }
inline bool equal(float x, double y) { return x == float(y); }
inline float select(bool condition, float x, float y) { return condition ? x : y; }

/// The weight of an element at a distance in linear interpolation.
template <class T> T triangle(T distance) { return max(1 - abs(distance), 0); }

/// The same in cubic convolution (Keys, 1981) with parameter `a`.
template <class T> T cubic(T distance, float a) {
  T d = abs(distance);
  T near = ((a + 2) * d - (a + 3)) * d * d + 1, far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return select(d <= 1, near, select(d < 2, far, d - d));
}

//===----------------------------------------------------------------------===//
// Points between elements
//===----------------------------------------------------------------------===//

/// Takes positions to [0, last], NaN to 0.
inline Term limited(Term x, Term last) { return select(x >= 0, min(x, last), x.number(0)); }

/// Elements that points are interpolated from: i64 positions and float weights, over
/// [points..., terms].
struct Neighbours {
  Term positions, weights;
};

/// Neighbours in two dimensions, the second of this extent, as neighbours in their
/// flattening: all pairs.
Neighbours cross(Neighbours rows, Neighbours columns, mlir::AffineExpr extent);

/// Weighted sums of neighbours that lie in the flattened spatial dimensions of the images
/// x [N, C, spatial...]: [points..., C]. `image` [points...] (broadcast) says in which.
mlir::Value sampleImages(GraphBuilder &b, mlir::Value x, Term image, Neighbours neighbours);

/// Numbers 0, 1, ... below `count`, as [count, 1, ...] to meet a tensor of this rank.
Term numbered(GraphBuilder &b, mlir::AffineExpr count, int64_t rank);

/// The last dimension, moved behind the first.
mlir::Value channelsSecond(GraphBuilder &b, mlir::Value x);

/// x [N, C, spatial...] with its N * spatial pixels as rows of C.
mlir::Value pixels(GraphBuilder &b, mlir::Value x);

} // namespace tfc

#endif // TFC_IMPORT_COMMON_INTERPOLATION_H
