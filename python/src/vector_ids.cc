#include "python/src/vector_ids.h"

#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/response.h"

namespace stemma::python {
namespace {

class IdReader {
 public:
  IdReader(const IdColumns& columns, const std::string& name)
      : name_(name),
        model_(Find(columns, "model")),
        prompt_(Find(columns, "prompt")),
        prompt_id_(Find(columns, "prompt_id")),
        prompt_key_(Find(columns, "prompt_key")),
        sample_(Find(columns, "sample")) {}

  absl::StatusOr<VectorId> Read(std::size_t row) {
    VectorId id;
    id.model = name_.empty() ? std::string(TextAt(model_, row)) : name_;
    if (id.model.empty()) return Lacks(row, "no model: the ids need a column `model`, or give a name");
    STEMMA_ASSIGN_OR_RETURN(id.prompt, PromptAt(row));
    STEMMA_ASSIGN_OR_RETURN(id.sample, SampleAt(row, id));
    return id;
  }

 private:
  static const Column* Find(const IdColumns& columns, const std::string& field) {
    const auto found = columns.find(field);
    return found == columns.end() ? nullptr : found->second.get();
  }

  static std::string_view TextAt(const Column* column, std::size_t row) {
    return column == nullptr || column->kind() == ColumnKind::kInteger ? std::string_view() : column->Text(row);
  }

  static absl::Status Lacks(std::size_t row, std::string_view what) {
    return absl::InvalidArgumentError(absl::StrFormat("row %d: %s", row, what));
  }

  // Of a record that has both, the text: as where responses are read.
  absl::StatusOr<Hash128> PromptAt(std::size_t row) const {
    if (const std::string_view text = TextAt(prompt_, row); !text.empty()) return PromptKey(text);
    if (const std::string_view id = TextAt(prompt_id_, row); !id.empty()) return PromptIdKey(id);
    if (prompt_id_ != nullptr && prompt_id_->kind() == ColumnKind::kInteger) {
      if (const auto id = prompt_id_->Integer(row)) return PromptIdKey(absl::StrFormat("%d", *id));
    }
    const std::string_view key = TextAt(prompt_key_, row);
    if (key.empty()) return Lacks(row, "no prompt: the ids need a column `prompt`, `prompt_id` or `prompt_key`");
    if (const std::optional<Hash128> hash = Hash128FromHex(key)) return *hash;
    return Lacks(row, absl::StrFormat("`prompt_key` must be 32 hexadecimal digits, got \"%s\"", key));
  }

  absl::StatusOr<std::uint32_t> SampleAt(std::size_t row, const VectorId& id) {
    const std::uint32_t counted = counts_[{id.model, id.prompt}]++;
    const std::optional<std::int64_t> stated =
        sample_ != nullptr && sample_->kind() == ColumnKind::kInteger ? sample_->Integer(row) : std::nullopt;
    if (!stated) return counted;
    constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
    if (*stated >= 0 && *stated <= kMax) return static_cast<std::uint32_t>(*stated);
    return Lacks(row, absl::StrFormat("`sample` must be an integer in [0, %d], got %d", kMax, *stated));
  }

  const std::string& name_;
  const Column* model_;
  const Column* prompt_;
  const Column* prompt_id_;
  const Column* prompt_key_;
  const Column* sample_;
  absl::flat_hash_map<std::pair<std::string, Hash128>, std::uint32_t> counts_;
};

absl::Status CheckColumn(const std::string& field, const Column& column, std::size_t rows) {
  if (column.size() != rows) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the ids must have a row a vector, got %d rows of `%s` and %d vectors", column.size(), field, rows));
  }
  const bool is_integers = field == "sample";
  if (column.kind() == ColumnKind::kNothing || field == "prompt_id") return absl::OkStatus();
  if ((column.kind() == ColumnKind::kInteger) == is_integers) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("`%s` must hold %s, got %s", field, is_integers ? "integers" : "text",
                                                    is_integers ? "text" : "integers"));
}

}  // namespace

absl::StatusOr<std::vector<VectorId>> ToVectorIds(const IdColumns& columns, const std::string& name, std::size_t rows) {
  for (const auto& [field, column] : columns) STEMMA_RETURN_IF_ERROR(CheckColumn(field, *column, rows));
  IdReader reader(columns, name);
  std::vector<VectorId> ids;
  ids.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    STEMMA_ASSIGN_OR_RETURN(ids.emplace_back(), reader.Read(row));
  }
  return ids;
}

}  // namespace stemma::python
