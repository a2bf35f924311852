#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "lib/report/curves_json.h"
#include "lib/report/estimate_json.h"
#include "lib/report/level.h"
#include "stemma/evaluation_curves.h"
#include "stemma/report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;
using report::FromEstimate;

// Never "0 %": what was not seen is not therefore rare.
std::string Percent(double share) {
  if (std::isnan(share)) return "no pairs";
  return share > 0 ? absl::StrFormat("%.1f %%", 100 * share) : "none";
}

std::string ValueAndInterval(const Estimate& estimate) {
  if (std::isnan(estimate.value)) return "not known";
  if (std::isnan(estimate.lower) || std::isnan(estimate.upper))
    return absl::StrFormat("%.3f (no interval)", estimate.value);
  return absl::StrFormat("%.3f [%.3f, %.3f]", estimate.value, estimate.lower, estimate.upper);
}

void AppendRow(std::string_view name, const std::string& all, const std::string& disclosed, std::string& out) {
  if (disclosed.empty()) {
    absl::StrAppendFormat(&out, "  %-42s  %s\n", name, all);
  } else {
    absl::StrAppendFormat(&out, "  %-42s  %-32s  %s\n", name, all, disclosed);
  }
}

void AppendFalseSupport(const FalseSupport& all, const FalseSupport& disclosed, std::string& out) {
  const auto share = [](const FalseSupport& support) {
    return absl::StrFormat("%s (unbounded: %s)", Percent(support.share), Percent(support.share_unbounded));
  };
  const auto groups = [](const FalseSupport& support) {
    return absl::StrFormat("%d of %d (at most %s)", support.groups_with, support.groups, Percent(support.rate_upper));
  };
  AppendRow(absl::StrFormat("unrelated pairs with LR > %.0f", all.threshold), share(all), share(disclosed), out);
  AppendRow("  groups with such a pair", groups(all), groups(disclosed), out);
}

void AppendClass(const ClassEvaluation& evaluation, std::string& out) {
  const PairsEvaluation& all = evaluation;
  const PairsEvaluation& disclosed = evaluation.disclosed;
  const auto row = [&](std::string_view name, const Estimate& of_all, const Estimate& of_disclosed) {
    AppendRow(name, ValueAndInterval(of_all), ValueAndInterval(of_disclosed), out);
  };
  const auto pairs = [](const PairsEvaluation& of) {
    return absl::StrFormat("%d (%d groups)", of.pairs_h2, of.groups_h2);
  };
  absl::StrAppendFormat(&out, "\n%s: %d derived pairs (%d groups), on %d references (of %d organisations)\n",
                        evaluation.evidence_class == EvidenceClass::kWeights ? "SHARED WEIGHTS" : "DISTILLATION",
                        evaluation.pairs_h1, evaluation.groups_h1, evaluation.references, evaluation.organisations);
  AppendRow("against unrelated candidates", "all", "with disclosed sources", out);
  AppendRow("unrelated pairs", pairs(all), pairs(disclosed), out);
  row("anchored AUC", all.figures.anchored_auc, disclosed.figures.anchored_auc);
  row("  mean over references", all.figures.anchored_auc_macro, disclosed.figures.anchored_auc_macro);
  row("matched AUC", all.figures.matched_auc, disclosed.figures.matched_auc);
  row("interaction AUC", all.figures.interaction_auc, disclosed.figures.interaction_auc);
  row("Cllr", all.cllr, disclosed.cllr);
  row("  of which discrimination", all.cllr_min, disclosed.cllr_min);
  row("  of which calibration", all.cllr_cal, disclosed.cllr_cal);
  for (std::size_t k = 0; k < all.false_support.size(); ++k) {
    AppendFalseSupport(all.false_support[k], disclosed.false_support[k], out);
  }
  AppendRow("unrelated pairs at the upper bound", absl::StrFormat("%d", all.at_cap_h2),
            absl::StrFormat("%d", disclosed.at_cap_h2), out);
  AppendRow("derived pairs with LR > 1", Percent(evaluation.true_support), "", out);
  AppendRow("documented reference first", ValueAndInterval(all.figures.rank1_version), "", out);
  AppendRow("its family first", ValueAndInterval(all.figures.rank1_family), "", out);
  if (evaluation.organisations == 1) {
    out += "  Cllr has no interval: one organisation's references say nothing of others'.\n";
  }
  if (evaluation.not_calibrated > 0) {
    absl::StrAppendFormat(&out, "  %d pairs could not be calibrated: too few others are left without their groups.\n",
                          evaluation.not_calibrated);
  }
}

Json FromPairs(const Panel& panel, const ClassEvaluation& evaluation) {
  Json pairs = Json::array();
  for (const JudgedPair& judged : evaluation.pairs) {
    pairs.push_back({{"candidate", panel.models()[judged.pair.candidate].metadata.model},
                     {"reference", panel.models()[judged.pair.reference].metadata.model},
                     {"documented", judged.derived ? "derived" : "unrelated"},
                     {"candidate_disclosed", !judged.undisclosed},
                     {"weight", judged.weight},
                     {"score", judged.score},
                     {"llr_log10", judged.llr_log10},
                     {"llr_log10_bounded", judged.bounded_log10()}});
  }
  return pairs;
}

