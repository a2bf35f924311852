#include "lib/audit/split_panels.h"

#include <algorithm>

#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/panel/fixed_point_cosine.h"
#include "lib/panel/gram_values.h"
#include "lib/panel/prompt_pairs.h"

namespace stemma::audit {

std::vector<std::size_t> CountedModels(const Panel& panel) {
  std::vector<std::size_t> models;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    if (!panel.models()[m].metadata.degenerate) models.push_back(m);
  }
  return models;
}

std::vector<std::size_t> CountedGroups(const Panel& panel) {
  std::vector<std::size_t> groups;
  for (const std::size_t model : CountedModels(panel)) groups.push_back(panel.group(model));
  std::ranges::sort(groups);
  const auto repeated = std::ranges::unique(groups);
  groups.erase(repeated.begin(), repeated.end());
  return groups;
}

std::vector<bool> DealGroups(const Panel& panel, std::uint64_t seed, std::size_t split) {
  std::vector<std::size_t> groups = CountedGroups(panel);
  base::Random random(seed, split);
  random.Shuffle(std::span(groups));
  groups.resize((groups.size() + 1) / 2);
  std::vector<bool> in_reference(panel.groups().size(), false);
  for (const std::size_t group : groups) in_reference[group] = true;
  return in_reference;
}

SplitPanels::SplitPanels(const Panel& panel, std::span<const std::vector<bool>> in_reference)
    : panel_(panel),
      models_(CountedModels(panel)),
      place_(panel.models().size(), models_.size()),
      in_reference_(panel.groups().size()),
      sums_(models_.size() * models_.size()),
      norms_(models_.size()),
      uses_(models_.size()),
      inner_(models_.size()) {
  for (std::size_t k = 0; k < models_.size(); ++k) place_[models_[k]] = k;
  for (std::size_t lane = 0; lane < in_reference.size(); ++lane) {
    for (std::size_t g = 0; g < in_reference_.size(); ++g) in_reference_[g][lane] = in_reference[lane][g];
  }
  const auto counted = static_cast<std::size_t>(std::ranges::count(in_reference.front(), true));
  value_of_df_ = panel::GramValues(counted, counted + 1);
}

absl::Status SplitPanels::Add(std::size_t prompt) {
  STEMMA_RETURN_IF_ERROR(panel_.ReadIndex(prompt, index_));
  KeepCounted();
  FindValues();
  FindNorms(prompt);
  for (std::size_t a = 0; a < models_.size(); ++a) {
    if (panel_.Answered(prompt, models_[a])) AddRow(prompt, a);
  }
  return absl::OkStatus();
}

void SplitPanels::KeepCounted() {
  lists_.postings.clear();
  lists_.begin.assign(1, 0);
  for (std::vector<Use>& uses : uses_) uses.clear();
  for (std::size_t k = 0; k < index_.lists.keys.size(); ++k) {
    for (const Posting& posting : index_.lists.Of(k)) {
      const std::size_t place = place_[posting.model];
      if (place == models_.size()) continue;
      uses_[place].push_back({static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(lists_.postings.size())});
      lists_.postings.push_back({static_cast<std::uint32_t>(place), posting.samples});
    }
    lists_.begin.push_back(static_cast<std::uint32_t>(lists_.postings.size()));
  }
}

void SplitPanels::FindValues() {
  const std::size_t lists = lists_.begin.size() - 1;
  values_.resize(lists);
  last_seen_.assign(panel_.groups().size(), 0);
  for (std::size_t k = 0; k < lists; ++k) {
    Lanes<std::uint16_t> document_frequency = {};
    for (const Posting& posting : lists_.Of(k)) {
      const std::size_t group = panel_.group(models_[posting.model]);
      if (last_seen_[group] == k + 1) continue;
      last_seen_[group] = k + 1;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        document_frequency[lane] = static_cast<std::uint16_t>(document_frequency[lane] + in_reference_[group][lane]);
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) values_[k][lane] = value_of_df_[document_frequency[lane]];
  }
}

void SplitPanels::FindNorms(std::size_t prompt) {
  for (std::size_t m = 0; m < models_.size(); ++m) {
    norms_[m] = {};
    const std::size_t answers = panel_.AnswerHashes(prompt, models_[m]).size();
    for (const Use& use : uses_[m]) {
      const std::uint64_t times = lists_.postings[use.place].samples * answers;
      for (std::size_t lane = 0; lane < kLanes; ++lane) norms_[m][lane] += values_[use.list][lane] * times;
    }
  }
}

void SplitPanels::AddRow(std::size_t prompt, std::size_t a) {
  std::fill(inner_.begin() + static_cast<std::ptrdiff_t>(a), inner_.end(), Lanes<std::uint64_t>());
  for (const Use& use : uses_[a]) {
    const Lanes<std::uint32_t>& value = values_[use.list];
    const std::uint32_t samples = lists_.postings[use.place].samples;
    for (std::uint32_t other = use.place + 1; other < lists_.begin[use.list + 1]; ++other) {
      const Posting& posting = lists_.postings[other];
      const std::uint32_t times = samples * posting.samples;  // of 15 bits each
      Lanes<std::uint64_t>& inner = inner_[posting.model];
      for (std::size_t lane = 0; lane < kLanes; ++lane) inner[lane] += std::uint64_t{value[lane]} * times;
    }
  }
  const Lanes<std::uint16_t>& a_in_reference = in_reference_[panel_.group(models_[a])];
  const std::span<const std::uint32_t> a_hashes = panel_.AnswerHashes(prompt, models_[a]);
  for (std::size_t b = a + 1; b < models_.size(); ++b) {
    if (!panel_.Answered(prompt, models_[b])) continue;
    const Lanes<std::uint16_t>& b_in_reference = in_reference_[panel_.group(models_[b])];
    const bool copy = panel::ShareCopy(a_hashes, panel_.AnswerHashes(prompt, models_[b]));
    Lanes<PairSum>& sums = sums_[Pair(a, b)];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (a_in_reference[lane] + b_in_reference[lane] == 0) continue;
      sums[lane].Add(panel::FixedPointCosine(inner_[b][lane], norms_[a][lane], norms_[b][lane]), copy);
    }
  }
}

}  // namespace stemma::audit
