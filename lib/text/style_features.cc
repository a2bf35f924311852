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

StyleBoundary BoundaryOf(const Token& token) {
  if (token.kind == TokenKind::kSymbol) {
    const bool ends =
        token.text.size() == 1 && std::string_view(".!?:").find(token.text.front()) != std::string_view::npos;
    return ends ? StyleBoundary::kSentence : StyleBoundary::kNone;
  }
  if (token.kind != TokenKind::kMarker) return StyleBoundary::kNone;
  if (token.text == "<N>" || token.text == "<P>") return StyleBoundary::kLine;
  return token.text.starts_with("<L") ? StyleBoundary::kItem : StyleBoundary::kNone;
}

// Calls `sink(hash)` for each opening, some of them several times. `boundary(k)`: of token k.
template <typename Boundary, typename Sink>
void ForEachOpening(std::span<const Token> tokens, Boundary&& boundary, Sink&& sink) {
  StyleBoundary before = StyleBoundary::kLine;  // an answer's start
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    const StyleBoundary here = boundary(k);
    if (before != StyleBoundary::kNone && here != StyleBoundary::kLine) {
      std::uint64_t hash = before == StyleBoundary::kSentence ? kInLine : kAtLine;
      for (std::size_t n = k; n < std::min(k + kMaxOpeningTokens, tokens.size()); ++n) {
        hash = ExtendNgram(hash, tokens[n].hash);
        sink(hash);
      }
    }
    before = here;
  }
}

void SortUnique(auto& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace

StyleFeatures::Index StyleFeatures::IndexFrom(std::size_t first, std::span<const std::uint64_t> hashes) {
  Index index;
  for (std::size_t k = 0; k < hashes.size(); ++k) index.emplace(hashes[k], static_cast<std::uint16_t>(first + k));
  return index;
}

StyleFeatures::StyleFeatures(std::vector<std::uint64_t> words, std::vector<std::uint64_t> openings)
    : words_(std::move(words)), openings_(std::move(openings)) {
  SortUnique(words_);
  SortUnique(openings_);
  word_index_ = IndexFrom(0, words_);
  opening_index_ = IndexFrom(words_.size(), openings_);
}

StyleTraits StyleFeatures::TraitsOf(const Token& token) const {
  const auto word = word_index_.find(token.hash);
  return {word == word_index_.end() ? kNoFeature : word->second, BoundaryOf(token)};
}

void StyleFeatures::Extract(std::span<const Token> tokens, std::span<const StyleTraits> traits,
                            std::vector<std::uint16_t>& out) const {
  // A bit for each feature comes out sorted, each once; the last is that of no feature.
  constexpr std::size_t kWordBits = 64;
  std::array<std::uint64_t, kNoFeature / kWordBits + 1> bits = {};
  const auto add = [&](std::size_t feature) { bits[feature / kWordBits] |= std::uint64_t{1} << feature % kWordBits; };
  for (const StyleTraits& trait : traits) add(trait.word);
  ForEachOpening(tokens, [&](std::size_t k) { return traits[k].boundary; }, [&](std::uint64_t hash) {
    if (const auto found = opening_index_.find(hash); found != opening_index_.end()) add(found->second);
  });
  bits[kNoFeature / kWordBits] &= ~(std::uint64_t{1} << kNoFeature % kWordBits);
  std::array<std::uint16_t, kNoFeature> features;
  std::size_t count = 0;
  for (std::size_t k = 0; k < bits.size(); ++k) {
    for (std::uint64_t left = bits[k]; left != 0; left &= left - 1) {
      features[count++] = static_cast<std::uint16_t>(k * kWordBits + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
  out.assign(features.begin(), features.begin() + count);
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
  ForEachOpening(tokens, [&](std::size_t k) { return BoundaryOf(tokens[k]); },
                 [&](std::uint64_t hash) { scratch_.push_back(hash); });
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
