// Brand, vendor and model names, found in a token sequence and replaced by one <BRAND> token.
//
// A name may be joined by spaces, hyphens or dots, carry a possessive, and be followed by versions and sizes
// ("gpt-4", "claude 2.1", "llama-2-70b-chat"), which belong to it. Neighbouring names become one token.
#ifndef STEMMA_LIB_TEXT_BRANDS_H_
#define STEMMA_LIB_TEXT_BRANDS_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "stemma/tokenizer.h"

namespace stemma::text {

class BrandMasker {
 public:
  explicit BrandMasker(std::span<const std::string> names);

  void Mask(std::vector<Token>& tokens) const;

  // One past the longest name that begins at `start`, its versions and sizes included; nothing where none begins.
  std::optional<std::size_t> NameEnd(std::span<const Token> tokens, std::size_t start) const;

 private:
  using Phrase = std::vector<std::uint64_t>;

  // Cheap: false of nearly all tokens that begin no name, true of all that do.
  bool MayBeginName(const Token& token) const;

  // The hash of the name that a token is made of: claude's -> claude, qwen2.5 -> qwen.
  std::uint64_t Stem(const Token& token) const;
  std::optional<std::size_t> PhraseEnd(std::span<const Token> tokens, std::size_t start, const Phrase& phrase) const;

  absl::flat_hash_map<std::uint64_t, std::vector<Phrase>> phrases_by_head_;  // longest first
  std::bitset<1 << 14> heads_;                                               // by the low bits of their hashes
};

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_BRANDS_H_
