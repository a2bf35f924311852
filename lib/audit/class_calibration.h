// From scores of one class to likelihood ratios, by what the panel's own models scored as strangers.
//
// For each pair that is judged, both models and their groups are left out of what it is calibrated by.
// Units: LLRs are log10. The resampled units are the panel's groups: a group takes its pairs with it as a candidate.
#ifndef STEMMA_LIB_AUDIT_CLASS_CALIBRATION_H_
#define STEMMA_LIB_AUDIT_CLASS_CALIBRATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/calibration.h"
#include "stemma/documented_pairs.h"
#include "stemma/labelled_sample.h"
#include "stemma/lineage.h"
#include "stemma/lr_bounds.h"
#include "stemma/panel.h"

namespace stemma::audit {

// A straight line from score to LLR, and what it would be had other groups been at hand.
//
// Resampled lines are one Newton step from the fitted one, on the resampled sample: a logistic regression anew for each
// draw would cost a hundred times as much, and differs by far less than the draws do among themselves.
class LrModel {
 public:
  static absl::StatusOr<LrModel> Fit(const LabelledSample& scores);
  // For a line that was fitted to this sample before.
  static LrModel FromLine(const LogisticCalibration& line, const LrBounds& bounds, const LabelledSample& scores);

  const LogisticCalibration& line() const { return line_; }
  double LlrLog10(double score) const { return line_.LlrLog10(score); }
  const LrBounds& bounds() const { return bounds_; }
  std::size_t groups() const { return parts_.size(); }
  std::size_t pairs_h1() const { return pairs_h1_; }
  std::size_t pairs_h2() const { return pairs_h2_; }

  // The line by the sample in which each group stands so many times; nothing where that lacks a class.
  std::optional<LogisticCalibration> LineAt(std::span<const std::uint32_t> group_times) const;

 private:
  // Sums over a class's pairs, times their weights: what makes the mean log loss's gradient and Hessian at the fitted line.
  struct Part {
    double weight = 0;
    std::array<double, 2> gradient = {};  // by slope, by intercept
    std::array<double, 3> hessian = {};   // slope twice, slope and intercept, intercept twice

    void Add(const Part& part, double times);
  };

  explicit LrModel(LogisticCalibration line) : line_(line) {}
  // Of both classes, each divided by its weight; nothing where a class has none.
  std::optional<Part> MeanLoss(std::span<const std::uint32_t> group_times) const;

  LogisticCalibration line_;
  LrBounds bounds_;
  std::size_t pairs_h1_ = 0;
  std::size_t pairs_h2_ = 0;
  std::vector<std::array<Part, 2>> parts_;  // by group, by class
  std::array<double, 2> ridge_gradient_ = {};
  double ridge_hessian_ = 0;
};

class ClassCalibration {
 public:
  // Nothing where the panel holds no scores of strangers, or too few documented pairs of the class.
  static std::optional<ClassCalibration> Of(const Panel& panel, EvidenceClass evidence_class);

  // For a candidate of a group, if it has one in the panel, and a reference.
  // Errors: kFailedPrecondition where without them too few pairs are left.
  absl::StatusOr<LrModel> Without(std::optional<std::size_t> candidate_group, std::size_t reference_group) const;

  // Those that were scored.
  const DocumentedPairs& pairs() const { return pairs_; }
  double ScoreOf(const ModelPair& pair) const;

  // The scores of all pairs but those that `left_out` says. Weights: in H1 each group of candidates weighs the same; in
  // H2, on each reference.
  LabelledSample SampleWithout(const std::function<bool(const ModelPair&)>& left_out) const;

 private:
  explicit ClassCalibration(const Panel& panel) : panel_(&panel) {}
  bool HoldsGroup(const ModelPair& pair, std::optional<std::size_t> group) const;

  const Panel* panel_;
  EvidenceClass evidence_class_ = EvidenceClass::kWeights;
  DocumentedPairs pairs_;
};

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_CLASS_CALIBRATION_H_
