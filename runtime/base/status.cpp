// Names of status codes.
#include "tfc-rt/base.h"

const char *tfc_status_name(tfc_status_t status) {
  switch (status) {
  case TFC_STATUS_OK: return "OK";
  case TFC_STATUS_CANCELLED: return "CANCELLED";
  case TFC_STATUS_INVALID_ARGUMENT: return "INVALID_ARGUMENT";
  case TFC_STATUS_DEADLINE_EXCEEDED: return "DEADLINE_EXCEEDED";
  case TFC_STATUS_NOT_FOUND: return "NOT_FOUND";
  case TFC_STATUS_ALREADY_EXISTS: return "ALREADY_EXISTS";
  case TFC_STATUS_RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
  case TFC_STATUS_FAILED_PRECONDITION: return "FAILED_PRECONDITION";
  case TFC_STATUS_ABORTED: return "ABORTED";
  case TFC_STATUS_OUT_OF_RANGE: return "OUT_OF_RANGE";
  case TFC_STATUS_UNIMPLEMENTED: return "UNIMPLEMENTED";
  case TFC_STATUS_INTERNAL: return "INTERNAL";
  case TFC_STATUS_UNAVAILABLE: return "UNAVAILABLE";
  case TFC_STATUS_DATA_LOSS: return "DATA_LOSS";
  }
  return "UNKNOWN";
}
