// What `stemma same` found, as text for a terminal and as JSON for programs.
//
// The JSON holds no clock, path or machine: the same bytes for the same answers and options.
#ifndef STEMMA_SAME_REPORT_H_
#define STEMMA_SAME_REPORT_H_

#include <string>

#include "stemma/answer_samples.h"
#include "stemma/same_model.h"
#include "stemma/same_stream.h"

namespace stemma {

std::string SameToText(const AnswerSamples& a, const AnswerSamples& b, const SameResult& result);
std::string SameToText(const AnswerSamples& a, const AnswerSamples& b, const SameStreamResult& result);

// docs/same.schema.json
std::string SameToJson(const AnswerSamples& a, const AnswerSamples& b, const SameResult& result);
std::string SameToJson(const AnswerSamples& a, const AnswerSamples& b, const SameStreamResult& result);

}  // namespace stemma

#endif  // STEMMA_SAME_REPORT_H_
