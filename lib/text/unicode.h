// Code points, their classes, and the folding that precedes tokenization.
#ifndef STEMMA_LIB_TEXT_UNICODE_H_
#define STEMMA_LIB_TEXT_UNICODE_H_

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

// The code point at `at` (< text.size()); ill-formed bytes come as U+FFFF, a noncharacter, one at a time.
CodePoint Decode(std::string_view text, std::size_t at);

CharClass ClassOf(char32_t code_point);

// Curly quotes and dashes to ASCII, full case folding, NFC, line ends as "\n", control and format characters dropped.
// Source: Unicode Standard Annex 15 (NFC) and CaseFolding.txt (C and F), by utf8proc.
void Fold(std::string_view text, std::string& out);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_UNICODE_H_
