#include "stemma/stored_report.h"

#include <cstdint>
#include <functional>
#include <set>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "lib/report/canonical.h"
#include "lib/report/stored_content.h"

namespace stemma {
namespace {

using report::At;
using report::Json;

// Reports are some ten deep; whoever nests deeper wants to exhaust the stack.
constexpr int kMaxDepth = 64;

// Sees each value as it is parsed: the parser keeps the last of equal keys, and a person may read the first.
class Watch {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMaxDepth) Note(absl::StrFormat("values are nested more than %d deep", kMaxDepth));
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      Note(absl::StrFormat("key \"%s\" stands twice in one object", parsed.get<std::string>()));
    }
    return problem_.empty();
  }
  const std::string& problem() const { return problem_; }

 private:
  void Note(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  std::vector<std::set<std::string>> keys_;  // of the objects that are open
  std::string problem_;
};

absl::StatusOr<Json> ParseJson(std::string_view text) {
  Watch watch;
  Json json;
  try {
    json = Json::parse(text, std::ref(watch));
  } catch (const Json::parse_error& error) {
    if (text.empty()) return absl::InvalidArgumentError("the file is empty; a report in JSON was expected");
    return absl::InvalidArgumentError(absl::StrFormat("malformed JSON at byte %d", error.byte));
  } catch (const Json::out_of_range&) {
    return absl::InvalidArgumentError("malformed JSON: a number is out of range");
  }
  if (!watch.problem().empty()) return absl::InvalidArgumentError(watch.problem());
  return json;
}

absl::Status NoReport(std::string_view pointer, std::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrFormat("no report of stemma audit: %s is not %s", pointer, wanted));
}

absl::Status Take(const Json& json, std::string_view pointer, std::string& out) {
  const Json& value = At(json, pointer);
  if (!value.is_string()) return NoReport(pointer, "a text");
  out = value.get<std::string>();
  return absl::OkStatus();
}

absl::Status Take(const Json& json, std::string_view pointer, double& out) {
  const Json& value = At(json, pointer);
  if (!value.is_number()) return NoReport(pointer, "a number");
  out = value.get<double>();
  return absl::OkStatus();
}

template <typename Whole>
absl::Status Take(const Json& json, std::string_view pointer, Whole& out) {
  static_assert(std::is_unsigned_v<Whole>);
  const Json& value = At(json, pointer);
  if (!value.is_number_unsigned()) return NoReport(pointer, "a whole number >= 0");
  out = value.get<Whole>();
  return absl::OkStatus();
}

absl::Status Take(const Json& json, std::string_view pointer, bool& out) {
  const Json& value = At(json, pointer);
  if (!value.is_boolean()) return NoReport(pointer, "true or false");
  out = value.get<bool>();
  return absl::OkStatus();
}

absl::Status Take(const Json& json, std::string_view pointer, std::vector<std::string>& out) {
  const Json& values = At(json, pointer);
  if (!values.is_array()) return NoReport(pointer, "an array");
  for (const Json& value : values) {
    if (!value.is_string()) return NoReport(pointer, "an array of texts");
    out.push_back(value.get<std::string>());
  }
  return absl::OkStatus();
}

absl::Status TakeOptions(const Json& canonical, AuditOptions& out) {
  const auto take = [&](std::string_view name, auto& value) {
    return Take(canonical, absl::StrCat("/parameters/", std::string(name), "/value"), value);
  };
  STEMMA_RETURN_IF_ERROR(take("references", out.references));
  STEMMA_RETURN_IF_ERROR(take("alpha", out.alpha));
  if (!At(canonical, "/parameters/prior/value").is_null()) STEMMA_RETURN_IF_ERROR(take("prior", out.prior.emplace()));
  STEMMA_RETURN_IF_ERROR(take("mixture", out.mixture));
  STEMMA_RETURN_IF_ERROR(take("draws", out.draws));
  STEMMA_RETURN_IF_ERROR(take("seed", out.seed));
  STEMMA_RETURN_IF_ERROR(take("rival_weight_weights", out.score.rival_weight_weights));
  STEMMA_RETURN_IF_ERROR(take("rival_weight_distillation", out.score.rival_weight_distillation));
  out.family_tree = !At(canonical, "/family_tree").is_null();
  return take("rival_weight_ranking", out.score.rival_weight_ranking);
}

absl::Status TakeCandidate(const Json& canonical, ModelMetadata& out) {
  std::string model;
  STEMMA_RETURN_IF_ERROR(Take(canonical, "/candidate/model", model));
  const Json& metadata = At(canonical, "/candidate/metadata");
  if (!metadata.is_object()) return NoReport("/candidate/metadata", "an object");
  STEMMA_ASSIGN_OR_RETURN(out, MetadataFromJson(metadata.dump(-1, ' ', false, Json::error_handler_t::replace)));
  out.model = model;
  return absl::OkStatus();
}

