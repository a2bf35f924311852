#include "stemma/score.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/panel.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

absl::StatusOr<std::vector<CandidateScores>> ScoreAll(const Panel& panel, const std::vector<SignedModel>& candidates,
                                                      const ScoreOptions& options, const Progress& progress) {
  STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(panel, options));
  std::vector<CandidateScores> all;
  for (const SignedModel& candidate : candidates) {
    if (!progress({"scoring", all.size(), candidates.size()})) return absl::CancelledError("stopped while scoring");
    STEMMA_ASSIGN_OR_RETURN(CandidateScores scores, scorer.Score(*candidate.signature));
    all.push_back(std::move(scores));
  }
  progress({"scoring", all.size(), candidates.size()});
  return all;
}

nb::object Number(bool known, double value) { return known ? nb::object(nb::float_(value)) : nb::none(); }

// Rows as the program's table has them.
void AppendRows(const Panel& panel, const CandidateScores& scores, nb::list& rows) {
  for (std::size_t m = 0; m < scores.pairs.size(); ++m) {
    if (m == scores.self) continue;
    const PairScore& pair = scores.pairs[m];
    nb::dict row;
    row["candidate"] = scores.candidate.model;
    row["reference"] = panel.models()[m].metadata.model;
    row["score_weights"] = Number(pair.scored, pair.weights);
    row["score_distillation"] = Number(pair.scored, pair.distillation);
    row["score_ranking"] = Number(pair.scored, pair.ranking);
    row["n_prompts"] = pair.scored ? pair.n_prompts : 0;
    row["score_unpaired"] = Number(pair.unpaired_scored, pair.unpaired);
    rows.append(row);
  }
}

nb::list RunScore(const Panel& panel, std::vector<SignedModel> candidates, double rival_weights, double rival_distillation,
                  double rival_ranking, int threads, const nb::object& report) {
  ScoreOptions options;
  options.rival_weight_weights = rival_weights;
  options.rival_weight_distillation = rival_distillation;
  options.rival_weight_ranking = rival_ranking;
  options.threads = threads;
  const auto all = Interruptible<std::vector<CandidateScores>>(
      report, [panel, candidates = std::move(candidates), options](const Progress& progress) {
        return ScoreAll(panel, candidates, options, progress);
      });
  nb::list rows;
  for (const CandidateScores& scores : all) AppendRows(panel, scores, rows);
  return rows;
}

}  // namespace

void BindScore(nb::module_& module) {
  module.def("score", &RunScore, nb::arg("panel"), nb::arg("candidates"), nb::arg("rival_weights"), nb::arg("rival_distillation"),
             nb::arg("rival_ranking"), nb::arg("threads"), nb::arg("report").none(),
             nb::sig("def score(panel: Panel, candidates: typing.Sequence[SignedModel], rival_weights: float, "
                     "rival_distillation: float, rival_ranking: float, threads: int, report: object | None) "
                     "-> list[dict[str, typing.Any]]"));
}

}  // namespace stemma::python
