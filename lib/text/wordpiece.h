// WordPiece tokens of a text, as BERT's uncased tokenizer makes them.
//
// Shape: text is folded code point by code point (`WordFolding`) and cut into words; a word falls into the longest
// pieces that the vocabulary has, from its left; one that does not, or has more than 100 code points, is [UNK]. [PAD],
// [UNK], [CLS], [SEP] and [MASK] written out in a text are those tokens. Bytes that are no UTF-8 are dropped.
// Errors: kDataLoss for a vocabulary that is cut off, lacks [UNK], or names a token twice.
// Determinism: nothing but the vocabulary and the folding's table is asked.
// Complexity: linear in the text and, for words that were not met before, quadratic in the word.
// Source: Devlin et al. 2019, "BERT", section 3 and the tokenizer published with it; Wu et al. 2016, "Google's neural
// machine translation system", section 4.1.
#ifndef STEMMA_LIB_TEXT_WORDPIECE_H_
#define STEMMA_LIB_TEXT_WORDPIECE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "lib/text/unicode.h"
#include "lib/text/word_folding.h"

namespace stemma::text {

class WordPiece {
 public:
  // `tokens`: those of the vocabulary by their ids, each with "\n" behind; pieces that go on a word begin with "##".
  static absl::StatusOr<WordPiece> Parse(std::string_view tokens, std::string_view folding, std::string_view source);

  std::size_t size() const { return size_; }  // tokens

  // Appends the ids of a folded word's pieces.
  void Pieces(std::string_view word, std::vector<std::uint32_t>& out) const;

  // Calls `visit` with one folded word after another; `word` is a buffer, which the views point into.
  template <typename Visit>
  void ForEachWord(std::string_view text, std::string& word, const Visit& visit) const {
    word.clear();
    const auto end_word = [&] {
      if (word.empty()) return;
      visit(std::string_view(word));
      word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
      if (const std::size_t letters = AsciiPartsAt(text, at); letters > 0) {
        const std::size_t before = word.size();
        word.resize(before + letters);
        for (std::size_t k = 0; k < letters; ++k) word[before + k] = folding_.OfAscii(text[at + k]).folded;
        at += letters;
      } else if (const std::string_view special = SpecialAt(text, at); !special.empty()) {
        end_word();
        visit(special);
        at += special.size();
      } else {
        at += AddCodePoint(text, at, word, end_word);
      }
    }
    end_word();
  }

 private:
  explicit WordPiece(WordFolding folding) : folding_(std::move(folding)) {}

  // How many ASCII characters from `at` on are parts of words.
  std::size_t AsciiPartsAt(std::string_view text, std::size_t at) const {
    std::size_t end = at;
    while (end < text.size() && IsAscii(text[end]) && folding_.OfAscii(text[end]).rule == WordRule::kPart) ++end;
    return end - at;
  }

  // The name of a special token that stands at `at`; else empty.
  static std::string_view SpecialAt(std::string_view text, std::size_t at) {
    return text[at] == '[' ? SpecialInBrackets(text.substr(at)) : std::string_view();
  }
  static std::string_view SpecialInBrackets(std::string_view text);

  // Returns its size in the text.
  template <typename EndWord>
  std::size_t AddCodePoint(std::string_view text, std::size_t at, std::string& word, const EndWord& end_word) const {
    if (IsAscii(text[at])) {
      const auto [rule, folded] = folding_.OfAscii(text[at]);
      if (rule == WordRule::kDrop) return 1;
      end_word();
      if (rule == WordRule::kSpace) return 1;
      word += folded;
      end_word();
      return 1;
    }
    const CodePoint c = Decode(text, at);
    if (c.size == 1) return 1;
    std::string folded;
    const WordRule rule = folding_.Append(c.value, folded);
    if (rule == WordRule::kDrop) return c.size;
    if (rule != WordRule::kPart) end_word();
    word += folded;
    if (rule == WordRule::kAlone) end_word();
    return c.size;
  }

  using Ids = absl::flat_hash_map<std::string, std::uint32_t>;

  WordFolding folding_;
  Ids beginnings_;
  Ids continuations_;  // without "##"
  std::size_t longest_ = 0;  // bytes
  std::size_t size_ = 0;
  std::uint32_t unknown_ = 0;
};

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_WORDPIECE_H_
