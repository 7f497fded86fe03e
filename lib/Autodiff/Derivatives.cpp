// Registration of all derivatives.
#include "Derivatives.h"

#include "mlir/IR/DialectRegistry.h"

namespace tfc {

void registerDerivatives(mlir::DialectRegistry &registry) {
  registry.addExtension(+[](mlir::MLIRContext *context, dfg::DfgDialect *) {
    attachMathDerivatives(*context);
    attachArrayDerivatives(*context);
  });
}

} // namespace tfc
