// Characters as a reader sees them, and the beginning of a text, cut between two of them.
//
// Source: Unicode Standard Annex 29 (extended grapheme clusters), by utf8proc.
#ifndef STEMMA_LIB_TEXT_EXCERPT_H_
#define STEMMA_LIB_TEXT_EXCERPT_H_

#include <cstddef>
#include <string_view>

namespace stemma::text {

// Where the character ends that begins at byte `at`, its marks and joined parts with it. Precondition: at < text.size().
std::size_t CharacterEnd(std::string_view text, std::size_t at);

// The longest beginning of at most `max_code_points` code points that parts no letter from its accents and no emoji
// from its joiners. Where the first character alone is longer, it is cut: the limit always holds.
std::string_view Beginning(std::string_view text, std::size_t max_code_points);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_EXCERPT_H_
