// Conversions between f32 and floats of 16 and fewer bits, without calls to a compiler
// runtime. All take scalars or vectors.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_NARROWFLOATS_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_NARROWFLOATS_H

#include "mlir/IR/Builders.h"

namespace tfc {

/// f32 from the byte that holds a float of 8 or fewer bits.
mlir::Value expandByteFloat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value byte, mlir::FloatType type);
/// The byte of an f32 rounded to nearest even. What is too large becomes infinity, or NaN
/// where there is none, or else the largest number. f8E8M0FNU rounds halves up; it has
/// NaN for numbers that are not positive.
mlir::Value roundToByteFloat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::FloatType type);

mlir::Value expandBF16(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);
/// Rounds to nearest even.
mlir::Value roundToBF16(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);

/// f64 to f32 such that rounding the result to 16 or fewer bits gives what rounding the
/// operand directly would (round to odd).
mlir::Value truncateToOdd(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x);

/// Prepares an f32 for `roundToByteFloat` so that what is too large (or, of f8E8M0FNU,
/// too small) becomes the largest (smallest) number. NaN stays.
mlir::Value saturateToByteFloat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, mlir::FloatType type);
/// The power of two not below (`up`) or not above a positive f32; others stay.
mlir::Value roundToPowerOfTwo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value x, bool up);

} // namespace tfc

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_NARROWFLOATS_H
