// What must hold before anything is timed: the fast code gives what the definitions give.
//
// Errors: each check ends the program with a message where it does not hold.
#ifndef STEMMA_BENCH_CHECKS_H_
#define STEMMA_BENCH_CHECKS_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/made_text.h"
#include "stemma/mask.h"
#include "stemma/metadata.h"
#include "stemma/signature.h"
#include "stemma/tokenizer.h"
#include "stemma/vocabulary.h"

namespace stemma::bench {

[[noreturn]] void Fail(const std::string& what);

template <typename T>
T ValueOf(absl::StatusOr<T> value) {
  if (!value.ok()) Fail(value.status().ToString());
  return *std::move(value);
}

// Nothing but a name is known of the model.
ModelMetadata Named(std::string model);

// Tokens are those of `PlainTokens`.
void CheckTokens(const Tokenizer& tokenizer, const std::vector<MadeAnswer>& answers);

// The n-grams of masked tokens are those of `PlainSymbol` and the oracle's.
void CheckFingerprints(const Tokenizer& tokenizer, const MaskList& mask, const std::set<std::string>& kept,
                       const std::vector<MadeAnswer>& answers);

// A signature's rows hold the oracle's n-grams of the answers, borders included.
void CheckSignature(const Signature& signature, const Vocabulary& vocabulary, const std::vector<MadeAnswer>& answers);

// Scores of random worlds are the oracle's, with the panel in memory and read back from `path`.
void CheckPanelAndScores(const std::string& path);

}  // namespace stemma::bench

#endif  // STEMMA_BENCH_CHECKS_H_
