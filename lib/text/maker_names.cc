#include "lib/text/maker_names.h"

#include <algorithm>
#include <string>

namespace stemma::text {
namespace {

std::vector<std::string> AllBrands(std::span<const Maker> makers) {
  std::vector<std::string> brands;
  for (const Maker& maker : makers) brands.insert(brands.end(), maker.brands.begin(), maker.brands.end());
  return brands;
}

bool IsTiedToWord(std::span<const Token> tokens, std::size_t end) {
  return end + 1 < tokens.size() && tokens[end].text == "-" && tokens[end + 1].kind == TokenKind::kWord &&
         AreGlued(tokens[end - 1], tokens[end]) && AreGlued(tokens[end], tokens[end + 1]);
}

}  // namespace

MakerNames::MakerNames(std::span<const Maker> makers) : anyone_(AllBrands(makers)) {
  for (const Maker& maker : makers) by_maker_.emplace_back(maker.brands);
}

bool MakerNames::OccurIn(std::span<const Token> tokens) const {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (anyone_.NameEnd(tokens, at)) return true;
  }
  return false;
}

std::optional<MakerName> MakerNames::At(std::span<const Token> tokens, std::size_t start) const {
  if (start >= tokens.size() || !anyone_.NameEnd(tokens, start)) return std::nullopt;
  MakerName name;
  for (std::size_t maker = 0; maker < by_maker_.size(); ++maker) {
    const auto end = by_maker_[maker].NameEnd(tokens, start);
    if (end && *end > name.end) name = {.maker = maker, .end = *end};
  }
  if (IsTiedToWord(tokens, name.end)) return std::nullopt;
  name.possessive = std::ranges::any_of(tokens.subspan(start, name.end - start),
                                        [](const Token& token) { return token.text.ends_with("'s"); });
  return name;
}

// Markers have a text of their own, so that they are glued to nothing.
bool AreGlued(const Token& left, const Token& right) {
  return left.text.data() + left.text.size() == right.text.data();
}

}  // namespace stemma::text
