// The features of style of a sequence of tokens, by a literal reading of their definition: every position is asked what
// stands before it.
//
// A sentence opens at the answer's start, behind a line end, behind a list marker and behind one of . ! ? : unless
// nothing but a line end follows there. Its opening is its first one, two and three tokens, wherever they lead (a
// sentence of one word is followed by its full stop and what stands behind it), and whether it opens a line or a list
// item.
#ifndef STEMMA_TESTS_ORACLE_STYLE_FEATURES_H_
#define STEMMA_TESTS_ORACLE_STYLE_FEATURES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace stemma::oracle {

struct Opening {
  bool of_line = false;  // or of a list item
  std::vector<std::string> tokens;

  friend auto operator<=>(const Opening&, const Opening&) = default;
};

inline std::set<Opening> Openings(const std::vector<std::string>& tokens) {
  const std::set<std::string> line_ends = {"<N>", "<P>"};
  const std::set<std::string> list_markers = {"<L->", "<L*>", "<L+>", "<L1.>", "<L1)>"};
  const std::set<std::string> sentence_ends = {".", "!", "?", ":"};
  std::set<Opening> openings;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (line_ends.contains(tokens[at])) continue;
    const bool of_line = at == 0 || line_ends.contains(tokens[at - 1]) || list_markers.contains(tokens[at - 1]);
    if (!of_line && !sentence_ends.contains(tokens[at - 1])) continue;
    for (std::size_t length = 1; length <= 3 && at + length <= tokens.size(); ++length) {
      Opening opening{of_line, {}};
      for (std::size_t k = 0; k < length; ++k) opening.tokens.push_back(tokens[at + k]);
      openings.insert(opening);
    }
  }
  return openings;
}

// Of the features, as (answer's prompt, its distinct features) tell, the `most` that the most answers have, of those at
// `min_prompts` prompts; among equals those whose `hash` is lower.
template <typename Feature>
std::set<Feature> CommonestFeatures(const std::vector<std::pair<int, std::set<Feature>>>& answers, std::size_t most,
                                    std::size_t min_prompts, const std::function<std::uint64_t(const Feature&)>& hash) {
  std::map<Feature, std::vector<int>> prompts;
  for (const auto& [prompt, features] : answers) {
    for (const Feature& feature : features) prompts[feature].push_back(prompt);
  }
  std::map<std::pair<long, std::uint64_t>, Feature> ranked;
  for (const auto& [feature, of_answers] : prompts) {
    if (std::set<int>(of_answers.begin(), of_answers.end()).size() < min_prompts) continue;
    ranked[{-static_cast<long>(of_answers.size()), hash(feature)}] = feature;
  }
  std::set<Feature> kept;
  for (const auto& [rank, feature] : ranked) {
    if (kept.size() < most) kept.insert(feature);
  }
  return kept;
}

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_STYLE_FEATURES_H_
