#include "lib/audit/audit_warnings.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/base/status_macros.h"
#include "stemma/mixture.h"
#include "stemma/multiple_testing.h"

namespace stemma::audit {
namespace {

constexpr char kMeans[] = "scores here are means over all prompts, and `stemma mixture` tells more";

std::string SharesOf(const MixtureReport& mixture) {
  std::vector<std::string> shares;
  for (const MixtureComponent& component : mixture.components) {
    shares.push_back(absl::StrFormat("%s at %.0f %% [%.0f, %.0f]", component.maker, 100 * component.share.value,
                                     100 * component.share.lower, 100 * component.share.upper));
  }
  return absl::StrJoin(shares, "; ");
}

}  // namespace

std::vector<Remark> WarningsOf(const Panel& panel, const Signature& signature, const CandidateScores& scores,
                               const ResponseSet* inputs) {
  std::vector<Remark> warnings;
  const std::size_t prompts = signature.rows().size();
  if (scores.self) {
    const std::string& name = panel.models()[*scores.self].metadata.model;
    warnings.push_back(scores.self_by_name_only
                           ? Remark{"candidate_named_as_panel_model",
                                    absl::StrFormat("the candidate is called as the panel's %s, though it is another set of "
                                                    "responses: that model is left out; call it otherwise (--name) to "
                                                    "compare with it",
                                                    name)}
                           : Remark{"candidate_in_panel",
                                    absl::StrFormat("the candidate's responses are those of the panel's %s, which is "
                                                    "left out",
                                                    name)});
  }
  if (scores.shared_prompts < prompts) {
    warnings.push_back({"prompts_not_in_panel", absl::StrFormat("%d of the candidate's %d prompts are not in the panel",
                                                                prompts - scores.shared_prompts, prompts)});
  }
  if (scores.shared_prompts < kMinPairedPrompts && scores.with_style) {
    warnings.push_back({"few_shared_prompts",
                        absl::StrFormat("fewer than %d prompts are shared: what style alone says, over all answers to "
                                        "whatever prompts, is shown apart and carries no verdict",
                                        kMinPairedPrompts)});
  }
  if (!scores.with_style) {
    warnings.push_back({"no_style", "signature or panel holds no features of style: distillation is scored by n-grams alone"});
  }
  if (inputs == nullptr) return warnings;
  // Where they stand is told by the reader of the files: reports of the same responses in other files are the same.
  if (const std::uint64_t bad = inputs->bad_record_count(); bad > 0) {
    warnings.push_back({"bad_records_skipped", absl::StrFormat("%d malformed records were skipped", bad)});
  }
  const ModelSummary* summary = inputs->FindModel(signature.metadata().model);
  if (summary == nullptr) return warnings;
  if (summary->empty_answers > 0) {
    warnings.push_back({"empty_answers", absl::StrFormat("%d answers are empty and were not scored", summary->empty_answers)});
  }
  if (summary->duplicates_dropped > 0) {
    warnings.push_back({"duplicates_dropped", absl::StrFormat("%d records repeat an earlier prompt, sample and answer",
                                                              summary->duplicates_dropped)});
  }
  if (summary->with_reasoning > 0) {
    warnings.push_back({"reasoning_split_off", absl::StrFormat("%d responses hold reasoning, which was not scored",
                                                               summary->with_reasoning)});
  }
  return warnings;
}

absl::Status WarnOfMixture(const Panel& panel, const Signature& candidate, const AuditOptions& options,
                           std::vector<Remark>& warnings) {
  MixtureOptions fit;
  fit.seed = options.seed;
  fit.threads = options.score.threads;
  fit.progress = options.progress;
  const absl::StatusOr<MixtureReport> mixture = FitMixture(panel, candidate, fit);
  if (absl::IsFailedPrecondition(mixture.status())) return absl::OkStatus();
  STEMMA_RETURN_IF_ERROR(mixture.status());
  for (const MixtureWarning& warning : mixture->warnings) {
    if (warning.id == "mixture_explains_better") {
      warnings.push_back({warning.id, absl::StrCat("responses read as if several makers' models had written them, each a share of the prompts (",
                                                   SharesOf(*mixture), "): that explains them better than any single reference; ", kMeans)});
    } else if (warning.id == "partly_like_one_maker") {
      warnings.push_back({warning.id, absl::StrCat("only a part of the responses reads as if one maker's models had written them (",
                                                   SharesOf(*mixture), "): the rest may be another model's, or the same one's where it "
                                                   "is less like the panel's; ", kMeans)});
    }
  }
  return absl::OkStatus();
}

void WarnOfUnreachable(const AuditReport& report, const AuditOptions& options, std::vector<Remark>& warnings) {
  const std::size_t tests = options.references.size();
  for (const ClassFinding& finding : report.classes) {
    const std::size_t groups = finding.inputs.independent_groups;
    if (tests == 0 || !HolmUnreachable(tests, groups, options.alpha)) continue;
    warnings.push_back({"unreachable_with_this_panel",
                        absl::StrFormat("%s: with %d declared references and %d groups no p can reach %g: unreachable with "
                                        "this panel",
                                        NameOf(finding.evidence_class), tests, groups, options.alpha)});
  }
}

}  // namespace stemma::audit
