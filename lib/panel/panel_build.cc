#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/parallel.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/panel/gram_values.h"
#include "lib/panel/panel_state.h"
#include "lib/panel/posting_codec.h"
#include "lib/panel/prompt_pairs.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPromptsPerStep = 64;  // between two reports of progress
constexpr std::size_t kPromptsPerStripe = 8;  // by one thread, which sums them on its own

absl::Status CheckOptions(const PanelOptions& options) {
  if (!(options.index_bytes_per_response >= 0)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("index_bytes_per_response must be >= 0, got %g", options.index_bytes_per_response));
  }
  return absl::OkStatus();
}

// Signatures by name; each name once, all of one vocabulary.
absl::StatusOr<std::vector<const Signature*>> Order(std::span<const Signature> signatures,
                                                    const Vocabulary& vocabulary) {
  if (signatures.size() < 2) {
    return absl::FailedPreconditionError(
        absl::StrFormat("a panel needs at least 2 signatures, got %d", signatures.size()));
  }
  std::vector<const Signature*> ordered;
  for (const Signature& signature : signatures) {
    if (signature.vocabulary_digest() != vocabulary.digest()) {
      return absl::FailedPreconditionError(
          absl::StrFormat("signature %s: vocabulary %s; this panel is made with vocabulary %s",
                          signature.metadata().model, ToHex(signature.vocabulary_digest()), ToHex(vocabulary.digest())));
    }
    ordered.push_back(&signature);
  }
  const auto name = [](const Signature* signature) { return std::string_view(signature->metadata().model); };
  std::ranges::sort(ordered, {}, name);
  const auto twice = std::ranges::adjacent_find(ordered, {}, name);
  if (twice != ordered.end()) {
    return absl::InvalidArgumentError(absl::StrFormat("model %s is there twice; give one signature a model", name(*twice)));
  }
  return ordered;
}

// Prompts that at least two models answered; others cannot compare anything.
std::vector<Hash128> SharedPrompts(std::span<const Signature* const> signatures) {
  std::vector<Hash128> all;
  for (const Signature* signature : signatures) {
    for (const PromptRow& row : signature->rows()) all.push_back(row.prompt);
  }
  std::ranges::sort(all);
  std::vector<Hash128> shared;
  for (std::size_t k = 0; k + 1 < all.size(); ++k) {
    if (all[k] == all[k + 1] && (shared.empty() || shared.back() != all[k])) shared.push_back(all[k]);
  }
  return shared;
}

// What one prompt contributes to the file.
struct PromptPart {
  std::uint32_t threshold = kGramKeys;
  std::string packed;
  std::vector<panel::SampleCount> samples;
  std::vector<std::uint64_t> squared_norms;
  std::vector<std::uint32_t> answers;
};

class PanelWriter {
 public:
  PanelWriter(std::span<const Signature* const> signatures, const PanelOptions& options)
      : signatures_(signatures), options_(options) {
    std::vector<std::string> groups;
    std::vector<std::string> counted;
    for (const Signature* signature : signatures) {
      const ModelMetadata& metadata = signature->metadata();
      groups.push_back(GroupName(metadata));
      if (!metadata.degenerate) counted.push_back(groups.back());
    }
    for (std::vector<std::string>* names : {&groups, &counted}) {
      std::ranges::sort(*names);
      const auto repeated = std::ranges::unique(*names);
      names->erase(repeated.begin(), repeated.end());
    }
    for (const Signature* signature : signatures) {
      const auto found = std::ranges::lower_bound(groups, GroupName(signature->metadata()));
      counted_group_.push_back(signature->metadata().degenerate ? -1
                                                                : static_cast<std::int32_t>(found - groups.begin()));
    }
    values_ = panel::GramValues(counted.size(), groups.size() + 1);
  }

  std::span<const std::uint32_t> values() const { return values_; }

  // Adds the prompt's cosines to `matrix`, of all models.
  absl::StatusOr<PromptPart> Build(const Hash128& prompt, std::span<PairSum> matrix) const {
    PromptPart part;
    std::vector<std::uint16_t> samples_of_model;
    std::vector<std::vector<GramCount>> grams(signatures_.size());
    for (std::size_t m = 0; m < signatures_.size(); ++m) {
      STEMMA_ASSIGN_OR_RETURN(const panel::SampleCount count, Read(*signatures_[m], prompt, grams[m], part.answers));
      part.samples.push_back(count);
      samples_of_model.push_back(count.answers);
    }
    const PostingLists lists = Invert(prompt, grams);
    part.threshold = Threshold(lists, part.samples);
    part.packed = panel::EncodePostings(Below(lists, part.threshold), samples_of_model);
    PromptIndex index;
    if (!panel::UnpackIndex(prompt, part.threshold, part.packed, samples_of_model, counted_group_, values_, index)) {
      return absl::InternalError("a panel index cannot be read back");
    }
    part.squared_norms = SquaredNorms(index, part.samples);
    panel::AddPairs(index, ModelsOf(part), matrix);
    return part;
  }

