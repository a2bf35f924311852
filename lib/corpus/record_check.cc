#include "lib/corpus/record_check.h"

#include <simdjson.h>

#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/text/white_space.h"

namespace stemma::corpus {
namespace {

std::array<std::pair<std::string_view, std::string_view>, 7> FieldsOf(const ResponseRecord& record) {
  return {{{"model", record.model},
           {"prompt", record.prompt},
           {"prompt_id", record.prompt_id},
           {"response", record.response},
           {"reasoning", record.reasoning},
           {"system", record.system},
           {"language", record.language}}};
}

}  // namespace

std::string FindRecordProblem(const ResponseRecord& record) {
  for (const auto& [name, text] : FieldsOf(record)) {
    if (!simdjson::validate_utf8(text.data(), text.size())) return absl::StrFormat("`%s` is not UTF-8", name);
  }
  if (!text::StripWhiteSpace(record.prompt).empty() || !record.prompt_id.empty()) return {};
  return "no prompt in the record: no `prompt_id`, and no text in `prompt`";
}

std::uint64_t RecordDigest::Add(const ResponseRecord& record) {
  std::uint64_t bytes = 0;
  std::string lengths;
  for (const auto& [name, text] : FieldsOf(record)) {
    base::AppendU64(lengths, text.size());
    bytes += text.size();
  }
  base::AppendU64(lengths, record.sample ? std::uint64_t{*record.sample} + 1 : 0);
  hasher_.Update(lengths);
  for (const auto& [name, text] : FieldsOf(record)) hasher_.Update(text);
  return bytes;
}

}  // namespace stemma::corpus
