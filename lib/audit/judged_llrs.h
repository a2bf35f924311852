// The log10 LRs of judged pairs, with their weights, as a labelled sample.
#ifndef STEMMA_LIB_AUDIT_JUDGED_LLRS_H_
#define STEMMA_LIB_AUDIT_JUDGED_LLRS_H_

#include <span>

#include "stemma/evaluate.h"
#include "stemma/labelled_sample.h"

namespace stemma::audit {

// In the pairs' order.
inline LabelledSample LlrsOf(std::span<const JudgedPair> pairs, bool bounded) {
  LabelledSample llrs;
  for (const JudgedPair& judged : pairs) {
    Sample& sample = judged.derived ? llrs.h1 : llrs.h2;
    sample.values.push_back(bounded ? judged.bounded_log10() : judged.llr_log10);
    sample.weights.push_back(judged.weight);
  }
  return llrs;
}

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_JUDGED_LLRS_H_
