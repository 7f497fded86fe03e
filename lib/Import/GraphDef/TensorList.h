// Arithmetic on lists, which gradients of loops do.
#ifndef TFC_LIB_IMPORT_GRAPHDEF_TENSORLIST_H
#define TFC_LIB_IMPORT_GRAPHDEF_TENSORLIST_H

#include "OpRegistry.h"

namespace tfc::tf {

/// A list of zeros in the shapes of the elements of a list.
mlir::Value zerosLike(NodeContext &c, mlir::Value list);

/// The sums of the elements of two lists; null after an error.
mlir::Value addLists(NodeContext &c, mlir::Value list, mlir::Value other);

} // namespace tfc::tf

#endif // TFC_LIB_IMPORT_GRAPHDEF_TENSORLIST_H
