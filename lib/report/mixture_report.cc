#include "stemma/mixture_report.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "lib/report/canonical.h"
#include "lib/report/estimate_json.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNotIdentifiable = "not identifiable";

// "27 % [22, 31]".
std::string Percent(const Estimate& share) {
  if (std::isnan(share.value)) return "not estimated";
  if (std::isnan(share.lower)) return absl::StrFormat("%.0f %%", 100 * share.value);
  return absl::StrFormat("%.0f %% [%.0f, %.0f]", 100 * share.value, 100 * share.lower, 100 * share.upper);
}

void AppendReference(const Panel& panel, const MixtureComponent& component, std::string& out) {
  if (component.reference) {
    absl::StrAppendFormat(&out, "    nearest reference: %s (first in %.0f %% of draws)\n",
                          report::NameOf(panel, component.reference->model), 100 * component.reference->first_in);
    return;
  }
  absl::StrAppendFormat(&out, "    nearest reference: %s", kNotIdentifiable);
  for (std::size_t k = 0; k < component.nearest.size(); ++k) {
    absl::StrAppendFormat(&out, "%s%s %.0f %%", k == 0 ? "; first in draws: " : ", ",
                          report::NameOf(panel, component.nearest[k].model), 100 * component.nearest[k].first_in);
  }
  out += "\n";
}

void AppendMainReference(const Panel& panel, const MixtureReport& report, std::string& out) {
  if (report.nearest.empty()) return;
  out += "\n  nearest to most prompts: ";
  out += report.main_reference ? report::NameOf(panel, report.main_reference->model) : kNotIdentifiable;
  const char* before = "; first in draws: ";
  for (const MainReference& reference : report.nearest) {
    if (reference.first_in == 0) continue;
    absl::StrAppendFormat(&out, "%s%s %.0f %%", before, report::NameOf(panel, reference.model), 100 * reference.first_in);
    before = ", ";
  }
  out += "\n";
}

// Figures differ in the last digits between compilers' logarithms; a report does not need them.
double Rounded(double value) { return std::isfinite(value) ? std::strtod(absl::StrFormat("%.9g", value).c_str(), nullptr) : value; }

Json FromShare(Estimate share) {
  share.value = Rounded(share.value);
  share.lower = Rounded(share.lower);
  share.upper = Rounded(share.upper);
  return report::FromEstimate(share);
}

Json FromReference(const Panel& panel, const MixtureReference& reference) {
  return {{"model", panel.models()[reference.model].metadata.model}, {"first_in_draws", Rounded(reference.first_in)}};
}

Json FromMainReference(const Panel& panel, const MainReference& reference) {
  return {{"model", panel.models()[reference.model].metadata.model},
          {"likeness", Rounded(reference.likeness)},
          {"first_in_draws", Rounded(reference.first_in)}};
}

Json FromComponent(const Panel& panel, const MixtureComponent& component) {
  Json nearest = Json::array();
  for (const MixtureReference& reference : component.nearest) nearest.push_back(FromReference(panel, reference));
  return {{"maker", component.maker},
          {"relayed_share", FromShare(component.share)},
          {"gain", Rounded(component.gain)},
          {"reference", component.reference ? Json(FromReference(panel, *component.reference)) : Json(kNotIdentifiable)},
          {"nearest", std::move(nearest)}};
}

}  // namespace

std::string MixtureToText(const Panel& panel, const MixtureReport& report) {
  std::string out = absl::StrFormat("%s: relayed shares, by prompts\n", Printable(report.candidate));
  for (const MixtureCopies& copies : report.copies) {
    absl::StrAppendFormat(&out, "  exact copies of %s at %d prompts, taken out first\n", report::NameOf(panel, copies.model),
                          copies.prompts);
  }
  absl::StrAppendFormat(&out, "  %d shared prompts, %d used\n\n", report.shared_prompts, report.used_prompts);
  for (const MixtureComponent& component : report.components) {
    absl::StrAppendFormat(&out, "  %-20s %s\n", Printable(component.maker), Percent(component.share));
    AppendReference(panel, component, out);
  }
  absl::StrAppendFormat(&out, "  %-20s %s\n", "other", Percent(report.other));
  AppendMainReference(panel, report, out);
  if (report.components.empty() && !std::isnan(report.other.value)) out += "\nNo maker's models stand out at a part of the prompts.\n";
  out += report.warnings.empty() ? "" : "\n";
  for (const MixtureWarning& warning : report.warnings) {
    absl::StrAppendFormat(&out, "warning: %s [%s]\n", Printable(warning.text), warning.id);
  }
  out += "\nA relayed share is the share of prompts whose responses are like a maker's models: no dose of distillation, and no\n"
         "verdict. Shares of versions that are only distantly like the panel's come out too small or not at all; intervals\n"
         "are wide, since a large share of a distant version looks like a small one of a near version. Two versions by one\n"
         "maker are not told apart (docs/mixture.md).\n";
  return out;
}

std::string MixtureToJson(const Panel& panel, const MixtureReport& report) {
  Json copies = Json::array(), components = Json::array(), nearest = Json::array(), prompts = Json::array(), warnings = Json::array();
  for (const MixtureCopies& one : report.copies) {
    copies.push_back({{"model", panel.models()[one.model].metadata.model}, {"prompts", one.prompts}});
  }
  for (const MixtureComponent& component : report.components) components.push_back(FromComponent(panel, component));
  for (const MainReference& reference : report.nearest) nearest.push_back(FromMainReference(panel, reference));
  for (const PromptResponsibility& one : report.prompts) {
    prompts.push_back({{"prompt", ToHex(one.prompt)},
                       {"component", one.component ? Json(report.components[*one.component].maker) : Json(nullptr)},
                       {"responsibility", Rounded(one.responsibility)}});
  }
  for (const MixtureWarning& warning : report.warnings) warnings.push_back({{"id", warning.id}, {"text", warning.text}});
  const Json json = {{"candidate", report.candidate},
                     {"candidate_digest", ToHex(report.candidate_digest)},
                     {"panel_digest", ToHex(panel.digest())},
                     {"options",
                      {{"draws", report.options.draws}, {"seed", report.options.seed}, {"left_out", report.options.left_out}}},
                     {"shared_prompts", report.shared_prompts},
                     {"used_prompts", report.used_prompts},
                     {"copies", std::move(copies)},
                     {"components", std::move(components)},
                     {"other", FromShare(report.other)},
                     {"main_reference",
                      report.main_reference ? FromMainReference(panel, *report.main_reference) : Json(kNotIdentifiable)},
                     {"nearest_to_most_prompts", std::move(nearest)},
                     {"mixture_explains_better", report.better_than_one},
                     {"warnings", std::move(warnings)},
                     {"prompts", std::move(prompts)}};
  return report::Dump(json);
}

}  // namespace stemma
