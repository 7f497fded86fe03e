// Registration of every dialect and pass of tfc, and of the upstream ones it uses.
#ifndef TFC_INITALL_H
#define TFC_INITALL_H

namespace mlir {
class DialectRegistry;
}

namespace tfc {
/// Adds tfc's dialects and every upstream dialect and extension that the road from
/// graph to object passes through.
void registerAllDialects(mlir::DialectRegistry &registry);
/// Makes tfc's passes and pipelines, and the upstream passes, known by name.
void registerAllPasses();
} // namespace tfc

#endif // TFC_INITALL_H
