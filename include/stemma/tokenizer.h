// Text to tokens: words, symbols, layout markers, and brand names as one <BRAND> token.
//
// Folding: curly quotes and dashes to ASCII, full case folding, NFC, one kind of line end, invisible and control
// characters dropped. Words are runs of letters, digits, marks and inner apostrophes; CJK characters stand alone;
// every other printable character is a token. Markers are written as `<N>` `<P>` `<L->` `<L1.>` `<H1>` `<CODE>` `<B>`
// `<NUM>` `<Y4>` `<BRAND>`.
//
// Units: `length` counts code points of the folded token.
// Errors: none; ill-formed UTF-8 bytes are skipped (readers refuse them before).
// Determinism: independent of locale; depends on the Unicode version of utf8proc for unassigned characters only.
// Complexity: linear in the text.
#ifndef STEMMA_TOKENIZER_H_
#define STEMMA_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stemma {

// Counts up whenever any text could be tokenized or masked differently; signatures carry it.
inline constexpr std::uint32_t kTokenizerVersion = 1;

enum class TokenKind : std::uint8_t {
  kWord,    // begins with a letter
  kNumber,  // begins with a digit
  kSymbol,  // one printable character
  kMarker,  // <...>
};

struct Token {
  std::uint64_t hash = 0;  // XXH3 of `text`
  std::string_view text;   // folded; lives in the TokenStream or is static
  std::uint32_t length = 0;
  TokenKind kind = TokenKind::kSymbol;
  bool has_digit = false;
};

// Reusable output of `Tokenizer::Tokenize`; its tokens' texts live until the next call.
class TokenStream {
 public:
  std::span<const Token> tokens() const { return tokens_; }

 private:
  friend class Tokenizer;
  std::string folded_;
  std::vector<Token> tokens_;
};

class Tokenizer {
 public:
  // `brands`: names as a person writes them, e.g. "open ai"; words may be joined by space, hyphen or dot in the text.
  explicit Tokenizer(std::span<const std::string> brands);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  // Thread-safe for distinct streams.
  void Tokenize(std::string_view text, TokenStream& out) const;

 private:
  struct Brands;
  std::unique_ptr<const Brands> brands_;
};

}  // namespace stemma

#endif  // STEMMA_TOKENIZER_H_
