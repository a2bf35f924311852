// How likenesses of style are measured, and joined with those of n-grams.
#ifndef STEMMA_LIB_SCORE_FUSION_H_
#define STEMMA_LIB_SCORE_FUSION_H_

#include <span>
#include <vector>

#include "stemma/panel_style.h"

namespace stemma::score {

// Cosine of two points; NaN where one of them has no style, for want of words.
double StyleSimilarity(const PanelStyle::Point& a, const PanelStyle::Point& b);

// By model: the mean of both scores, that of n-grams alone where there is none of style. `style` may be empty.
std::vector<double> Fused(std::span<const double> ngrams, std::span<const double> style);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_FUSION_H_
