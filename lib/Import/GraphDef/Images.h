// How nodes lay out images, and where windows over them lie. Importers work on images
// [N, C, spatial...]; transposes that cancel cost nothing.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_IMAGES_H
#define TFC_LIB_IMPORT_GRAPHDEF_IMAGES_H

#include "OpRegistry.h"
#include "tfc/Import/Common/Windows.h"

namespace tfc::tf {

/// The `data_format` of a node: NHWC and the like if absent.
class Images {
public:
  using Dims = GraphBuilder::Dims;

  static mlir::FailureOr<Images> of(NodeContext &c, int64_t rank);

  unsigned count() const { return rank - 2; }
  /// From the node's layout to [N, C, spatial...], and back.
  mlir::Value read(mlir::Value x) const;
  mlir::Value write(mlir::Value y) const;
  Dims read(llvm::ArrayRef<mlir::AffineExpr> sizes) const;

  /// The numbers for the spatial dimensions, out of those for all; 1 is asked for elsewhere.
  mlir::FailureOr<llvm::SmallVector<int64_t>> steps(llvm::ArrayRef<int64_t> all, llvm::StringRef what) const;
  /// Those of an attribute, 1 by default.
  mlir::FailureOr<llvm::SmallVector<int64_t>> steps(llvm::StringRef attribute) const;

  /// Windows of elements `kernel` over images of these sizes, [N, C, spatial...]; strides,
  /// where not given, dilations and paddings as the node says.
  mlir::FailureOr<Windows> windows(llvm::ArrayRef<mlir::AffineExpr> kernel, llvm::ArrayRef<mlir::AffineExpr> sizes,
                                   std::optional<llvm::SmallVector<int64_t>> strides = std::nullopt) const;

private:
  Images(NodeContext &c, int64_t rank, bool isLast) : c(&c), rank(rank), isLast(isLast) {}
  int64_t firstSpatial() const { return isLast ? 1 : 2; }

  NodeContext *c;
  int64_t rank;
  bool isLast; // channels
};

/// So many sizes that an input lists, whether or not the graph tells that they are as many.
mlir::FailureOr<GraphBuilder::Dims> readSizes(NodeContext &c, unsigned i, int64_t count);

/// The permutation from [N, spatial..., C] to [N, C, spatial...], and back.
llvm::SmallVector<int64_t> toChannelsFirst(int64_t rank);
llvm::SmallVector<int64_t> toChannelsLast(int64_t rank);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_IMAGES_H
