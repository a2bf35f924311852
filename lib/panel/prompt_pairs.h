// Cosines of weighted n-gram sets at one prompt: what one answer of the one and one answer of the other have in common in
// the mean. Inner products are of sums over a model's answers; a squared norm is the number of answers times the sum of
// their squared norms, so that more answers of a model make no cosine larger.
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

// Whether an answer of one is a copy of an answer of the other, by their hashes; short answers have the hash 0 and are
// nobody's copies.
bool ShareCopy(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

// Adds the cosine of every two models to `matrix[a * models + b]`, a < b.
void AddPairs(const PromptIndex& index, const PromptModels& models, std::span<PairSum> matrix);

// Adds the cosine of the candidate and every model to `row`. `sample` is `index.Sample()` of its n-grams; there is one hash
// for each of its answers.
void AddRow(const PromptIndex& index, const PromptModels& models, std::span<const GramCount> sample,
            std::span<const std::uint32_t> answer_hashes, std::span<PairSum> row);

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_PROMPT_PAIRS_H_
