// The scores of one split: the candidate half's models as strangers to a panel of the reference half, and that half's
// own models, each left out as a candidate would be.
#ifndef STEMMA_LIB_AUDIT_SPLIT_SCORES_H_
#define STEMMA_LIB_AUDIT_SPLIT_SCORES_H_

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "stemma/evidence_class.h"
#include "stemma/panel.h"
#include "stemma/score.h"

namespace stemma::audit {

// By class, `[row * members + member]`; NaN where there is no score.
struct SplitScores {
  std::array<std::vector<double>, kEvidenceClasses.size()> of_members;
  std::array<std::vector<double>, kEvidenceClasses.size()> of_candidates;
};

// Of two of the panel's models; NaN where there is none.
using Similarity = std::function<double(std::size_t a, std::size_t b)>;

// `members`, `candidates`: models of the panel, no group in both. `style`: none where the panel has none.
// What Scorer does, for a panel that nobody has built; a test holds the two against each other.
SplitScores ScoreSplit(const Panel& panel, std::span<const std::size_t> members,
                       std::span<const std::size_t> candidates, const Similarity& ngrams, const Similarity& style,
                       const ScoreOptions& options);

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_SPLIT_SCORES_H_
