#include "lib/corpus/response_index.h"

#include <algorithm>
#include <tuple>

#include "lib/base/byte_io.h"
#include "lib/base/hash.h"

namespace stemma::corpus {
namespace {

// A domain of its own: spells "response" in ASCII.
constexpr std::uint64_t kDigestSeed = 0x726573706f6e7365ULL;

// One usable response, as summaries see it.
struct Row {
  std::uint32_t model = 0;
  Hash128 prompt;
  std::uint64_t answer_hash = 0;

  friend auto operator<=>(const Row&, const Row&) = default;
};

// `rows` are of one model, sorted.
void Summarise(std::span<const Row> rows, ModelSummary& summary) {
  base::Hasher128 hasher(kDigestSeed);
  std::string bytes;
  std::uint32_t samples = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Row& row = rows[k];
    const bool new_prompt = k == 0 || row.prompt != rows[k - 1].prompt;
    summary.prompts += new_prompt ? 1 : 0;
    samples = new_prompt ? 1 : samples + 1;
    summary.max_samples = std::max(summary.max_samples, samples);
    bytes.clear();
    base::AppendU64(bytes, row.prompt.high);
    base::AppendU64(bytes, row.prompt.low);
    base::AppendU64(bytes, row.answer_hash);
    hasher.Update(bytes);
  }
  summary.responses = rows.size();
  summary.digest = hasher.Finish();
}

}  // namespace

std::uint64_t ResponseIndex::EmptyAnswerHash() { return base::Hash64({}); }

std::uint32_t ResponseIndex::ModelId(std::string_view name) {
  if (const auto found = model_ids_.find(name); found != model_ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(summaries_.size());
  summaries_.emplace_back().model = std::string(name);
  model_ids_.emplace(name, id);
  return id;
}

ResponseIndex::Outcome ResponseIndex::Add(std::uint32_t model, const Hash128& prompt, std::string_view prompt_id,
                                          std::uint64_t answer_hash, const Place& place, std::uint32_t& sample,
                                          Place& earlier) {
  const std::uint32_t id_hash = prompt_id.empty() ? 0 : static_cast<std::uint32_t>(base::Hash64(prompt_id)) | 1U;
  const Key stated{prompt, model, sample};
  Entry fresh{answer_hash, place, id_hash, false};
  auto [entry, is_new] = entries_.try_emplace(stated, fresh);
  if (!is_new && (entry->second.id_hash != id_hash || entry->second.renumbered)) {
    sample = Renumber(stated, id_hash);
    fresh.renumbered = true;
    std::tie(entry, is_new) = entries_.try_emplace(Key{prompt, model, sample}, fresh);
  }
  if (is_new) return Outcome::kNew;
  if (entry->second.answer_hash == answer_hash) return Outcome::kDuplicate;
  earlier = entry->second.place;
  return Outcome::kConflict;
}

std::uint32_t ResponseIndex::Renumber(const Key& stated, std::uint32_t id_hash) {
  const auto [known, is_new] = renumbered_.try_emplace(Renumbered{stated, id_hash}, 0);
  if (!is_new) return known->second;
  std::uint32_t& free = next_free_[{stated.prompt, stated.model}];
  while (entries_.contains(Key{stated.prompt, stated.model, free})) ++free;
  return known->second = free;
}

std::vector<ModelSummary> ResponseIndex::Finish() {
  std::vector<Row> rows;
  rows.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    if (entry.answer_hash != EmptyAnswerHash()) rows.push_back({key.model, key.prompt, entry.answer_hash});
  }
  entries_ = {};
  std::ranges::sort(rows);
  for (auto begin = rows.begin(); begin != rows.end();) {
    const auto end = std::find_if(begin, rows.end(), [&](const Row& row) { return row.model != begin->model; });
    Summarise({begin, end}, summaries_[begin->model]);
    begin = end;
  }
  std::ranges::sort(summaries_, {}, &ModelSummary::model);
  return std::move(summaries_);
}

}  // namespace stemma::corpus
