// An evaluation's curves as columns with their units, for plots.
#ifndef STEMMA_LIB_REPORT_CURVES_JSON_H_
#define STEMMA_LIB_REPORT_CURVES_JSON_H_

#include <nlohmann/json.hpp>

#include "stemma/evaluation_curves.h"

namespace stemma::report {

// A null in a column is infinite: below 0 in its first half, above 0 in its second.
nlohmann::ordered_json FromCurves(const EvaluationCurves& curves);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_CURVES_JSON_H_
