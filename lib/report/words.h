// How findings are said, in one place for all renderings.
#ifndef STEMMA_LIB_REPORT_WORDS_H_
#define STEMMA_LIB_REPORT_WORDS_H_

#include <string>
#include <string_view>

#include "stemma/audit.h"
#include "stemma/evidence_class.h"
#include "stemma/likelihood_ratio.h"
#include "stemma/panel.h"
#include "stemma/rank_p.h"

namespace stemma::report {

// "shared weights", "distillation".
std::string_view TitleOf(EvidenceClass evidence_class);
// What the class asks.
std::string_view QuestionOf(EvidenceClass evidence_class);
// The verdict in a sentence, with its main doubt.
std::string SentenceOf(const Panel& panel, const ClassFinding& finding);
// Of a verdict of no support: what p and LR could have come to with so many prompts and groups.
std::string WhatCouldBeSeen(const ClassFinding& finding);
// "p 0.043 (1 of 46 groups as near; floor 0.043; screening)".
std::string Describe(const RankP& rank);
// "29 [2.5, 29]".
std::string Describe(const LikelihoodRatio& lr);
// What the bounded LR is called, and what the lower end of its interval is: "weak support (LR 2-10) by value and interval".
std::string StrengthInWords(const LikelihoodRatio& lr);
// Why a rule holds, and what does not follow from it.
std::string TextOf(const VerdictReason& reason);
// Where the subject was released after the candidate: the nearest reference of which that is not documented; else null.
const ReferenceFinding* NearestNotLater(const ClassFinding& finding);
// "short answers".
std::string_view NameOfCategory(std::size_t category);
// What is documented of a reference that bears on reading its row.
std::string NotesOn(const ReferenceFinding& reference, bool nearest);
// Of a model of the panel, safe to print.
std::string NameOf(const Panel& panel, std::size_t model);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_WORDS_H_
