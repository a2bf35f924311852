#include "lib/text/scan.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lib/base/hash.h"
#include "lib/text/unicode.h"

namespace stemma::text {
namespace {

constexpr std::size_t kMaxNumberingDigits = 3;
constexpr std::size_t kMaxHeadingLevel = 6;
constexpr std::array<std::string_view, 6> kHeadings = {"<H1>", "<H2>", "<H3>", "<H4>", "<H5>", "<H6>"};

constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// How much a byte adds to a word: one code point, in the high half one digit; 0 where it may not go on as ASCII.
constexpr std::uint64_t kOneDigit = (std::uint64_t{1} << 32) + 1;
constexpr std::array<std::uint64_t, 256> kWordBytes = [] {
  std::array<std::uint64_t, 256> bytes{};
  for (std::size_t c = 0; c < 128; ++c) {
    if (ClassOf(static_cast<char32_t>(c)) == CharClass::kLetter) bytes[c] = 1;
    if (ClassOf(static_cast<char32_t>(c)) == CharClass::kDigit) bytes[c] = kOneDigit;
  }
  return bytes;
}();

// How many of the eight bytes at `bytes` are small ASCII letters before the first that is not. No branch depends on
// where a word ends, which no processor can foresee.
std::size_t LeadingLetters(const char* bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101ULL;  // times a byte: that byte eight times
  std::uint64_t text = 0;
  std::memcpy(&text, bytes, sizeof(text));
  const std::uint64_t low = text & 0x7F * kEach;
  const std::uint64_t from_a = low + (0x80 - 'a') * kEach;
  const std::uint64_t beyond_z = low + (0x7F - 'z') * kEach;
  const std::uint64_t others = ~(from_a & ~beyond_z & ~text) & 0x80 * kEach;
  return static_cast<std::size_t>(std::countr_zero(others)) / 8;
}

// The hashes of one ASCII character each.
const std::array<std::uint64_t, 128>& AsciiHashes() {
  static const std::array<std::uint64_t, 128> hashes = [] {
    std::array<std::uint64_t, 128> made{};
    for (std::size_t c = 0; c < made.size(); ++c) {
      const char byte = static_cast<char>(c);
      made[c] = base::Hash64({&byte, 1});
    }
    return made;
  }();
  return hashes;
}

// Made once: texts are full of them.
struct Markers {
  Token newline = MakeMarker("<N>");
  Token paragraph = MakeMarker("<P>");
  Token bold = MakeMarker("<B>");
  Token year = MakeMarker("<Y4>");
  Token number = MakeMarker("<NUM>");
};

const Markers& CommonMarkers() {
  static const Markers markers;
  return markers;
}

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
        if (!first) out_.push_back(newlines == 1 ? markers_.newline : markers_.paragraph);
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
    const char c = text_[at_];
    if (!IsAscii(c)) return NextWide();
    switch (ClassOf(static_cast<char32_t>(c))) {
      case CharClass::kLetter:
        return Word(TokenKind::kWord);
      case CharClass::kDigit:
        return Word(TokenKind::kNumber);
      case CharClass::kSymbol:
        return Symbol(c);
      default:
        ++at_;
    }
  }

  void NextWide() {
    const CodePoint c = Decode(text_, at_);
    switch (ClassOf(c.value)) {
      case CharClass::kLetter:
        return Word(TokenKind::kWord);
      case CharClass::kDigit:
        return Word(TokenKind::kNumber);
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

  void Symbol(char c) {
    const std::string_view rest = text_.substr(at_, end_ - at_);
    if (c == '`' && rest.starts_with("```")) return Emit("<CODE>", 3);
    if (c == '*' && rest.starts_with("**")) {
      out_.push_back(markers_.bold);
      at_ += 2;
      return;
    }
    out_.push_back({ascii_hashes_[static_cast<std::size_t>(c)], rest.substr(0, 1), 1, TokenKind::kSymbol, false});
    ++at_;
  }

  std::size_t SkipSmallLetters() {
    const std::size_t start = at_;
    for (std::size_t letters = 8; letters == 8 && end_ - at_ >= 8; at_ += letters) {
      letters = LeadingLetters(text_.data() + at_);
    }
    return at_ - start;
  }

  // Passes over the word at `at_`. Returns its length, in the high half its digits.
  std::uint64_t SkipWord() {
    std::uint64_t counts = 0;
    while (true) {
      if constexpr (std::endian::native == std::endian::little) counts += SkipSmallLetters();
      for (; at_ < end_ && kWordBytes[static_cast<unsigned char>(text_[at_])] != 0; ++at_) {
        counts += kWordBytes[static_cast<unsigned char>(text_[at_])];
      }
      if (at_ == end_) return counts;
      const CodePoint c = Decode(text_, at_);
      const CharClass kind = ClassOf(c.value);
      const bool part = kind == CharClass::kLetter || kind == CharClass::kDigit || kind == CharClass::kMark;
      if (!part && !(c.value == '\'' && BeginsWord(at_ + 1))) return counts;
      counts += kind == CharClass::kDigit ? kOneDigit : 1;
      at_ += c.size;
    }
  }

  void Word(TokenKind kind) {
    const std::size_t start = at_;
    const std::uint64_t counts = SkipWord();
    const auto length = static_cast<std::uint32_t>(counts);
    const auto digits = static_cast<std::uint32_t>(counts >> 32);
    if (digits == length && length > 2) {
      out_.push_back(length == 4 ? markers_.year : markers_.number);
      return;
    }
    const std::string_view token = text_.substr(start, at_ - start);
    out_.push_back({base::Hash64(token), token, length, kind, digits > 0});
  }

  bool BeginsWord(std::size_t at) const {
    const CharClass kind = ClassAt(at);
    return kind == CharClass::kLetter || kind == CharClass::kDigit;
  }

  std::string_view text_;
  std::vector<Token>& out_;
  const Markers& markers_ = CommonMarkers();
  const std::array<std::uint64_t, 128>& ascii_hashes_ = AsciiHashes();
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

Token MakeMarker(std::string_view text) {
  return {base::Hash64(text), text, static_cast<std::uint32_t>(text.size()), TokenKind::kMarker, false};
}

void Scan(std::string_view folded, std::vector<Token>& out) { Scanner(folded, out).Run(); }

}  // namespace stemma::text
