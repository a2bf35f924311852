// Code points, their classes, and the folding that precedes tokenization.
#ifndef STEMMA_LIB_TEXT_UNICODE_H_
#define STEMMA_LIB_TEXT_UNICODE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stemma::text {

enum class CharClass : std::uint8_t {
  kNone,     // unassigned, private use, surrogate, control, format
  kSpace,    // separators of words, the tab among them
  kNewline,  // "\n" alone: folding leaves no other line end
  kLetter,
  kDigit,       // decimal digits (Nd)
  kMark,        // combining marks continue a word and never begin one
  kSymbol,      // punctuation, symbols, other numbers
  kIdeograph,  // Han, Hiragana, Katakana: each stands alone
};

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;  // bytes
};

constexpr bool IsAscii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

namespace internal {

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

inline constexpr std::array<CharClass, 128> kAsciiClasses = MakeAsciiClasses();

CodePoint DecodeSequence(std::string_view text, std::size_t at);
CharClass ClassByCategory(char32_t code_point);

}  // namespace internal

// The code point at `at` (< text.size()); ill-formed bytes come as U+FFFF, a noncharacter, one at a time.
inline CodePoint Decode(std::string_view text, std::size_t at) {
  if (IsAscii(text[at])) return {static_cast<char32_t>(text[at]), 1};
  return internal::DecodeSequence(text, at);
}

constexpr CharClass ClassOf(char32_t code_point) {
  return code_point < 0x80 ? internal::kAsciiClasses[code_point] : internal::ClassByCategory(code_point);
}

// Curly quotes and dashes to ASCII, full case folding, NFC, line ends as "\n", control and format characters dropped.
// Source: Unicode Standard Annex 15 (NFC) and CaseFolding.txt (C and F), by utf8proc.
void Fold(std::string_view text, std::string& out);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_UNICODE_H_
