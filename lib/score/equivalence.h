// Two one-sided tests that a side is as like the other as it is like itself, within a margin.
#ifndef STEMMA_LIB_SCORE_EQUIVALENCE_H_
#define STEMMA_LIB_SCORE_EQUIVALENCE_H_

#include <span>
#include <vector>

#include "lib/score/sample_rows.h"
#include "stemma/same_model.h"

namespace stemma::score {

// For A where it has several samples at `kMinEquivalencePrompts` prompts or more, and for B likewise; nothing where A
// has not.
// Source: Schuirmann 1987 (both tests); Berger 1982, "Multiparameter hypothesis testing and acceptance sampling" (all
// must reject, and none needs a correction); Fieller's ratio by linearisation, as in Cochran 1977, section 6.4.
std::vector<SameUnlikeness> TestEquivalence(std::span<const PromptRows> prompts, SameKernel kernel,
                                            const SameOptions& options);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_EQUIVALENCE_H_