absl::Status TakeStatements(const Json& canonical, Statements& out) {
  STEMMA_RETURN_IF_ERROR(Take(canonical, "/statements/authorisation", out.authorisation));
  STEMMA_RETURN_IF_ERROR(Take(canonical, "/statements/collection", out.collection));
  STEMMA_RETURN_IF_ERROR(Take(canonical, "/statements/endpoint_identity", out.endpoint_identity));
  return Take(canonical, "/statements/reviewer", out.reviewer);
}

absl::Status TakePaths(const Json& provenance, StoredReport::Content& out) {
  if (provenance.is_null()) return absl::OkStatus();
  STEMMA_RETURN_IF_ERROR(Take(provenance, "/panel/path", out.panel_path));
  if (!At(provenance, "/embedding_panel").is_null()) {
    STEMMA_RETURN_IF_ERROR(Take(provenance, "/embedding_panel/path", out.embedding_panel_path));
  }
  for (const Json& input : At(provenance, "/inputs")) {
    STEMMA_RETURN_IF_ERROR(Take(input, "/path", out.input_paths.emplace_back()));
  }
  return absl::OkStatus();
}

bool SkippedBadRecords(const Json& canonical) {
  for (const Json& excluded : At(canonical, "/candidate/excluded")) {
    const Json& records = At(excluded, "/records");
    if (At(excluded, "/id") == "malformed_record") return records.is_number() && records.get<double>() > 0;
  }
  return false;
}

absl::StatusOr<StoredReport::Content> ToContent(Json json) {
  StoredReport::Content content;
  content.canonical = At(json, "/canonical");
  if (!content.canonical.is_object()) return NoReport("/canonical", "an object");
  std::uint64_t version = 0;
  STEMMA_RETURN_IF_ERROR(Take(content.canonical, "/schema_version", version));
  if (version != report::kSchemaVersion) {
    return absl::UnimplementedError(
        absl::StrFormat("schema_version is %d; this program knows %d", version, report::kSchemaVersion));
  }
  STEMMA_RETURN_IF_ERROR(Take(json, "/digest", content.stated_digest));
  STEMMA_RETURN_IF_ERROR(TakeCandidate(content.canonical, content.candidate));
  STEMMA_RETURN_IF_ERROR(TakeOptions(content.canonical, content.options));
  STEMMA_RETURN_IF_ERROR(TakeStatements(content.canonical, content.statements));
  STEMMA_RETURN_IF_ERROR(TakePaths(At(json, "/provenance"), content));
  content.has_embeddings = !At(content.canonical, "/embeddings").is_null();
  content.skipped_bad_records = SkippedBadRecords(content.canonical);
  content.digest = report::CanonicalDigest(content.canonical);
  return content;
}

}  // namespace

namespace report {

const Json& At(const Json& json, std::string_view pointer) {
  static const Json kNull = nullptr;
  const Json* value = &json;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view key = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(key.size());
    if (!value->is_object()) return kNull;
    const auto member = value->find(std::string(key));
    if (member == value->end()) return kNull;
    value = &*member;
  }
  return *value;
}

}  // namespace report

absl::StatusOr<StoredReport> StoredReport::Parse(std::string_view json, std::string_view source) {
  absl::StatusOr<Json> parsed = ParseJson(json);
  absl::StatusOr<Content> content = parsed.ok() ? ToContent(*std::move(parsed)) : parsed.status();
  if (!content.ok()) {
    return absl::Status(content.status().code(),
                        absl::StrCat(std::string(source), ": ", content.status().message()));
  }
  return StoredReport(std::make_shared<const Content>(*std::move(content)));
}

absl::StatusOr<StoredReport> StoredReport::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

const Hash128& StoredReport::digest() const { return content_->digest; }
const std::string& StoredReport::stated_digest() const { return content_->stated_digest; }
const ModelMetadata& StoredReport::candidate() const { return content_->candidate; }
const AuditOptions& StoredReport::options() const { return content_->options; }
const Statements& StoredReport::statements() const { return content_->statements; }
bool StoredReport::skipped_bad_records() const { return content_->skipped_bad_records; }
const std::vector<std::string>& StoredReport::input_paths() const { return content_->input_paths; }
const std::string& StoredReport::panel_path() const { return content_->panel_path; }
const std::string& StoredReport::embedding_panel_path() const { return content_->embedding_panel_path; }
bool StoredReport::has_embeddings() const { return content_->has_embeddings; }

}  // namespace stemma
