#include "stemma/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/audit/class_calibration.h"
#include "lib/audit/judged_llrs.h"
#include "lib/audit/pair_figures.h"
#include "lib/audit/pair_weights.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "stemma/bootstrap.h"
#include "stemma/error_rate_bound.h"
#include "stemma/lineage.h"
#include "stemma/lr_metrics.h"

namespace stemma {
namespace {

constexpr std::array<double, 3> kThresholds = {1, 10, 100};

bool IsUndisclosed(const LineageLink& link) { return link.relation == "unknown"; }

// Something of the model's making is documented, and no source of it or of an ancestor in the panel is undisclosed.
std::vector<bool> DisclosedModels(const Panel& panel) {
  const std::vector<ModelMetadata> metadata = panel::MetadataOf(panel);
  const Lineage lineage(metadata);
  std::vector<bool> disclosed;
  for (std::size_t m = 0; m < metadata.size(); ++m) {
    bool all = lineage.Known(m);
    for (std::size_t ancestor = 0; all && ancestor < metadata.size(); ++ancestor) {
      if (lineage.Between(m, ancestor) != Kinship::kSource) continue;
      all = std::ranges::none_of(metadata[ancestor].lineage, IsUndisclosed);
    }
    disclosed.push_back(all);
  }
  return disclosed;
}

class Evaluator {
 public:
  Evaluator(const Panel& panel, const audit::ClassCalibration& calibration, EvidenceClass evidence_class,
            const EvaluateOptions& options, Progress progress)
      : panel_(panel),
        calibration_(calibration),
        evidence_class_(evidence_class),
        options_(options),
        bootstrap_({.draws = options.draws, .seed = options.seed, .threads = options.threads, .progress = std::move(progress)}),
        disclosed_(DisclosedModels(panel)) {}

  absl::StatusOr<ClassEvaluation> Run() {
    ClassEvaluation out;
    out.evidence_class = evidence_class_;
    STEMMA_RETURN_IF_ERROR(JudgePairs(out));
    CountDerived(out);
    STEMMA_RETURN_IF_ERROR(EvaluatePairs(calibration_.pairs(), out.pairs, out));
    out.true_support = TrueSupport(out.pairs);
    DocumentedPairs disclosed = calibration_.pairs();
    std::erase_if(disclosed.unrelated, [&](const ModelPair& pair) { return !disclosed_[pair.candidate]; });
    STEMMA_RETURN_IF_ERROR(EvaluatePairs(disclosed, Disclosed(out.pairs), out.disclosed));
    return out;
  }

 private:
  using Groups = std::pair<std::size_t, std::size_t>;

  Groups GroupsOf(const ModelPair& pair) const { return {panel_.group(pair.candidate), panel_.group(pair.reference)}; }

  // Each pair by a calibration without its own groups; one for each two groups.
  absl::Status JudgePairs(ClassEvaluation& out) const {
    std::map<Groups, std::optional<audit::LrModel>> models;
    for (const auto* pairs : {&calibration_.pairs().derived, &calibration_.pairs().unrelated}) {
      for (const ModelPair& pair : *pairs) models.try_emplace(GroupsOf(pair));
    }
    std::vector<std::pair<const Groups, std::optional<audit::LrModel>>*> entries;
    for (auto& entry : models) entries.push_back(&entry);
    base::Steps steps(bootstrap_.progress, "calibrating without the pairs' groups", entries.size());
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(entries.size(), options_.threads, [&](std::size_t k) {
      STEMMA_RETURN_IF_ERROR(steps.Next());
      auto model = calibration_.Without(entries[k]->first.first, entries[k]->first.second);
      if (absl::IsFailedPrecondition(model.status())) return absl::OkStatus();
      STEMMA_ASSIGN_OR_RETURN(entries[k]->second, std::move(model));
      return absl::OkStatus();
    }));
    for (const bool derived : {true, false}) {
      std::vector<ModelPair> judged;
      for (const ModelPair& pair : derived ? calibration_.pairs().derived : calibration_.pairs().unrelated) {
        if (models.at(GroupsOf(pair))) {
          judged.push_back(pair);
        } else {
          ++out.not_calibrated;
        }
      }
      const std::vector<double> weights = audit::PairWeights(panel_, judged, derived);
      for (std::size_t k = 0; k < judged.size(); ++k) {
        const audit::LrModel& model = *models.at(GroupsOf(judged[k]));
        const double score = calibration_.ScoreOf(judged[k]);
        out.pairs.push_back({judged[k], derived, !disclosed_[judged[k].candidate], weights[k], score,
                             model.LlrLog10(score), model.bounds()});
      }
    }
    return absl::OkStatus();
  }