 private:
  static absl::StatusOr<panel::SampleCount> Read(const Signature& signature, const Hash128& prompt,
                                                 std::vector<GramCount>& grams, std::vector<std::uint32_t>& answers) {
    const auto row = signature.Find(prompt);
    if (!row) return panel::SampleCount();
    const PromptRow& found = signature.rows()[*row];
    if (found.samples > panel::kMaxAnswers) {
      return absl::ResourceExhaustedError(absl::StrFormat("model %s: %d answers to one prompt; a panel holds at most %d",
                                                          signature.metadata().model, found.samples, panel::kMaxAnswers));
    }
    signature.Grams(found, grams);
    for (const AnswerDigest& answer : signature.Answers(found)) {
      answers.push_back(static_cast<std::uint32_t>(answer.token_hash));
    }
    return panel::SampleCount{static_cast<std::uint16_t>(found.samples), !grams.empty()};
  }

  static PostingLists Invert(const Hash128& prompt, std::span<const std::vector<GramCount>> grams) {
    struct Use {
      std::uint32_t key;
      Posting posting;
    };
    std::vector<Use> uses;
    for (std::size_t m = 0; m < grams.size(); ++m) {
      for (const GramCount& gram : grams[m]) {
        uses.push_back({GramKey(gram.gram, prompt), {static_cast<std::uint32_t>(m), gram.samples}});
      }
    }
    std::ranges::sort(uses, [](const Use& a, const Use& b) {
      return a.key != b.key ? a.key < b.key : a.posting.model < b.posting.model;
    });
    PostingLists lists;
    for (const Use& use : uses) {
      if (lists.keys.empty() || lists.keys.back() != use.key) {
        lists.keys.push_back(use.key);
        lists.begin.push_back(lists.begin.back());
      }
      lists.postings.push_back(use.posting);
      ++lists.begin.back();
    }
    return lists;
  }

  // The key below which the index stays within its bytes.
  std::uint32_t Threshold(const PostingLists& lists, std::span<const panel::SampleCount> samples) const {
    if (options_.index_bytes_per_response == 0) return kGramKeys;
    const auto responses = std::ranges::count_if(samples, [](const panel::SampleCount& s) { return s.has_grams; });
    const double budget = 8 * options_.index_bytes_per_response * static_cast<double>(responses);
    double bits = 0;
    for (std::size_t k = 0; k < lists.keys.size(); ++k) {
      bits += panel::EstimatedBits(lists.Of(k).size(), signatures_.size());
      if (bits > budget) return lists.keys[k];
    }
    return kGramKeys;
  }

  static PostingLists Below(const PostingLists& lists, std::uint32_t threshold) {
    const auto end = std::ranges::lower_bound(lists.keys, threshold);
    const auto count = end - lists.keys.begin();
    PostingLists below;
    below.keys.assign(lists.keys.begin(), end);
    below.begin.assign(lists.begin.begin(), lists.begin.begin() + count + 1);
    below.postings.assign(lists.postings.begin(), lists.postings.begin() + below.begin.back());
    return below;
  }

  std::vector<std::uint64_t> SquaredNorms(const PromptIndex& index, std::span<const panel::SampleCount> samples) const {
    std::vector<std::uint64_t> norms(signatures_.size(), 0);
    for (std::size_t k = 0; k < index.lists.keys.size(); ++k) {
      for (const Posting& posting : index.lists.Of(k)) {
        norms[posting.model] += std::uint64_t{index.values[k]} * posting.samples * samples[posting.model].answers;
      }
    }
    return norms;
  }

  static panel::PromptModels ModelsOf(const PromptPart& part) {
    panel::PromptModels models;
    models.squared_norms = part.squared_norms;
    std::size_t first = 0;
    for (const panel::SampleCount& count : part.samples) {
      models.answered.push_back(count.has_grams);
      models.answer_hashes.push_back(std::span(part.answers).subspan(first, count.answers));
      first += count.answers;
    }
    return models;
  }

  std::span<const Signature* const> signatures_;
  const PanelOptions& options_;
  std::vector<std::int32_t> counted_group_;  // by model; negative for degenerate ones
  std::vector<std::uint32_t> values_;
};

