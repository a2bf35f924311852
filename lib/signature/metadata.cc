#include "stemma/metadata.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

struct TextField {
  std::string_view column;
  std::string ModelMetadata::*field;
};

constexpr std::array<TextField, 8> kTextFields = {{
    {"organisation", &ModelMetadata::organisation},
    {"developer", &ModelMetadata::organisation},
    {"family", &ModelMetadata::family},
    {"group", &ModelMetadata::group},
    {"base", &ModelMetadata::base},
    {"release", &ModelMetadata::release},
    {"source", &ModelMetadata::source},
    {"licence", &ModelMetadata::licence},
}};

std::vector<std::string_view> Split(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t end = line.find(separator);
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

bool IsDate(std::string_view text) {
  static constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool digit = text[k] >= '0' && text[k] <= '9';
    if (kShape[k] == 'd' ? !digit : text[k] != '-') return false;
  }
  if (text.size() >= 7) {
    const int month = (text[5] - '0') * 10 + (text[6] - '0');
    if (month < 1 || month > 12) return false;
  }
  return true;
}

// A table's header and one line of it.
class Row {
 public:
  Row(const std::vector<std::string_view>& header, std::string_view line) : header_(header), cells_(Split(line, '\t')) {}

  std::size_t size() const { return cells_.size(); }
  bool Has(std::string_view column) const { return std::ranges::find(header_, column) != header_.end(); }

  // Empty where the table has no such column, where the line ends before it, and for "-".
  std::string_view Cell(std::string_view column) const {
    const auto found = std::ranges::find(header_, column);
    const auto at = static_cast<std::size_t>(found - header_.begin());
    if (at >= cells_.size() || found == header_.end() || cells_[at] == "-") return {};
    return cells_[at];
  }

 private:
  const std::vector<std::string_view>& header_;
  std::vector<std::string_view> cells_;
};

absl::Status SetText(std::string& field, std::string_view value, std::string_view column) {
  if (value.empty()) return absl::OkStatus();
  if (!field.empty() && field != value) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is \"%s\", but was \"%s\" before", column, value, field));
  }
  field = std::string(value);
  return absl::OkStatus();
}

absl::Status SetFlag(bool& field, std::string_view value, std::string_view column) {
  if (value.empty()) return absl::OkStatus();
  // A remark may follow: "yes: constant answers".
  const std::string_view word = value.substr(0, value.find_first_of(": ("));
  if (word != "yes" && word != "no") {
    return absl::InvalidArgumentError(absl::StrFormat("%s must be yes or no, got \"%s\"", column, value));
  }
  field = word == "yes";
  return absl::OkStatus();
}

absl::Status AddLink(const Row& row, ModelMetadata& model) {
  LineageLink link;
  link.relation = std::string(row.Cell("relation"));
  link.source = std::string(row.Cell("source"));
  link.panel_source = std::string(row.Cell("source_on_leaderboard"));
  link.confidence = std::string(row.Cell("confidence"));
  link.evidence = std::string(row.Cell("evidence"));
  if (link.relation.empty()) return absl::InvalidArgumentError("relation is empty");
  if (link.relation == "base_weights" && model.base.empty()) model.base = link.source;
  model.lineage.push_back(std::move(link));
  return SetText(model.release, row.Cell("release"), "release");
}

absl::Status AddRow(const Row& row, ModelMetadata& model) {
  const std::string_view release = row.Cell("release");
  if (!release.empty() && !IsDate(release)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("release must be YYYY, YYYY-MM or YYYY-MM-DD, got \"%s\"", release));
  }
  if (row.Has("relation")) return AddLink(row, model);
  for (const TextField& field : kTextFields) {
    STEMMA_RETURN_IF_ERROR(SetText(model.*field.field, row.Cell(field.column), field.column));
  }
  STEMMA_RETURN_IF_ERROR(SetFlag(model.reference, row.Cell("reference"), "reference"));
  STEMMA_RETURN_IF_ERROR(SetFlag(model.example, row.Cell("example"), "example"));
  return SetFlag(model.degenerate, row.Cell("degenerate"), "degenerate");
}

}  // namespace

absl::Status MetadataTable::Add(std::string_view text, std::string_view source) {
  std::vector<std::string_view> header;
  std::size_t line_number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto fail = [&](std::string_view reason) {
      return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s", source, line_number, reason));
    };
    if (header.empty()) {
      header = Split(line, '\t');
      if (std::ranges::find(header, "model") == header.end()) {
        return fail("the header line of a metadata table needs a column \"model\", tab-separated");
      }
      continue;
    }
    const Row row(header, line);
    if (row.size() > header.size()) {
      return fail(absl::StrFormat("%d cells under %d columns", row.size(), header.size()));
    }
    const std::string_view name = row.Cell("model");
    if (name.empty()) return fail("the model is empty");
    ModelMetadata& model = models_[std::string(name)];
    model.model = std::string(name);
    if (const absl::Status status = AddRow(row, model); !status.ok()) {
      return fail(absl::StrFormat("model %s: %s", name, status.message()));
    }
  }
  if (header.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s: the metadata table is empty", source));
  return absl::OkStatus();
}

absl::Status MetadataTable::AddFile(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Add(file.bytes(), path);
}

absl::StatusOr<MetadataTable> MetadataTable::Read(std::span<const std::string> paths) {
  MetadataTable table;
  for (const std::string& path : paths) STEMMA_RETURN_IF_ERROR(table.AddFile(path));
  return table;
}

ModelMetadata MetadataTable::Find(std::string_view model) const {
  const auto found = models_.find(model);
  if (found != models_.end()) return found->second;
  ModelMetadata unknown;
  unknown.model = std::string(model);
  return unknown;
}

std::string MetadataToJson(const ModelMetadata& metadata) {
  Json json;
  json["model"] = metadata.model;
  for (const TextField& field : kTextFields) {
    const std::string& value = metadata.*field.field;
    if (field.column != "developer" && !value.empty()) json[std::string(field.column)] = value;
  }
  json["reference"] = metadata.reference;
  json["degenerate"] = metadata.degenerate;
  if (!metadata.example) json["example"] = false;  // files of earlier versions do not have it
  for (const LineageLink& link : metadata.lineage) {
    json["lineage"].push_back({{"relation", link.relation},
                               {"source", link.source},
                               {"panel_source", link.panel_source},
                               {"confidence", link.confidence},
                               {"evidence", link.evidence}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<ModelMetadata> MetadataFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::DataLossError("metadata is no JSON object");
  const auto string = [](const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto flag = [&](const char* key, bool missing) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() ? found->get<bool>() : missing;
  };
  ModelMetadata metadata;
  metadata.model = string(json, "model");
  for (const TextField& field : kTextFields) {
    if (field.column != "developer") metadata.*field.field = string(json, std::string(field.column).c_str());
  }
  metadata.reference = flag("reference", true);
  metadata.degenerate = flag("degenerate", false);
  metadata.example = flag("example", true);
  if (const auto links = json.find("lineage"); links != json.end() && links->is_array()) {
    for (const Json& link : *links) {
      if (!link.is_object()) return absl::DataLossError("a lineage link is no JSON object");
      metadata.lineage.push_back({string(link, "relation"), string(link, "source"), string(link, "panel_source"),
                                  string(link, "confidence"), string(link, "evidence")});
    }
  }
  return metadata;
}

}  // namespace stemma
