#include "stemma/self_identification_counts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "lib/text/unicode.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

void SortByAnswers(std::vector<MakerClaims>& makers) {
  std::ranges::sort(makers, [](const MakerClaims& a, const MakerClaims& b) {
    return a.answers != b.answers ? a.answers > b.answers : a.maker < b.maker;
  });
}

std::string ToLine(const SelfIdentificationCounts& counts) {
  Json makers = Json::object();
  for (const MakerClaims& claims : counts.makers) makers[claims.maker] = claims.answers;
  const Json json = {{"model", counts.model},
                     {"organisation", counts.organisation},
                     {"answers", counts.answers},
                     {"answers_with_claim", counts.answers_with_claim},
                     {"by_maker", std::move(makers)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::Status Wrong(std::string_view key, std::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrFormat("\"%s\" must be %s", key, wanted));
}

absl::Status Read(const Json& object, const char* key, std::string& field) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return Wrong(key, "a text");
  field = found->get<std::string>();
  return absl::OkStatus();
}

absl::Status Read(const Json& object, const char* key, std::uint64_t& field) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return Wrong(key, "a whole number >= 0");
  field = found->get<std::uint64_t>();
  return absl::OkStatus();
}

absl::Status ReadMakers(const Json& object, SelfIdentificationCounts& counts) {
  const auto makers = object.find("by_maker");
  if (makers == object.end() || !makers->is_object()) return Wrong("by_maker", "an object");
  for (const auto& [maker, answers] : makers->items()) {
    MakerClaims claims{.maker = maker};
    STEMMA_RETURN_IF_ERROR(Read(*makers, maker.c_str(), claims.answers));
    if (claims.answers == 0 || claims.answers > counts.answers_with_claim) {
      return Wrong(maker, absl::StrFormat("in [1, %d], the answers with a claim", counts.answers_with_claim));
    }
    counts.makers.push_back(std::move(claims));
  }
  SortByAnswers(counts.makers);
  return absl::OkStatus();
}

absl::StatusOr<SelfIdentificationCounts> ReadModel(const Json& object) {
  if (!object.is_object()) return absl::InvalidArgumentError("a model must be an object");
  SelfIdentificationCounts counts;
  STEMMA_RETURN_IF_ERROR(Read(object, "model", counts.model));
  STEMMA_RETURN_IF_ERROR(Read(object, "organisation", counts.organisation));
  STEMMA_RETURN_IF_ERROR(Read(object, "answers", counts.answers));
  STEMMA_RETURN_IF_ERROR(Read(object, "answers_with_claim", counts.answers_with_claim));
  if (counts.answers_with_claim > counts.answers) {
    return Wrong("answers_with_claim", absl::StrFormat("at most %d, the answers", counts.answers));
  }
  STEMMA_RETURN_IF_ERROR(ReadMakers(object, counts));
  return counts;
}

absl::StatusOr<std::vector<SelfIdentificationCounts>> ReadModels(const Json& json) {
  if (!json.is_object()) return absl::InvalidArgumentError("the counts must be an object");
  std::uint64_t version = 0;
  STEMMA_RETURN_IF_ERROR(Read(json, "patterns", version));
  if (version != kSelfIdentificationVersion) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "counted by the patterns of version %d; these are of version %d", version, kSelfIdentificationVersion));
  }
  const auto models = json.find("models");
  if (models == json.end() || !models->is_array()) return Wrong("models", "an array");
  std::vector<SelfIdentificationCounts> all;
  std::set<std::string> names;
  for (const Json& model : *models) {
    auto counts = ReadModel(model);
    if (!counts.ok()) {
      return absl::InvalidArgumentError(absl::StrFormat("model %d: %s", all.size() + 1, counts.status().message()));
    }
    if (!names.insert(counts->model).second) {
      return absl::InvalidArgumentError(absl::StrFormat("model %s comes twice", counts->model));
    }
    all.push_back(*std::move(counts));
  }
  return all;
}

bool IsWordByte(char c) { return !text::IsAscii(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

void SelfIdentificationCounter::Add(const Response& response) {
  auto model = models_.find(response.model);
  if (model == models_.end()) model = models_.try_emplace(std::string(response.model)).first;
  Tally& tally = model->second;
  ++tally.answers;
  const std::vector<std::string_view> makers = finder_.Find(response.answer, response.prompt, response.system);
  tally.with_claim += makers.empty() ? 0 : 1;
  for (const std::string_view maker : makers) ++tally.by_maker[std::string(maker)];
}

std::vector<SelfIdentificationCounts> SelfIdentificationCounter::Counts() const {
  std::vector<SelfIdentificationCounts> all;
  for (const auto& [model, tally] : models_) {
    SelfIdentificationCounts& counts = all.emplace_back();
    counts.model = model;
    counts.answers = tally.answers;
    counts.answers_with_claim = tally.with_claim;
    for (const auto& [maker, answers] : tally.by_maker) counts.makers.push_back({maker, answers});
    SortByAnswers(counts.makers);
  }
  return all;
}

std::string SelfIdentificationToJson(std::span<const SelfIdentificationCounts> models) {
  std::string json = absl::StrFormat("{\n  \"patterns\": %d,\n  \"models\": [", kSelfIdentificationVersion);
  for (std::size_t k = 0; k < models.size(); ++k) {
    absl::StrAppendFormat(&json, "%s\n    %s", k == 0 ? "" : ",", ToLine(models[k]));
  }
  return json + "\n  ]\n}\n";
}

absl::StatusOr<std::vector<SelfIdentificationCounts>> SelfIdentificationFromJson(std::string_view json,
                                                                                 std::string_view source) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return absl::InvalidArgumentError(absl::StrFormat("%s: malformed JSON", source));
  auto models = ReadModels(parsed);
  if (models.ok()) return models;
  return absl::Status(models.status().code(), absl::StrFormat("%s: %s", source, models.status().message()));
}

absl::StatusOr<std::vector<SelfIdentificationCounts>> ReadSelfIdentification(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return SelfIdentificationFromJson(file.bytes(), path);
}

ClaimRate RateOfClaims(std::span<const SelfIdentificationCounts> models, std::string_view maker) {
  ClaimRate rate;
  for (const SelfIdentificationCounts& counts : models) {
    const auto asked = [&](const MakerClaims& claims) { return maker.empty() || claims.maker == maker; };
    const auto foreign = [&](const MakerClaims& claims) {
      return asked(claims) && !counts.organisation.empty() && !IsByMaker(counts.organisation, claims.maker);
    };
    ++rate.models;
    rate.with_claim += std::ranges::any_of(counts.makers, asked) ? 1 : 0;
    rate.with_foreign_claim += std::ranges::any_of(counts.makers, foreign) ? 1 : 0;
  }
  return rate;
}

bool IsByMaker(std::string_view organisation, std::string_view maker) {
  std::string name;
  std::string part;
  text::Fold(organisation, name);
  text::Fold(maker, part);
  if (part.empty()) return false;
  for (std::size_t at = name.find(part); at != std::string::npos; at = name.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if ((at == 0 || !IsWordByte(name[at - 1])) && (end == name.size() || !IsWordByte(name[end]))) return true;
  }
  return false;
}

}  // namespace stemma
