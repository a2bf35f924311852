// An estimate as every report's JSON holds it; NaN is null.
#ifndef STEMMA_LIB_REPORT_ESTIMATE_JSON_H_
#define STEMMA_LIB_REPORT_ESTIMATE_JSON_H_

#include <nlohmann/json.hpp>

#include "stemma/estimate.h"

namespace stemma::report {

inline nlohmann::ordered_json FromEstimate(const Estimate& estimate) {
  return {{"value", estimate.value}, {"lower", estimate.lower},         {"upper", estimate.upper},  {"level", estimate.level},
          {"n", estimate.n},         {"unit_of_n", estimate.unit_of_n}, {"method", estimate.method}};
}

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_ESTIMATE_JSON_H_
