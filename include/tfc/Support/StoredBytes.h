// Values of constants as objects hold them.
#ifndef TFC_SUPPORT_STOREDBYTES_H
#define TFC_SUPPORT_STOREDBYTES_H

#include <vector>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace tfc {
/// The elements as they lie in memory: row-major, one byte for types of 8 bits or fewer,
/// strings packed.
/// Fails after an error on `user` where objects cannot hold the value.
mlir::FailureOr<std::vector<char>> storedBytes(mlir::Operation *user, mlir::ElementsAttr value);
} // namespace tfc

#endif // TFC_SUPPORT_STOREDBYTES_H
