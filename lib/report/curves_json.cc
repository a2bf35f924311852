#include "lib/report/curves_json.h"

#include <string_view>
#include <vector>

namespace stemma::report {
namespace {

using Json = nlohmann::ordered_json;

template <typename Point>
struct Column {
  std::string_view name;
  std::string_view unit;
  double Point::* value;
};

template <typename Point>
Json FromPoints(std::string_view of, const std::vector<Point>& points, const std::vector<Column<Point>>& columns) {
  Json units = Json::object(), values = Json::object();
  for (const Column<Point>& column : columns) {
    units[column.name] = column.unit;
    Json& list = values[column.name] = Json::array();
    for (const Point& point : points) list.push_back(point.*column.value);
  }
  return {{"of", of}, {"units", units}, {"columns", values}};
}

Json FromTippett(std::string_view of, const std::vector<TippettPoint>& points) {
  return FromPoints<TippettPoint>(of, points,
                                  {{"llr_log10", "log10 LR", &TippettPoint::llr_log10},
                                   {"h1_at_least", "share of derived pairs", &TippettPoint::h1_at_least},
                                   {"h2_at_least", "share of unrelated pairs", &TippettPoint::h2_at_least}});
}

}  // namespace

Json FromCurves(const EvaluationCurves& curves) {
  return {{"tippett_bounded", FromTippett("bounded LRs", curves.tippett_bounded)},
          {"tippett_unbounded", FromTippett("unbounded LRs", curves.tippett_unbounded)},
          {"ece", FromPoints<EcePoint>("unbounded LRs", curves.ece,
                                       {{"prior_odds_log10", "log10 odds", &EcePoint::prior_odds_log10},
                                        {"llrs", "bits", &EcePoint::llrs},
                                        {"pav", "bits", &EcePoint::pav},
                                        {"neutral", "bits", &EcePoint::neutral}})},
          {"pav", FromPoints<PavPoint>("unbounded LRs", curves.pav,
                                       {{"llr_log10", "log10 LR", &PavPoint::llr_log10},
                                        {"pav_llr_log10", "log10 LR; null where infinite", &PavPoint::pav_llr_log10}})},
          {"roc", FromPoints<RocPoint>("unbounded LRs, pooled over references", curves.roc,
                                       {{"threshold", "log10 LR; null where infinite", &RocPoint::threshold},
                                        {"false_alarm", "share of unrelated pairs", &RocPoint::false_alarm},
                                        {"hit", "share of derived pairs", &RocPoint::hit}})},
          {"det", FromPoints<DetPoint>(
                      "unbounded LRs, pooled over references", curves.det,
                      {{"threshold", "log10 LR; null where infinite", &DetPoint::threshold},
                       {"false_alarm_probit", "normal quantile; null where infinite", &DetPoint::false_alarm_probit},
                       {"miss_probit", "normal quantile; null where infinite", &DetPoint::miss_probit}})},
          {"anchored_roc", FromPoints<AnchoredRocPoint>(
                               "scores, against unrelated candidates on the same reference; steps", curves.anchored_roc,
                               {{"false_alarm", "share of unrelated pairs", &AnchoredRocPoint::false_alarm},
                                {"hit", "share of derived pairs", &AnchoredRocPoint::hit}})}};
}

}  // namespace stemma::report
