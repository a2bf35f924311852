// How near a model's single responses are to each maker's models, beside how near unrelated models' responses are.
//
// A maker is an organisation with the lines of models whose roots are its own: a fine-tuned line of somebody else's stands
// by itself. A likeness at a prompt is the mean of the three largest centred cosines with the maker's models there; its bin
// is its rank among the same of unrelated models at that prompt, the bins being finer above, and by how far it exceeds all
// of them. So neither a prompt nor a large maker is nearer by itself.
// Shape: cosines are `[prompt][model]` or `[prompt][model][model]`, NaN where there is none.
// Complexity: a panel of 142 models and 805 prompts takes about a second and 65 MB.
#ifndef STEMMA_LIB_SCORE_MIXTURE_SCORES_H_
#define STEMMA_LIB_SCORE_MIXTURE_SCORES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/score/mixture_em.h"
#include "stemma/panel.h"
#include "stemma/progress.h"

namespace stemma::score {

// Cosines of every two models at each prompt.
class PairCosines {
 public:
  static absl::StatusOr<PairCosines> Read(const Panel& panel, std::span<const std::size_t> prompts, int threads,
                                          const Progress& progress);

  std::size_t prompts() const { return prompts_; }
  // Of a model with all, itself left out.
  std::span<const float> Row(std::size_t prompt, std::size_t model) const {
    return std::span(values_).subspan((prompt * models_ + model) * models_, models_);
  }

 private:
  std::size_t prompts_ = 0;
  std::size_t models_ = 0;
  std::vector<float> values_;
};

struct Maker {
  std::string name;
  std::vector<std::size_t> models;
};

// In the order of their names.
std::vector<Maker> MakersOf(const Panel& panel);

// Who is left out: of all likenesses, and of what densities are fitted to.
struct MixtureCohort {
  std::vector<bool> counts;             // by model: may be a source; neither degenerate nor the candidate
  std::vector<bool> teaches;            // by group: its models' likenesses enter the densities
  std::optional<std::size_t> candidate_group;
};

struct MixtureScores {
  std::vector<Maker> makers;  // those with a model that counts
  Bins bins;                  // of the candidate: [maker][prompt]
  MixtureDensities densities;
  std::vector<std::vector<float>> excesses;  // of the candidate: [prompt][model], centred, in standard deviations
};

// `candidate` holds its cosines by prompt and model, copies left out.
MixtureScores ScoreByPrompt(const Panel& panel, const PairCosines& cosines, const std::vector<std::vector<float>>& candidate,
                            const MixtureCohort& cohort, int threads);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_MIXTURE_SCORES_H_
