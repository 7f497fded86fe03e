// Formatting of error messages.
#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>

using namespace tfc::rt;

tfc_status_t Message::fail(tfc_status_t status, const char *format, ...) const {
  if (data && capacity) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(data, capacity, format, arguments);
    va_end(arguments);
  }
  return status;
}
