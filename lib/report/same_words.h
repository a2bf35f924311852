// What both tests of `stemma same` say in words, worded once for text and JSON.
#ifndef STEMMA_LIB_REPORT_SAME_WORDS_H_
#define STEMMA_LIB_REPORT_SAME_WORDS_H_

#include <string>
#include <vector>

#include "stemma/audit.h"
#include "stemma/same_model.h"
#include "stemma/same_stream.h"

namespace stemma::report {

// One sentence that says what was found.
std::string SameSentence(const SameResult& result);
std::string SameSentence(const SameStreamResult& result);

// Empty where no answer of B is one of A's.
std::string SameCopiesSentence(const SameCopies& copies, std::size_t prompts);

// What the answer does not say.
std::vector<Remark> SameLimitations();

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_SAME_WORDS_H_
