// What both tests of stemma/same_model.h and stemma/same_stream.h ask of their input, and count in it first.
#ifndef STEMMA_LIB_SCORE_SAME_CHECKS_H_
#define STEMMA_LIB_SCORE_SAME_CHECKS_H_

#include <span>

#include "absl/status/status.h"
#include "stemma/answer_samples.h"
#include "stemma/same_model.h"

namespace stemma::score {

absl::Status CheckBothAnswer(std::span<const SharedPrompt> prompts);
absl::Status CheckSame(std::span<const SharedPrompt> prompts, const SameOptions& options);

SameCopies CountCopies(std::span<const SharedPrompt> prompts);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_SAME_CHECKS_H_
