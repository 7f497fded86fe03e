// Registration of the dialect's ops, types and attributes.
#include "Dfg/DfgText.h"

#include "llvm/ADT/TypeSwitch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;

#include "Dfg/DfgDialect.cpp.inc"
#include "Dfg/DfgEnums.cpp.inc"
#include "Dfg/DfgInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "Dfg/DfgTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "Dfg/DfgAttrs.cpp.inc"

namespace tfc::dfg {

void DfgDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "Dfg/DfgOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "Dfg/DfgCheckpointOps.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "Dfg/DfgTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Dfg/DfgAttrs.cpp.inc"
      >();
}

Operation *DfgDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  if (type.isIndex())
    return arith::ConstantIndexOp::create(builder, loc, cast<IntegerAttr>(value).getInt());
  if (auto elements = dyn_cast<ElementsAttr>(value); elements && elements.getType() == type)
    return ConstantOp::create(builder, loc, elements);
  return nullptr;
}

} // namespace tfc::dfg

#define GET_OP_CLASSES
#include "Dfg/DfgOps.cpp.inc"
