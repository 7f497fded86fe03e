// The table of operators.
#include "OpRegistry.h"

namespace tfc::tf {

const OpRegistry &OpRegistry::get() {
  static const OpRegistry registry = [] {
    OpRegistry ops;
    registerArrayOps(ops);
    registerConstantOps(ops);
    registerFunctionOps(ops);
    registerMathOps(ops);
    return ops;
  }();
  return registry;
}

} // namespace tfc::tf
