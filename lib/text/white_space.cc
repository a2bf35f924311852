#include "lib/text/white_space.h"

#include <array>

namespace stemma::text {
namespace {

constexpr bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Cheap, and true of few other bytes.
constexpr bool MayBeginSpace(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0xC2 || (byte >= 0xE1 && byte <= 0xE3);
}

// Those outside ASCII: U+0085, U+00A0, U+1680, U+2000..U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
constexpr bool IsWideSpace(unsigned char first, unsigned char second, unsigned char third) {
  switch (first) {
    case 0xE1:
      return second == 0x9A && third == 0x80;
    case 0xE2:
      return (second == 0x80 &&
              ((third >= 0x80 && third <= 0x8A) || third == 0xA8 || third == 0xA9 || third == 0xAF)) ||
             (second == 0x81 && third == 0x9F);
    case 0xE3:
      return second == 0x80 && third == 0x80;
    default:
      return false;
  }
}

// Bytes of the white space character that `text` ends with; 0 where it ends with none.
std::size_t TrailingWhiteSpaceSize(std::string_view text) {
  for (const std::size_t size : std::array<std::size_t, 3>{1, 2, 3}) {
    if (text.size() >= size && LeadingWhiteSpaceSize(text.substr(text.size() - size)) == size) return size;
  }
  return 0;
}

}  // namespace

std::size_t LeadingWhiteSpaceSize(std::string_view text) {
  if (text.empty()) return 0;
  if (IsAsciiSpace(text[0])) return 1;
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  if (byte(0) < 0x80) return 0;
  if (text.size() >= 2 && byte(0) == 0xC2 && (byte(1) == 0x85 || byte(1) == 0xA0)) return 2;
  if (text.size() >= 3 && IsWideSpace(byte(0), byte(1), byte(2))) return 3;
  return 0;
}

std::string_view StripWhiteSpace(std::string_view text) {
  while (const std::size_t size = LeadingWhiteSpaceSize(text)) text.remove_prefix(size);
  while (const std::size_t size = TrailingWhiteSpaceSize(text)) text.remove_suffix(size);
  return text;
}

void AppendCollapsed(std::string_view text, std::string& out) {
  text = StripWhiteSpace(text);
  std::size_t word = 0;  // where the run without white space began
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = MayBeginSpace(text[at]) ? LeadingWhiteSpaceSize(text.substr(at)) : 0;
    if (size == 0) {
      ++at;
      continue;
    }
    out.append(text, word, at - word).push_back(' ');
    for (; size > 0; size = LeadingWhiteSpaceSize(text.substr(at))) at += size;
    word = at;
  }
  out.append(text, word);
}

}  // namespace stemma::text