std::string SerializeMetadata(std::span<const Signature* const> signatures, const PanelOptions& options) {
  Json json;
  json["title"] = options.title;
  json["source"] = options.source;
  json["licence"] = options.licence;
  json["models"] = Json::array();
  for (const Signature* signature : signatures) {
    std::uint64_t tokens = 0;
    for (const PromptRow& row : signature->rows()) tokens += row.tokens;
    json["models"].push_back({{"metadata", Json::parse(MetadataToJson(signature->metadata()))},
                              {"digest", ToHex(signature->digest())},
                              {"responses", signature->responses()},
                              {"prompts", signature->rows().size()},
                              {"tokens", tokens}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string SerializePairs(std::span<const PairSum> matrix, std::size_t models) {
  std::string out;
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = a + 1; b < models; ++b) {
      const PairSum& sum = matrix[a * models + b];
      base::AppendI64(out, sum.cosine_sum);
      base::AppendI64(out, sum.copy_cosine_sum);
      base::AppendU32(out, sum.prompts);
      base::AppendU32(out, sum.copies);
    }
  }
  return out;
}

std::string Serialize(std::span<const Signature* const> signatures, const Vocabulary& vocabulary,
                      const PanelOptions& options, std::span<const Hash128> prompts,
                      std::span<const std::uint32_t> value_of_df, std::span<const PromptPart> parts,
                      std::span<const PairSum> matrix, std::string style) {
  std::string keys, values, index_table, index, samples, norms, answers;
  for (const std::uint32_t value : value_of_df) base::AppendU32(values, value);
  for (std::size_t p = 0; p < prompts.size(); ++p) {
    const PromptPart& part = parts[p];
    base::AppendU64(keys, prompts[p].high);
    base::AppendU64(keys, prompts[p].low);
    base::AppendU64(index_table, index.size());
    base::AppendU64(index_table, part.threshold);
    index += part.packed;
    for (const panel::SampleCount& count : part.samples) {
      base::AppendU16(samples, static_cast<std::uint16_t>(count.answers << 1 | count.has_grams));
    }
    for (const std::uint64_t norm : part.squared_norms) base::AppendVarint(norms, norm);
    for (const std::uint32_t hash : part.answers) base::AppendU32(answers, hash);
  }
  base::AppendU64(index_table, index.size());
  base::AppendU64(index_table, 0);
  base::SectionedFileWriter writer(base::FileKind::kPanel);
  writer.Add(panel::kMetadata, SerializeMetadata(signatures, options));
  writer.Add(panel::kVocabulary, vocabulary.Serialize());
  writer.Add(panel::kPrompts, std::move(keys));
  writer.Add(panel::kValues, std::move(values));
  writer.Add(panel::kIndexTable, std::move(index_table));
  writer.Add(panel::kIndex, std::move(index));
  writer.Add(panel::kSamples, std::move(samples));
  writer.Add(panel::kNorms, std::move(norms));
  writer.Add(panel::kAnswers, std::move(answers));
  writer.Add(panel::kPairs, SerializePairs(matrix, signatures.size()));
  if (!style.empty()) writer.Add(panel::kStyle, std::move(style));
  return writer.Finish();
}

}  // namespace

absl::StatusOr<Panel> Panel::Build(std::span<const Signature> signatures, const Vocabulary& vocabulary,
                                   const PanelOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<const Signature*> ordered, Order(signatures, vocabulary));
  const std::vector<Hash128> prompts = SharedPrompts(ordered);
  if (prompts.empty()) {
    return absl::FailedPreconditionError("no prompt was answered by two of the models; a panel needs shared prompts");
  }
  const PanelWriter panel_writer(ordered, options);
  std::vector<PairSum> matrix(ordered.size() * ordered.size());
  std::vector<PromptPart> parts(prompts.size());
  std::mutex matrix_mutex;
  for (std::size_t begin = 0; begin < prompts.size(); begin += kPromptsPerStep) {
    if (options.progress && !options.progress({"building the panel", begin, prompts.size()})) {
      return absl::CancelledError("building the panel was cancelled");
    }
    const std::size_t step = std::min(kPromptsPerStep, prompts.size() - begin);
    const std::size_t stripes = (step + kPromptsPerStripe - 1) / kPromptsPerStripe;
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(stripes, options.threads, [&](std::size_t stripe) {
      std::vector<PairSum> sums(matrix.size());
      const std::size_t first = begin + stripe * kPromptsPerStripe;
      for (std::size_t p = first; p < std::min(first + kPromptsPerStripe, begin + step); ++p) {
        STEMMA_ASSIGN_OR_RETURN(parts[p], panel_writer.Build(prompts[p], sums));
      }
      const std::lock_guard lock(matrix_mutex);
      for (std::size_t k = 0; k < matrix.size(); ++k) matrix[k] += sums[k];
      return absl::OkStatus();
    }));
  }
  std::string style;
  if (vocabulary.style_space() != nullptr && std::ranges::all_of(ordered, &Signature::has_style)) {
    STEMMA_ASSIGN_OR_RETURN(style, PanelStyle::Build(ordered, *vocabulary.style_space(), prompts));
  }
  auto state = std::make_shared<State>();
  state->memory = Serialize(ordered, vocabulary, options, prompts, panel_writer.values(), parts, matrix, std::move(style));
  const std::string_view bytes = state->memory;
  return Parse(std::move(state), bytes, "panel in memory");
}

}  // namespace stemma
