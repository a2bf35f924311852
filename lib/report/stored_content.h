// What a stored report holds, as its readers and comparers see it.
#ifndef STEMMA_LIB_REPORT_STORED_CONTENT_H_
#define STEMMA_LIB_REPORT_STORED_CONTENT_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/report/json_statistics.h"
#include "stemma/stored_report.h"

namespace stemma {

struct StoredReport::Content {
  report::Json canonical;
  Hash128 digest;
  std::string stated_digest;
  ModelMetadata candidate;
  AuditOptions options;
  Statements statements;
  bool skipped_bad_records = false;
  bool has_embeddings = false;
  std::vector<std::string> input_paths;
  std::string panel_path;
  std::string embedding_panel_path;
};

namespace report {

// The value at a JSON pointer; null where there is none.
const Json& At(const Json& json, std::string_view pointer);

}  // namespace report
}  // namespace stemma

#endif  // STEMMA_LIB_REPORT_STORED_CONTENT_H_
