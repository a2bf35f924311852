// Cosines of weighted n-gram sets at one prompt.
#ifndef STEMMA_LIB_PANEL_PROMPT_PAIRS_H_
#define STEMMA_LIB_PANEL_PROMPT_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stemma/pair_sum.h"
#include "stemma/prompt_index.h"

namespace stemma::panel {

// What a prompt's models answered, by model.
struct PromptModels {
  std::vector<bool> answered;
  std::vector<std::uint64_t> squared_norms;
  std::vector<std::span<const std::uint32_t>> answer_hashes;

  std::size_t size() const { return answered.size(); }
};

// Adds the cosine of every two models to `matrix[a * models + b]`, a < b.
void AddPairs(const PromptIndex& index, const PromptModels& models, std::span<PairSum> matrix);

// Adds the cosine of the candidate and every model to `row`. `sample` is `index.Sample()` of its n-grams.
void AddRow(const PromptIndex& index, const PromptModels& models, std::span<const GramCount> sample,
            std::span<const std::uint32_t> answer_hashes, std::span<PairSum> row);

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_PROMPT_PAIRS_H_
