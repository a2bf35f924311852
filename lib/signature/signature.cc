#include "stemma/signature.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/durable_file.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/signature/packed_set.h"

namespace stemma {
namespace {

// Section names of format version 1. Later components add sections beside them.
constexpr std::string_view kMetadata = "METADATA";
constexpr std::string_view kOptions = "OPTIONS";
constexpr std::string_view kPrompts = "PROMPTS";
constexpr std::string_view kAnswers = "ANSWERS";
constexpr std::string_view kGrams = "NGRAMS_B";
constexpr std::string_view kStyle = "STYLE_A";

constexpr std::size_t kMaxFeatures = StyleFeatures::kMaxWords + StyleFeatures::kMaxOpenings;

struct Options {
  Hash128 vocabulary;
  std::uint32_t tokenizer = 0;
  std::uint32_t gram_bits = 0;
  std::uint32_t min_order = 0;
  std::uint32_t max_order = 0;
};

std::string SerializeOptions(const Hash128& vocabulary, std::uint32_t tokenizer) {
  std::string out;
  base::AppendU64(out, vocabulary.high);
  base::AppendU64(out, vocabulary.low);
  base::AppendU32(out, tokenizer);
  base::AppendU32(out, kGramBits);
  base::AppendU32(out, kMinGramOrder);
  base::AppendU32(out, kMaxGramOrder);
  return out;
}

absl::StatusOr<Options> ParseOptions(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  Options options;
  if (!reader.ReadU64(options.vocabulary.high) || !reader.ReadU64(options.vocabulary.low) ||
      !reader.ReadU32(options.tokenizer) || !reader.ReadU32(options.gram_bits) || !reader.ReadU32(options.min_order) ||
      !reader.ReadU32(options.max_order)) {
    return base::SectionContradictsItself(source, kOptions);
  }
  if (options.gram_bits != kGramBits || options.min_order != kMinGramOrder || options.max_order != kMaxGramOrder) {
    return absl::UnimplementedError(absl::StrFormat(
        "%s: n-grams of orders %d to %d in %d bits; this program reads orders %d to %d in %d bits", source,
        options.min_order, options.max_order, options.gram_bits, kMinGramOrder, kMaxGramOrder, kGramBits));
  }
  return options;
}

std::string SerializeRows(std::span<const PromptRow> rows) {
  std::string out;
  for (const PromptRow& row : rows) {
    base::AppendU64(out, row.prompt.high);
    base::AppendU64(out, row.prompt.low);
    base::AppendU32(out, row.samples);
    base::AppendU32(out, 0);
    base::AppendU64(out, row.tokens);
    base::AppendU64(out, row.code_points);
    base::AppendU64(out, row.grams_end - row.grams_begin);
  }
  return out;
}

absl::StatusOr<std::vector<PromptRow>> ParseRows(std::string_view bytes, std::string_view source) {
  std::vector<PromptRow> rows;
  base::ByteReader reader(bytes);
  std::uint64_t answers = 0;
  std::uint64_t grams = 0;
  while (!reader.done()) {
    PromptRow row;
    std::uint32_t zero = 0;
    std::uint64_t size = 0;
    if (!reader.ReadU64(row.prompt.high) || !reader.ReadU64(row.prompt.low) || !reader.ReadU32(row.samples) ||
        !reader.ReadU32(zero) || !reader.ReadU64(row.tokens) || !reader.ReadU64(row.code_points) ||
        !reader.ReadU64(size) || row.samples == 0 || size > bytes.max_size() - grams ||
        (!rows.empty() && rows.back().prompt >= row.prompt)) {
      return base::SectionContradictsItself(source, kPrompts);
    }
    row.first_answer = answers;
    row.grams_begin = grams;
    row.grams_end = grams + size;
    answers += row.samples;
    grams += size;
    rows.push_back(row);
  }
  return rows;
}

std::string SerializeAnswers(std::span<const AnswerDigest> answers) {
  std::string out;
  for (const AnswerDigest& answer : answers) {
    base::AppendU32(out, answer.sample);
    base::AppendU64(out, answer.text_hash);
    base::AppendU64(out, answer.token_hash);
  }
  return out;
}

absl::StatusOr<std::vector<AnswerDigest>> ParseAnswers(std::string_view bytes, std::string_view source) {
  std::vector<AnswerDigest> answers;
  base::ByteReader reader(bytes);
  while (!reader.done()) {
    AnswerDigest answer;
    if (!reader.ReadU32(answer.sample) || !reader.ReadU64(answer.text_hash) || !reader.ReadU64(answer.token_hash)) {
      return base::SectionContradictsItself(source, kAnswers);
    }
    answers.push_back(answer);
  }
  return answers;
}

bool UnpackGrams(std::string_view bytes, std::uint32_t samples, std::vector<GramCount>& out) {
  return signature::Unpack(bytes, &GramCount::gram, std::uint64_t{1} << kGramBits, samples, out);
}

bool UnpackStyle(std::string_view bytes, std::uint32_t samples, std::vector<FeatureCount>& out) {
  return signature::Unpack(bytes, &FeatureCount::feature, kMaxFeatures, samples, out);
}

// Packs what each sample holds of `values`, together.
template <typename Value>
void PackSamples(const std::map<std::uint32_t, AnswerFeatures>& samples, std::vector<Value> AnswerFeatures::*values,
                 std::vector<Value>& together, std::string& out) {
  if (samples.size() == 1) {
    return signature::PackValues(std::span<const Value>(samples.begin()->second.*values), false, out);
  }
  together.clear();
  for (const auto& [sample, features] : samples) {
    together.insert(together.end(), (features.*values).begin(), (features.*values).end());
  }
  std::ranges::sort(together);
  signature::PackValues(std::span<const Value>(together), true, out);
}

// Each row's packed features, behind their size.
std::string SerializeStyle(std::span<const PromptRow> rows, std::string_view packed) {
  std::string out;
  for (const PromptRow& row : rows) {
    base::AppendString(out, packed.substr(row.style_begin, row.style_end - row.style_begin));
  }
  return out;
}

bool ParseStyle(std::string_view bytes, std::span<PromptRow> rows, std::string& packed) {
  base::ByteReader reader(bytes);
  std::vector<FeatureCount> unpacked;
  for (PromptRow& row : rows) {
    std::string_view features;
    if (!reader.ReadString(features) || !UnpackStyle(features, row.samples, unpacked)) return false;
    row.style_begin = packed.size();
    packed += features;
    row.style_end = packed.size();
  }
  return reader.done();
}

}  // namespace

bool Signature::IsSignature(std::string_view first_bytes) {
  return base::SectionedFile::KindOf(first_bytes) == base::FileKind::kSignature;
}

absl::StatusOr<Signature> Signature::Parse(std::string_view bytes, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kSignature, source));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view metadata, file.Section(kMetadata));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view option_bytes, file.Section(kOptions));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view prompts, file.Section(kPrompts));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view answers, file.Section(kAnswers));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view grams, file.Section(kGrams));
  STEMMA_ASSIGN_OR_RETURN(const Options options, ParseOptions(option_bytes, source));
  Signature signature;
  STEMMA_ASSIGN_OR_RETURN(signature.metadata_, MetadataFromJson(metadata));
  STEMMA_ASSIGN_OR_RETURN(signature.rows_, ParseRows(prompts, source));
  STEMMA_ASSIGN_OR_RETURN(signature.answers_, ParseAnswers(answers, source));
  signature.vocabulary_ = options.vocabulary;
  signature.tokenizer_version_ = options.tokenizer;
  signature.grams_ = std::string(grams);
  if (signature.rows_.empty()) return base::SectionContradictsItself(source, kPrompts);
  const PromptRow& last = signature.rows_.back();
  if (last.first_answer + last.samples != signature.answers_.size()) return base::SectionContradictsItself(source, kAnswers);
  if (last.grams_end != grams.size()) return base::SectionContradictsItself(source, kGrams);
  std::vector<GramCount> unpacked;
  for (const PromptRow& row : signature.rows_) {
    const std::string_view packed = grams.substr(row.grams_begin, row.grams_end - row.grams_begin);
    if (!UnpackGrams(packed, row.samples, unpacked)) return base::SectionContradictsItself(source, kGrams);
  }
  signature.has_style_ = file.Has(kStyle);
  if (signature.has_style_) {
    STEMMA_ASSIGN_OR_RETURN(const std::string_view style, file.Section(kStyle));
    if (!ParseStyle(style, signature.rows_, signature.style_)) return base::SectionContradictsItself(source, kStyle);
  }
  signature.UpdateDigest();
  return signature;
}

