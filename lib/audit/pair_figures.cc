#include "lib/audit/pair_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/audit/pair_weights.h"
#include "lib/base/status_macros.h"
#include "lib/panel/metadata_of.h"
#include "stemma/lineage.h"

namespace stemma::audit {
namespace {

// Unrelated groups that a matched pair is compared with.
constexpr std::size_t kMatchedGroups = 8;

class WeightedMean {
 public:
  void Add(double weight, double value) {
    if (std::isnan(value) || !(weight > 0)) return;
    weight_ += weight;
    sum_ += weight * value;
  }
  double value() const { return weight_ > 0 ? sum_ / weight_ : PairFigures::kNone; }

 private:
  double weight_ = 0;
  double sum_ = 0;
};

double Exceeds(double a, double b) { return a > b ? 1 : a == b ? 0.5 : 0; }

// "2024-04" as a year with decimals, the middle of what is stated; NaN where nothing is.
double YearOf(const std::string& date) {
  if (date.size() < 4) return PairFigures::kNone;
  const double year = std::stod(date.substr(0, 4));
  if (date.size() < 7) return year + 0.5;
  const double month = std::stod(date.substr(5, 2)) - 1;
  return year + (month + (date.size() < 10 ? 0.5 : std::stod(date.substr(8, 2)) / 31)) / 12;
}

// What a derived pair won against the unrelated candidates of a group, of what there was to win.
struct Won {
  double won = 0;
  double weight = 0;

  void Add(double of_weight, double share) {
    won += of_weight * share;
    weight += of_weight;
  }
};

class Figures {
 public:
  Figures(const Panel& panel, EvidenceClass evidence_class, const DocumentedPairs& pairs, std::span<const float> scores,
          std::span<const float> ranking)
      : panel_(panel),
        evidence_class_(evidence_class),
        lineage_(panel::MetadataOf(panel)),
        scores_(scores),
        ranking_(ranking) {
    for (const auto* of_class : {&pairs.derived, &pairs.unrelated}) {
      for (const ModelPair& pair : *of_class) units_.emplace(panel.group(pair.candidate), units_.size());
    }
    const std::vector<double> unrelated_weights = PairWeights(panel, pairs.unrelated, /*derived=*/false);
    for (std::size_t k = 0; k < pairs.unrelated.size(); ++k) {
      const auto& [candidate, reference] = pairs.unrelated[k];
      unrelated_[reference].push_back({candidate, unrelated_weights[k]});
    }
    SetCovariates();
    const std::vector<double> derived_weights = PairWeights(panel, pairs.derived, /*derived=*/true);
    for (std::size_t k = 0; k < pairs.derived.size(); ++k) {
      const ModelPair& pair = pairs.derived[k];
      contests_.push_back({pair.reference, Unit(pair.candidate), derived_weights[k], Anchored(pair), Matched(pair),
                           Interaction(pair), FirstVersion(pair), FirstFamily(pair)});
    }
  }

  absl::StatusOr<PairFigures> Find(const BootstrapOptions& options) const {
    const OfContest anchored = [](const Contest& contest, Multiplicities times) {
      return ShareWon(contest.anchored, times);
    };
    const OfContest matched = [](const Contest& contest, Multiplicities times) {
      return ShareWonNearby(contest.nearest, times);
    };
    const OfContest interaction = [](const Contest& contest, Multiplicities times) {
      return ShareWon(contest.interaction, times);
    };
    const OfContest version = [](const Contest& contest, Multiplicities) { return contest.version_first; };
    const OfContest family = [](const Contest& contest, Multiplicities) { return contest.family_first; };
    PairFigures figures;
    STEMMA_ASSIGN_OR_RETURN(figures.anchored_auc, MeanOf(anchored, options));
    STEMMA_ASSIGN_OR_RETURN(figures.anchored_auc_macro, MeanOverReferences(anchored, options));
    STEMMA_ASSIGN_OR_RETURN(figures.matched_auc, MeanOf(matched, options));
    STEMMA_ASSIGN_OR_RETURN(figures.interaction_auc, MeanOf(interaction, options));
    STEMMA_ASSIGN_OR_RETURN(figures.rank1_version, MeanOf(version, options));
    STEMMA_ASSIGN_OR_RETURN(figures.rank1_family, MeanOf(family, options));
    return figures;
  }

 private:
  struct Nearby {
    std::size_t unit;
    double won;
  };
  // A derived pair, with all that the figures say of it.
  struct Contest {
    std::size_t reference;
    std::size_t unit;  // of the candidate
    double weight;
    std::vector<Won> anchored;     // by unit
    std::vector<Nearby> nearest;   // the nearest of each unit, nearest first
    std::vector<Won> interaction;  // by unit
    double version_first;
    double family_first;
  };
  // A figure of one pair in a draw of units.
  using OfContest = double (*)(const Contest& contest, Multiplicities times);
  struct Weighted {
    std::size_t model;
    double weight;
  };

