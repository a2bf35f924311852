#include "lib/score/same_checks.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/hash.h"

namespace stemma::score {
namespace {

std::vector<std::uint64_t> SortedTexts(std::span<const SampledAnswer> answers) {
  std::vector<std::uint64_t> texts;
  for (const SampledAnswer& answer : answers) texts.push_back(answer.text_hash);
  std::ranges::sort(texts);
  return texts;
}

}  // namespace

absl::Status CheckBothAnswer(std::span<const SharedPrompt> prompts) {
  for (const SharedPrompt& prompt : prompts) {
    if (!prompt.a.empty() && !prompt.b.empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("both sides must answer every shared prompt, got %d answers of A and %d of B at %s",
                        prompt.a.size(), prompt.b.size(), ToHex(prompt.prompt)));
  }
  return absl::OkStatus();
}

absl::Status CheckSame(std::span<const SharedPrompt> prompts, const SameOptions& options) {
  if (prompts.empty()) return absl::InvalidArgumentError("A and B must share at least 1 prompt, got 0");
  if (!(options.alpha > 0 && options.alpha < 0.5)) {
    return absl::InvalidArgumentError(absl::StrFormat("alpha must be in (0, 0.5), got %g", options.alpha));
  }
  if (!(options.margin > 0 && options.margin < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("margin must be in (0, 1), got %g", options.margin));
  }
  if (options.draws == 0) return absl::InvalidArgumentError("draws must be at least 1, got 0");
  return CheckBothAnswer(prompts);
}

SameCopies CountCopies(std::span<const SharedPrompt> prompts) {
  SameCopies copies;
  for (const SharedPrompt& prompt : prompts) {
    const std::vector<std::uint64_t> texts = SortedTexts(prompt.a);
    bool any = false, any_long = false;
    for (const SampledAnswer& of_b : prompt.b) {
      if (!std::ranges::binary_search(texts, of_b.text_hash)) continue;
      any = true;
      any_long = any_long || of_b.token_hash != 0;
    }
    copies.prompts += any;
    copies.long_prompts += any_long;
    copies.compared_own += texts.size() > 1;
    copies.own_prompts += std::ranges::adjacent_find(texts) != texts.end();
  }
  return copies;
}

}  // namespace stemma::score
