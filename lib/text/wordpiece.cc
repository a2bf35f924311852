#include "lib/text/wordpiece.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "lib/base/status_macros.h"

namespace stemma::text {
namespace {

constexpr std::size_t kMostCodePoints = 100;
constexpr std::string_view kUnknown = "[UNK]";
constexpr std::string_view kContinues = "##";
constexpr std::array<std::string_view, 5> kSpecial = {"[PAD]", kUnknown, "[CLS]", "[SEP]", "[MASK]"};

bool BeginsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<WordPiece> WordPiece::Parse(std::string_view tokens, std::string_view folding, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(WordFolding rules, WordFolding::Parse(folding, source));
  WordPiece out(std::move(rules));
  bool knows_unknown = false;
  while (!tokens.empty()) {
    const std::size_t end = tokens.find('\n');
    if (end == std::string_view::npos) {
      return absl::DataLossError(absl::StrFormat("%s: the tokens are cut off", source));
    }
    const std::string_view token = tokens.substr(0, end);
    const bool continues = token.size() > kContinues.size() && token.starts_with(kContinues);
    const std::string_view piece = continues ? token.substr(kContinues.size()) : token;
    const auto id = static_cast<std::uint32_t>(out.size_++);
    if (token == kUnknown) {
      out.unknown_ = id;
      knows_unknown = true;
    }
    if (!(continues ? out.continuations_ : out.beginnings_).try_emplace(std::string(piece), id).second) {
      return absl::DataLossError(absl::StrFormat("%s: two tokens are \"%s\"", source, token));
    }
    out.longest_ = std::max(out.longest_, piece.size());
    tokens.remove_prefix(end + 1);
  }
  if (!knows_unknown) return absl::DataLossError(absl::StrFormat("%s: no token is %s", source, kUnknown));
  return out;
}

void WordPiece::Pieces(std::string_view word, std::vector<std::uint32_t>& out) const {
  const std::size_t before = out.size();
  const auto is_unknown = [&] {
    out.resize(before);
    out.push_back(unknown_);
  };
  if (word.size() > kMostCodePoints && std::ranges::count_if(word, BeginsCodePoint) > std::ptrdiff_t{kMostCodePoints}) {
    return is_unknown();
  }
  for (std::size_t begin = 0; begin < word.size();) {
    const Ids& ids = begin == 0 ? beginnings_ : continuations_;
    // No piece ends within a code point: all are whole texts.
    std::size_t size = std::min(longest_, word.size() - begin);
    auto found = ids.end();
    for (; size > 0; --size) {
      found = ids.find(Key(word.substr(begin, size)));
      if (found != ids.end()) break;
    }
    if (size == 0) return is_unknown();
    out.push_back(found->second);
    begin += size;
  }
}

std::string_view WordPiece::SpecialInBrackets(std::string_view text) {
  for (const std::string_view special : kSpecial) {
    if (text.starts_with(special)) return special;
  }
  return {};
}

}  // namespace stemma::text
