// The statistics of stemma/same_model.h under any dealing of the answers.
#ifndef STEMMA_LIB_SCORE_SAMPLE_STATISTICS_H_
#define STEMMA_LIB_SCORE_SAMPLE_STATISTICS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lib/score/dealings.h"
#include "lib/score/sample_rows.h"
#include "stemma/estimate.h"

namespace stemma::score {

// Of the mean of `values`, which is `mean`. Precondition: at least two.
double StandardError(std::span<const double> values, double mean);

// Sum over p != q of <D_p, D_q>.
class AcrossPrompts {
 public:
  AcrossPrompts(std::vector<PromptRows> prompts, SameKernel kernel);

  double Value(const Labels& labels) const;

  // The mean cosine of two prompts' differences, with an interval by the jackknife over prompts.
  Estimate Effect(const Labels& labels, double level) const;
  // What divides a value to become that mean.
  double EffectScale(const Labels& labels) const;

 private:
  // A row that is added with weight `weight` times +1 or -1 where its answer is called A's or B's, or, where the prompt
  // has one answer a side, the difference of both.
  struct Term {
    std::size_t answer = 0;
    double if_a = 0;
    double if_b = 0;
    Row row;
  };
  struct Prompt {
    DealtPrompt dealt;
    std::size_t first_answer = 0;
    std::vector<Term> terms;
    Gram gram;
  };

  void AddPrompt(const PromptRows& prompt, std::size_t first_answer);
  std::vector<double> Direction(const Labels& labels) const;
  double SquaredLength(const Prompt& prompt, const Labels& labels) const;
  double AlongDirection(const Prompt& prompt, const Labels& labels, std::span<const double> direction) const;

  std::vector<Prompt> prompts_;
  std::size_t dims_ = 0;
};

// Sum over prompts of how much nearer answers of a side with several lie to each other than to the other side's.
class WithinPrompts {
 public:
  // Cosines; A's answers first in each prompt.
  explicit WithinPrompts(std::span<const PromptRows> prompts);

  // Whether any prompt has several answers on a side.
  bool Applies() const { return applies_; }
  double Value(const Labels& labels) const;
  Estimate Effect(const Labels& labels, double level) const;
  double EffectScale() const { return static_cast<double>(used_); }

 private:
  struct Prompt {
    DealtPrompt dealt;
    std::size_t first_answer = 0;
    Gram gram;
  };

  static double ValueAt(const Prompt& prompt, const Labels& labels);

  std::vector<Prompt> prompts_;
  std::size_t used_ = 0;
  bool applies_ = false;
};

// Mean of values with Student's interval; without limits for fewer than two.
Estimate MeanOverPrompts(std::span<const double> values, double level);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_SAMPLE_STATISTICS_H_
