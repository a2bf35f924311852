#include "lib/text/excerpt.h"

#include <utf8proc.h>

#include "lib/text/unicode.h"

namespace stemma::text {
namespace {

struct Cut {
  std::size_t bytes = 0;
  std::size_t code_points = 0;
};

// So many code points at the most, from byte `begin` to `end`.
Cut CutAt(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_code_points) {
  Cut cut;
  while (begin + cut.bytes < end && cut.code_points < max_code_points) {
    cut.bytes += Decode(text, begin + cut.bytes).size;
    ++cut.code_points;
  }
  return cut;
}

}  // namespace

std::size_t CharacterEnd(std::string_view text, std::size_t at) {
  utf8proc_int32_t state = 0;
  CodePoint current = Decode(text, at);
  at += current.size;
  while (at < text.size()) {
    const CodePoint next = Decode(text, at);
    if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(current.value),
                                         static_cast<utf8proc_int32_t>(next.value), &state)) {
      break;
    }
    current = next;
    at += next.size;
  }
  return at;
}

std::string_view Beginning(std::string_view text, std::size_t max_code_points) {
  std::size_t end = 0, code_points = 0;
  while (end < text.size()) {
    const std::size_t next = CharacterEnd(text, end);
    const Cut cut = CutAt(text, end, next, max_code_points - code_points);
    if (end + cut.bytes < next) return text.substr(0, end > 0 ? end : cut.bytes);
    end = next;
    code_points += cut.code_points;
  }
  return text;
}

}  // namespace stemma::text
