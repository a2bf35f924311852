#include "lib/audit/lr_finder.h"

#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "stemma/bootstrap.h"

namespace stemma::audit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr std::size_t Index(EvidenceClass evidence_class) { return static_cast<std::size_t>(evidence_class); }

ResampledScores::Scores FromPairs(const std::vector<PairScore>& pairs) {
  ResampledScores::Scores scores;
  for (const PairScore& pair : pairs) {
    scores[Index(EvidenceClass::kWeights)].push_back(pair.scored ? pair.weights : kNaN);
    scores[Index(EvidenceClass::kDistillation)].push_back(pair.scored ? pair.distillation : kNaN);
  }
  return scores;
}

Estimate Clamped(Estimate estimate, const LrBounds& bounds) {
  estimate.value = bounds.Clamp(estimate.value);
  estimate.lower = bounds.Clamp(estimate.lower);
  estimate.upper = bounds.Clamp(estimate.upper);
  return estimate;
}

}  // namespace

ResampledScores::ResampledScores(ScoreVariants variants, std::size_t groups, int threads)
    : variants_(std::move(variants)), without_group_(groups), without_category_(kPromptCategories) {
  whole_ = FromPairs(variants_.AtPrompts(std::vector<std::uint32_t>(blocks(), 1)));
  for (std::size_t category = 0; category < kPromptCategories; ++category) {
    without_category_[category] = FromPairs(variants_.WithoutCategory(category));
  }
  const absl::Status always_ok = base::ParallelFor(groups, threads, [&](std::size_t group) {
    without_group_[group] = FromPairs(variants_.WithoutGroup(group));
    return absl::OkStatus();
  });
  static_cast<void>(always_ok);
}

const ResampledScores::Scores& ResampledScores::AtPrompts(std::span<const std::uint32_t> times) const {
  std::vector<std::uint32_t> key(times.begin(), times.end());
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = at_prompts_.find(key); found != at_prompts_.end()) return *found->second;
  }
  auto scores = std::make_unique<const Scores>(FromPairs(variants_.AtPrompts(times)));
  const std::lock_guard lock(mutex_);
  return *at_prompts_.try_emplace(std::move(key), std::move(scores)).first->second;
}

double LrFinder::Score(EvidenceClass evidence_class, std::size_t reference) const {
  const PairScore& pair = candidate_.pairs[reference];
  return evidence_class == EvidenceClass::kWeights ? pair.weights : pair.distillation;
}

double LrFinder::Shifted(EvidenceClass evidence_class, std::size_t reference, const ResampledScores::Scores& variant) const {
  const std::size_t cls = Index(evidence_class);
  return Score(evidence_class, reference) + variant[cls][reference] - resampled_.whole()[cls][reference];
}

absl::StatusOr<std::vector<Estimate>> LrFinder::Intervals(const LrModel& model, EvidenceClass evidence_class,
                                                          std::span<const std::size_t> references) const {
  std::vector<Estimate> estimates(references.size());
  if (resampled_.blocks() >= 2 && model.groups() >= 2) {
    const auto llrs = [&](Multiplicities groups, Multiplicities blocks, std::span<double> values) {
      const std::optional<LogisticCalibration> line = model.LineAt(groups);
      const ResampledScores::Scores& scores = resampled_.AtPrompts(blocks);
      for (std::size_t k = 0; k < references.size(); ++k) {
        values[k] = line ? line->LlrLog10(Shifted(evidence_class, references[k], scores)) : kNaN;
      }
    };
    STEMMA_ASSIGN_OR_RETURN(estimates, TwoLevelIntervals(model.groups(), resampled_.blocks(), references.size(), llrs,
                                                         {.draws = options_.draws, .seed = options_.seed}));
  }
  for (std::size_t k = 0; k < references.size(); ++k) {
    estimates[k].value = model.LlrLog10(Score(evidence_class, references[k]));
    estimates[k].n = model.groups();
    estimates[k].unit_of_n = "groups";
    estimates[k].method = absl::StrFormat("two-level bootstrap, %d draws of groups to calibrate by and of %d blocks of prompts",
                                          options_.draws, resampled_.blocks());
  }
  return estimates;
}

void LrFinder::LeaveOut(const LrModel& model, EvidenceClass evidence_class, std::size_t reference, LikelihoodRatio& lr) const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto smallest_of = [&](std::span<const ResampledScores::Scores> variants, std::optional<std::size_t> kept,
                               double& smallest, std::size_t& left_out) {
    smallest = kInfinity;
    for (std::size_t k = 0; k < variants.size(); ++k) {
      const double bounded = lr.bounds.Clamp(model.LlrLog10(Shifted(evidence_class, reference, variants[k])));
      if (k == kept || std::isnan(bounded) || bounded >= smallest) continue;
      smallest = bounded;
      left_out = k;
    }
    if (smallest == kInfinity) smallest = kNaN;
  };
  smallest_of(resampled_.without_group(), panel_.group(reference), lr.without_group_log10, lr.group_left_out);
  smallest_of(resampled_.without_category(), std::nullopt, lr.without_category_log10, lr.category_left_out);
}

absl::StatusOr<std::vector<LikelihoodRatio>> LrFinder::Find(const LrModel& model, EvidenceClass evidence_class,
                                                            std::span<const std::size_t> references) const {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<Estimate> estimates, Intervals(model, evidence_class, references));
  std::vector<LikelihoodRatio> lrs;
  for (std::size_t k = 0; k < references.size(); ++k) {
    LikelihoodRatio& lr = lrs.emplace_back();
    lr.bounds = model.bounds();
    lr.pairs_h1 = model.pairs_h1();
    lr.pairs_h2 = model.pairs_h2();
    lr.unbounded = estimates[k];
    lr.bounded = Clamped(lr.unbounded, lr.bounds);
    LeaveOut(model, evidence_class, references[k], lr);
  }
  return lrs;
}

}  // namespace stemma::audit
