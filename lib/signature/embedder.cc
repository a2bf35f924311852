#include "stemma/embedder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/signature/weighted_row_sum.h"
#include "lib/signature/word_memo.h"
#include "lib/text/wordpiece.h"

namespace stemma {
namespace {

// Of folding, cutting, weights and sums.
constexpr std::uint32_t kRulesVersion = 1;

}  // namespace

struct Embedder::State {
  EmbedderId id;
  std::size_t dims = 0;
  text::WordPiece wordpiece;
  std::vector<std::uint16_t> weights;  // by token; 0 for those that say nothing
  std::vector<std::int8_t> rows;       // `dims` numbers a token
};

absl::StatusOr<Embedder> Embedder::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

absl::StatusOr<Embedder> Embedder::Parse(std::string_view bytes, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kEmbedder, source));
  base::Hasher128 hasher;
  // What vectors depend on; each section's size first, so that bytes cannot pass from one to the next.
  std::array<std::string_view, 5> sections;
  constexpr std::array<std::string_view, 5> kNames = {"OPTIONS", "TOKENS", "FOLDING", "WEIGHTS", "ROWS"};
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    STEMMA_ASSIGN_OR_RETURN(sections[k], file.Section(kNames[k]));
    std::string size;
    base::AppendU64(size, sections[k].size());
    hasher.Update(size);
    hasher.Update(sections[k]);
  }
  const auto [options, tokens, folding, weights, rows] = sections;
  STEMMA_ASSIGN_OR_RETURN(const std::string_view name, file.Section("NAME"));
  base::ByteReader reader(options);
  std::uint32_t version = 0, count = 0, dims = 0;
  if (!reader.ReadU32(version) || !reader.ReadU32(count) || !reader.ReadU32(dims)) {
    return absl::DataLossError(absl::StrFormat("%s: the embedder's options are cut off", source));
  }
  if (version != kRulesVersion) {
    return absl::UnimplementedError(absl::StrFormat(
        "%s: an embedder by rules of version %d; this program has version %d", source, version, kRulesVersion));
  }
  STEMMA_ASSIGN_OR_RETURN(text::WordPiece wordpiece, text::WordPiece::Parse(tokens, folding, source));
  if (dims == 0 || dims > Embeddings::kMaxDims || count != wordpiece.size() ||
      weights.size() != std::size_t{2} * count || rows.size() != std::size_t{count} * dims) {
    return absl::DataLossError(absl::StrFormat(
        "%s: %d tokens in %d dimensions, with %d tokens named, %d bytes of weights and %d of rows", source, count, dims,
        wordpiece.size(), weights.size(), rows.size()));
  }
  auto state = std::make_shared<State>(State{.id = {std::string(name), hasher.Finish()},
                                             .dims = dims,
                                             .wordpiece = std::move(wordpiece),
                                             .weights = std::vector<std::uint16_t>(count),
                                             .rows = std::vector<std::int8_t>(rows.begin(), rows.end())});
  base::ByteReader weight_reader(weights);
  for (std::uint16_t& weight : state->weights) {
    if (!weight_reader.ReadU16(weight) || weight > signature::WeightedRowSum::kMaxWeight) {
      return absl::DataLossError(absl::StrFormat("%s: a token's weight of %d; at most %d may stand there", source,
                                                 weight, signature::WeightedRowSum::kMaxWeight));
    }
  }
  return Embedder(std::move(state));
}

std::size_t Embedder::dims() const { return state_->dims; }
const EmbedderId& Embedder::id() const { return state_->id; }

std::vector<std::uint32_t> Embedder::Tokens(std::string_view text) const {
  std::vector<std::uint32_t> tokens;
  std::string buffer;
  state_->wordpiece.ForEachWord(text, buffer, [&](std::string_view word) { state_->wordpiece.Pieces(word, tokens); });
  return tokens;
}

void Embedder::Embed(std::string_view text, std::span<float> out) const { TextEmbedder(*this).Embed(text, out); }

struct TextEmbedder::Scratch {
  explicit Scratch(std::shared_ptr<const Embedder::State> of)
      : state(std::move(of)), memo(state->wordpiece), counts(state->weights.size()), sum(state->dims) {}

  // How often each token stands in the text.
  void Count(std::string_view text) {
    state->wordpiece.ForEachWord(text, buffer, [this](std::string_view word) {
      for (const std::uint32_t token : memo.Find(word)) {
        if (state->weights[token] == 0) continue;
        if (counts[token]++ == 0) present.push_back(token);
      }
    });
  }

  void AddUp() {
    for (const std::uint32_t token : present) {
      const std::span row(state->rows.data() + std::size_t{token} * state->dims, state->dims);
      sum.Add(row, state->weights[token], counts[token]);
      counts[token] = 0;
    }
    present.clear();
  }

  std::shared_ptr<const Embedder::State> state;
  signature::WordMemo memo;
  std::vector<std::uint32_t> counts;   // by token; all 0 between texts
  std::vector<std::uint32_t> present;  // tokens whose count is not 0
  std::string buffer;
  signature::WeightedRowSum sum;
};

TextEmbedder::TextEmbedder(const Embedder& embedder) : scratch_(std::make_unique<Scratch>(embedder.state_)) {}
TextEmbedder::~TextEmbedder() = default;
TextEmbedder::TextEmbedder(TextEmbedder&&) noexcept = default;
TextEmbedder& TextEmbedder::operator=(TextEmbedder&&) noexcept = default;

void TextEmbedder::Embed(std::string_view text, std::span<float> out) {
  scratch_->Count(text);
  scratch_->AddUp();
  const std::span<const std::int64_t> sums = scratch_->sum.Take();
  double squares = 0;
  for (const std::int64_t sum : sums) squares += static_cast<double>(sum) * static_cast<double>(sum);
  const double norm = squares > 0 ? std::sqrt(squares) : 1;
  std::ranges::transform(sums, out.begin(),
                         [norm](std::int64_t sum) { return static_cast<float>(static_cast<double>(sum) / norm); });
}

}  // namespace stemma
