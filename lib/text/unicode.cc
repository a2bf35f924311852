#include "lib/text/unicode.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>

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

constexpr std::array<CharClass, 128> MakeAsciiClasses() {
  std::array<CharClass, 128> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (c == '\n') {
      classes[c] = CharClass::kNewline;
    } else if (c == ' ' || c == '\t') {
      classes[c] = CharClass::kSpace;
    } else if (letter) {
      classes[c] = CharClass::kLetter;
    } else if (digit) {
      classes[c] = CharClass::kDigit;
    } else if (c > ' ' && c < 0x7F) {
      classes[c] = CharClass::kSymbol;
    }
  }
  return classes;
}

constexpr std::array<CharClass, 128> kAsciiClasses = MakeAsciiClasses();

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

// Neither case folding nor NFC changes these or what stands beside them, so that text in common scripts avoids the slow path.
constexpr bool IsInert(char32_t c) {
  return Within(c, 0x2013, 0x2027) || Within(c, 0x3001, 0x3029) || Within(c, 0x3041, 0x3096) ||
         Within(c, 0x30A1, 0x30FA) || Within(c, 0x4E00, 0x9FFF);
}

bool IsDropped(char32_t c) {
  if (c < 0x20 || c == 0x7F) return true;  // line ends, tab and other spaces were told apart before
  if (c < 0x80) return false;
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || c == kIllFormed;
}

// Maps what has an ASCII stand-in, lowers ASCII, drops the invisible. Returns true if the slow path is needed.
bool FoldSimple(std::string_view text, std::string& out) {
  bool needs_unicode = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const char byte = text[at];
    if (byte >= ' ' && byte < 0x7F) {
      out.push_back(byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte);
      ++at;
      continue;
    }
    const CodePoint c = Decode(text, at);
    if (c.value == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      ++at;
      continue;
    }
    if (IsLineEnd(c.value)) {
      out.push_back('\n');
    } else if (c.value == '\t' || c.value == '\v' || c.value == '\f') {
      out.push_back(' ');
    } else if (!IsDropped(c.value)) {
      if (const char ascii = AsciiQuoteOrDash(c.value)) {
        out.push_back(ascii);
      } else {
        out.append(text, at, c.size);
        needs_unicode |= !IsInert(c.value);
      }
    }
    at += c.size;
  }
  return needs_unicode;
}

}  // namespace

CodePoint Decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[at + k]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
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

CharClass ClassOf(char32_t code_point) {
  return code_point < 0x80 ? kAsciiClasses[code_point] : ClassByCategory(code_point);
}

void Fold(std::string_view text, std::string& out) {
  out.clear();
  if (!FoldSimple(text, out)) return;
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(out.data()), static_cast<utf8proc_ssize_t>(out.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  if (size >= 0) out.assign(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
  std::free(mapped);  // utf8proc allocates by malloc
}

}  // namespace stemma::text
