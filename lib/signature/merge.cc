#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/packed_set.h"
#include "stemma/signature.h"

namespace stemma {
namespace {

absl::Status CheckComparable(const Signature& first, const Signature& other) {
  const std::string& model = first.metadata().model;
  if (other.metadata().model != model) {
    return absl::InvalidArgumentError(absl::StrFormat("parts of different models: %s and %s", model, other.metadata().model));
  }
  if (!(other.metadata() == first.metadata())) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: the parts' metadata differ", model));
  }
  if (other.vocabulary_digest() != first.vocabulary_digest()) {
    return absl::FailedPreconditionError(absl::StrFormat("%s: parts made with vocabularies %s and %s", model,
                                                         ToHex(first.vocabulary_digest()),
                                                         ToHex(other.vocabulary_digest())));
  }
  if (other.tokenizer_version() != first.tokenizer_version()) {
    return absl::FailedPreconditionError(absl::StrFormat("%s: parts made with tokenizer versions %d and %d", model,
                                                         first.tokenizer_version(), other.tokenizer_version()));
  }
  if (other.has_style() != first.has_style()) {
    return absl::FailedPreconditionError(absl::StrFormat("%s: one part holds features of style, another does not", model));
  }
  return absl::OkStatus();
}

// Merges sorted counts of equal values.
template <typename Count, typename Value>
void AddCounts(const std::vector<Count>& added, Value Count::*value, std::vector<Count>& counts) {
  counts.insert(counts.end(), added.begin(), added.end());
  std::ranges::sort(counts, {}, value);
  std::size_t kept = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (kept > 0 && counts[kept - 1].*value == counts[k].*value) {
      counts[kept - 1].samples += counts[k].samples;
    } else {
      counts[kept++] = counts[k];
    }
  }
  counts.resize(kept);
}

struct Part {
  const Signature* signature;
  const PromptRow* row;
};

}  // namespace

absl::StatusOr<Signature> Signature::Merge(std::span<const Signature> parts) {
  if (parts.empty()) return absl::InvalidArgumentError("merging needs at least one signature, got none");
  std::vector<Part> rows;
  for (const Signature& part : parts) {
    STEMMA_RETURN_IF_ERROR(CheckComparable(parts.front(), part));
    for (const PromptRow& row : part.rows()) rows.push_back({&part, &row});
  }
  std::ranges::sort(rows, {}, [](const Part& part) { return part.row->prompt; });
  Signature merged;
  merged.metadata_ = parts.front().metadata_;
  merged.vocabulary_ = parts.front().vocabulary_;
  merged.tokenizer_version_ = parts.front().tokenizer_version_;
  merged.has_style_ = parts.front().has_style_;
  std::vector<GramCount> grams;
  std::vector<FeatureCount> style;
  std::string packed_grams;
  std::string packed_style;
  for (std::size_t k = 0; k < rows.size();) {
    PromptRow row;
    row.prompt = rows[k].row->prompt;
    std::vector<AnswerDigest> answers;
    std::vector<GramCount> all_grams;
    std::vector<FeatureCount> all_style;
    for (; k < rows.size() && rows[k].row->prompt == row.prompt; ++k) {
      const auto& [signature, part] = rows[k];
      row.tokens += part->tokens;
      row.code_points += part->code_points;
      const std::span<const AnswerDigest> digests = signature->Answers(*part);
      answers.insert(answers.end(), digests.begin(), digests.end());
      signature->Grams(*part, grams);
      AddCounts(grams, &GramCount::gram, all_grams);
      signature->Style(*part, style);
      AddCounts(style, &FeatureCount::feature, all_style);
    }
    std::ranges::sort(answers);
    const auto twice = std::ranges::adjacent_find(answers, {}, &AnswerDigest::sample);
    if (twice != answers.end()) {
      return absl::InvalidArgumentError(absl::StrFormat("%s: sample %d of prompt %s is in two of the parts",
                                                        merged.metadata_.model, twice->sample, ToHex(row.prompt)));
    }
    const bool with_counts = answers.size() > 1;
    signature::PackCounts(std::span<const GramCount>(all_grams), &GramCount::gram, with_counts, packed_grams);
    signature::PackCounts(std::span<const FeatureCount>(all_style), &FeatureCount::feature, with_counts, packed_style);
    merged.AppendRow(row, answers, packed_grams, packed_style);
  }
  merged.UpdateDigest();
  return merged;
}

}  // namespace stemma
