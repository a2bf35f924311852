// Who makes what: makers, and the brand names that stand for them.
#ifndef STEMMA_MAKERS_H_
#define STEMMA_MAKERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma {

struct Maker {
  std::string name;
  std::vector<std::string> brands;  // as a person writes them, words parted by a space

  friend bool operator==(const Maker&, const Maker&) = default;
};

// One maker a line, "MAKER: brand, brand"; empty lines and lines that begin with '#' are skipped.
// Returns: the makers, sorted by name.
// Errors: kInvalidArgument naming `source` and the line: no colon, no maker, no brand, a maker or a brand that stood
// before; and for a table without makers.
absl::StatusOr<std::vector<Maker>> ParseMakers(std::string_view text, std::string_view source);

// Errors: those of opening a file, and of `ParseMakers`.
absl::StatusOr<std::vector<Maker>> ReadMakers(const std::string& path);

}  // namespace stemma

#endif  // STEMMA_MAKERS_H_