  void CountDerived(ClassEvaluation& out) const {
    std::set<std::size_t> groups, references;
    std::set<std::string> organisations;
    for (const JudgedPair& judged : out.pairs) {
      if (judged.derived) groups.insert(panel_.group(judged.pair.candidate));
      out.pairs_h1 += judged.derived;
      references.insert(judged.pair.reference);
      organisations.insert(MakerOfReference(judged));
    }
    out.groups_h1 = groups.size();
    out.references = references.size();
    out.organisations = organisations.size();
  }

  // Without the unrelated pairs of which that cannot be said; those that stay are weighed anew.
  std::vector<JudgedPair> Disclosed(std::vector<JudgedPair> judged) const {
    std::erase_if(judged, [](const JudgedPair& one) { return !one.derived && one.undisclosed; });
    std::vector<ModelPair> unrelated;
    for (const JudgedPair& one : judged) {
      if (!one.derived) unrelated.push_back(one.pair);
    }
    const std::vector<double> weights = audit::PairWeights(panel_, unrelated, /*derived=*/false);
    std::size_t next = 0;
    for (JudgedPair& one : judged) {
      if (!one.derived) one.weight = weights[next++];
    }
    return judged;
  }

  // `judged`: those of `pairs` that could be calibrated.
  absl::Status EvaluatePairs(const DocumentedPairs& pairs, const std::vector<JudgedPair>& judged,
                             PairsEvaluation& out) const {
    const StrangerScores& strangers = *panel_.strangers();
    const std::vector<float>& scores = strangers.of(evidence_class_);
    const std::vector<float>& ranking = evidence_class_ == EvidenceClass::kWeights ? scores : strangers.ranking;
    STEMMA_ASSIGN_OR_RETURN(out.figures, audit::FiguresOf(panel_, evidence_class_, pairs, scores, ranking, bootstrap_));
    STEMMA_RETURN_IF_ERROR(SetCllr(judged, out));
    return SetFalseSupport(judged, out);
  }

  const std::string& MakerOfReference(const JudgedPair& judged) const {
    return panel::MakerOf(panel_.models()[judged.pair.reference].metadata);
  }

  static double TrueSupport(const std::vector<JudgedPair>& pairs) {
    double all = 0, supported = 0;
    for (const JudgedPair& judged : pairs) {
      if (!judged.derived) continue;
      all += judged.weight;
      if (judged.bounded_log10() > 0) supported += judged.weight;
    }
    return supported / all;
  }

  // What is resampled: groups of candidates and makers of references, and by pair one of each.
  struct Levels {
    std::size_t groups = 0;
    std::size_t makers = 0;
    std::vector<std::pair<std::size_t, std::size_t>> of_pair;
  };

  Levels LevelsOf(const std::vector<JudgedPair>& pairs) const {
    std::map<std::size_t, std::size_t> groups;
    std::map<std::string, std::size_t> makers;
    for (const JudgedPair& judged : pairs) {
      groups.emplace(panel_.group(judged.pair.candidate), groups.size());
      makers.emplace(MakerOfReference(judged), makers.size());
    }
    Levels levels{groups.size(), makers.size(), {}};
    for (const JudgedPair& judged : pairs) {
      levels.of_pair.emplace_back(groups.at(panel_.group(judged.pair.candidate)), makers.at(MakerOfReference(judged)));
    }
    return levels;
  }