  // Groups of candidates are what is resampled.
  std::size_t Unit(std::size_t model) const { return units_.at(panel_.group(model)); }

  static double ShareWon(std::span<const Won> by_unit, Multiplicities times) {
    Won sum;
    for (std::size_t unit = 0; unit < by_unit.size(); ++unit) {
      sum.won += times[unit] * by_unit[unit].won;
      sum.weight += times[unit] * by_unit[unit].weight;
    }
    return sum.weight > 0 ? sum.won / sum.weight : PairFigures::kNone;
  }

  // A group that is in a draw several times is several of the nearest.
  static double ShareWonNearby(std::span<const Nearby> nearest, Multiplicities times) {
    WeightedMean mean;
    std::size_t met = 0;
    for (const Nearby& nearby : nearest) {
      const std::size_t meets = std::min<std::size_t>(times[nearby.unit], kMatchedGroups - met);
      mean.Add(static_cast<double>(meets), nearby.won);
      met += meets;
    }
    return mean.value();
  }

  absl::StatusOr<Estimate> MeanOf(OfContest figure, const BootstrapOptions& options) const {
    return Interval(
        [&](Multiplicities times) {
          WeightedMean mean;
          for (const Contest& contest : contests_) {
            mean.Add(times[contest.unit] * contest.weight, figure(contest, times));
          }
          return mean.value();
        },
        options);
  }

  absl::StatusOr<Estimate> MeanOverReferences(OfContest figure, const BootstrapOptions& options) const {
    return Interval(
        [&](Multiplicities times) {
          std::map<std::size_t, WeightedMean> by_reference;
          for (const Contest& contest : contests_) {
            by_reference[contest.reference].Add(times[contest.unit] * contest.weight, figure(contest, times));
          }
          WeightedMean mean;
          for (const auto& [reference, of_one] : by_reference) mean.Add(1, of_one.value());
          return mean.value();
        },
        options);
  }

  absl::StatusOr<Estimate> Interval(const Statistic& statistic, const BootstrapOptions& options) const {
    Estimate estimate;
    estimate.value = statistic(std::vector<std::uint32_t>(units_.size(), 1));
    estimate.n = units_.size();
    estimate.unit_of_n = "groups";
    if (std::isnan(estimate.value) || units_.size() < 2) return estimate;
    return PercentileInterval(units_.size(), "groups", statistic, options);
  }

  std::size_t models() const { return panel_.models().size(); }
  const ModelMetadata& metadata(std::size_t model) const { return panel_.models()[model].metadata; }
  double Score(std::size_t candidate, std::size_t reference) const {
    return static_cast<double>(scores_[candidate * models() + reference]);
  }
  double Rank(std::size_t candidate, std::size_t reference) const {
    return static_cast<double>(ranking_[candidate * models() + reference]);
  }
  std::pair<std::string, std::string> Family(std::size_t model) const {
    return {metadata(model).organisation, metadata(model).family};
  }

  // Log of the mean number of tokens, and year, standardised over models.
  void SetCovariates() {
    covariates_.resize(models());
    for (std::size_t m = 0; m < models(); ++m) {
      const PanelModel& model = panel_.models()[m];
      covariates_[m] = {std::log(std::max(model.mean_tokens(), 1.0)), YearOf(model.metadata.release)};
    }
    for (const std::size_t k : {0U, 1U}) {
      WeightedMean mean, square;
      for (const auto& covariates : covariates_) mean.Add(1, covariates[k]);
      for (const auto& covariates : covariates_) square.Add(1, std::pow(covariates[k] - mean.value(), 2));
      for (auto& covariates : covariates_) {
        const double scaled = (covariates[k] - mean.value()) / std::sqrt(square.value());
        covariates[k] = std::isfinite(scaled) ? scaled : 0;  // what is not documented is as near to all
      }
    }
  }

  double Distance(std::size_t a, std::size_t b) const {
    return std::hypot(covariates_[a][0] - covariates_[b][0], covariates_[a][1] - covariates_[b][1]);
  }

  std::vector<Won> Anchored(const ModelPair& pair) const {
    std::vector<Won> won(units_.size());
    for (const Weighted& other : UnrelatedTo(pair.reference)) {
      const double score = Score(other.model, pair.reference);
      won[Unit(other.model)].Add(other.weight, Exceeds(Score(pair.candidate, pair.reference), score));
    }
    return won;
  }

