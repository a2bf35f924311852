// Where a report comes from, as its JSON holds it.
#ifndef STEMMA_LIB_REPORT_JSON_PROVENANCE_H_
#define STEMMA_LIB_REPORT_JSON_PROVENANCE_H_

#include "lib/report/json_statistics.h"
#include "stemma/provenance.h"

namespace stemma::report {

// Null where there is none.
Json FromProvenance(const Provenance* provenance);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_PROVENANCE_H_
