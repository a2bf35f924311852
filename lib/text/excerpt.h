// The beginning of a text, cut between two characters as a reader sees them.
//
// Source: Unicode Standard Annex 29 (extended grapheme clusters), by utf8proc.
#ifndef STEMMA_LIB_TEXT_EXCERPT_H_
#define STEMMA_LIB_TEXT_EXCERPT_H_

#include <cstddef>
#include <string_view>

namespace stemma::text {

// The longest beginning of at most `max_code_points` code points that parts no letter from its accents and no emoji
// from its joiners. Where the first character alone is longer, it is cut: the limit always holds.
std::string_view Beginning(std::string_view text, std::size_t max_code_points);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_EXCERPT_H_
