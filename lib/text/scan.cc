#include "lib/text/scan.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/base/hash.h"
#include "lib/text/unicode.h"

namespace stemma::text {
namespace {

constexpr std::size_t kMaxNumberingDigits = 3;
constexpr std::size_t kMaxHeadingLevel = 6;
constexpr std::array<std::string_view, 6> kHeadings = {"<H1>", "<H2>", "<H3>", "<H4>", "<H5>", "<H6>"};

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// Walks over one line at a time, so that layout is known where tokens are made.
class Scanner {
 public:
  Scanner(std::string_view folded, std::vector<Token>& out) : text_(folded), out_(out) {}

  void Run() {
    std::size_t line_start = 0;
    std::size_t newlines = 0;
    bool first = true;
    while (line_start <= text_.size()) {
      const std::size_t found = text_.find('\n', line_start);
      const std::size_t line_end = found == std::string_view::npos ? text_.size() : found;
      at_ = line_start;
      end_ = line_end;
      Strip();
      if (at_ < end_) {
        if (!first) out_.push_back(MakeMarker(newlines == 1 ? "<N>" : "<P>"));
        first = false;
        newlines = 0;
        LineMarker();
        while (at_ < end_) Next();
      }
      // Without a token yet there is nothing that a newline could separate.
      first = first || out_.empty();
      ++newlines;
      line_start = line_end + 1;
    }
  }

 private:
  CharClass ClassAt(std::size_t at) const { return at < end_ ? ClassOf(Decode(text_, at).value) : CharClass::kNone; }
  bool SpaceAt(std::size_t at) const { return ClassAt(at) == CharClass::kSpace; }

  void Strip() {
    while (at_ < end_ && SpaceAt(at_)) at_ += Decode(text_, at_).size;
    while (at_ < end_) {
      std::size_t last = end_ - 1;
      while (last > at_ && (static_cast<unsigned char>(text_[last]) & 0xC0U) == 0x80U) --last;
      if (ClassOf(Decode(text_, last).value) != CharClass::kSpace) break;
      end_ = last;
    }
  }

  // "- ", "* ", "+ ", "12. ", "12) ", "## " at the start of a line.
  void LineMarker() {
    const char c = text_[at_];
    if (c == '-' || c == '*' || c == '+') {
      if (SpaceAt(at_ + 1)) Emit(c == '-' ? "<L->" : c == '*' ? "<L*>" : "<L+>", 1);
    } else if (IsAsciiDigit(c)) {
      std::size_t digits = 1;
      while (digits <= kMaxNumberingDigits && at_ + digits < end_ && IsAsciiDigit(text_[at_ + digits])) ++digits;
      const std::size_t after = at_ + digits;
      if (digits > kMaxNumberingDigits || after >= end_) return;
      const bool ends = after + 1 == end_ || SpaceAt(after + 1);
      if (ends && text_[after] == '.') Emit("<L1.>", digits + 1);
      if (ends && text_[after] == ')') Emit("<L1)>", digits + 1);
    } else if (c == '#') {
      std::size_t level = 1;
      while (at_ + level < end_ && text_[at_ + level] == '#') ++level;
      if (level <= kMaxHeadingLevel && (at_ + level == end_ || SpaceAt(at_ + level))) Emit(kHeadings[level - 1], level);
    }
  }

  void Emit(std::string_view marker, std::size_t size) {
    out_.push_back(MakeMarker(marker));
    at_ += size;
  }

  void Next() {
    const std::string_view rest = text_.substr(at_, end_ - at_);
    if (rest.starts_with("```")) return Emit("<CODE>", 3);
    if (rest.starts_with("**")) return Emit("<B>", 2);
    const CodePoint c = Decode(text_, at_);
    switch (ClassOf(c.value)) {
      case CharClass::kLetter:
      case CharClass::kDigit:
        return Word();
      case CharClass::kIdeograph:
        return Single(c.size, TokenKind::kWord);
      case CharClass::kSymbol:
        return Single(c.size, TokenKind::kSymbol);
      default:
        at_ += c.size;
    }
  }

  void Single(std::size_t size, TokenKind kind) {
    const std::string_view token = text_.substr(at_, size);
    out_.push_back({base::Hash64(token), token, 1, kind, false});
    at_ += size;
  }

  void Word() {
    const std::size_t start = at_;
    const bool begins_with_digit = ClassAt(start) == CharClass::kDigit;
    std::uint32_t length = 0;
    std::uint32_t digits = 0;
    while (at_ < end_) {
      const CodePoint c = Decode(text_, at_);
      const CharClass kind = ClassOf(c.value);
      const bool part = kind == CharClass::kLetter || kind == CharClass::kDigit || kind == CharClass::kMark;
      if (!part && !(c.value == '\'' && BeginsWord(at_ + 1))) break;
      digits += kind == CharClass::kDigit;
      ++length;
      at_ += c.size;
    }
    const std::string_view token = text_.substr(start, at_ - start);
    if (digits == length && length > 2) {
      out_.push_back(MakeMarker(length == 4 ? "<Y4>" : "<NUM>"));
      return;
    }
    out_.push_back({base::Hash64(token), token, length, begins_with_digit ? TokenKind::kNumber : TokenKind::kWord,
                    digits > 0});
  }

  bool BeginsWord(std::size_t at) const {
    const CharClass kind = ClassAt(at);
    return kind == CharClass::kLetter || kind == CharClass::kDigit;
  }

  std::string_view text_;
  std::vector<Token>& out_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

Token MakeMarker(std::string_view text) {
  return {base::Hash64(text), text, static_cast<std::uint32_t>(text.size()), TokenKind::kMarker, false};
}

void Scan(std::string_view folded, std::vector<Token>& out) { Scanner(folded, out).Run(); }

}  // namespace stemma::text
