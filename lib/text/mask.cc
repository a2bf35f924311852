#include "stemma/mask.h"

#include <array>
#include <string>
#include <string_view>

#include "lib/base/hash.h"

namespace stemma {
namespace {

// In the order in which they are tried.
constexpr std::array<std::string_view, 24> kSuffixes = {
    "ing", "ed",  "ly",  "tion", "sion", "ment", "ness", "able", "ible", "ful", "ous", "ive", "ize",
    "ise", "ity", "er",  "or",    "est",  "al",   "ic",   "ism",  "ist",  "es",  "s"};
constexpr std::uint32_t kShortestStem = 3;
constexpr std::uint32_t kLongestShortWord = 4;

struct ClassHashes {
  std::uint64_t digit = base::Hash64("D");
  std::uint64_t long_word = base::Hash64("W");
  std::uint64_t short_word = base::Hash64("w");
  std::array<std::uint64_t, kSuffixes.size()> suffix{};

  ClassHashes() {
    for (std::size_t k = 0; k < kSuffixes.size(); ++k) suffix[k] = base::Hash64("S" + std::string(kSuffixes[k]));
  }
};

const ClassHashes& Classes() {
  static const ClassHashes classes;
  return classes;
}

std::uint64_t WordClass(const Token& token) {
  const ClassHashes& classes = Classes();
  if (token.kind == TokenKind::kNumber) return classes.digit;
  for (std::size_t k = 0; k < kSuffixes.size(); ++k) {
    const std::string_view suffix = kSuffixes[k];
    if (token.length >= suffix.size() + kShortestStem && token.text.ends_with(suffix)) return classes.suffix[k];
  }
  return token.length > kLongestShortWord ? classes.long_word : classes.short_word;
}

}  // namespace

std::uint64_t MaskList::Symbol(const Token& token) const {
  const bool is_word = token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber;
  return !is_word || kept_.contains(token.hash) ? token.hash : WordClass(token);
}

void MaskList::Apply(std::span<const Token> tokens, std::vector<std::uint64_t>& out) const {
  out.clear();
  out.reserve(tokens.size());
  for (const Token& token : tokens) out.push_back(Symbol(token));
}

bool IsAlphabetic(const Token& token) { return token.kind == TokenKind::kWord && !token.has_digit; }

}  // namespace stemma
