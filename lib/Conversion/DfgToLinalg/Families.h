// Parts of the families of `DfgToLinalg.h` that have a file of their own.
#ifndef TFC_LIB_CONVERSION_DFGTOLINALG_FAMILIES_H
#define TFC_LIB_CONVERSION_DFGTOLINALG_FAMILIES_H

#include "mlir/IR/DialectRegistry.h"

namespace tfc {

void registerPaddingLowering(mlir::DialectRegistry &registry);
void registerResamplingLowering(mlir::DialectRegistry &registry);
void registerScatterLowerings(mlir::DialectRegistry &registry);
void registerWindowLowerings(mlir::DialectRegistry &registry);
void registerNormalizationLowerings(mlir::DialectRegistry &registry);
void registerScanLowering(mlir::DialectRegistry &registry);

} // namespace tfc

#endif // TFC_LIB_CONVERSION_DFGTOLINALG_FAMILIES_H
