// Error messages in buffers of fixed size: too long ones are cut.
#ifndef TFC_RUNTIME_BASE_MESSAGE_H
#define TFC_RUNTIME_BASE_MESSAGE_H

#include "tfc-rt/base.h"

namespace tfc::rt {

// Somebody else's buffer; without one the message is dropped.
struct Message {
  char *data;
  uint64_t capacity;

  // Writes a message as printf would and returns `status`.
  __attribute__((format(printf, 3, 4))) tfc_status_t fail(tfc_status_t status, const char *format, ...) const;
};

} // namespace tfc::rt

#endif // TFC_RUNTIME_BASE_MESSAGE_H
