#include "stemma/evaluation_curves.h"

#include <cstddef>
#include <map>
#include <vector>

#include "lib/audit/judged_llrs.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "stemma/labelled_sample.h"

namespace stemma {
namespace {

// Prior log10 odds from -3 to 3, 0 among them.
constexpr int kTenthsOfPrior = 30;

std::vector<double> Priors() {
  std::vector<double> priors;
  for (int tenths = -kTenthsOfPrior; tenths <= kTenthsOfPrior; ++tenths) priors.push_back(tenths / 10.0);
  return priors;
}

struct Weighed {
  double score = 0;
  double weight = 0;
};

// The share of the unrelated that score as high.
double ShareAsHigh(const std::vector<Weighed>& unrelated, double score) {
  base::FixedOrderSum as_high, all;
  for (const Weighed& one : unrelated) {
    all.Add(one.weight);
    if (one.score >= score) as_high.Add(one.weight);
  }
  return as_high.value() / all.value();
}

std::vector<AnchoredRocPoint> AnchoredRoc(const std::vector<JudgedPair>& pairs) {
  std::map<std::size_t, std::vector<Weighed>> unrelated;  // by reference
  for (const JudgedPair& judged : pairs) {
    if (!judged.derived) unrelated[judged.pair.reference].push_back({judged.score, judged.weight});
  }
  std::map<double, double> weight_at;  // of derived pairs, by the rate of false alarms at which they are accepted
  base::FixedOrderSum all;
  for (const JudgedPair& judged : pairs) {
    const auto found = unrelated.find(judged.pair.reference);
    if (!judged.derived || found == unrelated.end()) continue;
    weight_at[ShareAsHigh(found->second, judged.score)] += judged.weight;
    all.Add(judged.weight);
  }
  std::vector<AnchoredRocPoint> points = {{0, 0}};
  base::FixedOrderSum accepted;
  for (const auto& [false_alarm, weight] : weight_at) {
    accepted.Add(weight);
    points.push_back({false_alarm, accepted.value() / all.value()});
  }
  points.push_back({1, 1});
  return points;
}

}  // namespace

absl::StatusOr<EvaluationCurves> CurvesOf(const ClassEvaluation& evaluation) {
  const LabelledSample llrs = audit::LlrsOf(evaluation.pairs, /*bounded=*/false);
  EvaluationCurves curves;
  STEMMA_ASSIGN_OR_RETURN(curves.tippett_bounded, TippettCurve(audit::LlrsOf(evaluation.pairs, /*bounded=*/true)));
  STEMMA_ASSIGN_OR_RETURN(curves.tippett_unbounded, TippettCurve(llrs));
  STEMMA_ASSIGN_OR_RETURN(curves.ece, EceCurve(llrs, Priors()));
  STEMMA_ASSIGN_OR_RETURN(curves.pav, PavCurve(llrs));
  STEMMA_ASSIGN_OR_RETURN(curves.roc, RocCurve(llrs));
  STEMMA_ASSIGN_OR_RETURN(curves.det, DetCurve(llrs));
  curves.anchored_roc = AnchoredRoc(evaluation.pairs);
  return curves;
}

}  // namespace stemma
