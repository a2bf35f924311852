#include "lib/report/wrap.h"

#include <algorithm>

namespace stemma::report {
namespace {

// A number and its percent sign are one word.
std::string_view FirstWord(std::string_view text) {
  const std::size_t end = text.find(' ');
  if (end == text.npos || !text.substr(end).starts_with(" %")) return text.substr(0, end);
  return text.substr(0, text.find(' ', end + 1));
}

}  // namespace

std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void AppendWrapped(std::string_view lead, std::string_view text, std::size_t indent, std::string& out) {
  std::size_t start = WidthOf(lead);  // of the line's words; the first stands there however long it is
  std::size_t column = start;
  out += lead;
  while (!text.empty()) {
    const std::string_view word = FirstWord(text);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > start && column + 1 + WidthOf(word) > kTextColumns) {
      out += "\n" + std::string(indent, ' ');
      start = column = indent;
    } else if (column > start) {
      out += ' ';
      ++column;
    }
    out += word;
    column += WidthOf(word);
  }
  out += "\n";
}

}  // namespace stemma::report
