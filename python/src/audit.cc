#include "stemma/audit.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/panel.h"
#include "stemma/report.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// JSON, page, text and Markdown.
using Renderings = std::array<std::string, 4>;

Renderings RunAudit(const Panel& panel, const SignedModel& candidate, std::vector<std::string> references,
                    std::optional<double> prior, double alpha, bool mixture, int threads, const nb::object& report) {
  AuditOptions options;
  options.references = std::move(references);
  options.prior = prior;
  options.alpha = alpha;
  options.mixture = mixture;
  options.family_tree = true;  // as in every JSON that the program writes
  options.score.threads = threads;
  return Interruptible<Renderings>(report, [panel, candidate, options](const Progress& progress) -> absl::StatusOr<Renderings> {
    AuditOptions with_progress = options;
    with_progress.progress = progress;
    std::optional<AuditEmbeddings> embeddings;
    if (candidate.embeddings != nullptr) embeddings.emplace(candidate.embeddings->panel, candidate.embeddings->candidate);
    STEMMA_ASSIGN_OR_RETURN(const AuditReport audit, Audit(panel, *candidate.signature, with_progress, candidate.inputs.get(),
                                                           embeddings ? &*embeddings : nullptr));
    return Renderings{AuditToJson(panel, audit), AuditToHtml(panel, audit), AuditToText(panel, audit), AuditToMarkdown(panel, audit)};
  });
}

}  // namespace

void BindAudit(nb::module_& module) {
  module.def("audit", &RunAudit, nb::arg("panel"), nb::arg("candidate"), nb::arg("references"), nb::arg("prior").none(),
             nb::arg("alpha"), nb::arg("mixture"), nb::arg("threads"), nb::arg("report").none());
}

}  // namespace stemma::python
