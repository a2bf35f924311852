// The question of stemma/same_model.h asked after every prompt, with leave to stop at any time.
//
// Bettors start with one unit between them. At each prompt a bettor has a score x of any way to deal the prompt's
// answers between A and B, made from earlier prompts alone, and gains exp(lambda x) over its mean over the dealings.
// Under H0, where all dealings are equally likely, that factor is 1 on average whatever came before, so the chance that
// the wealth ever reaches 1 / alpha is at most alpha (Ville). What is looked at, and when, costs nothing.
//
// Scores, each for every kernel: how far the difference D of the prompt points where the sum of all earlier ones did;
// and, where a side has several samples, how much nearer they lie to each other than to the other side's. Each is divided
// by its root mean square over the dealings of all prompts so far, which does not depend on how the answers were dealt.
// The wealth is the mean over scores and over five values of lambda.
//
// Units: log10 of the e-value. A prompt's answers must all be there when it is added, and prompts must be taken in an
// order that does not depend on what was answered.
// Determinism: depends on the order of prompts, as betting must.
// Complexity: linear in the prompt's numbers; where answers can be dealt in more than 252 ways, 199 random ones stand in
// for all, and the factor is an e-value still.
// Source: Ville 1939; Ramdas, Grünwald, Vovk and Shafer 2023, "Game-theoretic statistics and safe anytime-valid
// inference"; Vovk and Wang 2024, "Nonparametric e-tests of symmetry" (the bet); Koning 2023, "Post-hoc and anytime
// valid permutation and group invariance testing" (its mean over dealings, all of them or random ones).
#ifndef STEMMA_SAME_STREAM_H_
#define STEMMA_SAME_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/answer_samples.h"
#include "stemma/same_model.h"

namespace stemma {

class SameStream {
 public:
  // Random dealings, where there are too many, are drawn from `seed`.
  explicit SameStream(std::uint64_t seed = 1);
  ~SameStream();
  SameStream(SameStream&&) noexcept;
  SameStream& operator=(SameStream&&) noexcept;

  // Errors: kInvalidArgument for a side without an answer.
  absl::Status Add(const SharedPrompt& prompt);

  std::size_t prompts() const;
  double e_value_log10() const;
  double max_e_value_log10() const;
  // 1 / the largest e-value so far, at most 1.
  double p_value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct SameStreamResult {
  SameVerdict verdict = SameVerdict::kInconclusive;  // or `kDifferent`
  double p_value = 1;
  double e_value_log10 = 0;      // where it stopped
  double max_e_value_log10 = 0;  // on the way there
  std::size_t n_prompts = 0;     // taken until then
  std::size_t n_shared = 0;      // that there were
  std::size_t samples_a = 0;     // answers to the prompts taken
  std::size_t samples_b = 0;
  SameCopies copies;
  double alpha = 0.05;
};

// Takes prompts in the order given until the e-value reaches 1 / alpha.
// Errors: kInvalidArgument for no prompt or alpha outside (0, 0.5).
absl::StatusOr<SameStreamResult> StreamSamples(std::span<const SharedPrompt> prompts, const SameOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_SAME_STREAM_H_
