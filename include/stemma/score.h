// A candidate's responses against every model of a panel.
//
// Units: scores are in standard deviations of unrelated pairs of the panel; 0 is what two unrelated models have in common.
// A score is S(c, R) - m(c) - m(R) + m, divided by the weighted standard deviation of the same over the panel's pairs
// of different groups; S is a similarity, m(.) a model's mean over the panel without its own group, each group weighing
// the same. So it holds how near unrelated models are to R and the candidate to everyone.
// Similarities: B, the mean cosine of masked n-grams over shared prompts; A, the cosine of styles (the candidate's at the
// shared prompts without copies, the panel's models' at all prompts).
// Shared weights are scored by B, distillation and ranking by (A + B) / 2, less a share of the best rival's score; where
// signature or panel holds no style, by B alone. Apart from them stands the cosine of styles that are matched by length
// alone, for candidates that answered other prompts.
// Errors: kFailedPrecondition (another vocabulary, fewer than `kMinGroups` groups), kInvalidArgument (no shared prompt).
// Determinism: the same bits for any number of threads and order of responses.
// Complexity: linear in the responses' n-grams times the models that use them; the panel's own pairs are read from its
// file and corrected for prompts that the candidate lacks.
// Source: Morrison and Enzinger 2018 (similarity without typicality is no evidence); cohort normalisation as in speaker
// verification (Auckenthaler, Carey and Lloyd-Thomas 2000).
#ifndef STEMMA_SCORE_H_
#define STEMMA_SCORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/lineage.h"
#include "stemma/metadata.h"
#include "stemma/pair_sum.h"
#include "stemma/panel.h"
#include "stemma/signature.h"

namespace stemma {

struct ScoreOptions {
  // How much of the best rival's score is taken off, where rivals are references of other organisations than the
  // candidate's and the reference's; for `ranking`, those of known lineage.
  double rival_weight_weights = 0.5;
  double rival_weight_distillation = 0.25;
  double rival_weight_ranking = 1;
  int threads = 0;  // 0: as many as the machine has
};

// One candidate against one model of the panel.
struct PairScore {
  double weights = 0;       // for shared weights: a fine-tune, merge or restyle of the reference
  double distillation = 0;  // for training on the reference's outputs
  double ranking = 0;       // for the order of possible teachers
  // What the scores are made of, before a rival's share is taken off; NaN where there is none.
  double ngrams = std::numeric_limits<double>::quiet_NaN();
  double style = std::numeric_limits<double>::quiet_NaN();
  std::uint32_t n_prompts = 0;
  std::uint32_t copies = 0;  // prompts at which an answer is a copy of the reference's
  bool copies_left_out = true;  // false where without them fewer than PairSum::kMinPromptsBesideCopies prompts would be left
  bool scored = false;       // false where no prompt is shared
  double unpaired = 0;       // by style alone, of all answers, matched by length
  bool unpaired_scored = false;
};

struct CandidateScores {
  ModelMetadata candidate;
  std::size_t shared_prompts = 0;
  std::size_t responses = 0;
  // The panel's model that the candidate is (by its responses, else by its name), left out of everything.
  std::optional<std::size_t> self;
  bool self_by_name_only = false;
  // The candidate's group among the panel's: as documented, else that of `self`.
  std::optional<std::size_t> group;
  bool with_style = false;  // false where signature or panel holds none: scores are those of n-grams alone
  std::vector<PairScore> pairs;  // by model of the panel
};

class ScoreVariants;

// Prompts with short, middling and long answers.
inline constexpr std::size_t kPromptCategories = 3;

class Scorer {
 public:
  static constexpr std::size_t kMinGroups = 3;

  static absl::StatusOr<Scorer> Create(Panel panel, ScoreOptions options = {});

  // `signature.metadata()` says which models are of the candidate's own group and organisation; where it says nothing
  // and the candidate is in the panel, the panel's metadata do.
  absl::StatusOr<CandidateScores> Score(const Signature& signature) const;

  // What each model of the panel scores on each other at the prompts that the signature shares with the panel, each left
  // out as a candidate would be: `[c * models + r]`.
  absl::StatusOr<std::vector<PairScore>> ScorePanel(const Signature& signature) const;
  // The same at all the panel's prompts.
  absl::StatusOr<std::vector<PairScore>> ScorePanel() const;

  // The same candidate on other prompts, or against other panels. Must not outlive the scorer.
  absl::StatusOr<ScoreVariants> Vary(const Signature& signature) const;

  const Panel& panel() const { return panel_; }
  const Lineage& lineage() const { return *lineage_; }

 private:
  friend class ScoreVariants;
  Scorer(Panel panel, ScoreOptions options);

