#include "stemma/mixture.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/mixture_report.h"
#include "stemma/panel.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// JSON and text.
using Renderings = std::array<std::string, 2>;

Renderings RunMixture(const Panel& panel, const SignedModel& candidate, std::vector<std::string> leave_out, std::size_t draws,
                      std::uint64_t seed, int threads, const nb::object& report) {
  MixtureOptions options{.left_out = std::move(leave_out), .draws = draws, .seed = seed, .threads = threads};
  return Interruptible<Renderings>(
      report, [panel, candidate, options = std::move(options)](const Progress& progress) -> absl::StatusOr<Renderings> {
        MixtureOptions with_progress = options;
        with_progress.progress = progress;
        STEMMA_ASSIGN_OR_RETURN(const MixtureReport found, FitMixture(panel, *candidate.signature, with_progress));
        return Renderings{MixtureToJson(panel, found), MixtureToText(panel, found)};
      });
}

}  // namespace

void BindMixture(nb::module_& module) {
  module.def("mixture", &RunMixture, nb::arg("panel"), nb::arg("candidate"), nb::arg("leave_out"), nb::arg("draws"),
             nb::arg("seed"), nb::arg("threads"), nb::arg("report").none());
}

}  // namespace stemma::python
