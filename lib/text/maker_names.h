// Brand names in a token sequence, and whose they are.
#ifndef STEMMA_LIB_TEXT_MAKER_NAMES_H_
#define STEMMA_LIB_TEXT_MAKER_NAMES_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "lib/text/brands.h"
#include "stemma/makers.h"
#include "stemma/tokenizer.h"

namespace stemma::text {

struct MakerName {
  std::size_t maker = 0;    // of those that `MakerNames` was made of
  std::size_t end = 0;      // one past its last token, versions and sizes included
  bool possessive = false;  // "OpenAI's"
};

class MakerNames {
 public:
  explicit MakerNames(std::span<const Maker> makers);

  // Whether any name stands in the tokens, which few texts have.
  bool OccurIn(std::span<const Token> tokens) const;

  // The name that begins at `start`, which may lie behind the end; of two makers' the longer one. A name that a hyphen
  // ties to another word ("meta-analysis") is none.
  std::optional<MakerName> At(std::span<const Token> tokens, std::size_t start) const;

 private:
  BrandMasker anyone_;  // of all names: most tokens begin none
  std::vector<BrandMasker> by_maker_;
};

// Whether nothing stands between two neighbouring tokens of a text.
bool AreGlued(const Token& left, const Token& right);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_MAKER_NAMES_H_
