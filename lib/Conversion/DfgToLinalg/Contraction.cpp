#include "tfc/Conversion/DfgToLinalg/DfgToLinalg.h"
using namespace mlir;
void tfc::registerContractionLowerings(DialectRegistry &registry) {}
