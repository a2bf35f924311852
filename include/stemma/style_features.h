// Habits of style that an answer has or has not: the words, symbols and layout markers that many models use most, and
// the openings of sentences.
//
// A sentence opens at an answer's start, behind a line end, a list marker, or one of . ! ? : and its opening is its
// first one, two and three tokens, even where these run on over its end; whether it opens a line or a list item counts as
// part of it.
// Shape: a feature is its index; words stand before openings, each in the order of their hashes.
// Determinism: integers only; the fitted lists depend on the answers alone, never on their order.
// Complexity: one lookup a token, which can be kept from token to token, and three for each sentence.
// Source: most frequent words as markers of style: Burrows 2002 ("Delta"); sentence openings are this project's.
#ifndef STEMMA_STYLE_FEATURES_H_
#define STEMMA_STYLE_FEATURES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "stemma/hash.h"
#include "stemma/tokenizer.h"

namespace stemma {

// What ends at a token, so that an opening may begin behind it.
enum class StyleBoundary : std::uint8_t {
  kNone,
  kSentence,
  kItem,  // a list marker: a line's opening begins behind it
  kLine,  // the same of a line end, with which none begins
};

// What a token is for style; its text alone decides.
struct StyleTraits {
  std::uint16_t word = 0;  // its feature; `StyleFeatures::kNoFeature` for a word that is none
  StyleBoundary boundary = StyleBoundary::kNone;
};

class StyleFeatures {
 public:
  static constexpr std::size_t kMaxWords = 625;
  static constexpr std::size_t kMaxOpenings = 750;
  static constexpr std::uint16_t kNoFeature = kMaxWords + kMaxOpenings;

  StyleFeatures() = default;
  // Hashes of words and of openings, in any order. Precondition: at most as many as above.
  StyleFeatures(std::vector<std::uint64_t> words, std::vector<std::uint64_t> openings);

  std::span<const std::uint64_t> words() const { return words_; }
  std::span<const std::uint64_t> openings() const { return openings_; }
  std::size_t size() const { return words_.size() + openings_.size(); }

  StyleTraits TraitsOf(const Token& token) const;

  // Replaces the contents of `out` by the features that the answer has, sorted. `traits`: of each token.
  void Extract(std::span<const Token> tokens, std::span<const StyleTraits> traits,
               std::vector<std::uint16_t>& out) const;

 private:
  // Keys are hashes already.
  struct Itself {
    std::size_t operator()(std::uint64_t hash) const { return static_cast<std::size_t>(hash); }
  };
  using Index = absl::flat_hash_map<std::uint64_t, std::uint16_t, Itself>;

  static Index IndexFrom(std::size_t first, std::span<const std::uint64_t> hashes);

  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> openings_;
  Index word_index_;
  Index opening_index_;
};

// Counts the answers that have each feature; keeps those that the most answers have, of those at enough prompts.
class StyleFeatureFitter {
 public:
  static constexpr std::size_t kMinPromptsOfWord = 8;
  static constexpr std::size_t kMinPromptsOfOpening = 6;

  void Add(const Hash128& prompt, std::span<const Token> tokens);
  StyleFeatures Fit() const;

 private:
  struct Use {
    std::uint64_t answers = 0;
    std::array<std::uint32_t, kMinPromptsOfWord> prompts = {};  // the first distinct ones, numbered from 1; 0 for none
  };
  using Uses = absl::flat_hash_map<std::uint64_t, Use>;

  static void Count(std::vector<std::uint64_t>& features, std::uint32_t prompt, Uses& uses);
  static std::vector<std::uint64_t> Commonest(const Uses& uses, std::size_t count, std::size_t min_prompts);

  absl::flat_hash_map<Hash128, std::uint32_t> prompt_ids_;
  Uses words_;
  Uses openings_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace stemma

#endif  // STEMMA_STYLE_FEATURES_H_
