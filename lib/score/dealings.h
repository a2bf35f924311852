// All ways, or random ones, of calling as many of a prompt's answers A's as there are, independently at every prompt.
#ifndef STEMMA_LIB_SCORE_DEALINGS_H_
#define STEMMA_LIB_SCORE_DEALINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/random.h"

namespace stemma::score {

// The answers of one prompt, A's first.
struct DealtPrompt {
  std::size_t of_a = 0;
  std::size_t answers = 0;
};

// By answer, prompt after prompt: 1 where it is called A's.
using Labels = std::vector<std::uint8_t>;

class Dealings {
 public:
  explicit Dealings(std::vector<DealtPrompt> prompts) : prompts_(std::move(prompts)) {
    for (const DealtPrompt& prompt : prompts_) answers_ += prompt.answers;
  }

  std::span<const DealtPrompt> prompts() const { return prompts_; }
  std::size_t answers() const { return answers_; }

  // How many dealings there are, as a double since they may be more than 2^64.
  double Count() const;

  // As observed.
  Labels Observed() const;
  // The `number`-th of all, for 0 <= `number` < Count(); in each prompt, the 0-th is as observed.
  Labels At(std::uint64_t number) const;
  // One as likely as another.
  Labels Draw(base::Random& random) const;

 private:
  std::vector<DealtPrompt> prompts_;
  std::size_t answers_ = 0;
};

// The choices of `of_a` among `answers`.
double CountChoices(const DealtPrompt& prompt);
// What an answer of that label weighs in the difference of its prompt, mean of A's less mean of B's.
double WeightInDifference(const DealtPrompt& prompt, std::uint8_t label);
// Labels one prompt: the `number`-th choice, the 0-th being the first `of_a` answers.
void LabelChoice(const DealtPrompt& prompt, std::uint64_t number, std::span<std::uint8_t> labels);
// Labels one prompt at random.
void LabelAtRandom(const DealtPrompt& prompt, base::Random& random, std::span<std::uint8_t> labels);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_DEALINGS_H_
