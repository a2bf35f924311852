#include "stemma/answer_samples.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/holds_signature.h"
#include "stemma/response.h"

namespace stemma {
namespace {

using Places = absl::flat_hash_map<Hash128, std::size_t>;  // in a list of prompts

Places PlacesOf(const AnswerSamples& samples) {
  Places places;
  for (std::size_t p = 0; p < samples.prompts.size(); ++p) places.emplace(samples.prompts[p].prompt, p);
  return places;
}

SampledAnswer FromFeatures(AnswerFeatures features) {
  return {.sample = features.digest.sample,
          .grams = std::move(features.grams),
          .style = std::move(features.style),
          .text_hash = features.digest.text_hash,
          .token_hash = features.digest.token_hash};
}

class Collector {
 public:
  Collector(const Vocabulary& vocabulary, const AnswerEmbedder& embedder)
      : analyzer_(vocabulary), embedder_(embedder) {
    samples_.vocabulary = vocabulary.digest();
  }

  absl::Status Add(const Response& response) {
    SampledAnswer answer = FromFeatures(analyzer_.Analyze(response.prompt_key, response.sample, response.answer));
    if (embedder_.embed) {
      answer.embedding.resize(embedder_.dims);
      embedder_.embed(response.answer, answer.embedding);
    }
    const auto [at, is_new] = places_.try_emplace(response.prompt_key, samples_.prompts.size());
    if (is_new) samples_.prompts.push_back({.prompt = response.prompt_key, .answers = {}});
    samples_.prompts[at->second].answers.push_back(std::move(answer));
    return absl::OkStatus();
  }

  AnswerSamples Take(const ModelSummary& model) {
    for (PromptSamples& prompt : samples_.prompts) std::ranges::sort(prompt.answers, {}, &SampledAnswer::sample);
    samples_.model = model.model;
    samples_.digests = {model.digest};
    samples_.responses = model.responses;
    if (embedder_.embed) samples_.embedder = embedder_.id;
    return std::move(samples_);
  }

 private:
  AnswerAnalyzer analyzer_;
  const AnswerEmbedder& embedder_;
  Places places_;
  AnswerSamples samples_;
};

absl::Status CheckOneSample(const Signature& signature, const std::string& name) {
  const auto many = std::ranges::find_if(signature.rows(), [](const PromptRow& row) { return row.samples > 1; });
  if (many == signature.rows().end()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "%s is a signature with %d samples at prompt %s, summed up so that they cannot be told apart; give the responses "
      "that it was made of",
      name, many->samples, ToHex(many->prompt)));
}

absl::Status CheckOneModel(const ResponseSet& responses, std::string_view name) {
  if (responses.models().size() == 1 && responses.models().front().responses > 0) return absl::OkStatus();
  if (responses.models().size() < 2) {
    return absl::InvalidArgumentError(absl::StrFormat("%s holds no usable response", name));
  }
  return absl::InvalidArgumentError(absl::StrFormat("%s holds %d models (%s, %s, ...); a side is one model", name,
                                                    responses.models().size(), responses.models()[0].model,
                                                    responses.models()[1].model));
}

// `read` hands all responses to the visitor.
template <typename Read>
absl::StatusOr<AnswerSamples> Collect(std::string_view name, const Vocabulary& vocabulary, const AnswerEmbedder& embedder,
                                      const Read& read) {
  Collector collector(vocabulary, embedder);
  STEMMA_ASSIGN_OR_RETURN(const ResponseSet responses,
                          read([&](const Response& response) { return collector.Add(response); }));
  STEMMA_RETURN_IF_ERROR(CheckOneModel(responses, name));
  return collector.Take(responses.models().front());
}

}  // namespace

absl::StatusOr<AnswerSamples> ReadAnswerSamples(const std::string& path, const Vocabulary& vocabulary,
                                                const ReadOptions& options, const AnswerEmbedder& embedder) {
  if (signature::HoldsSignature(path)) {
    STEMMA_ASSIGN_OR_RETURN(const Signature signature, Signature::Read(path));
    return AnswerSamplesOf(signature, vocabulary, path);
  }
  return Collect(path, vocabulary, embedder, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::Read(std::span(&path, 1), options, visit);
  });
}

absl::StatusOr<AnswerSamples> ReadAnswerSamples(std::string_view name, const RecordSource& next, const Vocabulary& vocabulary,
                                                const ReadOptions& options, const AnswerEmbedder& embedder) {
  return Collect(name, vocabulary, embedder, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::ReadRecords(name, next, options, visit);
  });
}

absl::StatusOr<AnswerSamples> AnswerSamplesOf(const Signature& signature, const Vocabulary& vocabulary, const std::string& name) {
  if (signature.vocabulary_digest() != vocabulary.digest()) {
    return absl::FailedPreconditionError(absl::StrFormat("%s was signed with vocabulary %s, not with %s", name,
                                                         ToHex(signature.vocabulary_digest()),
                                                         ToHex(vocabulary.digest())));
  }
  STEMMA_RETURN_IF_ERROR(CheckOneSample(signature, name));
  AnswerSamples samples{.model = signature.metadata().model,
                        .digests = {signature.digest()},
                        .prompts = {},
                        .responses = signature.responses(),
                        .vocabulary = signature.vocabulary_digest()};
  std::vector<GramCount> grams;
  std::vector<FeatureCount> style;
  for (const PromptRow& row : signature.rows()) {
    const AnswerDigest& digest = signature.Answers(row).front();
    SampledAnswer answer{.sample = digest.sample, .text_hash = digest.text_hash, .token_hash = digest.token_hash};
    signature.Grams(row, grams);
    signature.Style(row, style);
    for (const GramCount& gram : grams) answer.grams.push_back(gram.gram);
    for (const FeatureCount& feature : style) answer.style.push_back(feature.feature);
    samples.prompts.push_back({.prompt = row.prompt, .answers = {std::move(answer)}});
  }
  return samples;
}

void AddRun(AnswerSamples run, AnswerSamples& samples) {
  const Places places = PlacesOf(samples);
  for (PromptSamples& prompt : run.prompts) {
    const auto found = places.find(prompt.prompt);
    if (found == places.end()) {
      samples.prompts.push_back(std::move(prompt));
      continue;
    }
    std::vector<SampledAnswer>& answers = samples.prompts[found->second].answers;
    const std::uint32_t next = answers.back().sample + 1;
    for (SampledAnswer& answer : prompt.answers) {
      answer.sample += next;
      answers.push_back(std::move(answer));
    }
  }
  samples.digests.insert(samples.digests.end(), run.digests.begin(), run.digests.end());
  samples.responses += run.responses;
  if (samples.embedder != run.embedder) samples.embedder.reset();
}

std::vector<SharedPrompt> SharedPrompts(const AnswerSamples& a, const AnswerSamples& b) {
  const Places of_a = PlacesOf(a);
  std::vector<SharedPrompt> shared;
  for (const PromptSamples& prompt : b.prompts) {
    const auto found = of_a.find(prompt.prompt);
    if (found == of_a.end()) continue;
    shared.push_back({.prompt = prompt.prompt, .a = a.prompts[found->second].answers, .b = prompt.answers});
  }
  return shared;
}

}  // namespace stemma
