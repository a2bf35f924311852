#include "lib/panel/prompt_pairs.h"

#include <algorithm>

#include "lib/panel/fixed_point_cosine.h"

namespace stemma::panel {

bool ShareCopy(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return std::ranges::any_of(a, [&](std::uint32_t hash) { return hash != 0 && std::ranges::find(b, hash) != b.end(); });
}

void AddPairs(const PromptIndex& index, const PromptModels& models, std::span<PairSum> matrix) {
  const std::size_t n = models.size();
  std::vector<std::uint64_t> inner(n * n, 0);
  for (std::size_t k = 0; k < index.lists.keys.size(); ++k) {
    const std::span<const Posting> postings = index.lists.Of(k);
    for (std::size_t i = 0; i < postings.size(); ++i) {
      const std::uint64_t part = std::uint64_t{index.values[k]} * postings[i].samples;
      std::uint64_t* row = inner.data() + postings[i].model * n;
      for (std::size_t j = i + 1; j < postings.size(); ++j) row[postings[j].model] += part * postings[j].samples;
    }
  }
  for (std::size_t a = 0; a < n; ++a) {
    if (!models.answered[a]) continue;
    for (std::size_t b = a + 1; b < n; ++b) {
      if (!models.answered[b]) continue;
      matrix[a * n + b].Add(FixedPointCosine(inner[a * n + b], models.squared_norms[a], models.squared_norms[b]),
                            ShareCopy(models.answer_hashes[a], models.answer_hashes[b]));
    }
  }
}

void AddRow(const PromptIndex& index, const PromptModels& models, std::span<const GramCount> sample,
            std::span<const std::uint32_t> answer_hashes, std::span<PairSum> row) {
  std::vector<std::uint64_t> inner(models.size(), 0);
  std::uint64_t squared_norm = 0;
  std::size_t k = 0;
  for (const GramCount& gram : sample) {
    while (k < index.lists.keys.size() && index.lists.keys[k] < gram.gram) ++k;
    const bool listed = k < index.lists.keys.size() && index.lists.keys[k] == gram.gram;
    const std::uint64_t value = listed ? index.values[k] : index.rare_value;
    squared_norm += value * gram.samples * answer_hashes.size();
    if (!listed) continue;
    for (const Posting& posting : index.lists.Of(k)) inner[posting.model] += value * gram.samples * posting.samples;
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    if (!models.answered[m]) continue;
    row[m].Add(FixedPointCosine(inner[m], squared_norm, models.squared_norms[m]),
               ShareCopy(answer_hashes, models.answer_hashes[m]));
  }
}

}  // namespace stemma::panel
