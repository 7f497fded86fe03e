// Names of the user's nodes in locations.
#ifndef TFC_SUPPORT_LOCATION_H
#define TFC_SUPPORT_LOCATION_H

#include <string>

#include "mlir/IR/Location.h"

namespace tfc {
/// The name of the node in the user's file that a location stands for; "" if none.
std::string nodeName(mlir::Location loc);
} // namespace tfc

#endif // TFC_SUPPORT_LOCATION_H
