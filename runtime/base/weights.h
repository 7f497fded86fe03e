// The weights that --weights=FILE left out of an object.
#ifndef TFC_RUNTIME_BASE_WEIGHTS_H
#define TFC_RUNTIME_BASE_WEIGHTS_H

#include "base/message.h"
#include "tfc-rt/model.h"

namespace tfc::rt {

// Maps the file read-only if its size and header are those of `weights` and, unless `trust`, its
// content has the checksum. `path` may be null: then the recorded name in the current folder.
// Errors, each with a message: NOT_FOUND, FAILED_PRECONDITION (no weights file, or another
// model's), DATA_LOSS, RESOURCE_EXHAUSTED.
tfc_status_t mapWeights(const tfc_weights_t &weights, const char *path, bool trust, Message message,
                        const void *&outBase);
void unmapWeights(const tfc_weights_t &weights, const void *base);

} // namespace tfc::rt

#endif // TFC_RUNTIME_BASE_WEIGHTS_H
