// Where a prompt stands among sorted ones.
#ifndef STEMMA_LIB_PANEL_FIND_PROMPT_H_
#define STEMMA_LIB_PANEL_FIND_PROMPT_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "stemma/hash.h"

namespace stemma::panel {

inline std::optional<std::size_t> FindPrompt(std::span<const Hash128> sorted, const Hash128& prompt) {
  const auto found = std::ranges::lower_bound(sorted, prompt);
  if (found == sorted.end() || *found != prompt) return std::nullopt;
  return static_cast<std::size_t>(found - sorted.begin());
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_FIND_PROMPT_H_
