// How near a candidate is to each model of a panel by embeddings of their answers, as scores of n-grams are made.
//
// Units: a similarity is the mean cosine of two models' directions from each prompt's centre (embedding_panel.h), over the
// prompts that the candidate and both models answered, copies left out where scores of n-grams leave them out. A score is
// that, less what either model has in common with everybody, in standard deviations of unrelated pairs (score.h).
// The panel's models are scored likewise, each left out as a candidate would be. Centres of prompts stay those of the file.
// Errors: kFailedPrecondition of EmbeddingPanel::CheckBeside and of CheckComparable; kInvalidArgument for a vector of a response
// that the signature lacks.
// Determinism: cosines are summed as whole numbers of 2^-30: the same bits for any number of threads.
// Complexity: models^2 times prompts times dimensions / 2; some 150 ms on one core for 142 models, 805 prompts and 64 dimensions.
#ifndef STEMMA_EMBEDDING_SCORES_H_
#define STEMMA_EMBEDDING_SCORES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embedding_panel.h"
#include "stemma/embedding_signature.h"
#include "stemma/panel.h"
#include "stemma/score.h"
#include "stemma/signature.h"

namespace stemma {

struct EmbeddingScores {
  std::size_t shared_prompts = 0;         // of which the candidate has vectors, and the panel a centre
  std::vector<double> cosines;            // by model; NaN where no prompt is shared
  std::vector<std::uint32_t> n_prompts;   // behind the cosine
  std::vector<double> scores;             // by model; NaN too where fewer than Scorer::kMinGroups groups are left
  std::vector<double> panel_scores;       // of each model of the panel on each other: `[c * models + r]`
};

// `candidate`: what Scorer::Score gave for `signature`; `vectors`: of the same responses.
absl::StatusOr<EmbeddingScores> ScoreEmbeddings(const Panel& panel, const Signature& signature, const CandidateScores& candidate,
                                                const EmbeddingPanel& embeddings, const EmbeddingSignature& vectors, int threads);

}  // namespace stemma

#endif  // STEMMA_EMBEDDING_SCORES_H_
