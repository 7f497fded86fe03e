// Runs any pass or named pipeline of tfc on MLIR text.
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tfc/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tfc::registerAllDialects(registry);
  tfc::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "tfc-opt: tfc's passes, one at a time\n", registry));
}
