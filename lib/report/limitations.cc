#include "lib/report/limitations.h"

namespace stemma::report {

std::vector<Remark> Limitations() {
  return {
      {"descent_or_independence",
       "Text tells descent from independence, and little more: a base, a teacher or third-party data in common explain the "
       "same likeness, and only models of the panel that have them can show it."},
      {"direction", "Direction is not in the text: who learned from whom, dates, logs and marks tell."},
      {"documented_truth",
       "Error rates rest on what makers publish: models that count as unrelated may not be, where nothing is documented."},
      {"population",
       "The panel is one collection of prompts and the models of a few years: its error rates say nothing of other prompts, "
       "languages or years."},
      {"calibrated_at_all_prompts",
       "Scores become likelihood ratios by scores that were made at all prompts of the panel, also where the candidate "
       "answered few of them."},
      {"mixtures", "A score is a mean over prompts. Whether several makers' models wrote the responses is looked at from 100 shared prompts on, "
       "and often not found: no warning of a mixture is no sign that there is none."},
      {"embeddings",
       "Embeddings of answers stand beside the scores and enter neither likelihood ratio nor verdict: on the development split "
       "they added nothing that could be told from luck."},
      {"origin_of_responses",
       "Nothing here shows which model wrote the responses: that they are the named candidate's, a person must state."},
  };
}

}  // namespace stemma::report