absl::StatusOr<Signature> Signature::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

std::vector<std::string_view> Signature::ContentSections() const {
  std::vector<std::string_view> sections = {kOptions, kPrompts, kAnswers, kGrams};
  if (has_style_) sections.push_back(kStyle);
  return sections;
}

std::string_view Signature::Content(std::string_view section, std::string& storage) const {
  if (section == kGrams) return grams_;
  if (section == kOptions) storage = SerializeOptions(vocabulary_, tokenizer_version_);
  if (section == kPrompts) storage = SerializeRows(rows_);
  if (section == kAnswers) storage = SerializeAnswers(answers_);
  if (section == kStyle) storage = SerializeStyle(rows_, style_);
  return storage;
}

std::string Signature::Serialize() const {
  base::SectionedFileWriter writer(base::FileKind::kSignature);
  writer.Add(kMetadata, MetadataToJson(metadata_));
  std::string storage;
  for (const std::string_view section : ContentSections()) {
    writer.Add(section, std::string(Content(section, storage)));
  }
  return writer.Finish();
}

absl::Status Signature::Write(const std::string& path) const { return base::WriteFileDurably(path, Serialize()); }

void Signature::UpdateDigest() {
  base::PartsHasher hasher;
  std::string storage;
  for (const std::string_view section : ContentSections()) hasher.Add(Content(section, storage));
  digest_ = hasher.Finish();
}

