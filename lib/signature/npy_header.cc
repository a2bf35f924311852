#include <cctype>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/npy.h"

namespace stemma::signature {
namespace {

// What the errors of an unknown `descr` say beside the value.
std::string_view KindOfType(std::string_view descr) {
  if (descr.starts_with('>')) return "big-endian; ";
  if (descr.find('O') != std::string_view::npos) return "Python objects; ";
  return "";
}

// A cursor over the few forms of Python's literals that a header is made of.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view text, std::uint64_t offset, std::string_view source)
      : text_(text), offset_(offset), source_(source) {}

  absl::StatusOr<NpyHeader> Parse() {
    STEMMA_RETURN_IF_ERROR(Expect('{'));
    while (!Accept('}')) {
      STEMMA_RETURN_IF_ERROR(ParseEntry());
      if (!Accept(',') && Peek() != '}') return Bad("\",\" or \"}\"");
    }
    SkipSpace();
    if (position_ < text_.size()) return Bad("nothing behind \"}\" but spaces and the end of the line");
    if (!type_) return Missing("descr");
    if (!order_) return Missing("fortran_order");
    if (!shape_) return Missing("shape");
    return NpyHeader{.type = *type_, .rows = (*shape_)[0], .columns = (*shape_)[1]};
  }

 private:
  absl::Status At(std::size_t position, std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrFormat("%s: byte %d: %s", source_, offset_ + position, what));
  }
  absl::Status Bad(std::string_view allowed) {
    SkipSpace();
    const std::string_view found = text_.substr(position_, 1);
    if (found.empty()) return At(position_, absl::StrFormat("the header ends where %s was expected", allowed));
    const auto byte = static_cast<unsigned char>(found[0]);
    return At(position_, std::isprint(byte) != 0 ? absl::StrFormat("\"%c\" where %s was expected", found[0], allowed)
                                                 : absl::StrFormat("byte 0x%02x where %s was expected", byte, allowed));
  }
  absl::Status Missing(std::string_view key) const {
    return At(0, absl::StrFormat("the header has no key '%s'", key));
  }

  void SkipSpace() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) ++position_;
  }
  char Peek() {
    SkipSpace();
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  bool Accept(char c) {
    if (Peek() != c) return false;
    ++position_;
    return true;
  }
  absl::Status Expect(char c) { return Accept(c) ? absl::OkStatus() : Bad(absl::StrFormat("\"%c\"", c)); }

  absl::StatusOr<std::string_view> ParseString(std::string_view allowed) {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return Bad(allowed);
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) return At(position_, "a string without an end");
    const std::string_view value = text_.substr(position_ + 1, end - position_ - 1);
    position_ = end + 1;
    return value;
  }

  absl::Status ParseEntry() {
    SkipSpace();
    const std::size_t start = position_;
    STEMMA_ASSIGN_OR_RETURN(const std::string_view key, ParseString("'descr', 'fortran_order' or 'shape'"));
    STEMMA_RETURN_IF_ERROR(Expect(':'));
    const bool twice = (key == "descr" && type_) || (key == "fortran_order" && order_) || (key == "shape" && shape_);
    if (twice) return At(start, absl::StrFormat("the key '%s' is there twice", key));
    if (key == "descr") return ParseType();
    if (key == "fortran_order") return ParseOrder();
    if (key == "shape") return ParseShape();
    return At(start, absl::StrFormat("the key '%s' where 'descr', 'fortran_order' or 'shape' was expected", key));
  }

  absl::Status ParseType() {
    const char first = Peek();
    const std::size_t start = position_;
    if (first == '[') return At(start, "an array of records; allowed are '<f4' and '<f8'");
    STEMMA_ASSIGN_OR_RETURN(const std::string_view descr, ParseString("'<f4' or '<f8'"));
    if (descr == "<f4") {
      type_ = NpyType::kFloat32;
    } else if (descr == "<f8") {
      type_ = NpyType::kFloat64;
    } else {
      return At(start, absl::StrFormat("an array of type '%s' (%sallowed are '<f4' and '<f8')", descr, KindOfType(descr)));
    }
    return absl::OkStatus();
  }

  absl::Status ParseOrder() {
    SkipSpace();
    const std::string_view rest = text_.substr(position_);
    if (rest.starts_with("True")) {
      return At(position_, "the array lies column by column (Fortran order); allowed is C order (numpy.ascontiguousarray)");
    }
    if (!rest.starts_with("False")) return Bad("False");
    position_ += std::string_view("False").size();
    order_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<std::uint64_t> ParseNumber() {
    constexpr std::uint64_t kLimit = std::numeric_limits<std::int64_t>::max() / 10;
    std::uint64_t number = 0;
    const std::size_t start = position_;
    for (; position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9'; ++position_) {
      if (number >= kLimit) return At(start, "a number too large for a shape");
      number = 10 * number + static_cast<std::uint64_t>(text_[position_] - '0');
    }
    if (position_ == start) return Bad("a number of the shape or \")\"");
    return number;
  }

  absl::Status ParseShape() {
    STEMMA_RETURN_IF_ERROR(Expect('('));
    const std::size_t start = position_ - 1;
    std::vector<std::uint64_t> shape;
    while (!Accept(')')) {
      STEMMA_ASSIGN_OR_RETURN(const std::uint64_t number, ParseNumber());
      shape.push_back(number);
      if (!Accept(',') && Peek() != ')') return Bad("\",\" or \")\"");
    }
    if (shape.size() != 2) {
      return At(start, absl::StrFormat("an array of %d dimensions; allowed are two, responses and numbers of a vector",
                                       shape.size()));
    }
    shape_ = std::move(shape);
    return absl::OkStatus();
  }

  std::string_view text_;
  std::uint64_t offset_;
  std::string_view source_;
  std::size_t position_ = 0;
  std::optional<NpyType> type_;
  std::optional<bool> order_;
  std::optional<std::vector<std::uint64_t>> shape_;
};

}  // namespace

absl::StatusOr<NpyHeader> ParseNpyDictionary(std::string_view text, std::uint64_t offset, std::string_view source) {
  return DictionaryParser(text, offset, source).Parse();
}

}  // namespace stemma::signature
