// Convolutions of 3x3 windows by Winograd's F(4x4, 3x3): a quarter of the products, a larger error.
#ifndef TFC_CODEGEN_CPU_EMIT_WINOGRAD_H
#define TFC_CODEGEN_CPU_EMIT_WINOGRAD_H

#include "mlir/IR/AffineMap.h"
#include "tfc/Codegen/CPU/Emit/Epilogue.h"
#include "tfc/Codegen/CPU/Emit/Packing.h"
#include "tfc/Codegen/CPU/Emit/Target.h"

namespace tfc::cpu {

/// A convolution in f32 of stride and dilation 1. Batch, height and width may be dynamic, channels not. Inputs beyond
/// the borders count as zero; padding after the end follows from the output's size.
///
/// A tile is 4x4 pixels of the output, or what of them lies inside. The 6x6 pixels that it sees, the filters, and what
/// the two give are transformed such that a convolution is 36 products of matrices, tiles by channels.
struct WinogradOperands {
  /// memref<N x H x W x C x f32>, channels contiguous.
  mlir::Value input;
  /// memref<6 x 6 x ceil(O/16) x C x 16 x f32> as packWinogradWeights lays them out.
  mlir::Value weights;
  /// memref<N x OH x OW x O x f32>, channels contiguous; the elements are what the epilogue gives.
  mlir::Value output;
  int64_t padTop = 0, padLeft = 0;
  /// Scratch, aligned to 64 bytes, of the shapes that the plan gives: transformed tiles of the input, and products.
  mlir::Value transformed, products;
};

/// Of the sizes, the first three may be ShapedType::kDynamic.
struct WinogradSizes {
  int64_t images, outputHeight, outputWidth, inputs, outputs;

  static WinogradSizes of(mlir::Type input, mlir::Type output);
  /// Whether the saved products outweigh the transforms and the larger weights. A batch of unknown size is taken for
  /// one of 1, an unknown image for a large one.
  bool pays() const;
};

/// How such a convolution is cut, by the target and the static sizes alone. Results do not depend on it.
struct WinogradPlan {
  /// How many tiles, and how many panels of output channels, are in scratch memory at a time.
  int64_t blockTiles, slicePanels;
  /// About the size of one work unit in rows of pixels (over all images); its channels are those of a slice.
  int64_t unitLines;
  /// How long a row of scratch memory is.
  int64_t transformedRow, productsRow;

  static WinogradPlan get(const CpuTarget &target, const WinogradSizes &sizes);

  llvm::SmallVector<int64_t> transformedShape() const { return {6, 6, blockTiles, transformedRow}; }
  llvm::SmallVector<int64_t> productsShape() const { return {6, 6, blockTiles, productsRow}; }

  /// (N * OH, O) -> (row units, channel units), as ConvolutionPlan::units.
  mlir::AffineMap units(mlir::MLIRContext *context) const;
};

/// Computes work units [begin, end). Uses at most 128 KB of stack beside the scratch memory.
void emitWinograd(mlir::OpBuilder &builder, mlir::Location loc, const CpuTarget &target,
                  const WinogradOperands &operands, mlir::Value begin, mlir::Value end, Epilogue epilogue = {});

} // namespace tfc::cpu

#endif // TFC_CODEGEN_CPU_EMIT_WINOGRAD_H
