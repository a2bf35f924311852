#include "lib/audit/lr_finder.h"

#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/status_macros.h"
#include "stemma/bootstrap.h"

namespace stemma::audit {
namespace {

constexpr std::size_t Index(EvidenceClass evidence_class) { return static_cast<std::size_t>(evidence_class); }

ResampledScores::Scores FromPairs(const std::vector<PairScore>& pairs) {
  ResampledScores::Scores scores;
  for (const PairScore& pair : pairs) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
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

ResampledScores::ResampledScores(ScoreVariants variants, std::size_t groups) : variants_(std::move(variants)) {
  whole_ = FromPairs(variants_.AtPrompts(std::vector<std::uint32_t>(blocks(), 1)));
  for (std::size_t group = 0; group < groups; ++group) without_group_.push_back(FromPairs(variants_.WithoutGroup(group)));
  for (std::size_t category = 0; category < kPromptCategories; ++category) {
    without_category_.push_back(FromPairs(variants_.WithoutCategory(category)));
  }
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

absl::StatusOr<std::optional<LikelihoodRatio>> LrFinder::Find(const ClassCalibration& calibration,
                                                              EvidenceClass evidence_class, std::size_t reference) const {
  const std::size_t cls = Index(evidence_class);
  const absl::StatusOr<LrModel> model = calibration.Without(candidate_.group, panel_.group(reference));
  if (absl::IsFailedPrecondition(model.status())) return std::nullopt;
  STEMMA_RETURN_IF_ERROR(model.status());
  const PairScore& pair = candidate_.pairs[reference];
  const double score = evidence_class == EvidenceClass::kWeights ? pair.weights : pair.distillation;
  // Variants leave no copies out; what they differ by from the whole is what is wanted.
  const double whole = resampled_.whole()[cls][reference];
  const auto shifted = [&](const ResampledScores::Scores& variant) { return score + variant[cls][reference] - whole; };

  LikelihoodRatio lr;
  lr.bounds = model->bounds();
  lr.pairs_h1 = model->pairs_h1();
  lr.pairs_h2 = model->pairs_h2();
  lr.unbounded.value = model->LlrLog10(score);
  lr.unbounded.n = model->groups();
  lr.unbounded.unit_of_n = "groups";
  const auto llr = [&](Multiplicities groups, Multiplicities blocks) {
    return model->LlrLog10(shifted(resampled_.AtPrompts(blocks)), groups);
  };
  if (resampled_.blocks() >= 2 && model->groups() >= 2) {
    STEMMA_ASSIGN_OR_RETURN(lr.unbounded, TwoLevelInterval(model->groups(), resampled_.blocks(), llr,
                                                           {.draws = options_.draws, .seed = options_.seed}));
  }
  lr.bounded = Clamped(lr.unbounded, lr.bounds);

  const auto keep_smallest = [&](double llr_log10, std::size_t index, double& smallest, std::size_t& left_out) {
    const double bounded = lr.bounds.Clamp(llr_log10);
    if (std::isnan(bounded) || bounded >= smallest) return;
    smallest = bounded;
    left_out = index;
  };
  lr.without_group_log10 = lr.without_category_log10 = std::numeric_limits<double>::infinity();
  for (std::size_t group = 0; group < resampled_.without_group().size(); ++group) {
    if (group == panel_.group(reference)) continue;
    keep_smallest(model->LlrLog10(shifted(resampled_.without_group()[group])), group, lr.without_group_log10, lr.group_left_out);
  }
  for (std::size_t category = 0; category < resampled_.without_category().size(); ++category) {
    keep_smallest(model->LlrLog10(shifted(resampled_.without_category()[category])), category, lr.without_category_log10,
                  lr.category_left_out);
  }
  for (double* smallest : {&lr.without_group_log10, &lr.without_category_log10}) {
    if (std::isinf(*smallest)) *smallest = std::numeric_limits<double>::quiet_NaN();
  }
  return lr;
}

}  // namespace stemma::audit
