// What must be learned once and shipped: brand names, the words that masks keep, the features of style and their space.
//
// Signatures name the vocabulary they were made with by its digest, and are comparable only under the same one. The
// digest covers what signatures depend on: not the style space, which is fitted to signatures.
// Shape: the 400 most widely used words; features of style, maybe none; a style space, maybe none.
// Errors: those of the file container.
// Determinism: the same answers give the same bytes, in whatever order they come.
#ifndef STEMMA_VOCABULARY_H_
#define STEMMA_VOCABULARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/mask.h"
#include "stemma/style_features.h"
#include "stemma/style_space.h"
#include "stemma/tokenizer.h"

namespace stemma {

inline constexpr std::size_t kFineMaskWords = 400;

// Immutable and cheap to copy.
class Vocabulary {
 public:
  // `words`: hashes of at least `kFineMaskWords` words, the most widely used first.
  static absl::StatusOr<Vocabulary> Create(std::vector<std::string> brands, std::vector<std::uint64_t> words,
                                           StyleFeatures style = {});

  static absl::StatusOr<Vocabulary> Read(const std::string& path);
  static absl::StatusOr<Vocabulary> Parse(std::string_view bytes, std::string_view source);
  absl::Status Write(const std::string& path) const;
  std::string Serialize() const;

  const Tokenizer& tokenizer() const { return state_->tokenizer; }
  const MaskList& fine_mask() const { return state_->fine_mask; }  // Mask(400)
  const StyleFeatures& style_features() const { return state_->style_features; }
  // Null where none was fitted.
  const StyleSpace* style_space() const { return style_space_.get(); }
  // The same vocabulary with another style space. Errors: kInvalidArgument for a space of other features.
  absl::StatusOr<Vocabulary> WithStyleSpace(StyleSpace space) const;
  const std::vector<std::string>& brands() const { return state_->brands; }
  const Hash128& digest() const { return state_->digest; }

 private:
  struct State {
    std::vector<std::string> brands;
    std::vector<std::uint64_t> words;
    Tokenizer tokenizer;
    MaskList fine_mask;
    StyleFeatures style_features;
    Hash128 digest;
  };
  explicit Vocabulary(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
  std::shared_ptr<const StyleSpace> style_space_;
};

// One name a line; empty lines and lines that begin with '#' are skipped.
std::vector<std::string> ParseBrandNames(std::string_view text);

// Counts, for each word, the prompts at which at least `kMinModels` models use it, and the features of style. The style
// space comes later: it is fitted to signatures made with this vocabulary.
class VocabularyFitter {
 public:
  static constexpr std::size_t kMinModels = 3;

  explicit VocabularyFitter(std::vector<std::string> brands);

  void Add(std::string_view model, const Hash128& prompt, std::string_view answer);

  // Errors: kFailedPrecondition where fewer than `kFineMaskWords` words are used so widely.
  absl::StatusOr<Vocabulary> Fit() const;

 private:
  using Models = std::array<std::uint32_t, kMinModels>;  // the first distinct ones, 0 for none

  std::vector<std::string> brands_;
  Tokenizer tokenizer_;
  TokenStream tokens_;
  absl::flat_hash_map<std::string, std::uint32_t> model_ids_;
  absl::flat_hash_map<Hash128, absl::flat_hash_map<std::uint64_t, Models>> users_;  // by prompt, by word
  StyleFeatureFitter style_;
};

}  // namespace stemma

#endif  // STEMMA_VOCABULARY_H_
