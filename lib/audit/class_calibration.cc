#include "lib/audit/class_calibration.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/audit/pair_weights.h"
#include "lib/base/status_macros.h"
#include "lib/panel/metadata_of.h"

namespace stemma::audit {
namespace {

// With fewer groups of a class there is no line to speak of; evaluation reports what three allow.
constexpr std::size_t kMinGroups = 3;
// Keeps the slope finite where the classes hardly overlap. On the development split Cllr of shared weights is .091 to .097
// from .001 to .1, and .138 at 1, where the penalty makes clear cases look doubtful; distillation does not care.
constexpr double kRidge = 0.1;

std::size_t GroupsIn(const Sample& sample) { return std::set(sample.groups.begin(), sample.groups.end()).size(); }

bool Suffices(const LabelledSample& sample) {
  return GroupsIn(sample.h1) >= kMinGroups && GroupsIn(sample.h2) >= kMinGroups;
}

}  // namespace

void LrModel::Part::Add(const Part& part, double times) {
  weight += times * part.weight;
  for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += times * part.gradient[k];
  for (std::size_t k = 0; k < hessian.size(); ++k) hessian[k] += times * part.hessian[k];
}

absl::StatusOr<LrModel> LrModel::Fit(const LabelledSample& scores) {
  STEMMA_ASSIGN_OR_RETURN(const LogisticCalibration line, LogisticCalibration::Fit(scores, {.l2 = kRidge}));
  STEMMA_ASSIGN_OR_RETURN(const LrBounds bounds, BoundOfEvidence(Calibrate(line, scores)));
  return FromLine(line, bounds, scores);
}

LrModel LrModel::FromLine(const LogisticCalibration& line, const LrBounds& bounds, const LabelledSample& scores) {
  LrModel model(line);
  model.bounds_ = bounds;
  model.pairs_h1_ = scores.h1.size();
  model.pairs_h2_ = scores.h2.size();
  std::map<std::size_t, std::size_t> part_of_group;
  for (const Sample* sample : {&scores.h1, &scores.h2}) {
    for (const std::size_t group : sample->groups) part_of_group.emplace(group, part_of_group.size());
  }
  model.parts_.resize(part_of_group.size());
  for (const std::size_t cls : {0U, 1U}) {
    const Sample& sample = cls == 0 ? scores.h1 : scores.h2;
    for (std::size_t k = 0; k < sample.size(); ++k) {
      const double x = sample.values[k];
      const double weight = sample.weight(k);
      const double odds = std::pow(10, line.LlrLog10(x));
      const double residual = cls == 0 ? -1 / (1 + odds) : 1 / (1 + 1 / odds);
      const double curvature = 1 / ((1 + odds) * (1 + 1 / odds));
      const Part part{weight, {residual * x, residual}, {curvature * x * x, curvature * x, curvature}};
      Part& sum = model.parts_[part_of_group.at(sample.group(k))][cls];
      sum.Add({0, part.gradient, part.hessian}, weight);
      sum.weight += weight;
    }
  }
  // At the fitted line the penalty's gradient is what the data's lacks to 0; the penalty is quadratic in the slope.
  const std::vector<std::uint32_t> once(model.groups(), 1);
  const std::array<double, 2> gradient = model.MeanLoss(once)->gradient;
  model.ridge_gradient_ = {-gradient[0], -gradient[1]};
  if (line.slope() > 0) model.ridge_hessian_ = model.ridge_gradient_[0] / (line.slope() * std::log(10));
  return model;
}

std::optional<LrModel::Part> LrModel::MeanLoss(std::span<const std::uint32_t> group_times) const {
  Part mean;
  for (const std::size_t cls : {0U, 1U}) {
    Part sum;
    for (std::size_t g = 0; g < parts_.size(); ++g) {
      if (group_times[g] > 0) sum.Add(parts_[g][cls], group_times[g]);
    }
    if (!(sum.weight > 0)) return std::nullopt;
    mean.Add(sum, 1 / sum.weight);
  }
  return mean;
}

std::optional<LogisticCalibration> LrModel::LineAt(std::span<const std::uint32_t> group_times) const {
  const std::optional<Part> loss = MeanLoss(group_times);
  if (!loss) return std::nullopt;
  // A line that says nothing says nothing on other groups, either: no step leads away from it.
  if (line_.slope() == 0) return line_;
  const double g0 = loss->gradient[0] + ridge_gradient_[0];
  const double g1 = loss->gradient[1] + ridge_gradient_[1];
  const auto [slopes, both, intercepts] = loss->hessian;
  const double determinant = (slopes + ridge_hessian_) * intercepts - both * both;
  if (!(determinant > 0)) return std::nullopt;
  const double slope = line_.slope() - (intercepts * g0 - both * g1) / determinant / std::log(10);
  const double intercept = line_.intercept() - ((slopes + ridge_hessian_) * g1 - both * g0) / determinant / std::log(10);
  const auto line = slope > 0 ? LogisticCalibration::FromCoefficients(slope, intercept) : LogisticCalibration::FromCoefficients(0, 0);
  return line.ok() ? std::optional(*line) : std::nullopt;
}

std::optional<ClassCalibration> ClassCalibration::Of(const Panel& panel, EvidenceClass evidence_class) {
  if (panel.strangers() == nullptr) return std::nullopt;
  ClassCalibration calibration(panel);
  calibration.evidence_class_ = evidence_class;
  const std::vector<ModelMetadata> metadata = panel::MetadataOf(panel);
  calibration.pairs_ = FindDocumentedPairs(metadata, Lineage(metadata), evidence_class);
  // Models that share no prompt were not scored.
  const auto unscored = [&](const ModelPair& pair) { return std::isnan(calibration.ScoreOf(pair)); };
  std::erase_if(calibration.pairs_.derived, unscored);
  std::erase_if(calibration.pairs_.unrelated, unscored);
  const LabelledSample all = calibration.SampleWithout([](const ModelPair&) { return false; });
  if (!Suffices(all)) return std::nullopt;
  return calibration;
}

double ClassCalibration::ScoreOf(const ModelPair& pair) const {
  const std::vector<float>& scores = panel_->strangers()->of(evidence_class_);
  return static_cast<double>(scores[pair.candidate * panel_->models().size() + pair.reference]);
}

bool ClassCalibration::HoldsGroup(const ModelPair& pair, std::optional<std::size_t> group) const {
  return group && (panel_->group(pair.candidate) == group || panel_->group(pair.reference) == group);
}

LabelledSample ClassCalibration::SampleWithout(const std::function<bool(const ModelPair&)>& left_out) const {
  LabelledSample sample;
  for (const bool derived : {true, false}) {
    std::vector<ModelPair> pairs = derived ? pairs_.derived : pairs_.unrelated;
    std::erase_if(pairs, left_out);
    Sample& out = derived ? sample.h1 : sample.h2;
    for (const ModelPair& pair : pairs) {
      out.values.push_back(ScoreOf(pair));
      out.groups.push_back(panel_->group(pair.candidate));
    }
    out.weights = PairWeights(*panel_, pairs, derived);
  }
  return sample;
}

absl::StatusOr<LrModel> ClassCalibration::Without(std::optional<std::size_t> candidate_group,
                                                  std::size_t reference_group) const {
  const LabelledSample sample = SampleWithout(
      [&](const ModelPair& pair) { return HoldsGroup(pair, candidate_group) || HoldsGroup(pair, reference_group); });
  if (!Suffices(sample)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%d groups of documented derivatives and %d of unrelated models are left to calibrate by; %d of each are needed",
        GroupsIn(sample.h1), GroupsIn(sample.h2), kMinGroups));
  }
  // Of a candidate without a group the panel keeps what was fitted once.
  if (const PanelCalibration* kept = panel_->calibration();
      kept != nullptr && !candidate_group && reference_group < panel_->groups().size()) {
    const CalibrationLine& stored = kept->lines[static_cast<std::size_t>(evidence_class_)][reference_group];
    STEMMA_ASSIGN_OR_RETURN(const auto line, LogisticCalibration::FromCoefficients(stored.slope, stored.intercept));
    return LrModel::FromLine(line, {stored.lower_log10, stored.upper_log10}, sample);
  }
  return LrModel::Fit(sample);
}

}  // namespace stemma::audit
