#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {

Section MethodSection() {
  Section section{"method", "The method in plain words", {}};
  Bullets steps{
      "",
      {"Content words, numbers and names of makers and models are masked. Two answers to one prompt are compared by their masked "
       "n-grams, of which those that few groups of models use weigh most; distillation is judged by habits of style as well.",
       "What the candidate has in common with everybody, and the reference with everybody, is taken off; so is a share of the best "
       "likeness to another organisation's reference (Morrison and Enzinger 2018: similarity without typicality is no evidence).",
       "The candidate's score is ranked among groups of models documented to be unrelated (conformal p-value, Vovk et al. 2005). The "
       "unit is the group of models, never the prompt: more prompts do not make unrelated models more alike.",
       "Scores become likelihood ratios by logistic regression on documented pairs, each scored with its whole group left out of "
       "everything that was fitted (Morrison et al. 2021). They are bounded by what so few groups can carry (ELUB, Vergeer et al. 2016).",
       "Intervals come from a two-level bootstrap: other groups to calibrate by, then other prompts.",
       "The verdict is the first of four ordered rules that holds; every rule that would have held it back is shown. Verbal terms are "
       "those of ENFSI 2015."}};
  section.items.push_back({std::move(steps), Place::kPageOnly});
  return section;
}

Section StatementsSection(const Statements& statements) {
  Section section{"statements", "To be stated by a person", {}};
  section.items.push_back({Paragraph{"Nothing in the responses can show the following. Without it the figures above are about files, not about a model.",
                                     Tone::kNote},
                           Place::kPageOnly});
  for (const auto& [label, text] : {std::pair("Authorisation for this audit", statements.authorisation),
                                    std::pair("How the responses were collected", statements.collection),
                                    std::pair("What shows that the endpoint served the named model", statements.endpoint_identity),
                                    std::pair("Reviewed by", statements.reviewer)}) {
    section.items.push_back({Blank{label, Printable(text)}, Place::kPageOnly});
  }
  return section;
}

Section DigestsSection(const Panel& panel, const AuditReport& report, const PageContext& page) {
  Section section{"digests", "To make this audit again", {}};
  Definitions definitions;
  definitions.entries = {{"Candidate", absl::StrCat(Printable(report.candidate.model), ", ", ToHex(report.candidate_digest))},
                         {"Panel", absl::StrCat(Printable(panel.title()), ", ", ToHex(panel.digest()))},
                         {"Vocabulary", ToHex(panel.vocabulary().digest())}};
  if (report.embeddings) {
    definitions.entries.push_back({"Embeddings of candidate and panel", absl::StrCat(ToHex(report.embeddings->signature_digest), ", ",
                                                                                     ToHex(report.embeddings->panel_digest))});
    definitions.entries.push_back({"Embedder", absl::StrCat(Printable(report.embeddings->space.embedder.name), ", ",
                                                            ToHex(report.embeddings->space.embedder.digest))});
  }
  if (!panel.source().empty()) definitions.entries.push_back({"Source of the panel", Printable(panel.source())});
  if (!panel.licence().empty()) definitions.entries.push_back({"Terms", Printable(panel.licence())});
  if (!page.command.empty()) definitions.entries.push_back({"Command", Printable(page.command)});
  section.items.push_back({std::move(definitions), Place::kPageOnly});
  return section;
}

}  // namespace stemma::report
