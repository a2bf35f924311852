#include "lib/score/dealings.h"

#include <cmath>

namespace stemma::score {

double CountChoices(const DealtPrompt& prompt) {
  // Each partial product is a binomial coefficient, hence whole and exact below 2^53.
  double choices = 1;
  for (std::size_t k = 1; k <= prompt.of_a; ++k) {
    choices = choices * static_cast<double>(prompt.answers - prompt.of_a + k) / static_cast<double>(k);
  }
  return choices;
}

double WeightInDifference(const DealtPrompt& prompt, std::uint8_t label) {
  return label != 0 ? 1 / static_cast<double>(prompt.of_a) : -1 / static_cast<double>(prompt.answers - prompt.of_a);
}

void LabelChoice(const DealtPrompt& prompt, std::uint64_t number, std::span<std::uint8_t> labels) {
  std::size_t of_a = prompt.of_a;
  for (std::size_t k = 0; k < prompt.answers; ++k) {
    const std::size_t rest = prompt.answers - k - 1;
    // Choices that take this answer come before those that do not.
    const double taking = of_a == 0 ? 0 : CountChoices({of_a - 1, rest});
    const bool takes = static_cast<double>(number) < taking;
    if (!takes) number -= static_cast<std::uint64_t>(taking);
    if (takes) --of_a;
    labels[k] = takes ? 1 : 0;
  }
}

void LabelAtRandom(const DealtPrompt& prompt, base::Random& random, std::span<std::uint8_t> labels) {
  std::size_t of_a = prompt.of_a;
  for (std::size_t k = 0; k < prompt.answers; ++k) {
    const bool takes = random.Below(prompt.answers - k) < of_a;
    if (takes) --of_a;
    labels[k] = takes ? 1 : 0;
  }
}

double Dealings::Count() const {
  double count = 1;
  for (const DealtPrompt& prompt : prompts_) count *= CountChoices(prompt);
  return count;
}

Labels Dealings::Observed() const { return At(0); }

Labels Dealings::At(std::uint64_t number) const {
  Labels labels(answers_);
  std::size_t first = 0;
  for (const DealtPrompt& prompt : prompts_) {
    const auto choices = static_cast<std::uint64_t>(std::fmin(CountChoices(prompt), 0x1p62));
    LabelChoice(prompt, number % choices, std::span(labels).subspan(first, prompt.answers));
    number /= choices;
    first += prompt.answers;
  }
  return labels;
}

Labels Dealings::Draw(base::Random& random) const {
  Labels labels(answers_);
  std::size_t first = 0;
  for (const DealtPrompt& prompt : prompts_) {
    LabelAtRandom(prompt, random, std::span(labels).subspan(first, prompt.answers));
    first += prompt.answers;
  }
  return labels;
}

}  // namespace stemma::score
