// What speaks against derivation from a reference. Never empty: there always is an explanation that no panel excludes.
#ifndef STEMMA_EXCULPATION_H_
#define STEMMA_EXCULPATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "stemma/hash.h"
#include "stemma/likelihood_ratio.h"
#include "stemma/panel_check.h"
#include "stemma/rank_p.h"
#include "stemma/verdict.h"

namespace stemma {

// The strongest of what else could be the source.
struct AlternativeFinding {
  AlternativeKind kind = AlternativeKind::kOtherRoot;
  std::size_t model = 0;  // in the panel
  double score = 0;
  std::optional<LikelihoodRatio> lr;  // of a calibrated panel
};

// Parts that scores are made of, each for itself.
enum class FeatureGroup : std::uint8_t { kNgrams, kStyle, kLengthMatchedStyle };
inline constexpr std::array<FeatureGroup, 3> kFeatureGroups = {FeatureGroup::kNgrams, FeatureGroup::kStyle,
                                                               FeatureGroup::kLengthMatchedStyle};
std::string_view NameOf(FeatureGroup group);

// How near the candidate is to the reference by one part alone, in standard deviations of unrelated pairs, and among how
// many groups that are unrelated to both.
struct FeatureFinding {
  FeatureGroup group = FeatureGroup::kNgrams;
  double score = 0;
  RankP rank;
};

// One prompt by itself: what the cosine of n-grams exceeds its expectation by, as candidates and references of the panel go
// at that prompt. It points towards the reference where it is above 0.
struct PromptFinding {
  Hash128 prompt;
  double excess = 0;
};

struct PromptFindings {
  std::size_t prompts = 0;  // without those where answers are copies
  std::size_t towards = 0;
  std::size_t away = 0;
  // The share of prompts that point towards the reference for the groups unrelated to it and the candidate, each by its
  // best member: the middle one and the highest. NaN without such groups.
  double unrelated_median = std::numeric_limits<double>::quiet_NaN();
  double unrelated_highest = std::numeric_limits<double>::quiet_NaN();
  std::size_t groups = 0;
  std::vector<PromptFinding> strongest_towards;  // the strongest first, few
  std::vector<PromptFinding> strongest_away;
};

struct Exculpation {
  std::optional<AlternativeFinding> best_alternative;
  std::vector<FeatureFinding> features;
  PromptFindings prompts;
  std::vector<PanelGap> not_excluded;
};

}  // namespace stemma

#endif  // STEMMA_EXCULPATION_H_
