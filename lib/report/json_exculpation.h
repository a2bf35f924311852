// What speaks against derivation, as a report's JSON holds it.
#ifndef STEMMA_LIB_REPORT_JSON_EXCULPATION_H_
#define STEMMA_LIB_REPORT_JSON_EXCULPATION_H_

#include "lib/report/json_statistics.h"
#include "stemma/exculpation.h"
#include "stemma/panel.h"

namespace stemma::report {

Json FromExculpation(const Panel& panel, const Exculpation& exculpation);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_EXCULPATION_H_
