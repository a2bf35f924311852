/* A library that shows the type of every function of stemma/c.h, and so of every structure and status, and nothing of
 * the C++ beneath: what abidiff holds against the baseline tests/c/stemma-c.abi. */
#include "stemma/c.h"

#define SHOW(function)                             \
  extern __typeof__(function)* const of_##function; \
  __typeof__(function)* const of_##function = &function

SHOW(stemma_abi_version);
SHOW(stemma_audit_json);
SHOW(stemma_last_error);
SHOW(stemma_panel_free);
SHOW(stemma_panel_open);
SHOW(stemma_panel_vocabulary);
SHOW(stemma_sign_file);
SHOW(stemma_sign_responses);
SHOW(stemma_signature_bytes);
SHOW(stemma_signature_free);
SHOW(stemma_signature_model);
SHOW(stemma_signature_parse);
SHOW(stemma_signature_read);
SHOW(stemma_signature_write);
SHOW(stemma_status_name);
SHOW(stemma_string_free);
SHOW(stemma_version);
SHOW(stemma_vocabulary_free);
SHOW(stemma_vocabulary_open);
