// What an audit found, class by class, as its JSON holds it.
#ifndef STEMMA_LIB_REPORT_JSON_CLASSES_H_
#define STEMMA_LIB_REPORT_JSON_CLASSES_H_

#include "lib/report/json_statistics.h"
#include "stemma/audit.h"
#include "stemma/panel.h"

namespace stemma::report {

Json FromClass(const Panel& panel, const ClassFinding& finding);

// Null where enough prompts are shared.
Json FromUnpaired(const Panel& panel, const std::optional<UnpairedFinding>& finding);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_CLASSES_H_
