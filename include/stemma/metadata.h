// What is documented about a model: who made it, from what, when; and how its responses were obtained.
//
// Metadata never enters a score. It decides which models count as one voice (group, organisation), which are related
// to each other and so cannot serve as innocent examples, and what a report calls them.
#ifndef STEMMA_METADATA_H_
#define STEMMA_METADATA_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace stemma {

// A documented arrow of descent into the model that holds it.
struct LineageLink {
  std::string relation;      // finetuned_from, distilled_from, base_weights, version_of, ...
  std::string source;        // as documented
  std::string panel_source;  // the model's name in the same collection; empty where it is not there
  std::string confidence;    // high, medium, low
  std::string evidence;

  friend bool operator==(const LineageLink&, const LineageLink&) = default;
};

// Empty where not known. `release` is "YYYY", "YYYY-MM" or "YYYY-MM-DD".
struct ModelMetadata {
  std::string model;
  std::string organisation;
  std::string family;
  std::string group;  // the unit of resampling: a line of models that counts as one voice
  std::string base;
  std::string release;
  std::string source;   // where the responses are from
  std::string licence;  // of the responses
  bool reference = true;    // may stand as a root that others derive from
  bool degenerate = false;  // left out of every statistic
  bool example = true;      // may stand for a candidate where a panel is calibrated or judged
  std::vector<LineageLink> lineage;

  friend bool operator==(const ModelMetadata&, const ModelMetadata&) = default;
};

// Tab-separated tables with a header line, joined by their `model` column; several tables complete each other.
// Columns: model, organisation (or developer), family, group, base, release, source, licence, reference (yes/no),
// degenerate (yes.../no...), example (yes/no); and in tables that have a column `relation`, one lineage link a line: relation, source,
// source_on_leaderboard, confidence, evidence (a base_weights link fills `base`). Unknown columns are ignored.
class MetadataTable {
 public:
  // Adds a table. Errors: kInvalidArgument naming `source` and the line: no `model` column, a row without a model,
  // a value that contradicts an earlier table, a malformed date or yes/no.
  absl::Status Add(std::string_view text, std::string_view source);
  absl::Status AddFile(const std::string& path);
  // All of several files.
  static absl::StatusOr<MetadataTable> Read(std::span<const std::string> paths);

  // The model's metadata; only its name where no table knows it.
  ModelMetadata Find(std::string_view model) const;
  bool Contains(std::string_view model) const { return models_.find(model) != models_.end(); }

 private:
  std::map<std::string, ModelMetadata, std::less<>> models_;
};

// JSON object with the fields above; empty ones are left out.
std::string MetadataToJson(const ModelMetadata& metadata);
absl::StatusOr<ModelMetadata> MetadataFromJson(std::string_view json);

}  // namespace stemma

#endif  // STEMMA_METADATA_H_
