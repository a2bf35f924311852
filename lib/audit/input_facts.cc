#include "stemma/input_facts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/hash.h"
#include "stemma/verdict.h"

namespace stemma {
namespace {

// A domain of its own: spells "inputs" in ASCII.
constexpr std::uint64_t kDigestSeed = 0x696e70757473ULL;

Hash128 DigestOf(const Signature& signature) {
  base::Hasher128 hasher(kDigestSeed);
  std::string bytes;
  for (const PromptRow& row : signature.rows()) {
    bytes.clear();
    for (const AnswerDigest& answer : signature.Answers(row)) {
      base::AppendU64(bytes, row.prompt.high);
      base::AppendU64(bytes, row.prompt.low);
      base::AppendU32(bytes, answer.sample);
      base::AppendU64(bytes, answer.text_hash);
    }
    hasher.Update(bytes);
  }
  return hasher.Finish();
}

std::uint64_t ResponsesBesidePanel(const Panel& panel, const Signature& signature) {
  std::uint64_t responses = 0;
  for (const PromptRow& row : signature.rows()) responses += panel.FindPrompt(row.prompt) ? 0 : row.samples;
  return responses;
}

std::vector<ExcludedRecords> ExcludedFrom(const Panel& panel, const Signature& signature, const ResponseSet* inputs,
                                          const ModelSummary* summary) {
  std::optional<std::uint64_t> malformed, repeated, empty;
  if (summary) {
    malformed = inputs->bad_record_count();
    repeated = summary->duplicates_dropped;
    empty = summary->empty_answers;
  }
  return {
      {"malformed_record", "the record is malformed, or contradicts an earlier one", malformed},
      {"repeated_record", "the record repeats an earlier prompt, sample and answer", repeated},
      {"empty_answer", "the answer is empty, or nothing but reasoning", empty},
      {"prompt_not_in_panel",
       absl::StrFormat("the prompt is not in the panel: nothing to compare with, unless fewer than %d prompts are shared",
                       kMinPairedPrompts),
       ResponsesBesidePanel(panel, signature)},
  };
}

}  // namespace

InputFacts FactsOf(const Panel& panel, const Signature& signature, const ResponseSet* inputs) {
  const ModelSummary* summary = inputs ? inputs->FindModel(signature.metadata().model) : nullptr;
  InputFacts facts;
  facts.digest = DigestOf(signature);
  facts.responses = signature.responses();
  facts.prompts = signature.rows().size();
  for (const PromptRow& row : signature.rows()) {
    facts.max_samples = std::max(facts.max_samples, row.samples);
    facts.tokens += row.tokens;
    facts.code_points += row.code_points;
  }
  facts.tokenizer_version = signature.tokenizer_version();
  if (summary) facts.with_reasoning = summary->with_reasoning;
  facts.excluded = ExcludedFrom(panel, signature, inputs, summary);
  return facts;
}

}  // namespace stemma
