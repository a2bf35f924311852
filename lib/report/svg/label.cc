#include "lib/report/svg/label.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

#include "lib/text/excerpt.h"
#include "lib/text/unicode.h"

namespace stemma::svg {
namespace {

using text::CodePoint;
using text::Decode;

constexpr std::string_view kReplacement = "\uFFFD";
constexpr std::string_view kEllipsis = "\u2026";
constexpr int kMarksInARow = 3;
// Bold letters are wider by about this much.
constexpr double kBold = 1.15;

enum class Treatment { kKeep, kBlank, kReplace, kMark };

bool IsNonAscii(char32_t value) { return value >= 0x80; }

// U+200C, U+200D and the sixteen variation selectors that emoji use.
bool JoinsOrSelects(char32_t value) {
  return value == 0x200C || value == 0x200D || (value >= 0xFE00 && value <= 0xFE0F);
}

bool IsNoncharacter(char32_t value) { return (value & 0xFFFE) == 0xFFFE || (value >= 0xFDD0 && value <= 0xFDEF); }

Treatment TreatmentOf(char32_t value, char32_t previous) {
  if (value == '\t' || value == '\n' || value == '\r') return Treatment::kBlank;
  if (IsNoncharacter(value)) return Treatment::kReplace;
  if (JoinsOrSelects(value)) return IsNonAscii(previous) ? Treatment::kKeep : Treatment::kReplace;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(value))) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return Treatment::kBlank;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
      return Treatment::kReplace;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
      return Treatment::kMark;
    default:
      return Treatment::kKeep;
  }
}

bool EndsWith(const std::string& text, std::string_view end) { return text.ends_with(end); }

// In units of the font size. ASCII by three classes of letters, as wide as in DejaVu Sans, rounded up.
double WidthOf(char32_t value) {
  if (value < 0x80) {
    const char letter = static_cast<char>(value);
    if (std::string_view("fijlrtI-.,:;'|!()[]{}/\\ ").find(letter) != std::string_view::npos) return 0.40;
    if (std::string_view("mwMW@%&").find(letter) != std::string_view::npos) return 0.93;
    return letter >= 'A' && letter <= 'Z' ? 0.70 : 0.61;
  }
  const int columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(value));
  if (columns == 0) return 0;
  if (value >= 0x1F000) return 1.3;  // emoji
  return columns == 2 ? 1.0 : 0.68;
}

// The borders between characters, 0 and the size of the text among them.
std::vector<std::size_t> Borders(std::string_view clean) {
  std::vector<std::size_t> borders = {0};
  while (borders.back() < clean.size()) borders.push_back(text::CharacterEnd(clean, borders.back()));
  return borders;
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string out;
  char32_t previous = 0;  // as written
  int marks = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = Decode(text, at);
    const Treatment treatment = TreatmentOf(point.value, previous);
    marks = treatment == Treatment::kMark ? marks + 1 : 0;
    if (treatment == Treatment::kBlank) {
      if (!out.empty() && !EndsWith(out, " ")) out += ' ';
      previous = ' ';
    } else if (treatment == Treatment::kReplace) {
      if (!EndsWith(out, kReplacement)) out += kReplacement;
      previous = 0xFFFD;
    } else if (marks <= kMarksInARow) {
      out += text.substr(at, point.size);
      previous = point.value;
    }
    at += point.size;
  }
  if (EndsWith(out, " ")) out.pop_back();
  return out;
}

std::string EscapeXml(std::string_view clean) {
  std::string out;
  for (const char c : clean) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

double TextWidth(std::string_view clean, double size, bool bold) {
  double width = 0;
  for (std::size_t at = 0; at < clean.size();) {
    const CodePoint point = Decode(clean, at);
    width += WidthOf(point.value);
    at += point.size;
  }
  return width * size * (bold ? kBold : 1);
}

std::string Shorten(std::string_view clean, double width, double size, bool bold) {
  if (TextWidth(clean, size, bold) <= width) return std::string(clean);
  const std::vector<std::size_t> borders = Borders(clean);
  const double room = width - TextWidth(kEllipsis, size, bold);
  std::size_t head = 0, tail = borders.size() - 1;
  double used = 0;
  // Turn by turn, so that both ends get the same number of characters.
  for (bool at_head = true; head < tail; at_head = !at_head) {
    const std::size_t first = at_head ? borders[head] : borders[tail - 1];
    const std::size_t last = at_head ? borders[head + 1] : borders[tail];
    used += TextWidth(clean.substr(first, last - first), size, bold);
    if (used > room) break;
    at_head ? ++head : --tail;
  }
  return std::string(clean.substr(0, borders[head])) + std::string(kEllipsis) +
         std::string(clean.substr(borders[tail]));
}

std::vector<std::string> Wrap(std::string_view clean, double width, double size, std::size_t most) {
  std::vector<std::string> lines;
  while (!clean.empty()) {
    const std::string_view word = clean.substr(0, clean.find(' '));
    const bool goes_on = !lines.empty() && TextWidth(lines.back() + " " + std::string(word), size) <= width;
    if (!goes_on && lines.size() == most) {
      lines.back() = Shorten(lines.back() + " " + std::string(clean), width, size);
      return lines;
    }
    if (goes_on) {
      lines.back() += " " + std::string(word);
    } else {
      lines.push_back(Shorten(word, width, size));
    }
    clean.remove_prefix(std::min(word.size() + 1, clean.size()));
  }
  return lines;
}

}  // namespace stemma::svg
