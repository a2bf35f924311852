#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "lib/report/estimate_json.h"
#include "stemma/report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;
using report::FromEstimate;

// Never "0 %": what was not seen is not therefore rare.
std::string Percent(double share) { return share > 0 ? absl::StrFormat("%.1f %%", 100 * share) : "none"; }

std::string Interval(const ClassEvaluation& evaluation) {
  if (!std::isnan(evaluation.cllr.lower)) {
    return absl::StrFormat("[%.3f, %.3f] for other groups and other organisations' references", evaluation.cllr.lower,
                           evaluation.cllr.upper);
  }
  return evaluation.organisations < 2 ? "(no interval: one organisation's references say nothing of others')" : "(no interval)";
}

void AppendClass(const ClassEvaluation& evaluation, std::string& out) {
  const PairFigures& figures = evaluation.figures;
  absl::StrAppendFormat(&out, "\n%s: %d derived pairs (%d groups), %d unrelated pairs (%d groups), on %d references (of %d organisations)\n",
                        evaluation.evidence_class == EvidenceClass::kWeights ? "SHARED WEIGHTS" : "DISTILLATION", evaluation.pairs_h1,
                        evaluation.groups_h1, evaluation.pairs_h2, evaluation.groups_h2, evaluation.references,
                        evaluation.organisations);
  absl::StrAppendFormat(&out, "  anchored AUC %.3f (mean over references %.3f), matched AUC %.3f, interaction AUC %.3f\n",
                        figures.anchored_auc, figures.anchored_auc_macro, figures.matched_auc, figures.interaction_auc);
  absl::StrAppendFormat(&out, "  documented reference first: %.3f; its family first: %.3f (each group of candidates the same)\n",
                        figures.rank1_version, figures.rank1_family);
  absl::StrAppendFormat(&out, "  Cllr %.3f %s\n  of which %.3f discrimination, %.3f calibration\n", evaluation.cllr.value,
                        Interval(evaluation), evaluation.cllr_min, evaluation.cllr_cal);
  absl::StrAppendFormat(&out, "  derived pairs with LR > 1: %s\n", Percent(evaluation.true_support));
  for (const FalseSupport& support : evaluation.false_support) {
    absl::StrAppendFormat(&out, "  unrelated pairs with LR > %-3.0f: %s bounded, %s unbounded; in %d of %d groups (one-sided 95 %% limit of that rate: %s)\n",
                          support.threshold, Percent(support.share), Percent(support.share_unbounded), support.groups_with,
                          support.groups, Percent(support.rate_upper));
  }
  absl::StrAppendFormat(&out, "  unrelated pairs at the upper bound: %d\n", evaluation.at_cap_h2);
  if (evaluation.not_calibrated > 0) {
    absl::StrAppendFormat(&out, "  %d pairs could not be calibrated: too few others are left without their groups\n",
                          evaluation.not_calibrated);
  }
}

Json FromPairs(const Panel& panel, const ClassEvaluation& evaluation) {
  Json pairs = Json::array();
  for (const JudgedPair& judged : evaluation.pairs) {
    pairs.push_back({{"candidate", panel.models()[judged.pair.candidate].metadata.model},
                     {"reference", panel.models()[judged.pair.reference].metadata.model},
                     {"documented", judged.derived ? "derived" : "unrelated"},
                     {"weight", judged.weight},
                     {"score", judged.score},
                     {"llr_log10", judged.llr_log10},
                     {"llr_log10_bounded", judged.bounded_log10()}});
  }
  return pairs;
}

Json FromClass(const Panel& panel, const ClassEvaluation& evaluation) {
  const PairFigures& figures = evaluation.figures;
  Json false_support = Json::array();
  for (const FalseSupport& support : evaluation.false_support) {
    false_support.push_back({{"lr_above", support.threshold},
                             {"share", support.share},
                             {"share_unbounded", support.share_unbounded},
                             {"groups_with", support.groups_with},
                             {"groups", support.groups},
                             {"rate_upper_95", support.rate_upper}});
  }
  return {{"class", NameOf(evaluation.evidence_class)},
          {"pairs_h1", evaluation.pairs_h1},
          {"pairs_h2", evaluation.pairs_h2},
          {"groups_h1", evaluation.groups_h1},
          {"groups_h2", evaluation.groups_h2},
          {"references", evaluation.references},
          {"reference_organisations", evaluation.organisations},
          {"anchored_auc", figures.anchored_auc},
          {"anchored_auc_macro", figures.anchored_auc_macro},
          {"matched_auc", figures.matched_auc},
          {"interaction_auc", figures.interaction_auc},
          {"rank1_version", figures.rank1_version},
          {"rank1_family", figures.rank1_family},
          {"cllr", FromEstimate(evaluation.cllr)},
          {"cllr_min", evaluation.cllr_min},
          {"cllr_cal", evaluation.cllr_cal},
          {"true_support", evaluation.true_support},
          {"unrelated_at_upper_bound", evaluation.at_cap_h2},
          {"false_support", false_support},
          {"not_calibrated", evaluation.not_calibrated},
          {"pairs", FromPairs(panel, evaluation)}};
}

}  // namespace

std::string EvaluationToText(const Panel& panel, const std::vector<ClassEvaluation>& evaluations) {
  std::string out = absl::StrFormat(
      "%s%s%d models in %d groups, each scored as a stranger: without its group in %s\n", Printable(panel.title()),
      panel.title().empty() ? "" : ": ", panel.models().size(), panel.groups().size(),
      panel.strangers()->vocabulary_refitted ? "vocabulary, rarity, weights and space of style"
                                             : "rarity, weights and space of style (the vocabulary was kept)");
  for (const ClassEvaluation& evaluation : evaluations) AppendClass(evaluation, out);
  out += "\nModels whose makers document nothing are among the unrelated ones: some may be none.\n";
  return out;
}

std::string EvaluationToJson(const Panel& panel, const std::vector<ClassEvaluation>& evaluations) {
  Json classes = Json::array();
  for (const ClassEvaluation& evaluation : evaluations) classes.push_back(FromClass(panel, evaluation));
  const Json json = {{"panel", {{"title", panel.title()}, {"digest", ToHex(panel.digest())}}},
                     {"vocabulary_refitted", panel.strangers()->vocabulary_refitted},
                     {"classes", classes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stemma
