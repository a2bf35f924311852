// Scores into likelihood ratios, learned from scores whose truth is known.
//
// Three ways that are used alike: a straight line (few parameters, extrapolates: bound what it says), the best rising
// steps (PAV; says what this sample holds, hardly more), and the ratio of two smooth densities (need not rise).
//
// Units: LLRs are log10 likelihood ratios, positive where H1 is the better explanation. They hold no prior: both
// classes weigh the same, however many values they have.
// Shape: weights are relative within their class; groups are not used.
// Errors: kInvalidArgument for a class without values, scores that are NaN, infinite or all equal, and weights of
// another length than the values, negative, not finite or of sum 0.
// Determinism: the order of the values cannot matter.
#ifndef STEMMA_CALIBRATION_H_
#define STEMMA_CALIBRATION_H_

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/labelled_sample.h"

namespace stemma {

// What turns a score into an LLR; a score that is NaN gives NaN.
template <typename T>
concept LlrCalibration = requires(const T& calibration, double score) {
  { calibration.LlrLog10(score) } -> std::same_as<double>;
};

// The sample with an LLR in place of each score.
template <LlrCalibration Calibration>
LabelledSample Calibrate(const Calibration& calibration, LabelledSample scores) {
  for (double& value : scores.h1.values) value = calibration.LlrLog10(value);
  for (double& value : scores.h2.values) value = calibration.LlrLog10(value);
  return scores;
}

struct LogisticOptions {
  // Ridge on the slope of the standardised scores, in values: the penalty l2 / 2 slope^2 stands beside the log loss of
  // n values, n / 2 a class (n counts those of positive weight). 1 keeps the slope finite where the classes are
  // separated and hardly touches it where there are hundreds of values.
  double l2 = 1;
};

// A straight line, by logistic regression.
//
// The slope is never negative: where higher scores speak for H2, all LRs are 1.
// Errors: also kInvalidArgument for a negative or infinite l2, for an l2 of 0 where no score of H2 lies above one of H1
// (no finite slope fits best), where an l2 is so small that the fit does not settle, and for scores whose spread is
// beyond double.
// Complexity: O(n log n).
// Source: Brümmer and du Preez 2006, "Application-independent evaluation of speaker detection".
class LogisticCalibration {
 public:
  static absl::StatusOr<LogisticCalibration> Fit(const LabelledSample& scores, const LogisticOptions& options = {});
  // For coefficients that were stored.
  // Errors: kInvalidArgument where they are not finite or the slope is negative.
  static absl::StatusOr<LogisticCalibration> FromCoefficients(double slope, double intercept);

  double slope() const { return slope_; }          // log10 units for each unit of score
  double intercept() const { return intercept_; }  // log10 LR at score 0
  double LlrLog10(double score) const;

 private:
  LogisticCalibration(double slope, double intercept) : slope_(slope), intercept_(intercept) {}

  double slope_;
  double intercept_;
};

struct PavOptions {
  // So many values of H1 below all scores and of H2 above all, each of its class's mean weight: LRs stay finite, and no
  // larger than so many values can carry.
  std::size_t add_misleading = 0;
};

// All scores from `from_score` to `to_score`, both observed.
struct PavStep {
  double from_score = 0;
  double to_score = 0;
  double llr_log10 = 0;
};

// The best rising steps.
//
// Below and above all steps the outermost step's LLR goes on, which is -inf or +inf unless misleading values are added.
// Between two steps the LLR is the one nearest to 0 that lies between theirs: where no score was seen nothing is
// claimed that either neighbour would not carry.
// Complexity: O(n log n), then O(log n) a score.
// Source: Brümmer and du Preez 2006; the added pair: Vergeer et al. 2016 as NFI's lir applies it to PAV.
class PavCalibration {
 public:
  static absl::StatusOr<PavCalibration> Fit(const LabelledSample& scores, const PavOptions& options = {});

  std::span<const PavStep> steps() const { return steps_; }  // rising in score and LLR
  double LlrLog10(double score) const;

 private:
  explicit PavCalibration(std::vector<PavStep> steps) : steps_(std::move(steps)) {}

  std::vector<PavStep> steps_;
};

// The ratio of two sums of Gaussian kernels.
//
// A class's bandwidth is (4/3 / n)^(1/5) times its standard deviation, n the effective number of its values, (sum of
// weights)^2 / (sum of squared weights). Far from all scores the ratio is that of two tails and means little. An
// infinite score gives NaN.
// Errors: also kInvalidArgument for a class whose scores are all equal or spread beyond double: it has no bandwidth.
// Complexity: O(n log n), then O(n) a score.
// Source: Silverman 1986, "Density Estimation for Statistics and Data Analysis", section 3.4.2; Morrison 2011, "A
// comparison of procedures for the calculation of forensic likelihood ratios from acoustic-phonetic data"; Kish 1965,
// "Survey Sampling" (effective number).
class KernelCalibration {
 public:
  static absl::StatusOr<KernelCalibration> Fit(const LabelledSample& scores);

  double bandwidth_h1() const { return h1_.bandwidth; }
  double bandwidth_h2() const { return h2_.bandwidth; }
  double LlrLog10(double score) const;

 private:
  struct Density {
    std::vector<double> centres;  // ascending
    std::vector<double> shares;   // sum to 1
    double bandwidth = 0;

    double Log(double score) const;  // up to a term that all densities share
  };

  KernelCalibration(Density h1, Density h2) : h1_(std::move(h1)), h2_(std::move(h2)) {}
  static absl::StatusOr<Density> FitDensity(const Sample& sample, const char* name);

  Density h1_;
  Density h2_;
};

}  // namespace stemma

#endif  // STEMMA_CALIBRATION_H_