Json FromFalseSupport(const std::vector<FalseSupport>& false_support) {
  Json json = Json::array();
  for (const FalseSupport& support : false_support) {
    json.push_back({{"lr_above", support.threshold},
                    {"share", support.share},
                    {"share_unbounded", support.share_unbounded},
                    {"groups_with", support.groups_with},
                    {"groups", support.groups},
                    {"rate_upper_95", support.rate_upper}});
  }
  return json;
}

// Ranks are not among them: they compare no candidates.
Json FromDisclosed(const PairsEvaluation& evaluation) {
  const PairFigures& figures = evaluation.figures;
  return {{"pairs_h2", evaluation.pairs_h2},
          {"groups_h2", evaluation.groups_h2},
          {"anchored_auc", FromEstimate(figures.anchored_auc)},
          {"anchored_auc_macro", FromEstimate(figures.anchored_auc_macro)},
          {"matched_auc", FromEstimate(figures.matched_auc)},
          {"interaction_auc", FromEstimate(figures.interaction_auc)},
          {"cllr", FromEstimate(evaluation.cllr)},
          {"cllr_min", FromEstimate(evaluation.cllr_min)},
          {"cllr_cal", FromEstimate(evaluation.cllr_cal)},
          {"unrelated_at_upper_bound", evaluation.at_cap_h2},
          {"false_support", FromFalseSupport(evaluation.false_support)}};
}

Json FromClass(const Panel& panel, const ClassEvaluation& evaluation) {
  const PairFigures& figures = evaluation.figures;
  const absl::StatusOr<EvaluationCurves> curves = CurvesOf(evaluation);
  return {{"class", NameOf(evaluation.evidence_class)},
          {"pairs_h1", evaluation.pairs_h1},
          {"pairs_h2", evaluation.pairs_h2},
          {"groups_h1", evaluation.groups_h1},
          {"groups_h2", evaluation.groups_h2},
          {"references", evaluation.references},
          {"reference_organisations", evaluation.organisations},
          {"anchored_auc", FromEstimate(figures.anchored_auc)},
          {"anchored_auc_macro", FromEstimate(figures.anchored_auc_macro)},
          {"matched_auc", FromEstimate(figures.matched_auc)},
          {"interaction_auc", FromEstimate(figures.interaction_auc)},
          {"rank1_version", FromEstimate(figures.rank1_version)},
          {"rank1_family", FromEstimate(figures.rank1_family)},
          {"cllr", FromEstimate(evaluation.cllr)},
          {"cllr_min", FromEstimate(evaluation.cllr_min)},
          {"cllr_cal", FromEstimate(evaluation.cllr_cal)},
          {"true_support", evaluation.true_support},
          {"unrelated_at_upper_bound", evaluation.at_cap_h2},
          {"false_support", FromFalseSupport(evaluation.false_support)},
          {"not_calibrated", evaluation.not_calibrated},
          {"disclosed", FromDisclosed(evaluation.disclosed)},
          {"curves", curves.ok() ? report::FromCurves(*curves) : Json(nullptr)},
          {"pairs", FromPairs(panel, evaluation)}};
}

}  // namespace

std::string EvaluationToText(const Panel& panel, const std::vector<ClassEvaluation>& evaluations,
                             const LevelTest* level) {
  std::string out = absl::StrFormat("%s%s%d models in %d groups\n", Printable(panel.title()),
                                    panel.title().empty() ? "" : ": ", panel.models().size(), panel.groups().size());
  absl::StrAppendFormat(&out, "each scored as a stranger: without its group in %s\n",
                        panel.strangers()->vocabulary_refitted
                            ? "vocabulary, rarity, weights and space of style"
                            : "rarity, weights and space of style (the vocabulary was kept)");
  for (const ClassEvaluation& evaluation : evaluations) AppendClass(evaluation, out);
  out +=
      "\n[ ]: 95 % intervals for other groups of candidates; of Cllr for other organisations' references, too.\n"
      "At most: the one-sided 95 % limit of that rate. Discrimination is what a calibration fitted to these very\n"
      "pairs would leave: it comes out low, its interval with it, and calibration high.\n"
      "Disclosed sources: something of the candidate's making is documented, and no source of it or of an ancestor as\n"
      "unknown. Of the other unrelated candidates some may be none.\n";
  if (level != nullptr) {
    report::AppendLevel(*level, out);
  } else {
    out += "Not tested here: how often unrelated candidates get a small p. That is --level; it takes about a minute.\n";
  }
  return out;
}

std::string EvaluationToJson(const Panel& panel, const std::vector<ClassEvaluation>& evaluations,
                             const LevelTest* level) {
  Json classes = Json::array();
  for (const ClassEvaluation& evaluation : evaluations) classes.push_back(FromClass(panel, evaluation));
  Json json = {{"panel", {{"title", panel.title()}, {"digest", ToHex(panel.digest())}}},
               {"vocabulary_refitted", panel.strangers()->vocabulary_refitted},
               {"classes", classes}};
  if (level != nullptr) json["level"] = report::FromLevel(*level);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stemma
