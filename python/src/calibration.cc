#include "stemma/calibration.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <utility>
#include <vector>

#include "python/src/errors.h"
#include "python/src/handles.h"
#include "stemma/labelled_sample.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

LogisticCalibration Fit(std::vector<double> h1, std::vector<double> h2, double l2) {
  const nb::gil_scoped_release unlocked;
  LabelledSample sample;
  sample.h1.values = std::move(h1);
  sample.h2.values = std::move(h2);
  return ValueOrThrow(LogisticCalibration::Fit(sample, {.l2 = l2}));
}

std::vector<double> Apply(const LogisticCalibration& calibration, std::vector<double> scores) {
  const nb::gil_scoped_release unlocked;
  for (double& score : scores) score = calibration.LlrLog10(score);
  return scores;
}

}  // namespace

void BindCalibration(nb::module_& module) {
  nb::class_<LogisticCalibration>(module, "LogisticCalibration", "A straight line from scores to log10 likelihood ratios.")
      .def_static("fit", &Fit, nb::arg("h1"), nb::arg("h2"), nb::arg("l2"))
      .def_static(
          "from_coefficients",
          [](double slope, double intercept) { return ValueOrThrow(LogisticCalibration::FromCoefficients(slope, intercept)); },
          nb::arg("slope"), nb::arg("intercept"))
      .def_prop_ro("slope", &LogisticCalibration::slope)
      .def_prop_ro("intercept", &LogisticCalibration::intercept)
      .def("llr_log10", &Apply, nb::arg("scores"));
}

}  // namespace stemma::python
