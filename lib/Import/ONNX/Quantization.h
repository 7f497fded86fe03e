// Quantized numbers: small integers (or floats) that stand for `(q - zero point) * scale`.
#ifndef TFC_LIB_IMPORT_ONNX_QUANTIZATION_H
#define TFC_LIB_IMPORT_ONNX_QUANTIZATION_H

#include "tfc/Import/Common/Formula.h"
#include "tfc/Import/ONNX/OpRegistry.h"

namespace tfc {

/// A quantized tensor. Scale and zero point broadcast against it; a null zero point is 0.
struct Quantized {
  mlir::Value value, scale, zeroPoint;
};

/// Inputs i (values), i + 1 (scale) and i + 2 (zero point) of a node, by whose attributes
/// `axis` and `block_size` a scale belongs to an axis or to blocks; null after an error.
Quantized readQuantized(NodeContext &c, unsigned i);
/// The same of an input whose scale and zero point are scalars.
Quantized readScalarQuantized(NodeContext &c, unsigned i);
/// A scale or zero point that `axis` and `block_size` shape to broadcast against x.
mlir::Value alignParameter(NodeContext &c, mlir::Value parameter, mlir::Value x);

/// Whether a zero point is left out or known to be 0.
bool isZero(mlir::Value zeroPoint);

/// The numbers that are meant, in f32.
Term dequantize(GraphBuilder &b, const Quantized &x);
/// Quotients of numbers by their scale as elements of a quantized type: rounded to even
/// if those are integers, moved by the zero point, and saturated. `saturate` is for floats.
mlir::Value quantizeQuotient(Term quotient, mlir::Value zeroPoint, mlir::Type element, bool saturate = true);
/// Numbers of f32 as elements of a quantized type.
mlir::Value quantize(Term x, mlir::Value scale, mlir::Value zeroPoint, mlir::Type element);
/// Numbers of f32 as bytes, with the scale and zero point that use the whole range.
Quantized quantizeDynamically(Term x);

/// Exact product of two tensors of bytes (x - its zero point) * (y - its zero point) in
/// i32. Zero points are scalars, or per row of x and per column of y.
mlir::Value multiplyIntegers(GraphBuilder &b, mlir::Value x, mlir::Value xZero, mlir::Value y, mlir::Value yZero);
/// A scale or zero point of the left side of a product: a vector belongs to its rows.
mlir::Value perRow(GraphBuilder &b, mlir::Value parameter);

} // namespace tfc

#endif // TFC_LIB_IMPORT_ONNX_QUANTIZATION_H
