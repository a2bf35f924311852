#include "stemma/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/audit/class_calibration.h"
#include "lib/audit/pair_figures.h"
#include "lib/audit/pair_weights.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "stemma/bootstrap.h"
#include "stemma/error_rate_bound.h"
#include "stemma/lr_metrics.h"

namespace stemma {
namespace {

constexpr std::array<double, 3> kThresholds = {1, 10, 100};

class Evaluator {
 public:
  Evaluator(const Panel& panel, const audit::ClassCalibration& calibration, EvidenceClass evidence_class,
            const EvaluateOptions& options)
      : panel_(panel), calibration_(calibration), evidence_class_(evidence_class), options_(options) {}

  absl::StatusOr<ClassEvaluation> Run() {
    ClassEvaluation out;
    out.evidence_class = evidence_class_;
    STEMMA_RETURN_IF_ERROR(JudgePairs(out));
    Count(out);
    const StrangerScores& strangers = *panel_.strangers();
    const std::vector<float>& scores = strangers.of(evidence_class_);
    out.figures = audit::FiguresOf(panel_, evidence_class_, calibration_.pairs(), scores,
                                   evidence_class_ == EvidenceClass::kWeights ? scores : strangers.ranking);
    const LabelledSample llrs = Llrs(out.pairs);
    out.cllr_min = CllrMin(llrs);
    out.cllr_cal = CllrCal(llrs);
    STEMMA_RETURN_IF_ERROR(SetCllr(out));
    STEMMA_RETURN_IF_ERROR(SetSupport(out));
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
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(entries.size(), options_.threads, [&](std::size_t k) {
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
        out.pairs.push_back({judged[k], derived, weights[k], score, model.LlrLog10(score), model.bounds()});
      }
    }
    return absl::OkStatus();
  }

  void Count(ClassEvaluation& out) const {
    std::set<std::size_t> groups_h1, groups_h2, references;
    std::set<std::string> organisations;
    for (const JudgedPair& judged : out.pairs) {
      (judged.derived ? groups_h1 : groups_h2).insert(panel_.group(judged.pair.candidate));
      ++(judged.derived ? out.pairs_h1 : out.pairs_h2);
      references.insert(judged.pair.reference);
      organisations.insert(MakerOfReference(judged));
    }
    out.groups_h1 = groups_h1.size();
    out.groups_h2 = groups_h2.size();
    out.references = references.size();
    out.organisations = organisations.size();
  }

  const std::string& MakerOfReference(const JudgedPair& judged) const {
    const ModelMetadata& model = panel_.models()[judged.pair.reference].metadata;
    return model.organisation.empty() ? model.model : model.organisation;
  }

  static LabelledSample Llrs(const std::vector<JudgedPair>& pairs) {
    LabelledSample llrs;
    for (const JudgedPair& judged : pairs) {
      Sample& sample = judged.derived ? llrs.h1 : llrs.h2;
      sample.values.push_back(judged.llr_log10);
      sample.weights.push_back(judged.weight);
    }
    return llrs;
  }

  // The interval is for other groups of candidates and other organisations' references.
  absl::Status SetCllr(ClassEvaluation& out) const {
    std::map<std::size_t, std::size_t> groups;
    std::map<std::string, std::size_t> makers;
    for (const JudgedPair& judged : out.pairs) {
      groups.emplace(panel_.group(judged.pair.candidate), groups.size());
      makers.emplace(MakerOfReference(judged), makers.size());
    }
    std::vector<std::pair<std::size_t, std::size_t>> cells;
    for (const JudgedPair& judged : out.pairs) {
      cells.emplace_back(groups.at(panel_.group(judged.pair.candidate)), makers.at(MakerOfReference(judged)));
    }
    const LabelledSample llrs = Llrs(out.pairs);
    const auto cllr = [&](Multiplicities group_times, Multiplicities maker_times) {
      LabelledSample draw = llrs;
      std::size_t next[2] = {0, 0};
      for (std::size_t k = 0; k < cells.size(); ++k) {
        const bool derived = out.pairs[k].derived;
        (derived ? draw.h1 : draw.h2).weights[next[derived]++] *= group_times[cells[k].first] * maker_times[cells[k].second];
      }
      return Cllr(draw);
    };
    out.cllr.value = Cllr(llrs);
    out.cllr.n = groups.size();
    out.cllr.unit_of_n = "groups";
    if (groups.size() < 2 || makers.size() < 2) return absl::OkStatus();
    STEMMA_ASSIGN_OR_RETURN(
        out.cllr, TwoLevelInterval(groups.size(), makers.size(), cllr,
                                   {.draws = options_.draws, .seed = options_.seed, .threads = options_.threads}));
    out.cllr.method = absl::StrFormat("two-level bootstrap, %d draws of groups of candidates and of %d organisations' references",
                                      options_.draws, makers.size());
    return absl::OkStatus();
  }

  absl::Status SetSupport(ClassEvaluation& out) const {
    double all_h1 = 0, all_h2 = 0, supported = 0;
    for (const JudgedPair& judged : out.pairs) {
      (judged.derived ? all_h1 : all_h2) += judged.weight;
      if (judged.derived && judged.bounded_log10() > 0) supported += judged.weight;
      out.at_cap_h2 += !judged.derived && judged.bounds.upper_log10 > 0 && judged.llr_log10 >= judged.bounds.upper_log10;
    }
    out.true_support = supported / all_h1;
    for (const double threshold : kThresholds) {
      FalseSupport support;
      support.threshold = threshold;
      support.groups = out.groups_h2;
      std::set<std::size_t> groups;
      for (const JudgedPair& judged : out.pairs) {
        if (judged.derived) continue;
        if (judged.llr_log10 > std::log10(threshold)) support.share_unbounded += judged.weight / all_h2;
        if (!(judged.bounded_log10() > std::log10(threshold))) continue;
        support.share += judged.weight / all_h2;
        groups.insert(panel_.group(judged.pair.candidate));
      }
      support.groups_with = groups.size();
      STEMMA_ASSIGN_OR_RETURN(support.rate_upper, ErrorRateUpperBound(support.groups_with, support.groups));
      out.false_support.push_back(support);
    }
    return absl::OkStatus();
  }

  const Panel& panel_;
  const audit::ClassCalibration& calibration_;
  EvidenceClass evidence_class_;
  const EvaluateOptions& options_;
};

}  // namespace

absl::StatusOr<std::vector<ClassEvaluation>> Evaluate(const Panel& panel, const EvaluateOptions& options) {
  if (panel.strangers() == nullptr) {
    return absl::FailedPreconditionError("the panel is not calibrated; see stemma panel calibrate --help");
  }
  std::vector<ClassEvaluation> evaluations;
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    const std::optional<audit::ClassCalibration> calibration = audit::ClassCalibration::Of(panel, evidence_class);
    if (!calibration) continue;
    STEMMA_ASSIGN_OR_RETURN(evaluations.emplace_back(), Evaluator(panel, *calibration, evidence_class, options).Run());
  }
  return evaluations;
}

}  // namespace stemma
