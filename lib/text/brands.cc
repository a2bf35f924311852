#include "lib/text/brands.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "lib/base/hash.h"
#include "lib/text/scan.h"
#include "lib/text/unicode.h"

namespace stemma::text {
namespace {

// Sizes, tiers and variants that vendors append to a model's name.
constexpr std::array<std::string_view, 18> kVersionWords = {
    "chat", "flash", "haiku", "instruct", "large",   "lite", "medium", "mini",   "nano",
    "next", "opus",  "plus",  "preview",  "pro", "small", "sonnet", "turbo", "ultra"};
constexpr std::size_t kMaxVersionLength = 4;

std::string_view WithoutPossessive(std::string_view word) {
  if (word.ends_with("'s")) word.remove_suffix(2);
  return word;
}

bool Is(const Token& token, char symbol) { return token.kind == TokenKind::kSymbol && token.text.front() == symbol; }

bool IsNumeric(std::span<const Token> tokens, std::size_t at) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kNumber && tokens[at].length <= kMaxVersionLength;
}

bool IsVersionWord(std::span<const Token> tokens, std::size_t at) {
  if (at >= tokens.size() || tokens[at].kind != TokenKind::kWord) return false;
  const std::string_view word = WithoutPossessive(tokens[at].text);
  return std::ranges::find(kVersionWords, word) != kVersionWords.end();
}

bool IsLongNumber(std::span<const Token> tokens, std::size_t at) {
  return at < tokens.size() && (tokens[at].text == "<NUM>" || tokens[at].text == "<Y4>");
}

// One past the ".5" of "3.5" where one stands at `at`, and of "3.5.1".
std::size_t MinorVersionEnd(std::span<const Token> tokens, std::size_t at) {
  while (at < tokens.size() && Is(tokens[at], '.') && IsNumeric(tokens, at + 1)) at += 2;
  return at;
}

// One past the versions and sizes that stand behind a name which ends at `at`.
std::size_t VersionEnd(std::span<const Token> tokens, std::size_t at) {
  // The version may be glued to the name: qwen2.5.
  if (tokens[at - 1].has_digit) at = MinorVersionEnd(tokens, at);
  for (;;) {
    const bool hyphen = at < tokens.size() && Is(tokens[at], '-');
    const std::size_t next = at + (hyphen ? 1 : 0);
    if (IsNumeric(tokens, next)) {
      at = MinorVersionEnd(tokens, next + 1);
    } else if (IsVersionWord(tokens, next) || (hyphen && IsLongNumber(tokens, next))) {
      at = next + 1;
    } else {
      return at;
    }
  }
}

}  // namespace

BrandMasker::BrandMasker(std::span<const std::string> names) {
  std::string folded;
  std::vector<Token> tokens;
  for (const std::string& name : names) {
    Fold(name, folded);
    tokens.clear();
    Scan(folded, tokens);
    if (tokens.empty()) continue;
    Phrase phrase;
    for (const Token& token : tokens) phrase.push_back(token.hash);
    phrases_by_head_[phrase.front()].push_back(std::move(phrase));
  }
  for (auto& [head, phrases] : phrases_by_head_) {
    heads_.set(head % heads_.size());
    std::ranges::sort(phrases, [](const Phrase& a, const Phrase& b) { return a.size() > b.size(); });
  }
}

// By arithmetic in place of branches, since nothing tells beforehand where a text's words and symbols stand.
bool BrandMasker::MayBeginName(const Token& token) const {
  const std::size_t before_last = std::max<std::size_t>(token.text.size(), 2) - 2;
  const int is_word = int{token.kind == TokenKind::kWord} | int{token.kind == TokenKind::kNumber};
  const int possessive = int{token.text.back() == 's'} & int{token.text[before_last] == '\''};
  const int is_head = int{heads_.test(token.hash % heads_.size())};
  return (is_word & (is_head | int{token.has_digit} | possessive)) != 0;
}

std::uint64_t BrandMasker::Stem(const Token& token) const {
  const std::string_view word = WithoutPossessive(token.text);
  if (token.has_digit) {
    std::size_t letters = 0;
    while (letters < word.size()) {
      const CodePoint c = Decode(word, letters);
      if (ClassOf(c.value) == CharClass::kDigit) break;
      letters += c.size;
    }
    if (letters < word.size()) {
      const std::uint64_t hash = base::Hash64(word.substr(0, letters));
      const auto found = phrases_by_head_.find(hash);
      if (found != phrases_by_head_.end() && found->second.back().size() == 1) return hash;
    }
  }
  return word.size() == token.text.size() ? token.hash : base::Hash64(word);
}

std::optional<std::size_t> BrandMasker::PhraseEnd(std::span<const Token> tokens, std::size_t start,
                                                  const Phrase& phrase) const {
  std::size_t at = start;
  for (std::size_t k = 0; k < phrase.size(); ++k) {
    if (k > 0 && at < tokens.size() && (Is(tokens[at], '-') || Is(tokens[at], '.'))) ++at;
    if (at >= tokens.size()) return std::nullopt;
    const bool last = k + 1 == phrase.size();
    const bool found = tokens[at].hash == phrase[k] || (last && Stem(tokens[at]) == phrase[k]);
    if (!found) return std::nullopt;
    ++at;
  }
  return at;
}

std::optional<std::size_t> BrandMasker::NameEnd(std::span<const Token> tokens, std::size_t start) const {
  const Token& token = tokens[start];
  const auto find_from = [&](std::uint64_t head) -> std::optional<std::size_t> {
    const auto found = phrases_by_head_.find(head);
    if (found == phrases_by_head_.end()) return std::nullopt;
    for (const Phrase& phrase : found->second) {
      if (const auto end = PhraseEnd(tokens, start, phrase)) return VersionEnd(tokens, *end);
    }
    return std::nullopt;
  };
  if (const auto end = find_from(token.hash)) return end;
  if (token.has_digit || token.text.ends_with("'s")) return find_from(Stem(token));
  return std::nullopt;
}

void BrandMasker::Mask(std::vector<Token>& tokens) const {
  static const Token kBrand = MakeMarker("<BRAND>");
  std::size_t kept = 0;
  std::size_t at = 0;
  while (at < tokens.size()) {
    const auto end = MayBeginName(tokens[at]) ? NameEnd(tokens, at) : std::nullopt;
    if (!end) {
      if (kept != at) tokens[kept] = tokens[at];
      ++kept;
      ++at;
      continue;
    }
    if (kept == 0 || tokens[kept - 1].hash != kBrand.hash) tokens[kept++] = kBrand;
    at = *end;
  }
  tokens.resize(kept);
}

}  // namespace stemma::text
