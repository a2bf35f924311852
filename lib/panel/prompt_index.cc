#include "stemma/prompt_index.h"

#include <algorithm>

namespace stemma {
namespace {

constexpr std::uint32_t kMask = kGramKeys - 1;

}  // namespace

// Odd multipliers and xor-shifts are bijections modulo a power of two; two rounds spread every bit over all.
std::uint32_t GramKey(std::uint32_t gram, const Hash128& prompt) {
  std::uint32_t key = (gram ^ static_cast<std::uint32_t>(prompt.low)) & kMask;
  key = (key * 0x9E3779B1U + static_cast<std::uint32_t>(prompt.low >> 32)) & kMask;
  key ^= key >> 13;
  key = (key * 0x85EBCA77U) & kMask;
  return key ^ (key >> 12);
}

void PromptIndex::Sample(std::span<const GramCount> grams, std::vector<GramCount>& out) const {
  out.clear();
  for (const GramCount& gram : grams) {
    const std::uint32_t key = GramKey(gram.gram, prompt);
    if (key < threshold) out.push_back({key, gram.samples});
  }
  std::ranges::sort(out, {}, &GramCount::gram);
}

}  // namespace stemma
