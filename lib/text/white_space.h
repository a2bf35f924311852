// White space in Unicode's sense.
//
// Source: Unicode Character Database, PropList.txt, White_Space.
#ifndef STEMMA_LIB_TEXT_WHITE_SPACE_H_
#define STEMMA_LIB_TEXT_WHITE_SPACE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace stemma::text {

// Bytes of the white space character that `text` begins with; 0 where it begins with none.
std::size_t LeadingWhiteSpaceSize(std::string_view text);

// Without white space at both ends.
std::string_view StripWhiteSpace(std::string_view text);

// Appends `text`, each run of white space as one space, those at the ends dropped.
void AppendCollapsed(std::string_view text, std::string& out);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_WHITE_SPACE_H_
