// What an audit was made of, as its JSON holds it: candidate, panel, parameters, and constants that no option changes.
#ifndef STEMMA_LIB_REPORT_JSON_INPUTS_H_
#define STEMMA_LIB_REPORT_JSON_INPUTS_H_

#include "lib/report/json_statistics.h"
#include "stemma/audit.h"
#include "stemma/panel.h"

namespace stemma::report {

Json FromCandidate(const Panel& panel, const AuditReport& report);

// The digests of panel, vocabulary and calibration, and what the calibration was worth: its error rates by class.
Json FromPanel(const Panel& panel);

// By name {value, default}. What changes no result (threads) is none.
Json FromParameters(const AuditOptions& options);

Json Constants();

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_INPUTS_H_
