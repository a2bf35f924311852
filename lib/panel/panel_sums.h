// A panel read prompt by prompt: its models' answers, and what its models have in common at some of its prompts.
#ifndef STEMMA_LIB_PANEL_PANEL_SUMS_H_
#define STEMMA_LIB_PANEL_PANEL_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/panel/prompt_pairs.h"
#include "stemma/pair_sum.h"
#include "stemma/panel.h"
#include "stemma/signature.h"

namespace stemma::panel {

PromptModels ModelsAt(const Panel& panel, std::size_t prompt);

// Of a signature's answers: low halves, as a panel holds them.
std::vector<std::uint32_t> TokenHashes(const Signature& signature, const PromptRow& row);

// NaN where no prompt is shared.
std::vector<double> MeanCosines(std::span<const PairSum> sums);

// `size` sums of what `add` makes of each of so many prompts, from several threads.
absl::StatusOr<std::vector<PairSum>> SumOverPrompts(
    std::size_t size, std::size_t prompts, int threads,
    const std::function<absl::Status(std::size_t, std::span<PairSum>)>& add);

// All pairs of models at the prompts, which are sorted: a symmetric matrix, row by row. The file holds the sums over all
// prompts, so the others are read and taken off where they are fewer.
absl::StatusOr<std::vector<PairSum>> PairSumsAt(const Panel& panel, std::span<const std::size_t> prompts, int threads);

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_PANEL_SUMS_H_
