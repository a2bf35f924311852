// Folded text to tokens, before brand names are masked.
#ifndef STEMMA_LIB_TEXT_SCAN_H_
#define STEMMA_LIB_TEXT_SCAN_H_

#include <string_view>
#include <vector>

#include "stemma/tokenizer.h"

namespace stemma::text {

// Appends the tokens of `folded` (see `Fold`); their texts point into `folded` or are static.
void Scan(std::string_view folded, std::vector<Token>& out);

// A marker such as "<N>"; `text` must be static.
Token MakeMarker(std::string_view text);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_SCAN_H_
