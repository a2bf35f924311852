#include "stemma/mask.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
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

constexpr std::size_t kLongestSuffix = 4;

std::uint32_t FourBytes(const char* bytes) {
  std::uint32_t value = 0;
  for (std::size_t k = 0; k < kLongestSuffix; ++k) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[k])) << (8 * k);
  }
  return value;
}

struct Suffix {
  std::uint32_t bytes = 0;  // as the end of four
  std::uint32_t mask = 0;
  std::uint32_t least_length = 0;  // of the word
  std::uint64_t class_hash = 0;
};

struct Classes {
  std::uint64_t digit = base::Hash64("D");
  std::uint64_t long_word = base::Hash64("W");
  std::uint64_t short_word = base::Hash64("w");
  std::array<std::vector<Suffix>, 256> suffixes;  // by last byte

  Classes() {
    for (const std::string_view suffix : kSuffixes) {
      const std::size_t unused = kLongestSuffix - suffix.size();
      const std::string padded = std::string(unused, '\0') + std::string(suffix);
      suffixes[static_cast<unsigned char>(suffix.back())].push_back(
          {FourBytes(padded.data()), ~std::uint32_t{0} << (8 * unused),
           static_cast<std::uint32_t>(suffix.size()) + kShortestStem, base::Hash64("S" + std::string(suffix))});
    }
  }
};

const Classes& WordClasses() {
  static const Classes classes;
  return classes;
}

std::uint64_t ClassOfWord(const Token& token, const Classes& classes) {
  if (token.kind == TokenKind::kNumber) return classes.digit;
  if (token.length <= kShortestStem) return classes.short_word;
  const std::uint32_t end = FourBytes(token.text.data() + token.text.size() - kLongestSuffix);
  for (const Suffix& suffix : classes.suffixes[end >> 24]) {
    if ((end & suffix.mask) == suffix.bytes && token.length >= suffix.least_length) return suffix.class_hash;
  }
  return token.length > kLongestShortWord ? classes.long_word : classes.short_word;
}

}  // namespace

MaskList::MaskList(std::span<const std::uint64_t> words) {
  while (std::ranges::find(words, unused_) != words.end()) ++unused_;
  slots_.assign(std::bit_ceil(2 * words.size() + 1), unused_);
  for (const std::uint64_t word : words) {
    std::uint64_t at = word % slots_.size();
    while (slots_[at] != unused_) at = (at + 1) % slots_.size();
    slots_[at] = word;
  }
}

std::uint64_t MaskList::Symbol(const Token& token) const {
  const bool is_word = token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber;
  return !is_word || Keeps(token.hash) ? token.hash : ClassOfWord(token, WordClasses());
}

void MaskList::Apply(std::span<const Token> tokens, std::vector<std::uint64_t>& out) const {
  out.resize(tokens.size());
  std::ranges::transform(tokens, out.begin(), [this](const Token& token) { return Symbol(token); });
}

bool IsAlphabetic(const Token& token) { return token.kind == TokenKind::kWord && !token.has_digit; }

}  // namespace stemma
