// The multiplication that matrix products and convolutions sum up.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_CONTRACTION_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_CONTRACTION_H

#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"

namespace tfc {

/// `sum + x * y`, where `x` and `y` are stored elements of dfg types and `sum` has the
/// result's compute type. Integers are extended first, so that 8-bit ones are exact.
mlir::Value multiplyAdd(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value sum, mlir::Value x,
                        mlir::Type xElement, mlir::Value y, mlir::Type yElement);

} // namespace tfc

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_CONTRACTION_H