  // The intervals are for other groups of candidates and other organisations' references.
  absl::Status SetCllr(const std::vector<JudgedPair>& pairs, PairsEvaluation& out) const {
    const Levels levels = LevelsOf(pairs);
    const LabelledSample llrs = audit::LlrsOf(pairs, /*bounded=*/false);
    const auto costs = [&](Multiplicities group_times, Multiplicities maker_times, std::span<double> values) {
      LabelledSample draw = llrs;
      std::size_t next[2] = {0, 0};
      for (std::size_t k = 0; k < pairs.size(); ++k) {
        const auto& [group, maker] = levels.of_pair[k];
        const bool derived = pairs[k].derived;
        (derived ? draw.h1 : draw.h2).weights[next[derived]++] *= group_times[group] * maker_times[maker];
      }
      values[0] = Cllr(draw);
      values[1] = CllrMin(draw);
      values[2] = values[0] - values[1];
    };
    const double cllr = Cllr(llrs), cllr_min = CllrMin(llrs);
    std::vector<Estimate> estimates;
    for (const double value : {cllr, cllr_min, cllr - cllr_min}) {
      estimates.push_back({.value = value, .n = levels.groups, .unit_of_n = "groups"});
    }
    if (levels.groups >= 2 && levels.makers >= 2 && !std::isnan(cllr)) {
      STEMMA_ASSIGN_OR_RETURN(estimates,
                              TwoLevelIntervals(levels.groups, levels.makers, estimates.size(), costs, bootstrap_));
      for (Estimate& estimate : estimates) {
        estimate.method =
            absl::StrFormat("two-level bootstrap, %d draws of groups of candidates and of %d organisations' references",
                            options_.draws, levels.makers);
      }
    }
    out.cllr = estimates[0];
    out.cllr_min = estimates[1];
    out.cllr_cal = estimates[2];
    return absl::OkStatus();
  }

  absl::Status SetFalseSupport(const std::vector<JudgedPair>& pairs, PairsEvaluation& out) const {
    double weight = 0;
    std::set<std::size_t> all_groups;
    for (const JudgedPair& judged : pairs) {
      if (judged.derived) continue;
      weight += judged.weight;
      ++out.pairs_h2;
      all_groups.insert(panel_.group(judged.pair.candidate));
      out.at_cap_h2 += judged.bounds.upper_log10 > 0 && judged.llr_log10 >= judged.bounds.upper_log10;
    }
    out.groups_h2 = all_groups.size();
    for (const double threshold : kThresholds) {
      FalseSupport support;
      support.threshold = threshold;
      support.groups = out.groups_h2;
      std::set<std::size_t> groups;
      for (const JudgedPair& judged : pairs) {
        if (judged.derived) continue;
        if (judged.llr_log10 > std::log10(threshold)) support.share_unbounded += judged.weight;
        if (!(judged.bounded_log10() > std::log10(threshold))) continue;
        support.share += judged.weight;
        groups.insert(panel_.group(judged.pair.candidate));
      }
      support.share /= weight;  // NaN where there are no pairs
      support.share_unbounded /= weight;
      support.groups_with = groups.size();
      if (support.groups > 0) {
        STEMMA_ASSIGN_OR_RETURN(support.rate_upper, ErrorRateUpperBound(support.groups_with, support.groups));
      }
      out.false_support.push_back(support);
    }
    return absl::OkStatus();
  }

  const Panel& panel_;
  const audit::ClassCalibration& calibration_;
  EvidenceClass evidence_class_;
  const EvaluateOptions& options_;
  BootstrapOptions bootstrap_;
  std::vector<bool> disclosed_;  // by model
};

}  // namespace

absl::StatusOr<std::vector<ClassEvaluation>> Evaluate(const Panel& panel, const EvaluateOptions& options) {
  if (panel.strangers() == nullptr) {
    return absl::FailedPreconditionError("the panel is not calibrated; see stemma panel calibrate --help");
  }
  std::vector<ClassEvaluation> evaluations;
  std::size_t judged = 0;
  // Of the classes' many loops only the cancelling goes inwards.
  Progress progress;
  if (options.progress) {
    progress = [&](const ProgressEvent&) { return options.progress({"judging the panel", judged, kEvidenceClasses.size()}); };
  }
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    const std::optional<audit::ClassCalibration> calibration = audit::ClassCalibration::Of(panel, evidence_class);
    if (!calibration) continue;
    STEMMA_ASSIGN_OR_RETURN(evaluations.emplace_back(), Evaluator(panel, *calibration, evidence_class, options, progress).Run());
    ++judged;
  }
  return evaluations;
}

}  // namespace stemma
