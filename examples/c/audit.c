/* Audits a candidate: audit PANEL CANDIDATE prints the report as JSON. */
#include <stdio.h>

#include "stemma/c.h"

int main(int argc, char** argv) {
  stemma_panel* panel = NULL;
  stemma_signature* candidate = NULL;
  char* json = NULL;
  stemma_status status = STEMMA_OK;
  if (argc != 3) {
    fprintf(stderr, "usage: audit PANEL CANDIDATE\n");
    return 2;
  }
  status = stemma_panel_open(argv[1], &panel);
  if (status == STEMMA_OK) status = stemma_signature_read(argv[2], &candidate);
  if (status == STEMMA_OK) status = stemma_audit_json(panel, candidate, NULL, &json, NULL);
  if (status == STEMMA_OK) {
    fputs(json, stdout);
  } else {
    fprintf(stderr, "%s: %s\n", stemma_status_name(status), stemma_last_error());
  }
  stemma_string_free(json); /* each takes NULL, too */
  stemma_signature_free(candidate);
  stemma_panel_free(panel);
  return status == STEMMA_OK ? 0 : 1;
}
