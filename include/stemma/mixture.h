// A candidate whose responses come, prompt by prompt, from several models: a router, or a reseller that serves another model
// for a part of the requests. What is estimated is a relayed share: the share of prompts whose responses another maker's
// model seems to have written. It is no dose of distillation.
//
// Prompts at which the candidate copies a model of the panel token for token are taken out and told first. Then makers (a
// maker is an organisation with the lines of models whose roots are its own) compete for each prompt with an "other" source,
// which stands for all models that resemble nothing in the panel. A maker's nearest reference is named only where resampled
// prompts agree on it.
//
// Beside it the main reference: the model that most of the prompts are near to. It takes no part in the mixture, and is there
// where no share was found, too.
//
// An interval of a share holds what other prompts would give, and what a version nearer to the panel's or less near would.
//
// Units: shares of the prompts left after copies; they sum to 1 with "other".
// Errors: those of Scorer; kFailedPrecondition for fewer than `kMinMixturePrompts` shared prompts (where fewer
// are left by copies: a report of the copies alone); kNotFound for a model to leave out that the panel does not have;
// kCancelled (progress said stop).
// Determinism: depends on signature, panel and seed alone, not on threads or the order of responses.
// Complexity: all pairs of the panel's models at each prompt, about a second for the shipped panel, and what the draws cost.
#ifndef STEMMA_MIXTURE_H_
#define STEMMA_MIXTURE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/estimate.h"
#include "stemma/hash.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/signature.h"

namespace stemma {

inline constexpr std::size_t kMinMixturePrompts = 100;

struct MixtureOptions {
  std::vector<std::string> left_out;  // models of the panel that count as not being there; their groups teach nothing
  std::size_t draws = 200;            // of prompts, behind intervals
  std::uint64_t seed = 1;
  int threads = 0;  // 0: as many as the machine has
  Progress progress = {};  // not kept by the report
};

// How a maker's nearest reference was found.
struct MixtureReference {
  std::size_t model = 0;  // in the panel
  double first_in = 0;    // share of the draws in which it is the nearest
};

// Near to most of the prompts.
struct MainReference {
  std::size_t model = 0;  // in the panel
  double likeness = 0;    // in standard deviations of unrelated pairs: the mean over the middle two fifths of the prompts
  double first_in = 0;    // share of the draws in which it is the nearest
};

struct MixtureComponent {
  std::string maker;
  Estimate share;
  double gain = 0;  // of the log posterior by this source
  // The nearest at the prompts ascribed to the maker, where it is so in enough draws; else not identifiable.
  std::optional<MixtureReference> reference;
  // Likely first in the draws, the likeliest first, at most five.
  std::vector<MixtureReference> nearest;
};

struct MixtureCopies {
  std::size_t model = 0;  // in the panel
  std::size_t prompts = 0;
};

struct PromptResponsibility {
  Hash128 prompt;
  std::optional<std::size_t> component;  // the likeliest; none for "other"
  double responsibility = 0;             // its probability under the fitted mixture
};

struct MixtureWarning {
  std::string id;
  std::string text;
};

struct MixtureReport {
  std::string candidate;
  Hash128 candidate_digest;
  std::size_t shared_prompts = 0;
  std::size_t used_prompts = 0;  // without those of copies
  std::vector<MixtureCopies> copies;  // most first
  std::vector<MixtureComponent> components;  // the largest first
  Estimate other;
  // The nearest, where it is so in enough draws; else not identifiable.
  std::optional<MainReference> main_reference;
  std::vector<MainReference> nearest;  // the nearest first, at most five
  std::vector<PromptResponsibility> prompts;  // used ones, in the order of their hashes
  std::vector<MixtureWarning> warnings;
  MixtureOptions options;
  // Whether two makers that are not documented as kin explain the responses better than any one: each with a share of at
  // least `kLeastMixtureShare` by the lower limit of its interval.
  bool better_than_one = false;
};

inline constexpr double kLeastMixtureShare = 0.1;

absl::StatusOr<MixtureReport> FitMixture(const Panel& panel, const Signature& candidate, const MixtureOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_MIXTURE_H_