  std::vector<Nearby> Matched(const ModelPair& pair) const {
    std::vector<std::pair<double, std::size_t>> by_distance;
    for (const Weighted& other : UnrelatedTo(pair.reference)) {
      by_distance.emplace_back(Distance(pair.candidate, other.model), other.model);
    }
    std::ranges::sort(by_distance);
    std::set<std::size_t> units;
    std::vector<Nearby> nearest;
    for (const auto& [distance, other] : by_distance) {
      if (!units.insert(Unit(other)).second) continue;
      nearest.push_back({Unit(other), Exceeds(Score(pair.candidate, pair.reference), Score(other, pair.reference))});
    }
    return nearest;
  }

  // Roots of other organisations that the candidate has nothing documented to do with.
  std::vector<std::size_t> Rivals(const ModelPair& pair) const {
    std::vector<std::size_t> rivals;
    for (std::size_t m = 0; m < models(); ++m) {
      const ModelMetadata& model = metadata(m);
      if (!model.reference || model.degenerate || m == pair.candidate) continue;
      const std::string& maker = model.organisation;
      if (maker == metadata(pair.candidate).organisation || maker == metadata(pair.reference).organisation) continue;
      const Kinship kinship = lineage_.Between(pair.candidate, m);
      if (kinship == Kinship::kSource || kinship == Kinship::kDerivative) continue;
      if (evidence_class_ == EvidenceClass::kWeights && kinship != Kinship::kUnrelated) continue;
      if (!std::isnan(Score(pair.candidate, m))) rivals.push_back(m);
    }
    return rivals;
  }

  std::vector<Won> Interaction(const ModelPair& pair) const {
    const std::vector<std::size_t> rivals = Rivals(pair);
    std::map<std::string, double> voices;
    for (const std::size_t rival : rivals) voices[metadata(rival).organisation] += 1;
    std::vector<Won> won(units_.size());
    for (const std::size_t rival : rivals) {
      const double own = Score(pair.candidate, pair.reference) - Score(pair.candidate, rival);
      for (const Weighted& other : UnrelatedTo(pair.reference)) {
        const double contrast = Score(other.model, pair.reference) - Score(other.model, rival);
        if (std::isnan(contrast) || lineage_.Related(other.model, rival)) continue;
        won[Unit(other.model)].Add(other.weight / voices[metadata(rival).organisation], Exceeds(own, contrast));
      }
    }
    return won;
  }

  double FirstVersion(const ModelPair& pair) const {
    const std::vector<std::size_t> rivals = Rivals(pair);
    if (rivals.empty()) return PairFigures::kNone;
    const double own = Rank(pair.candidate, pair.reference);
    return std::ranges::none_of(rivals, [&](std::size_t rival) { return Rank(pair.candidate, rival) >= own; });
  }

  // Families by their best version; those of documented sources do not compete.
  double FirstFamily(const ModelPair& pair) const {
    std::set<std::pair<std::string, std::string>> documented;
    for (std::size_t m = 0; m < models(); ++m) {
      if (lineage_.Between(pair.candidate, m) == Kinship::kSource) documented.insert(Family(m));
    }
    double own = Rank(pair.candidate, pair.reference);
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t m = 0; m < models(); ++m) {
      if (!metadata(m).reference || metadata(m).degenerate || m == pair.candidate) continue;
      const double score = Rank(pair.candidate, m);
      if (std::isnan(score)) continue;
      if (Family(m) == Family(pair.reference)) own = std::max(own, score);
      if (documented.contains(Family(m)) || metadata(m).organisation == metadata(pair.candidate).organisation) continue;
      if (evidence_class_ == EvidenceClass::kWeights && lineage_.Related(pair.candidate, m)) continue;
      best = std::max(best, score);
    }
    return std::isinf(best) ? PairFigures::kNone : best < own;
  }

  std::span<const Weighted> UnrelatedTo(std::size_t reference) const {
    const auto found = unrelated_.find(reference);
    return found == unrelated_.end() ? std::span<const Weighted>() : found->second;
  }

  const Panel& panel_;
  EvidenceClass evidence_class_;
  Lineage lineage_;
  std::span<const float> scores_;
  std::span<const float> ranking_;
  std::map<std::size_t, std::size_t> units_;                // of groups that candidates are of
  std::map<std::size_t, std::vector<Weighted>> unrelated_;  // by reference
  std::vector<std::array<double, 2>> covariates_;
  std::vector<Contest> contests_;
};

}  // namespace

absl::StatusOr<PairFigures> FiguresOf(const Panel& panel, EvidenceClass evidence_class, const DocumentedPairs& pairs,
                                      std::span<const float> scores, std::span<const float> ranking,
                                      const BootstrapOptions& options) {
  return Figures(panel, evidence_class, pairs, scores, ranking).Find(options);
}

}  // namespace stemma::audit
