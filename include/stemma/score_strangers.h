// Scores a panel's models as strangers: each group in turn has no say, everything that is fitted to models is fitted to the
// rest (vocabulary, rarity, group weights, centring, space of style), and the group's models are scored by what comes out,
// on each other as on all: a fine-tune is often of its parent's group.
//
// Errors: those of fitting, building and scoring, with the group that was left out; kFailedPrecondition where fewer than
// all models of the panel are given; kCancelled.
// Determinism: as that of the fit of the style space: the same bytes on one machine, elsewhere up to rounding.
// Complexity: the panel is built once for each of its groups: minutes for the shipped one.
#ifndef STEMMA_SCORE_STRANGERS_H_
#define STEMMA_SCORE_STRANGERS_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/score.h"
#include "stemma/sign.h"
#include "stemma/signature.h"
#include "stemma/stranger_scores.h"
#include "stemma/vocabulary.h"

namespace stemma {

// All models' signatures, under a vocabulary.
struct SignedModels {
  Vocabulary vocabulary;
  std::vector<Signature> signatures;
};

// Signs all models under a vocabulary that was fitted without those named.
using SignWithout = std::function<absl::StatusOr<SignedModels>(const std::set<std::string>& models)>;

// Reads the responses anew each time, and fits words and features to them; brand names stay.
SignWithout RefitVocabulary(std::vector<std::string> response_paths, std::vector<std::string> brands, SignOptions options);

// For those who hold signatures alone: words and features are still those that the group had a part in.
SignWithout KeepVocabulary(Vocabulary vocabulary, std::vector<Signature> signatures);

struct StrangerOptions {
  double index_bytes_per_response = kDefaultIndexBytesPerResponse;
  bool vocabulary_refitted = false;  // by `SignWithout`
  ScoreOptions score = {};
  Progress progress = {};  // groups
};

absl::StatusOr<StrangerScores> ScoreAsStrangers(const Panel& panel, const SignWithout& sign_without,
                                                const StrangerOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_SCORE_STRANGERS_H_
