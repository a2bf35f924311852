#include "stemma/style_features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include "lib/base/hash.h"
#include "stemma/ngram.h"

namespace stemma {
namespace {

constexpr std::size_t kMaxOpeningTokens = 3;

// First symbols of an opening's hash; no token has such a text.
const std::uint64_t kInLine = base::Hash64("<OPENING>");
const std::uint64_t kAtLine = base::Hash64("<LINE OPENING>");

bool IsLineEnd(const Token& token) { return token.text == "<N>" || token.text == "<P>"; }

bool IsListMarker(const Token& token) { return token.kind == TokenKind::kMarker && token.text.starts_with("<L"); }

bool EndsSentence(const Token& token) {
  return token.kind == TokenKind::kSymbol && token.text.size() == 1 &&
         std::string_view(".!?:").find(token.text.front()) != std::string_view::npos;
}

// Calls `sink(hash)` for each opening, some of them several times.
template <typename Sink>
void ForEachOpening(std::span<const Token> tokens, Sink&& sink) {
  bool opens_line = true;  // at the answer's start, behind a line end or a list marker
  bool opens = true;
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const Token& token = tokens[k];
    const bool line_end = IsLineEnd(token);
    if (opens && !line_end) {
      std::uint64_t hash = opens_line ? kAtLine : kInLine;
      for (std::size_t n = k; n < std::min(k + kMaxOpeningTokens, tokens.size()); ++n) {
        hash = ExtendNgram(hash, tokens[n].hash);
        sink(hash);
      }
    }
    opens_line = line_end || IsListMarker(token);
    opens = opens_line || EndsSentence(token);
  }
}

absl::flat_hash_map<std::uint64_t, std::uint16_t> Index(std::span<const std::uint64_t> hashes, std::size_t first) {
  absl::flat_hash_map<std::uint64_t, std::uint16_t> index;
  for (std::size_t k = 0; k < hashes.size(); ++k) index.emplace(hashes[k], static_cast<std::uint16_t>(first + k));
  return index;
}

void SortUnique(auto& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace

StyleFeatures::StyleFeatures(std::vector<std::uint64_t> words, std::vector<std::uint64_t> openings)
    : words_(std::move(words)), openings_(std::move(openings)) {
  SortUnique(words_);
  SortUnique(openings_);
  word_index_ = Index(words_, 0);
  opening_index_ = Index(openings_, words_.size());
}

void StyleFeatures::Extract(std::span<const Token> tokens, std::vector<std::uint16_t>& out) const {
  // A bit for each feature comes out sorted, each once.
  constexpr std::size_t kWordBits = 64;
  std::array<std::uint64_t, (kMaxWords + kMaxOpenings) / kWordBits + 1> bits = {};
  const auto look_up = [&](const auto& index, std::uint64_t hash) {
    if (const auto found = index.find(hash); found != index.end()) {
      bits[found->second / kWordBits] |= std::uint64_t{1} << found->second % kWordBits;
    }
  };
  for (const Token& token : tokens) look_up(word_index_, token.hash);
  ForEachOpening(tokens, [&](std::uint64_t hash) { look_up(opening_index_, hash); });
  out.clear();
  for (std::size_t k = 0; k < bits.size(); ++k) {
    for (std::uint64_t left = bits[k]; left != 0; left &= left - 1) {
      out.push_back(static_cast<std::uint16_t>(k * kWordBits + static_cast<std::size_t>(std::countr_zero(left))));
    }
  }
}

void StyleFeatureFitter::Count(std::vector<std::uint64_t>& features, std::uint32_t prompt, Uses& uses) {
  SortUnique(features);
  for (const std::uint64_t feature : features) {
    Use& use = uses[feature];
    ++use.answers;
    for (std::uint32_t& seen : use.prompts) {
      if (seen == prompt) break;
      if (seen == 0) {
        seen = prompt;
        break;
      }
    }
  }
  features.clear();
}

void StyleFeatureFitter::Add(const Hash128& prompt, std::span<const Token> tokens) {
  const std::uint32_t id =
      prompt_ids_.try_emplace(prompt, static_cast<std::uint32_t>(prompt_ids_.size() + 1)).first->second;
  for (const Token& token : tokens) scratch_.push_back(token.hash);
  Count(scratch_, id, words_);
  ForEachOpening(tokens, [&](std::uint64_t hash) { scratch_.push_back(hash); });
  Count(scratch_, id, openings_);
}

std::vector<std::uint64_t> StyleFeatureFitter::Commonest(const Uses& uses, std::size_t count, std::size_t min_prompts) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranked;  // answers, feature
  for (const auto& [feature, use] : uses) {
    if (use.prompts[min_prompts - 1] != 0) ranked.emplace_back(use.answers, feature);
  }
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  ranked.resize(std::min(count, ranked.size()));
  std::vector<std::uint64_t> features;
  for (const auto& [answers, feature] : ranked) features.push_back(feature);
  return features;
}

StyleFeatures StyleFeatureFitter::Fit() const {
  return StyleFeatures(Commonest(words_, StyleFeatures::kMaxWords, kMinPromptsOfWord),
                       Commonest(openings_, StyleFeatures::kMaxOpenings, kMinPromptsOfOpening));
}

}  // namespace stemma