  using Sums = std::vector<PairSum>;
  using Values = std::vector<double>;

  // A model's similarities to the panel's models; empty where there is no style, NaN where no prompt is shared.
  struct Similarities {
    Values ngrams;
    Values style;
    Values length_matched;
  };
  struct PanelAtPrompts {
    Sums sums;
    Values ngrams;  // mean cosines, NaN where no prompt is shared
  };

  absl::Status Check(const Signature& signature) const;
  std::vector<std::size_t> SharedPrompts(const Signature& signature) const;
  absl::StatusOr<Sums> CandidateSums(const Signature& signature, std::span<const std::size_t> prompts) const;
  std::vector<std::size_t> CopiedPrompts(const Signature& signature, std::span<const std::size_t> prompts,
                                         std::size_t model) const;
  absl::StatusOr<Similarities> CandidateSimilarities(const Signature& signature, std::span<const std::size_t> prompts,
                                                     std::span<const PairSum> sums) const;
  bool ComparesStyle(const Signature& signature) const;
  Similarities PanelSimilarities(const PanelAtPrompts& panel, std::size_t model, bool with_style) const;
  absl::StatusOr<std::shared_ptr<const PanelAtPrompts>> PanelAt(const std::vector<std::size_t>& prompts) const;
  std::optional<std::size_t> GroupOf(const ModelMetadata& candidate, std::optional<std::size_t> self) const;
  // What rows are held against: the panel at these prompts, without `self` and a group.
  struct Frame;
  Frame FrameOf(const PanelAtPrompts& panel, const Similarities& row, std::optional<std::size_t> self,
                std::optional<std::size_t> group_left_out = std::nullopt) const;
  std::vector<PairScore> ScoreRow(std::span<const PairSum> sums, const Similarities& row, const Frame& frame,
                                  const ModelMetadata& candidate) const;
  std::array<std::vector<std::size_t>, kPromptCategories> ByLengthOfAnswers(std::span<const std::size_t> prompts) const;
  absl::StatusOr<std::vector<PairScore>> ScorePanelAt(const std::vector<std::size_t>& prompts, bool with_style) const;
  absl::StatusOr<std::vector<PairScore>> ScoreSums(const Signature& signature, std::span<const PairSum> sums,
                                                   const CandidateScores& candidate) const;
  absl::Status IdentifyCandidate(const Signature& signature, CandidateScores& out) const;

  Panel panel_;
  ScoreOptions options_;
  std::shared_ptr<const Lineage> lineage_;
  struct Population;
  std::shared_ptr<const Population> population_;
  std::shared_ptr<const Similarities> styles_;  // all models' by all models; no n-grams
  struct Cache;
  std::shared_ptr<Cache> cache_;  // the panel's similarities on the prompts that were asked for last
};

// Scores of one candidate where something is changed, to see how much they hang on it.
//
// Prompts come in three categories, by how long the panel's answers to them are: a third each of short, middling and long
// ones. They are resampled in blocks of one category each, to which they are dealt in the order of their hashes. The panel is
// held fixed as it stands at all of the candidate's prompts.
// Complexity: a variant costs about as much as centring a row: tens of microseconds, with style a tenth of a millisecond.
class ScoreVariants {
 public:
  static constexpr std::size_t kMaxBlocksOfCategory = 21;

  // What Scorer::Score gives.
  const CandidateScores& candidate() const { return candidate_; }
  std::size_t blocks() const { return sums_.size(); }
  // Each block counted so many times. Scores by model of the panel.
  std::vector<PairScore> AtPrompts(std::span<const std::uint32_t> times) const;
  // All prompts but those of a category.
  std::vector<PairScore> WithoutCategory(std::size_t category) const;
  // All prompts, without a group of the panel: it is neither typical of anything nor anyone's rival.
  std::vector<PairScore> WithoutGroup(std::size_t group) const;

 private:
  friend class Scorer;
  explicit ScoreVariants(const Scorer& scorer) : scorer_(&scorer) {}

  Scorer::Frame MakeFrame(std::optional<std::size_t> group_left_out) const;
  std::vector<PairScore> Score(std::span<const std::uint32_t> times, const Scorer::Frame& frame) const;

  const Scorer* scorer_;
  CandidateScores candidate_;
  std::shared_ptr<const Scorer::PanelAtPrompts> panel_;
  std::vector<std::size_t> category_of_block_;
  std::vector<std::vector<PairSum>> sums_;        // by block, model
  std::vector<PanelStyle::Tally> styles_;         // by block; empty without style
  std::shared_ptr<const Scorer::Frame> frame_;    // of the whole panel
};

}  // namespace stemma

#endif  // STEMMA_SCORE_H_
