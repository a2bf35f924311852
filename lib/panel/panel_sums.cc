#include "lib/panel/panel_sums.h"

#include <algorithm>
#include <limits>
#include <mutex>

#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"

namespace stemma::panel {
namespace {

constexpr std::size_t kPromptsPerStripe = 16;  // summed by one thread on its own

std::vector<std::size_t> OthersThan(std::span<const std::size_t> prompts, std::size_t all) {
  std::vector<std::size_t> others;
  for (std::size_t p = 0, k = 0; p < all; ++p) {
    if (k < prompts.size() && prompts[k] == p) {
      ++k;
    } else {
      others.push_back(p);
    }
  }
  return others;
}

// The upper half of the matrix.
absl::StatusOr<std::vector<PairSum>> ReadPairSums(const Panel& panel, std::span<const std::size_t> prompts, int threads) {
  const std::size_t models = panel.models().size();
  return SumOverPrompts(models * models, prompts.size(), threads, [&](std::size_t k, std::span<PairSum> part) {
    PromptIndex index;
    STEMMA_RETURN_IF_ERROR(panel.ReadIndex(prompts[k], index));
    AddPairs(index, ModelsAt(panel, prompts[k]), part);
    return absl::OkStatus();
  });
}

}  // namespace

PromptModels ModelsAt(const Panel& panel, std::size_t prompt) {
  PromptModels models;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    models.answered.push_back(panel.Answered(prompt, m));
    models.squared_norms.push_back(panel.SquaredNorm(prompt, m));
    models.answer_hashes.push_back(panel.AnswerHashes(prompt, m));
  }
  return models;
}

std::vector<std::uint32_t> TokenHashes(const Signature& signature, const PromptRow& row) {
  std::vector<std::uint32_t> hashes;
  for (const AnswerDigest& answer : signature.Answers(row)) hashes.push_back(static_cast<std::uint32_t>(answer.token_hash));
  return hashes;
}

std::vector<double> MeanCosines(std::span<const PairSum> sums) {
  std::vector<double> means;
  for (const PairSum& sum : sums) means.push_back(sum.shared() ? sum.mean() : std::numeric_limits<double>::quiet_NaN());
  return means;
}

absl::StatusOr<std::vector<PairSum>> SumOverPrompts(
    std::size_t size, std::size_t prompts, int threads,
    const std::function<absl::Status(std::size_t, std::span<PairSum>)>& add) {
  std::vector<PairSum> total(size);
  std::mutex mutex;
  const std::size_t stripes = (prompts + kPromptsPerStripe - 1) / kPromptsPerStripe;
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(stripes, threads, [&](std::size_t stripe) {
    std::vector<PairSum> sums(size);
    const std::size_t first = stripe * kPromptsPerStripe;
    for (std::size_t k = first; k < std::min(first + kPromptsPerStripe, prompts); ++k) {
      STEMMA_RETURN_IF_ERROR(add(k, sums));
    }
    const std::lock_guard lock(mutex);
    for (std::size_t k = 0; k < size; ++k) total[k] += sums[k];
    return absl::OkStatus();
  }));
  return total;
}

absl::StatusOr<std::vector<PairSum>> PairSumsAt(const Panel& panel, std::span<const std::size_t> prompts, int threads) {
  const std::size_t models = panel.models().size();
  const std::vector<std::size_t> others = OthersThan(prompts, panel.prompts().size());
  const bool subtract = others.size() < prompts.size();
  STEMMA_ASSIGN_OR_RETURN(std::vector<PairSum> sums,
                          ReadPairSums(panel, subtract ? std::span<const std::size_t>(others) : prompts, threads));
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = a + 1; b < models; ++b) {
      PairSum& sum = sums[a * models + b];
      if (subtract) {
        PairSum rest = panel.pair_sums()[a * models + b];
        rest -= sum;
        sum = rest;
      }
      sums[b * models + a] = sum;
    }
  }
  return sums;
}

}  // namespace stemma::panel