std::optional<std::size_t> Signature::Find(const Hash128& prompt) const {
  const auto found = std::ranges::lower_bound(rows_, prompt, {}, &PromptRow::prompt);
  if (found == rows_.end() || found->prompt != prompt) return std::nullopt;
  return static_cast<std::size_t>(found - rows_.begin());
}

std::span<const AnswerDigest> Signature::Answers(const PromptRow& row) const {
  return std::span(answers_).subspan(row.first_answer, row.samples);
}

void Signature::Grams(const PromptRow& row, std::vector<GramCount>& out) const {
  // Checked when parsed.
  UnpackGrams(std::string_view(grams_).substr(row.grams_begin, row.grams_end - row.grams_begin), row.samples, out);
}

void Signature::Style(const PromptRow& row, std::vector<FeatureCount>& out) const {
  UnpackStyle(std::string_view(style_).substr(row.style_begin, row.style_end - row.style_begin), row.samples, out);
}

void Signature::AppendRow(PromptRow row, std::span<const AnswerDigest> answers, std::string_view grams,
                          std::string_view style) {
  row.samples = static_cast<std::uint32_t>(answers.size());
  row.first_answer = answers_.size();
  answers_.insert(answers_.end(), answers.begin(), answers.end());
  row.grams_begin = grams_.size();
  grams_ += grams;
  row.grams_end = grams_.size();
  row.style_begin = style_.size();
  style_ += style;
  row.style_end = style_.size();
  rows_.push_back(row);
}

absl::Status SignatureBuilder::Add(AnswerFeatures features) {
  const Hash128 prompt = features.prompt;
  const std::uint32_t sample = features.digest.sample;
  if (!features.style.empty() && features.style.back() >= kMaxFeatures) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a feature of style must be below %d, got %d", kMaxFeatures, features.style.back()));
  }
  if (!answers_[prompt].try_emplace(sample, std::move(features)).second) {
    return absl::InvalidArgumentError(
        absl::StrFormat("sample %d of prompt %s was added twice", sample, ToHex(prompt)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Signature> SignatureBuilder::Build(ModelMetadata metadata) const {
  if (answers_.empty()) return absl::InvalidArgumentError("a signature needs at least one answer, got none");
  Signature signature;
  signature.metadata_ = std::move(metadata);
  signature.vocabulary_ = vocabulary_;
  std::vector<AnswerDigest> digests;
  std::vector<std::uint32_t> all_grams;
  std::vector<std::uint16_t> all_style;
  std::string grams;
  std::string style;
  for (const auto& [prompt, samples] : answers_) {
    PromptRow row;
    row.prompt = prompt;
    digests.clear();
    for (const auto& [sample, features] : samples) {
      row.tokens += features.tokens;
      row.code_points += features.code_points;
      digests.push_back(features.digest);
    }
    PackSamples(samples, &AnswerFeatures::grams, all_grams, grams);
    PackSamples(samples, &AnswerFeatures::style, all_style, style);
    signature.AppendRow(row, digests, grams, style);
  }
  signature.UpdateDigest();
  return signature;
}

}  // namespace stemma
