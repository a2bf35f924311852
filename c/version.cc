#include "stemma/c.h"

const char* stemma_version(void) { return STEMMA_VERSION; }

int32_t stemma_abi_version(void) { return STEMMA_ABI_VERSION; }

const char* stemma_status_name(stemma_status status) {
  switch (status) {
    case STEMMA_OK:
      return "OK";
    case STEMMA_CANCELLED:
      return "CANCELLED";
    case STEMMA_INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case STEMMA_NOT_FOUND:
      return "NOT_FOUND";
    case STEMMA_PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    case STEMMA_RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case STEMMA_FAILED_PRECONDITION:
      return "FAILED_PRECONDITION";
    case STEMMA_UNIMPLEMENTED:
      return "UNIMPLEMENTED";
    case STEMMA_INTERNAL:
      return "INTERNAL";
    case STEMMA_DATA_LOSS:
      return "DATA_LOSS";
  }
  return "UNKNOWN";
}
