#include "lib/text/excerpt.h"

#include <utf8proc.h>

#include "lib/text/unicode.h"

namespace stemma::text {

std::string_view Beginning(std::string_view text, std::size_t max_code_points) {
  std::size_t at = 0;
  std::size_t border = 0;  // the last place between two characters
  utf8proc_int32_t state = 0;
  utf8proc_int32_t before = 0;
  for (std::size_t count = 0; at < text.size(); ++count) {
    const CodePoint c = Decode(text, at);
    const auto value = static_cast<utf8proc_int32_t>(c.value);
    if (at > 0 && utf8proc_grapheme_break_stateful(before, value, &state)) border = at;
    if (count == max_code_points) return text.substr(0, border > 0 ? border : at);
    before = value;
    at += c.size;
  }
  return text;
}

}  // namespace stemma::text
