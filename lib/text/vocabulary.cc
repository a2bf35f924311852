#include "stemma/vocabulary.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/durable_file.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"

namespace stemma {
namespace {

constexpr std::string_view kStyleWords = "STYLEWRD";
constexpr std::string_view kStyleOpenings = "STYLEOPN";
constexpr std::string_view kStyleSpace = "STYLESPC";

std::string_view Trim(std::string_view line) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

std::string SerializeHashes(std::span<const std::uint64_t> hashes) {
  std::string out;
  for (const std::uint64_t hash : hashes) base::AppendU64(out, hash);
  return out;
}

bool ParseHashes(std::string_view bytes, std::vector<std::uint64_t>& hashes) {
  if (bytes.size() % sizeof(std::uint64_t) != 0) return false;
  hashes.resize(bytes.size() / sizeof(std::uint64_t));
  base::ByteReader reader(bytes);
  for (std::uint64_t& hash : hashes) reader.ReadU64(hash);
  return true;
}

std::string SerializeVocabulary(std::span<const std::string> brands, std::span<const std::uint64_t> words,
                                const StyleFeatures& style, const StyleSpace* space) {
  std::string options;
  base::AppendU32(options, kTokenizerVersion);
  std::string names;
  for (const std::string& brand : brands) names += brand + "\n";
  base::SectionedFileWriter writer(base::FileKind::kVocabulary);
  writer.Add("OPTIONS", std::move(options));
  writer.Add("BRANDS", std::move(names));
  writer.Add("WORDS", SerializeHashes(words));
  writer.Add(kStyleWords, SerializeHashes(style.words()));
  writer.Add(kStyleOpenings, SerializeHashes(style.openings()));
  if (space != nullptr) writer.Add(kStyleSpace, space->Serialize());
  return writer.Finish();
}

}  // namespace

absl::StatusOr<Vocabulary> Vocabulary::Create(std::vector<std::string> brands, std::vector<std::uint64_t> words,
                                              StyleFeatures style) {
  if (words.size() < kFineMaskWords) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a vocabulary needs at least %d words, got %d", kFineMaskWords, words.size()));
  }
  for (const std::string& brand : brands) {
    // Else the file would give back another list, under another digest.
    if (ParseBrandNames(brand) == std::vector{brand}) continue;
    return absl::InvalidArgumentError(absl::StrFormat(
        "a brand name must be one line without outer spaces that does not begin with '#', got \"%s\"", brand));
  }
  words.resize(kFineMaskWords);
  const Hash128 digest = base::HashBytes128(SerializeVocabulary(brands, words, style, nullptr));
  Tokenizer tokenizer(brands);
  MaskList fine(words);
  return Vocabulary(std::make_shared<const State>(State{std::move(brands), std::move(words), std::move(tokenizer),
                                                        std::move(fine), std::move(style), digest}));
}

absl::StatusOr<Vocabulary> Vocabulary::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

absl::StatusOr<Vocabulary> Vocabulary::Parse(std::string_view bytes, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kVocabulary, source));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view options, file.Section("OPTIONS"));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view names, file.Section("BRANDS"));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view word_hashes, file.Section("WORDS"));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view style_word_hashes, file.Section(kStyleWords));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view opening_hashes, file.Section(kStyleOpenings));
  base::ByteReader reader(options);
  std::uint32_t version = 0;
  std::vector<std::uint64_t> words, style_words, openings;
  if (!reader.ReadU32(version) || !ParseHashes(word_hashes, words) || !ParseHashes(style_word_hashes, style_words) ||
      !ParseHashes(opening_hashes, openings) || style_words.size() > StyleFeatures::kMaxWords ||
      openings.size() > StyleFeatures::kMaxOpenings) {
    return absl::DataLossError(absl::StrFormat("%s: the vocabulary's sections are cut off", source));
  }
  if (version != kTokenizerVersion) {
    return absl::UnimplementedError(absl::StrFormat("%s: made for tokenizer version %d; this program has version %d",
                                                    source, version, kTokenizerVersion));
  }
  STEMMA_ASSIGN_OR_RETURN(Vocabulary vocabulary,
                          Create(ParseBrandNames(names), std::move(words),
                                 StyleFeatures(std::move(style_words), std::move(openings))));
  if (!file.Has(kStyleSpace)) return vocabulary;
  STEMMA_ASSIGN_OR_RETURN(const std::string_view space_bytes, file.Section(kStyleSpace));
  STEMMA_ASSIGN_OR_RETURN(StyleSpace space, StyleSpace::Parse(space_bytes, source));
  if (space.features() != vocabulary.style_features().size()) {
    return absl::DataLossError(absl::StrFormat("%s: a style space of %d features in a vocabulary of %d", source,
                                               space.features(), vocabulary.style_features().size()));
  }
  return vocabulary.WithStyleSpace(std::move(space));
}

absl::StatusOr<Vocabulary> Vocabulary::WithStyleSpace(StyleSpace space) const {
  if (space.features() != style_features().size()) {
    return absl::InvalidArgumentError(absl::StrFormat("the style space is of %d features; the vocabulary has %d",
                                                      space.features(), style_features().size()));
  }
  Vocabulary with = *this;
  with.style_space_ = std::make_shared<const StyleSpace>(std::move(space));
  return with;
}

std::string Vocabulary::Serialize() const {
  return SerializeVocabulary(state_->brands, state_->words, state_->style_features, style_space());
}

absl::Status Vocabulary::Write(const std::string& path) const { return base::WriteFileDurably(path, Serialize()); }

std::vector<std::string> ParseBrandNames(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    if (!line.empty() && line.front() != '#') names.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

VocabularyFitter::VocabularyFitter(std::vector<std::string> brands)
    : brands_(std::move(brands)), tokenizer_(brands_) {}

void VocabularyFitter::Add(std::string_view model, const Hash128& prompt, std::string_view answer) {
  const auto next_id = static_cast<std::uint32_t>(model_ids_.size() + 1);
  const std::uint32_t id = model_ids_.try_emplace(std::string(model), next_id).first->second;
  auto& users_of_word = users_[prompt];
  tokenizer_.Tokenize(answer, tokens_);
  style_.Add(prompt, tokens_.tokens());
  for (const Token& token : tokens_.tokens()) {
    if (!IsAlphabetic(token)) continue;
    Models& models = users_of_word[token.hash];
    for (std::uint32_t& model_id : models) {
      if (model_id == id) break;
      if (model_id == 0) {
        model_id = id;
        break;
      }
    }
  }
}

absl::StatusOr<Vocabulary> VocabularyFitter::Fit() const {
  absl::flat_hash_map<std::uint64_t, std::uint64_t> prompts_of_word;
  for (const auto& [prompt, users_of_word] : users_) {
    for (const auto& [word, models] : users_of_word) prompts_of_word[word] += models.back() != 0;
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranked;
  for (const auto& [word, prompts] : prompts_of_word) {
    if (prompts > 0) ranked.emplace_back(prompts, word);
  }
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (ranked.size() < kFineMaskWords) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "a vocabulary needs %d words that %d models use at the same prompt; these responses have %d", kFineMaskWords,
        kMinModels, ranked.size()));
  }
  std::vector<std::uint64_t> words;
  for (std::size_t k = 0; k < kFineMaskWords; ++k) words.push_back(ranked[k].second);
  return Vocabulary::Create(brands_, std::move(words), style_.Fit());
}

}  // namespace stemma
