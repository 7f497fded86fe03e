// Registration of the rt dialect.
#include "Rt/Rt.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

#include "Rt/RtDialect.cpp.inc"

void tfc::rt::RtDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "Rt/RtOps.cpp.inc"
      >();
}

#define GET_OP_CLASSES
#include "Rt/RtOps.cpp.inc"
