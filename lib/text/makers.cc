#include "stemma/makers.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "lib/text/white_space.h"

namespace stemma {
namespace {

// The text before the next `end`, which is taken off `rest`; outer white space apart.
std::string_view TakeUntil(char end, std::string_view& rest) {
  const std::size_t size = std::min(rest.find(end), rest.size());
  const std::string_view part = text::StripWhiteSpace(rest.substr(0, size));
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return part;
}

absl::StatusOr<Maker> ParseLine(std::string_view line) {
  if (line.find(':') == std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrFormat("must be \"MAKER: brand, brand\", got \"%s\"", line));
  }
  Maker maker;
  maker.name = std::string(TakeUntil(':', line));
  if (maker.name.empty()) return absl::InvalidArgumentError("no maker stands before the colon");
  while (!line.empty()) {
    const std::string_view brand = TakeUntil(',', line);
    if (!brand.empty()) maker.brands.emplace_back(brand);
  }
  if (maker.brands.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s has no brand", maker.name));
  return maker;
}

class Table {
 public:
  absl::Status AddLine(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return absl::OkStatus();
    STEMMA_ASSIGN_OR_RETURN(Maker maker, ParseLine(line));
    if (!names_.insert(maker.name).second) {
      return absl::InvalidArgumentError(absl::StrFormat("the maker %s stood before", maker.name));
    }
    for (const std::string& brand : maker.brands) {
      if (brands_.insert(brand).second) continue;
      return absl::InvalidArgumentError(absl::StrFormat("the brand %s stood before", brand));
    }
    makers_.push_back(std::move(maker));
    return absl::OkStatus();
  }

  std::vector<Maker> Finish() {
    std::ranges::sort(makers_, {}, &Maker::name);
    return std::move(makers_);
  }

 private:
  std::vector<Maker> makers_;
  absl::flat_hash_set<std::string> names_;
  absl::flat_hash_set<std::string> brands_;
};

}  // namespace

absl::StatusOr<std::vector<Maker>> ParseMakers(std::string_view text, std::string_view source) {
  Table table;
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (const absl::Status status = table.AddLine(TakeUntil('\n', text)); !status.ok()) {
      return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s", source, line, status.message()));
    }
  }
  std::vector<Maker> makers = table.Finish();
  if (makers.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s: no maker", source));
  return makers;
}

absl::StatusOr<std::vector<Maker>> ReadMakers(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return ParseMakers(file.bytes(), path);
}

}  // namespace stemma
