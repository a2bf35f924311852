#include "lib/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace stemma::text {
namespace {

constexpr char32_t kIllFormed = 0xFFFF;

constexpr bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

constexpr bool Within(char32_t value, char32_t first, char32_t last) { return value >= first && value <= last; }

// Of letters; what stands between them in the same blocks is punctuation and marks as everywhere.
constexpr bool IsIdeograph(char32_t c) {
  return Within(c, 0x3040, 0x30FF) || Within(c, 0x31F0, 0x31FF) || Within(c, 0x3400, 0x4DBF) ||
         Within(c, 0x4E00, 0x9FFF) || Within(c, 0xF900, 0xFAFF) || Within(c, 0xFF66, 0xFF9F) ||
         Within(c, 0x20000, 0x3FFFF);
}

// The ASCII stand-in of a curly quote or a dash; 0 where there is none.
constexpr char AsciiQuoteOrDash(char32_t c) {
  switch (c) {
    case 0x2018: case 0x2019: case 0x201A: case 0x201B: case 0x2032: case 0x02BC:
      return '\'';
    case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x2033:
      return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
      return '-';
    default:
      return 0;
  }
}

constexpr bool IsLineEnd(char32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }

// Neither case folding nor NFC changes these or what stands beside them, so that text in common scripts avoids the
// slow path. Where one of them can begin a composition, what would complete it is not among them.
constexpr bool IsInert(char32_t c) {
  constexpr std::array<std::array<char32_t, 2>, 15> kRanges = {{
      {0xA1, 0xAC}, {0xAE, 0xB4}, {0xB6, 0xBF}, {0xE0, 0xFF},                  // Latin-1 without capitals
      {0x430, 0x45F},                                                          // small Cyrillic letters
      {0x2013, 0x2027}, {0x2190, 0x21FF},                                      // punctuation, arrows
      {0x3001, 0x3029}, {0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x4E00, 0x9FFF},  // Kana, Han
      {0xAC00, 0xD7A3},                                                        // Hangul syllables
      {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},              // emoji
  }};
  return std::ranges::any_of(kRanges, [c](const auto& range) { return Within(c, range[0], range[1]); });
}

bool IsDropped(char32_t c) {
  if (c < 0x20 || c == 0x7F) return true;  // line ends, tab and other spaces were told apart before
  if (c < 0x80) return false;
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || c == kIllFormed;
}

// What printable ASCII folds to; 0 for everything else.
constexpr std::array<char, 256> kFoldedAscii = [] {
  std::array<char, 256> folded{};
  for (std::size_t c = ' '; c < 0x7F; ++c) {
    folded[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return folded;
}();

// Lowers eight bytes into `to`. Returns how many of them stand before the first that is not printable ASCII; what is
// written behind those has no meaning.
std::size_t FoldEight(const char* from, char* to) {
  constexpr std::uint64_t kEach = 0x0101010101010101ULL;  // times a byte: that byte eight times
  constexpr std::uint64_t kHigh = 0x80 * kEach;
  std::uint64_t text = 0;
  std::memcpy(&text, from, sizeof(text));
  // The high bit of each sum tells; only behind a byte that is not ASCII may a sum be wrong.
  const std::uint64_t printable = (text + (0x80 - ' ') * kEach) & ~(text + (0x80 - 0x7F) * kEach) & ~text & kHigh;
  const std::uint64_t capital = (text + (0x80 - 'A') * kEach) & ~(text + (0x7F - 'Z') * kEach) & kHigh;
  text += capital >> 2;  // 0x20, from capital to small
  std::memcpy(to, &text, sizeof(text));
  return static_cast<std::size_t>(std::countr_zero(printable ^ kHigh)) / 8;
}

// Writes what the code point `c` at `at`, not printable ASCII, folds to; sets `needs_unicode` if the slow path is
// needed.
char* FoldOther(std::string_view text, std::size_t at, const CodePoint& c, char* to, bool& needs_unicode) {
  if (IsLineEnd(c.value)) {
    const bool half = c.value == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (!half) *to++ = '\n';
  } else if (c.value == '\t' || c.value == '\v' || c.value == '\f') {
    *to++ = ' ';
  } else if (const char ascii = AsciiQuoteOrDash(c.value)) {
    *to++ = ascii;
  } else if (IsInert(c.value)) {
    to = std::copy_n(text.data() + at, c.size, to);
  } else if (!IsDropped(c.value)) {
    to = std::copy_n(text.data() + at, c.size, to);
    needs_unicode = true;
  }
  return to;
}

// Maps what has an ASCII stand-in, lowers ASCII, drops the invisible. Returns true if the slow path is needed.
bool FoldSimple(std::string_view text, std::string& out) {
  out.resize(text.size());  // nothing becomes longer
  char* to = out.data();
  bool needs_unicode = false;
  for (std::size_t at = 0; at < text.size();) {
    if (std::endian::native == std::endian::little && text.size() - at >= 8) {
      const std::size_t folded = FoldEight(text.data() + at, to);
      at += folded;
      to += folded;
      if (folded == 8) continue;
    }
    if (const char folded = kFoldedAscii[static_cast<unsigned char>(text[at])]) {
      *to++ = folded;
      ++at;
      continue;
    }
    const CodePoint c = Decode(text, at);
    to = FoldOther(text, at, c, to, needs_unicode);
    at += c.size;
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return needs_unicode;
}

// Case folding and NFC, a piece at a time. A piece begins before an ASCII character: none of them is changed by what
// stands before it.
class UnicodeFolder {
 public:
  // Precondition: `text` is what `FoldSimple` gives.
  void Fold(std::string_view text, std::string& out) {
    out.clear();
    out.reserve(text.size());
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size();) {
      if (IsAscii(text[at])) {
        ++at;
        continue;
      }
      const std::size_t begin = at > 0 ? at - 1 : at;  // a mark may change the character before it
      bool inert = true;
      while (at < text.size() && !IsAscii(text[at])) {
        const CodePoint c = Decode(text, at);
        inert = inert && IsInert(c.value);
        at += c.size;
      }
      if (inert) continue;
      out.append(text, done, begin - done);
      AppendFolded(text.substr(begin, at - begin), out);
      done = at;
    }
    out.append(text, done);
  }

 private:
  void AppendFolded(std::string_view piece, std::string& out) {
    constexpr auto kOptions =
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(piece.data());
    const auto size = static_cast<utf8proc_ssize_t>(piece.size());
    const auto decompose = [&] {
      const auto room = static_cast<utf8proc_ssize_t>(buffer_.size() - 1);
      return utf8proc_decompose(bytes, size, buffer_.data(), room, kOptions);
    };
    utf8proc_ssize_t length = decompose();
    if (length >= static_cast<utf8proc_ssize_t>(buffer_.size())) {
      buffer_.resize(static_cast<std::size_t>(length) + 1);
      length = decompose();
    }
    // Encodes in place, with a zero behind.
    if (length >= 0) length = utf8proc_reencode(buffer_.data(), length, kOptions);
    if (length < 0) {
      out += piece;
    } else {
      out.append(reinterpret_cast<const char*>(buffer_.data()), static_cast<std::size_t>(length));
    }
  }

  std::vector<utf8proc_int32_t> buffer_ = std::vector<utf8proc_int32_t>(256);
};

}  // namespace

namespace internal {

CharClass ClassByCategory(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return IsIdeograph(c) ? CharClass::kIdeograph : CharClass::kLetter;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return CharClass::kMark;
    case UTF8PROC_CATEGORY_ND:
      return CharClass::kDigit;
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
      return CharClass::kSymbol;
    case UTF8PROC_CATEGORY_ZS:
      return CharClass::kSpace;
    default:
      return CharClass::kNone;
  }
}

CodePoint DecodeSequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[at + k]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + size > text.size()) return {kIllFormed, 1};
  char32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if (!IsContinuation(text[at + k])) return {kIllFormed, 1};
    value = (value << 6) | (byte(k) & 0x3FU);
  }
  // Longer forms than needed, surrogates, and what lies beyond Unicode.
  constexpr std::array<char32_t, 5> kLeastOfSize = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeastOfSize[size] || Within(value, 0xD800, 0xDFFF) || value > 0x10FFFF) return {kIllFormed, 1};
  return {value, size};
}

}  // namespace internal

void Fold(std::string_view text, std::string& out) {
  if (!FoldSimple(text, out)) return;
  std::string folded;
  UnicodeFolder().Fold(out, folded);
  out.swap(folded);
}

}  // namespace stemma::text
