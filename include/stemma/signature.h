// The fingerprint of one model's stored responses: integers and hashes, no sentence and no word of them.
//
// Shape: one row a prompt: the set of masked 2-, 3- and 4-grams (component B; an answer's borders count as symbols) and
// the features of style (component A), each with the number of samples that hold it, and a digest of every answer.
// Units: an n-gram is its 64-bit hash cut to `kGramBits`; two different ones collide with probability 2^-24, so two
// answers of 1,000 distinct n-grams share 0.06 by accident.
// Errors: kInvalidArgument, kDataLoss, kUnimplemented of the file container; each names file, field and both values.
// Determinism: equal responses give equal bytes, whatever their order, the number of threads or white space around
// answers; `digest()` covers the responses and options and not the metadata.
// Source: masked n-grams after Stamatatos 2018.
#ifndef STEMMA_SIGNATURE_H_
#define STEMMA_SIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/metadata.h"
#include "stemma/vocabulary.h"

namespace stemma {

inline constexpr std::size_t kMinGramOrder = 2;
inline constexpr std::size_t kMaxGramOrder = 4;
inline constexpr unsigned kGramBits = 24;

// Among some 8 million pairs of AlpacaEval answers by models of different groups, 24 are equal with at least this length.
inline constexpr std::size_t kMinCopyTokens = 50;

struct AnswerDigest {
  std::uint32_t sample = 0;
  std::uint64_t text_hash = 0;   // of the answer as stored, outer white space aside
  // Of its tokens: equal for copies that differ in case, spacing or brand names. 0 for answers of fewer than
  // `kMinCopyTokens`, which models give alike without copying.
  std::uint64_t token_hash = 0;

  friend auto operator<=>(const AnswerDigest&, const AnswerDigest&) = default;
};

struct FeatureCount {
  std::uint16_t feature = 0;  // of the vocabulary's `StyleFeatures`
  std::uint32_t samples = 0;  // answers to this prompt that have it

  friend auto operator<=>(const FeatureCount&, const FeatureCount&) = default;
};

struct GramCount {
  std::uint32_t gram = 0;
  std::uint32_t samples = 0;  // answers to this prompt that hold it

  friend auto operator<=>(const GramCount&, const GramCount&) = default;
};

// What a signature holds of one prompt.
struct PromptRow {
  Hash128 prompt;
  std::uint32_t samples = 0;
  std::uint64_t tokens = 0;       // over all samples
  std::uint64_t code_points = 0;  // over all samples
  std::uint64_t first_answer = 0;
  std::uint64_t grams_begin = 0;  // bytes in the packed n-grams
  std::uint64_t grams_end = 0;
  std::uint64_t style_begin = 0;  // bytes in the packed features of style
  std::uint64_t style_end = 0;
};

class Signature {
 public:
  // Recognises a signature by content. `source` names the bytes in messages.
  static absl::StatusOr<Signature> Parse(std::string_view bytes, std::string_view source);
  static absl::StatusOr<Signature> Read(const std::string& path);
  static bool IsSignature(std::string_view first_bytes);

  // The signature of a whole from those of disjoint parts of one model's responses, by prompt or by sample: the same
  // bytes as if all had been signed at once, in whatever order and grouping the parts are merged.
  // Errors: kInvalidArgument for no part, different metadata, or a sample that two parts hold; kFailedPrecondition for
  // parts made with different vocabularies or tokenizers, or with and without style.
  static absl::StatusOr<Signature> Merge(std::span<const Signature> parts);

  std::string Serialize() const;
  absl::Status Write(const std::string& path) const;

  const ModelMetadata& metadata() const { return metadata_; }
  void set_metadata(ModelMetadata metadata) { metadata_ = std::move(metadata); }
  const Hash128& vocabulary_digest() const { return vocabulary_; }
  std::uint32_t tokenizer_version() const { return tokenizer_version_; }
  const Hash128& digest() const { return digest_; }

  // Sorted by prompt key.
  std::span<const PromptRow> rows() const { return rows_; }
  // Index of a prompt's row.
  std::optional<std::size_t> Find(const Hash128& prompt) const;
  // Sorted by sample.
  std::span<const AnswerDigest> Answers(const PromptRow& row) const;
  // Replaces `out` by the row's n-grams, sorted.
  void Grams(const PromptRow& row, std::vector<GramCount>& out) const;
  // False for files of versions that knew no style.
  bool has_style() const { return has_style_; }
  // Replaces `out` by the row's features of style, sorted.
  void Style(const PromptRow& row, std::vector<FeatureCount>& out) const;

  std::uint64_t responses() const { return answers_.size(); }

 private:
  friend class SignatureBuilder;

  // `grams` and `style` are packed.
  void AppendRow(PromptRow row, std::span<const AnswerDigest> answers, std::string_view grams, std::string_view style);
  std::vector<std::string_view> ContentSections() const;
  // A section's bytes, in `storage` unless they stand ready.
  std::string_view Content(std::string_view section, std::string& storage) const;
  void UpdateDigest();

  ModelMetadata metadata_;
  Hash128 vocabulary_;
  std::uint32_t tokenizer_version_ = kTokenizerVersion;
  Hash128 digest_;
  std::vector<PromptRow> rows_;
  std::vector<AnswerDigest> answers_;
  std::string grams_;
  std::string style_;
  bool has_style_ = true;
};

// One answer's features, made by any thread.
struct AnswerFeatures {
  Hash128 prompt;
  AnswerDigest digest;
  std::uint64_t tokens = 0;
  std::uint64_t code_points = 0;
  std::vector<std::uint32_t> grams;  // sorted, distinct
  std::vector<std::uint16_t> style;  // sorted, distinct
};

// Reused from answer to answer by one thread.
class AnswerAnalyzer {
 public:
  explicit AnswerAnalyzer(const Vocabulary& vocabulary);
  ~AnswerAnalyzer();

  AnswerFeatures Analyze(const Hash128& prompt, std::uint32_t sample, std::string_view answer);

 private:
  struct Workspace;

  Vocabulary vocabulary_;
  std::unique_ptr<Workspace> workspace_;
};

// Collects one model's answers. Memory grows with the distinct n-grams, not with the text.
class SignatureBuilder {
 public:
  explicit SignatureBuilder(const Vocabulary& vocabulary) : vocabulary_(vocabulary.digest()) {}

  // Errors: kInvalidArgument for a (prompt, sample) that was added before.
  absl::Status Add(AnswerFeatures features);

  // Errors: kInvalidArgument where nothing was added.
  absl::StatusOr<Signature> Build(ModelMetadata metadata) const;

 private:
  Hash128 vocabulary_;
  std::map<Hash128, std::map<std::uint32_t, AnswerFeatures>> answers_;  // by prompt, by sample
};

}  // namespace stemma

#endif  // STEMMA_SIGNATURE_H_
