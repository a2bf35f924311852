#include "stemma/panel.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/base/status_macros.h"
#include "python/src/errors.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/calibrate_panel.h"
#include "stemma/hash.h"
#include "stemma/score_strangers.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

Panel Open(const std::string& path) {
  const nb::gil_scoped_release unlocked;
  return ValueOrThrow(Panel::Open(path));
}

std::vector<Signature> SignaturesOf(const std::vector<SignedModel>& models) {
  std::vector<Signature> signatures;
  for (const SignedModel& model : models) signatures.push_back(*model.signature);
  return signatures;
}

absl::StatusOr<Panel> WrittenAndOpened(const Panel& panel, const std::string& path) {
  STEMMA_RETURN_IF_ERROR(panel.Write(path));
  return Panel::Open(path);
}

Panel Build(std::string path, const std::vector<SignedModel>& models, const Vocabulary& vocabulary, std::string title,
            std::string source, std::string licence, int threads, const nb::object& report) {
  const PanelOptions named{.title = std::move(title), .source = std::move(source), .licence = std::move(licence), .threads = threads};
  return Interruptible<Panel>(
      report, [path = std::move(path), signatures = SignaturesOf(models), vocabulary,
               named](const Progress& progress) -> absl::StatusOr<Panel> {
        PanelOptions options = named;
        options.progress = progress;
        STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Build(signatures, vocabulary, options));
        return WrittenAndOpened(panel, path);
      });
}

Panel Calibrate(const Panel& panel, std::string path, const std::vector<SignedModel>& models, int threads,
                const nb::object& report) {
  return Interruptible<Panel>(
      report, [panel, path = std::move(path), signatures = SignaturesOf(models),
               threads](const Progress& progress) -> absl::StatusOr<Panel> {
        StrangerOptions options;
        options.score.threads = threads;
        options.progress = progress;
        STEMMA_ASSIGN_OR_RETURN(
            const Panel calibrated, CalibratePanel(panel, KeepVocabulary(panel.vocabulary(), signatures), options));
        return WrittenAndOpened(calibrated, path);
      });
}

nb::object KnownText(const std::string& text) { return text.empty() ? nb::none() : nb::object(nb::str(text.data(), text.size())); }

// As in the report, but for what the calibration says of itself.
nb::dict Describe(const Panel& panel) {
  nb::dict vocabulary;
  vocabulary["digest"] = ToHex(panel.vocabulary().digest());
  vocabulary["brands"] = panel.vocabulary().brands().size();
  nb::dict out;
  out["title"] = panel.title();
  out["source"] = KnownText(panel.source());
  out["licence"] = KnownText(panel.licence());
  out["digest"] = ToHex(panel.digest());
  out["size_bytes"] = panel.size_bytes();
  out["models"] = panel.models().size();
  out["groups"] = panel.groups().size();
  out["prompts"] = panel.prompts().size();
  out["vocabulary"] = vocabulary;
  out["calibrated"] = panel.calibration() != nullptr;
  return out;
}

nb::list Models(const Panel& panel) {
  nb::list out;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const PanelModel& model = panel.models()[m];
    nb::dict one;
    one["model"] = model.metadata.model;
    one["panel_group"] = panel.groups()[panel.group(m)];
    one["signature_digest"] = ToHex(model.digest);
    one["responses"] = model.responses;
    one["prompts"] = model.prompts;
    one["tokens"] = model.tokens;
    one["metadata"] = ToDict(model.metadata);
    out.append(one);
  }
  return out;
}

}  // namespace

void BindPanel(nb::module_& module) {
  nb::class_<Panel>(module, "Panel", "Many models' signatures, by prompt.")
      .def_static("open", &Open, nb::arg("path"))
      .def_static("build", &Build, nb::arg("path"), nb::arg("models"), nb::arg("vocabulary"), nb::arg("title"), nb::arg("source"),
                  nb::arg("licence"), nb::arg("threads"), nb::arg("report").none())
      .def("calibrate", &Calibrate, nb::arg("path"), nb::arg("models"), nb::arg("threads"), nb::arg("report").none())
      .def("describe", &Describe, nb::sig("def describe(self) -> dict[str, typing.Any]"))
      .def("list_models", &Models, nb::sig("def list_models(self) -> list[dict[str, typing.Any]]"))
      .def("has_model", [](const Panel& panel, const std::string& name) { return panel.FindModel(name).has_value(); }, nb::arg("name"))
      .def_prop_ro("vocabulary", [](const Panel& panel) { return panel.vocabulary(); });
}

}  // namespace stemma::python
