#include "stemma/evaluate.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/level_test.h"
#include "stemma/panel.h"
#include "stemma/report.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// JSON and text.
using Renderings = std::array<std::string, 2>;

// By the scores that the panel is calibrated for.
absl::StatusOr<LevelTest> Level(const Panel& panel, std::size_t splits, int threads, const Progress& progress) {
  LevelOptions options;
  options.splits = splits;
  const StrangerScores& strangers = *panel.strangers();
  options.score.rival_weight_weights = strangers.rival_weight_weights;
  options.score.rival_weight_distillation = strangers.rival_weight_distillation;
  options.score.rival_weight_ranking = strangers.rival_weight_ranking;
  options.score.threads = threads;
  options.progress = progress;
  return TestLevel(panel, options);
}

Renderings RunEvaluation(const Panel& panel, bool level, std::size_t splits, int threads, const nb::object& report) {
  return Interruptible<Renderings>(report, [panel, level, splits, threads](const Progress& progress) -> absl::StatusOr<Renderings> {
    EvaluateOptions options;
    options.threads = threads;
    options.progress = progress;
    STEMMA_ASSIGN_OR_RETURN(const std::vector<ClassEvaluation> classes, Evaluate(panel, options));
    std::optional<LevelTest> tested;
    if (level) {
      STEMMA_ASSIGN_OR_RETURN(tested, Level(panel, splits, threads, progress));
    }
    const LevelTest* const level_test = tested ? &*tested : nullptr;
    return Renderings{EvaluationToJson(panel, classes, level_test), EvaluationToText(panel, classes, level_test)};
  });
}

}  // namespace

void BindEvaluate(nb::module_& module) {
  module.def("evaluate", &RunEvaluation, nb::arg("panel"), nb::arg("level"), nb::arg("splits"), nb::arg("threads"),
             nb::arg("report").none());
}

}  // namespace stemma::python
