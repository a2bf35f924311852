// Numbers and statistics as a report's JSON holds them: the one place that says how many digits there are.
//
// Units: statistics have 6 significant digits, log10 likelihood ratios 6 decimals and likelihood ratios two significant
// figures, so that the last bits of a computation never show. Counts and parameters are exact. A number without a
// fraction is written without one, as programs that rewrite JSON do.
// What was not estimated is null, and the statistic says why; infinity and NaN are no JSON.
#ifndef STEMMA_LIB_REPORT_JSON_STATISTICS_H_
#define STEMMA_LIB_REPORT_JSON_STATISTICS_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "stemma/estimate.h"
#include "stemma/likelihood_ratio.h"
#include "stemma/panel.h"
#include "stemma/rank_p.h"

namespace stemma::report {

using Json = nlohmann::ordered_json;

Json Exact(double value);
Json Significant(double value);
Json Log10(double llr_log10);
Json Lr(double llr_log10);

// {value, lower, upper, level, n, unit_of_n, method, not_estimated}, the figures with 6 significant digits.
Json FromStatistic(const Estimate& estimate);

// A score: a statistic without an interval of its own, since that of its likelihood ratio says what it is worth.
Json FromScore(double score, std::size_t groups, std::string_view method);

// A statistic with {unadjusted, floor, groups_at_least_as_near} beside it. `p_value`: the rank's, or that after Holm's
// adjustment.
Json FromRank(const RankP& rank, double p_value);

// Null where there is none.
Json FromLr(const Panel& panel, const std::optional<LikelihoodRatio>& lr);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_STATISTICS_H_
