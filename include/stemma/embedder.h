// The built-in embedder: vectors of texts from a table of token vectors that ships with the program.
//
// A vector is the weighted mean of the vectors of a text's WordPiece tokens. It knows which words stand in a text, not
// their order: a faithful copy and its denial are near to each other. The table knows English best.
// Shape: `dims()` numbers of unit length; all zeros for a text without a known token, which `CheckEmbedding` refuses.
// Errors: those of the file container; kDataLoss for sections that do not fit each other.
// Determinism: sums of integers, so the same bytes on any compiler, with any flags and number of threads; only the last
// division is in floating point, and it is exact IEEE arithmetic.
// Complexity: linear in the text; the table in memory takes a byte a number. Safe to use from many threads.
// Source: Minishlab 2024, Model2Vec; Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence
// embeddings" (the weights); Wang et al. 2020, MiniLM (the vectors).
#ifndef STEMMA_EMBEDDER_H_
#define STEMMA_EMBEDDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embeddings.h"

namespace stemma {

// Immutable and cheap to copy.
class Embedder {
 public:
  static absl::StatusOr<Embedder> Read(const std::string& path);
  static absl::StatusOr<Embedder> Parse(std::string_view bytes, std::string_view source);

  std::size_t dims() const;
  // The digest is of the rules' version, the vocabulary, the weights and the vectors.
  const EmbedderId& id() const;

  // The tokens of a text, by their rows in the table; what the vocabulary does not know is [UNK].
  std::vector<std::uint32_t> Tokens(std::string_view text) const;

  // Precondition: `out` has `dims()` elements. Makes a `TextEmbedder`: for many texts, make one and keep it.
  void Embed(std::string_view text, std::span<float> out) const;

 private:
  friend class TextEmbedder;
  struct State;

  explicit Embedder(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

// Embeds one text after another and remembers the tokens of words that it met. One for each thread.
class TextEmbedder {
 public:
  explicit TextEmbedder(const Embedder& embedder);
  ~TextEmbedder();
  TextEmbedder(TextEmbedder&&) noexcept;
  TextEmbedder& operator=(TextEmbedder&&) noexcept;

  // Precondition: `out` has `dims()` elements.
  void Embed(std::string_view text, std::span<float> out);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace stemma

#endif  // STEMMA_EMBEDDER_H_
