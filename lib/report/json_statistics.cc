#include "lib/report/json_statistics.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "lib/report/words.h"
#include "stemma/verbal_scale.h"

namespace stemma::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLog10Unit = 1e6;
// Whole numbers up to here are the same as doubles and as integers.
constexpr double kMaxWhole = 9'007'199'254'740'992.0;

Json ToDigits(double value, int significant) {
  double rounded = kNaN;
  if (!std::isfinite(value)) return nullptr;
  const bool read = absl::SimpleAtod(absl::StrFormat("%.*e", significant - 1, value), &rounded);
  return read ? Exact(rounded) : Json(nullptr);
}

Json Reason(const Json& value, const Json& lower, const Json& upper) {
  if (value.is_null()) return "value: too little data";
  if (lower.is_null() && upper.is_null()) return "limits: too little data, or all draws are alike";
  if (lower.is_null() || upper.is_null()) return "limit: the value lies beyond all draws";
  return nullptr;
}

// `figures`: value, lower, upper and what goes with them.
Json WithUnits(Json figures, const Estimate& estimate, const Json& not_estimated) {
  figures["level"] = Exact(estimate.level);
  figures["n"] = estimate.n;
  figures["unit_of_n"] = estimate.unit_of_n;
  figures["method"] = estimate.method;
  figures["not_estimated"] = not_estimated;
  return figures;
}

Json Figures(const Estimate& estimate, Json (*digits)(double)) {
  return {{"value", digits(estimate.value)}, {"lower", digits(estimate.lower)}, {"upper", digits(estimate.upper)}};
}

Json FromLrEstimate(const Estimate& estimate) {
  const Json log10 = Figures(estimate, Log10);
  Json figures = Figures(estimate, Lr);
  figures["log10"] = log10;
  return WithUnits(figures, estimate, Reason(log10["value"], log10["lower"], log10["upper"]));
}

// The smallest when something is left out; null where nothing could be.
Json FromSmallest(double llr_log10, std::string_view what, std::string_view left_out) {
  if (std::isnan(llr_log10)) return nullptr;
  return {{"value", Lr(llr_log10)}, {"log10", Log10(llr_log10)}, {what, left_out}};
}

}  // namespace

Json Exact(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::abs(value) <= kMaxWhole) return static_cast<std::int64_t>(value);
  return value;
}

Json Significant(double value) { return ToDigits(value, 6); }

Json Log10(double llr_log10) {
  return std::isfinite(llr_log10) ? Exact(std::round(llr_log10 * kLog10Unit) / kLog10Unit) : Json(nullptr);
}

Json Lr(double llr_log10) { return ToDigits(std::pow(10, llr_log10), 2); }

Json FromStatistic(const Estimate& estimate) {
  const Json figures = Figures(estimate, Significant);
  return WithUnits(figures, estimate, Reason(figures["value"], figures["lower"], figures["upper"]));
}

Json FromScore(double score, std::size_t groups, std::string_view method) {
  const Estimate estimate = {
      .value = score, .level = kNaN, .n = groups, .unit_of_n = "groups", .method = std::string(method)};
  return WithUnits(Figures(estimate, Significant), estimate, "limits: those of the likelihood ratio hold the score's");
}

Json FromRank(const RankP& rank, double p_value) {
  const Estimate estimate = {.value = p_value,
                             .level = kNaN,
                             .n = rank.groups,
                             .unit_of_n = "groups",
                             .method = rank.named ? "rank among groups, named beforehand" : "rank among groups, screening"};
  Json json = WithUnits(Figures(estimate, Significant), estimate, "limits: a rank is exact");
  json["unadjusted"] = Significant(rank.p);
  json["floor"] = Significant(rank.floor());
  json["groups_at_least_as_near"] = rank.at_least;
  return json;
}

Json FromLr(const Panel& panel, const std::optional<LikelihoodRatio>& lr) {
  if (!lr) return nullptr;
  const VerbalBand band = VerbalBandOf(lr->bounded.value);
  const LrBounds& bounds = lr->bounds;
  return {{"bounded", FromLrEstimate(lr->bounded)},
          {"unbounded", FromLrEstimate(lr->unbounded)},
          {"bounds",
           {{"lower", Lr(bounds.lower_log10)},
            {"upper", Lr(bounds.upper_log10)},
            {"log10", {{"lower", Log10(bounds.lower_log10)}, {"upper", Log10(bounds.upper_log10)}}}}},
          {"verbal", NameOf(band)},
          {"verbal_boundaries", BoundariesOf(band)},
          {"smallest_without_group", FromSmallest(lr->without_group_log10, "group", panel.groups()[lr->group_left_out])},
          {"smallest_without_category",
           FromSmallest(lr->without_category_log10, "category", NameOfCategory(lr->category_left_out))},
          {"pairs_h1", lr->pairs_h1},
          {"pairs_h2", lr->pairs_h2}};
}

}  // namespace stemma::report
