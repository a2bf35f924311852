// Answers of made-up models: sets of n-grams, of which a shifted model uses the first few more often.
#ifndef STEMMA_TESTS_SCORE_MADE_SAMPLES_H_
#define STEMMA_TESTS_SCORE_MADE_SAMPLES_H_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/base/random.h"
#include "stemma/answer_samples.h"

namespace stemma::test {

struct MadeModel {
  double shift = 0;            // added to the probability of the first five n-grams
  std::size_t embedded = 0;    // dimensions of the embedding, 0 for none
  double embedding_shift = 0;  // of its first number
};

inline constexpr std::uint32_t kMadeGrams = 40;
using GramShares = std::array<double, kMadeGrams>;

// What a prompt asks for: how often its answers hold each n-gram.
inline GramShares MakeTopic(base::Random& random) {
  GramShares shares;
  for (double& share : shares) share = random.Uniform() < 0.25 ? 0.6 : 0.2;
  return shares;
}

inline SampledAnswer MakeAnswer(const GramShares& topic, const MadeModel& model, base::Random& random) {
  SampledAnswer answer;
  for (std::uint32_t gram = 0; gram < kMadeGrams; ++gram) {
    if (random.Uniform() < topic[gram] + (gram < 5 ? model.shift : 0)) answer.grams.push_back(gram);
  }
  double squares = 0;
  for (std::size_t k = 0; k < model.embedded; ++k) {
    const double value = random.Uniform() - 0.5 + (k == 0 ? model.embedding_shift : 0);
    answer.embedding.push_back(static_cast<float>(value));
    squares += value * value;
  }
  for (float& value : answer.embedding) value = static_cast<float>(value / std::sqrt(squares));
  answer.text_hash = random.Next64();
  return answer;
}

inline std::vector<SharedPrompt> MakePrompts(std::size_t prompts, std::size_t of_a, std::size_t of_b, const MadeModel& a,
                                             const MadeModel& b, base::Random& random) {
  std::vector<SharedPrompt> made;
  for (std::size_t p = 0; p < prompts; ++p) {
    SharedPrompt& prompt = made.emplace_back();
    prompt.prompt = {random.Next64(), p};
    const GramShares topic = MakeTopic(random);
    for (std::size_t k = 0; k < of_a; ++k) prompt.a.push_back(MakeAnswer(topic, a, random));
    for (std::size_t k = 0; k < of_b; ++k) prompt.b.push_back(MakeAnswer(topic, b, random));
  }
  return made;
}

}  // namespace stemma::test

#endif  // STEMMA_TESTS_SCORE_MADE_SAMPLES_H_
