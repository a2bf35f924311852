#include "lib/corpus/json_check.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace stemma::corpus {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool Within(unsigned char byte, unsigned first, unsigned last) { return byte >= first && byte <= last; }

// Bytes of the well-formed sequence at the front; 0 where there is none.
std::size_t SequenceSize(std::string_view text) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const auto continues = [&](std::size_t k) { return (byte(k) & 0xC0U) == 0x80U; };
  const auto lead = static_cast<unsigned char>(byte(0));
  const auto second = static_cast<unsigned char>(byte(1));
  if (lead < 0x80) return 1;
  if (Within(lead, 0xC2, 0xDF)) return continues(1) ? 2 : 0;
  if (Within(lead, 0xE0, 0xEF)) {
    if (!Within(second, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF)) return 0;
    return continues(2) ? 3 : 0;
  }
  if (Within(lead, 0xF0, 0xF4)) {
    if (!Within(second, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF)) return 0;
    return continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// A pushdown automaton instead of recursion: the depth is the input's choice.
class Checker {
 public:
  Checker(std::string_view text, std::vector<JsonNumber>* numbers) : text_(text), numbers_(numbers) {}

  std::optional<JsonProblem> Check() {
    if (!Document()) return std::move(problem_);
    return std::nullopt;
  }

 private:
  bool Document() {
    do {
      if (!ValueOrOpening()) return false;
    } while (!open_.empty());
    SkipSpace();
    return at_ == text_.size() || Fail(absl::StrCat("expected the end of the record, found ", Found()));
  }

  // Reads up to the next place where a value must stand, or to the end of the document.
  bool ValueOrOpening() {
    SkipSpace();
    const char c = Peek();
    if (at_ < text_.size() && (c == '{' || c == '[')) {
      if (open_.size() == kMaxJsonDepth) return Fail(absl::StrFormat("nested deeper than %d levels", kMaxJsonDepth));
      open_.push_back(c);
      ++at_;
      SkipSpace();
      if (Peek() == (c == '{' ? '}' : ']')) return Closings();
      return c == '[' || Key();
    }
    return Scalar() && Closings();
  }

  // After a value: closes what ends here, then moves past the comma to the next value.
  bool Closings() {
    while (!open_.empty()) {
      SkipSpace();
      const char closing = open_.back() == '{' ? '}' : ']';
      const char c = Peek();
      if (c == closing && at_ < text_.size()) {
        ++at_;
        open_.pop_back();
        continue;
      }
      if (c != ',') return Fail(absl::StrFormat("expected ',' or '%c', found %s", closing, Found()));
      ++at_;
      return open_.back() == '[' || Key();
    }
    return true;
  }

  bool Key() {
    SkipSpace();
    if (Peek() != '"') return Fail(absl::StrCat("expected a field's name in double quotes, found ", Found()));
    if (!String()) return false;
    SkipSpace();
    if (Peek() != ':') return Fail(absl::StrCat("expected ':' after a field's name, found ", Found()));
    ++at_;
    return true;
  }

  bool Scalar() {
    const char c = Peek();
    if (c == '"') return String();
    if (c == '-' || IsDigit(c)) return Number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return true;
      }
    }
    for (const std::string_view word : {"NaN", "Infinity"}) {
      if (text_.substr(at_).starts_with(word)) return Fail(absl::StrFormat("%s is not JSON", word));
    }
    return Fail(absl::StrCat("expected a value, found ", Found()));
  }

  bool Digits() {
    if (!IsDigit(Peek())) return Fail(absl::StrCat("expected a digit, found ", Found()));
    while (IsDigit(Peek())) ++at_;
    return true;
  }

  bool Number() {
    const std::size_t begin = at_;
    if (Peek() == '-') ++at_;
    if (Peek() == 'I') return Fail("Infinity is not JSON");
    if (Peek() == '0') {
      ++at_;
      if (IsDigit(Peek())) return Fail("a number must not begin with 0");
    } else if (!Digits()) {
      return false;
    }
    if (Peek() == '.') {
      ++at_;
      if (!Digits()) return false;
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      if (!Digits()) return false;
    }
    if (numbers_ != nullptr) numbers_->push_back({begin, at_});
    return true;
  }

  bool String() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_];
      if (c == '\\') {
        if (!Escape()) return false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return Fail(absl::StrFormat("a control character (0x%02x) inside a string must be written as \\u%04x",
                                    static_cast<unsigned>(c), static_cast<unsigned>(c)));
      } else {
        const std::size_t size = SequenceSize(text_.substr(at_));
        if (size == 0) return Fail(absl::StrFormat("not UTF-8: byte 0x%02x", static_cast<unsigned char>(c)));
        at_ += size;
      }
    }
    if (at_ == text_.size()) return Fail("the record ends inside a string");
    ++at_;
    return true;
  }

  bool Escape() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == 'u') return UnicodeEscape();
    constexpr std::string_view kSimple = "\"\\/bfnrt";
    if (at_ + 1 == text_.size()) {
      at_ = text_.size();
      return Fail("the record ends inside a string");
    }
    if (kSimple.find(c) == std::string_view::npos) return Fail("an unknown escape sequence in a string");
    at_ += 2;
    return true;
  }

  // The value of \uXXXX at `at`.
  std::optional<std::uint32_t> CodeUnit(std::size_t at) const {
    if (text_.size() < at + kEscapeSize || text_[at] != '\\' || text_[at + 1] != 'u') return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text_.substr(at + 2, 4)) {
      const char lower = static_cast<char>(c | 0x20);
      if (!IsDigit(c) && !(lower >= 'a' && lower <= 'f')) return std::nullopt;
      value = value << 4 | static_cast<std::uint32_t>(IsDigit(c) ? c - '0' : lower - 'a' + 10);
    }
    return value;
  }

  bool UnicodeEscape() {
    const auto unit = CodeUnit(at_);
    if (!unit) return Fail("\\u must be followed by four hexadecimal digits");
    const std::string_view written = text_.substr(at_, kEscapeSize);
    if ((*unit & 0xFC00U) == 0xDC00U) return Fail(absl::StrFormat("lone low surrogate %s", written));
    if ((*unit & 0xFC00U) == 0xD800U) {
      const auto low = CodeUnit(at_ + kEscapeSize);
      if (!low || (*low & 0xFC00U) != 0xDC00U) return Fail(absl::StrFormat("lone high surrogate %s", written));
      at_ += kEscapeSize;
    }
    at_ += kEscapeSize;
    return true;
  }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string Found() const {
    if (at_ == text_.size()) return "the end of the record";
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte >= 0x80 && SequenceSize(text_.substr(at_)) == 0) return absl::StrFormat("byte 0x%02x, not UTF-8", byte);
    if (byte >= 0x20 && byte < 0x7F) return absl::StrFormat("'%c'", text_[at_]);
    return absl::StrFormat("byte 0x%02x", byte);
  }

  bool Fail(std::string reason) {
    problem_ = JsonProblem{at_, std::move(reason)};
    return false;
  }

  static constexpr std::size_t kEscapeSize = 6;

  std::string_view text_;
  std::vector<JsonNumber>* numbers_;
  std::size_t at_ = 0;
  std::vector<char> open_;
  std::optional<JsonProblem> problem_;
};

}  // namespace

std::optional<JsonProblem> FindJsonProblem(std::string_view text, std::vector<JsonNumber>* numbers) {
  return Checker(text, numbers).Check();
}

}  // namespace stemma::corpus
