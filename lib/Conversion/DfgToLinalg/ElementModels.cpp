// Attaches the computation of elements to the pointwise ops.
#include "ElementModels.h"

using namespace mlir;

namespace tfc {
namespace {
template <class Op> struct ElementModel : dfg::Pointwise::ExternalModel<ElementModel<Op>, Op> {
  Value emitElement(Operation *op, OpBuilder &builder, ValueRange operands) const {
    return elements::emit(cast<Op>(op), builder, operands);
  }
};
template <class... Ops> void attach(MLIRContext &context) { (Ops::template attachInterface<ElementModel<Ops>>(context), ...); }
} // namespace

void registerElementModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, dfg::DfgDialect *) { attach<TFC_POINTWISE_OPS>(*context); });
}
} // namespace tfc
