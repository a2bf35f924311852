// The model that most of a candidate's responses are near to, whoever wrote the rest.
//
// A mean over prompts goes with a donor that is very near at some of them; the middle two fifths of the prompts do not, as
// long as the donor wrote less than three tenths.
// Shape: `[prompt][model]`, NaN where there is no likeness.
// Source: trimmed mean, Huber and Ronchetti 2009, section 3.3 (breakdown point).
#ifndef STEMMA_LIB_SCORE_MAIN_REFERENCE_H_
#define STEMMA_LIB_SCORE_MAIN_REFERENCE_H_

#include <cstddef>
#include <span>
#include <vector>

namespace stemma::score {

// Of the prompts on each side, those that are left out of a model's mean.
inline constexpr double kTrimmed = 0.3;

class TrimmedLikeness {
 public:
  explicit TrimmedLikeness(const std::vector<std::vector<float>>& excesses);

  // Of each model; `times` counts each prompt so often. NaN where no prompt counts.
  std::vector<double> At(std::span<const double> times) const;

 private:
  struct Value {
    std::size_t prompt;
    double likeness;
  };
  std::vector<std::vector<Value>> sorted_;  // by model, the least first
};

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_MAIN_REFERENCE_H_
