// A report that was written before: what it takes to derive it anew, and to compare it.
//
// Errors: kInvalidArgument (malformed JSON with its byte, a key that stands twice, values nested too deeply, or JSON that is no
// report: with the JSON pointer of what it lacks); kUnimplemented for another version of the schema; those of files.
#ifndef STEMMA_STORED_REPORT_H_
#define STEMMA_STORED_REPORT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/audit.h"
#include "stemma/hash.h"
#include "stemma/metadata.h"
#include "stemma/statements.h"

namespace stemma {

// Immutable and cheap to copy.
class StoredReport {
 public:
  // `source` names the bytes in messages.
  static absl::StatusOr<StoredReport> Parse(std::string_view json, std::string_view source);
  static absl::StatusOr<StoredReport> Read(const std::string& path);

  // Of the canonical part as it stands, and as it was written: they differ where somebody edited it.
  const Hash128& digest() const;
  const std::string& stated_digest() const;
  bool intact() const { return ToHex(digest()) == stated_digest(); }

  // Whose the responses are, with all that is documented of it.
  const ModelMetadata& candidate() const;
  const AuditOptions& options() const;
  const Statements& statements() const;
  // Malformed records were left out.
  bool skipped_bad_records() const;

  // Embeddings were measured.
  bool has_embeddings() const;

  // Files as they were named where the report was made; empty without provenance.
  const std::vector<std::string>& input_paths() const;
  const std::string& panel_path() const;
  const std::string& embedding_panel_path() const;  // empty where there was none, too

  // For those who compare reports.
  struct Content;
  const Content& content() const { return *content_; }

 private:
  explicit StoredReport(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;
};

}  // namespace stemma

#endif  // STEMMA_STORED_REPORT_H_
