#include "stemma/verdict_json.h"

#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/verdict.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Wanted(std::string_view what, const Json& got) {
  return absl::InvalidArgumentError(
      absl::StrFormat("must be %s, got %s", what, got.dump(-1, ' ', true, Json::error_handler_t::replace)));
}

absl::Status Set(double& field, const Json& value) {
  if (!value.is_number()) return Wanted("a number or null", value);
  field = value.get<double>();
  return absl::OkStatus();
}

absl::Status Set(std::size_t& field, const Json& value) {
  if (!value.is_number_unsigned()) return Wanted("a whole number >= 0", value);
  field = value.get<std::size_t>();
  return absl::OkStatus();
}

absl::Status Set(bool& field, const Json& value) {
  if (!value.is_boolean()) return Wanted("true or false", value);
  field = value.get<bool>();
  return absl::OkStatus();
}

absl::Status Set(std::string& field, const Json& value) {
  if (!value.is_string()) return Wanted("a text", value);
  field = value.get<std::string>();
  return absl::OkStatus();
}

absl::Status Set(EvidenceClass& field, const Json& value) {
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    if (value != NameOf(evidence_class)) continue;
    field = evidence_class;
    return absl::OkStatus();
  }
  return Wanted("\"weights\" or \"distillation\"", value);
}

absl::Status Set(AlternativeKind& field, const Json& value) {
  for (const AlternativeKind kind : kAlternativeKinds) {
    if (value != NameOf(kind)) continue;
    field = kind;
    return absl::OkStatus();
  }
  return Wanted("\"sibling\", \"base\", \"family_member\" or \"other_root\"", value);
}

// Sets an object's members by their keys.
class Members {
 public:
  template <typename T>
  void Add(std::string key, T& field) {
    setters_[std::move(key)] = [&field](const Json& value) { return Set(field, value); };
  }
  void AddWith(std::string key, std::function<absl::Status(const Json&)> setter) {
    setters_[std::move(key)] = std::move(setter);
  }

  absl::Status SetFrom(const Json& object) const {
    if (!object.is_object()) return Wanted("an object", object);
    for (const auto& [key, value] : object.items()) {
      const auto setter = setters_.find(key);
      if (setter == setters_.end()) return absl::InvalidArgumentError(absl::StrFormat("unknown key \"%s\"", key));
      if (value.is_null()) continue;
      if (const absl::Status status = setter->second(value); !status.ok()) {
        return absl::InvalidArgumentError(absl::StrFormat("%s %s", key, status.message()));
      }
    }
    return absl::OkStatus();
  }

 private:
  std::map<std::string, std::function<absl::Status(const Json&)>, std::less<>> setters_;
};

absl::Status SetAlternatives(std::vector<Alternative>& alternatives, const Json& array) {
  if (!array.is_array()) return Wanted("an array", array);
  for (const Json& item : array) {
    Alternative alternative;
    Members members;
    members.Add("kind", alternative.kind);
    members.Add("model", alternative.model);
    members.Add("llr_log10", alternative.llr_log10);
    STEMMA_RETURN_IF_ERROR(members.SetFrom(item));
    alternatives.push_back(std::move(alternative));
  }
  return absl::OkStatus();
}

absl::Status SetInputs(VerdictInputs& inputs, std::string& id, const Json& object) {
  Members members;
  members.Add("id", id);
  members.Add("class", inputs.evidence_class);
  members.Add("shared_prompts", inputs.shared_prompts);
  members.Add("independent_groups", inputs.independent_groups);
  members.Add("reference_released_later", inputs.reference_released_later);
  members.Add("calibrated", inputs.calibrated);
  members.Add("cllr_upper", inputs.cllr_upper);
  members.Add("llr_bounded_log10", inputs.llr_bounded_log10);
  members.Add("llr_bounded_lower_log10", inputs.llr_bounded_lower_log10);
  members.Add("llr_lower_log10", inputs.llr_lower_log10);
  members.Add("p_value", inputs.p_value);
  members.Add("alpha", inputs.alpha);
  members.Add("llr_group_left_out_log10", inputs.llr_group_left_out_log10);
  members.Add("llr_category_left_out_log10", inputs.llr_category_left_out_log10);
  members.AddWith("alternatives", [&](const Json& value) { return SetAlternatives(inputs.alternatives, value); });
  STEMMA_RETURN_IF_ERROR(members.SetFrom(object));
  if (inputs.alpha > 0 && inputs.alpha < 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("alpha must be in (0, 1), got %g", inputs.alpha));
}

Json FromFinding(const std::string& id, EvidenceClass evidence_class, const VerdictFinding& finding) {
  Json reasons = Json::array();
  for (const VerdictReason& reason : finding.reasons) {
    reasons.push_back({{"rule", reason.rule}, {"id", reason.id}, {"text", reason.text}});
  }
  Json json = Json::object();
  if (!id.empty()) json["id"] = id;
  json["class"] = NameOf(evidence_class);
  json["verdict"] = NameOf(finding.verdict);
  json["rule"] = finding.rule;
  json["reasons"] = std::move(reasons);
  return json;
}

}  // namespace

absl::StatusOr<std::string> JudgeJson(std::string_view text) {
  Json cases;
  try {
    cases = Json::parse(text);
  } catch (const Json::parse_error& error) {
    if (text.empty()) return absl::InvalidArgumentError("the file is empty; a case or an array of cases in JSON was expected");
    return absl::InvalidArgumentError(absl::StrFormat("malformed JSON at byte %d", error.byte));
  }
  if (!cases.is_array()) cases = Json::array({cases});
  Json findings = Json::array();
  for (const Json& object : cases) {
    VerdictInputs inputs;
    std::string id;
    if (const absl::Status status = SetInputs(inputs, id, object); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("case %d%s: %s", findings.size() + 1, id.empty() ? "" : " (" + id + ")", status.message()));
    }
    findings.push_back(FromFinding(id, inputs.evidence_class, Judge(inputs)));
  }
  return findings.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stemma
