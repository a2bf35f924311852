// All answers of one model as tests of "the same model?" need them: an answer apart from every other one.
//
// A signature sums an answer's n-grams up over the samples of its prompt, and such sums cannot be dealt anew between
// two sides. So samples are read from responses; a signature will do where it holds one sample a prompt.
//
// Units: n-grams and features of style as in signatures; an embedding has unit length.
// Errors: those of reading; kInvalidArgument for responses of several models, kFailedPrecondition for a signature of several
// samples a prompt or of another vocabulary.
// Determinism: prompts in the order in which they first came, samples by number.
#ifndef STEMMA_ANSWER_SAMPLES_H_
#define STEMMA_ANSWER_SAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embeddings.h"
#include "stemma/hash.h"
#include "stemma/response_set.h"
#include "stemma/signature.h"
#include "stemma/vocabulary.h"

namespace stemma {

struct SampledAnswer {
  std::uint32_t sample = 0;
  std::vector<std::uint32_t> grams = {};  // sorted, distinct
  std::vector<std::uint16_t> style = {};  // sorted, distinct
  std::vector<float> embedding = {};      // empty where there is no embedder
  std::uint64_t text_hash = 0;
  std::uint64_t token_hash = 0;  // 0 for answers too short to be copies
};

struct PromptSamples {
  Hash128 prompt;
  std::vector<SampledAnswer> answers;
};

struct AnswerSamples {
  std::string model;
  std::vector<Hash128> digests;  // by run: of the sorted (prompt key, answer hash), or the signature's own
  std::vector<PromptSamples> prompts;
  std::uint64_t responses = 0;
  Hash128 vocabulary;
  std::optional<EmbedderId> embedder = {};
};

// What turns an answer into its embedding. Without `embed` there are none.
struct AnswerEmbedder {
  EmbedderId id = {};
  std::size_t dims = 0;
  std::function<void(std::string_view answer, std::span<float> out)> embed = {};
};

// A file of responses, or a signature.
absl::StatusOr<AnswerSamples> ReadAnswerSamples(const std::string& path, const Vocabulary& vocabulary,
                                                const ReadOptions& options = {}, const AnswerEmbedder& embedder = {});

// The same of records in memory; `name` stands for them in messages, as that of a signature does.
absl::StatusOr<AnswerSamples> ReadAnswerSamples(std::string_view name, const RecordSource& next, const Vocabulary& vocabulary,
                                                const ReadOptions& options = {}, const AnswerEmbedder& embedder = {});
absl::StatusOr<AnswerSamples> AnswerSamplesOf(const Signature& signature, const Vocabulary& vocabulary, const std::string& name);

// Puts the answers of another run of the same model beside those that are there, as further samples.
void AddRun(AnswerSamples run, AnswerSamples& samples);

// A prompt that both sides answered.
struct SharedPrompt {
  Hash128 prompt;
  std::vector<SampledAnswer> a;
  std::vector<SampledAnswer> b;
};

// In the order of `b`.
std::vector<SharedPrompt> SharedPrompts(const AnswerSamples& a, const AnswerSamples& b);

}  // namespace stemma

#endif  // STEMMA_ANSWER_SAMPLES_H_
