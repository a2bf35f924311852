#include "lib/score/mixture_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "lib/panel/panel_sums.h"
#include "lib/panel/prompt_pairs.h"
#include "lib/score/cohort.h"
#include "stemma/lineage.h"

namespace stemma::score {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kNearest = 3;
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();
// Fewer unrelated models than these give no ranks to speak of; then all other makers' models stand in.
constexpr std::size_t kFewestStrangers = 20;

// Ranks among strangers, finer above; then by how many standard deviations all of them are exceeded.
constexpr std::array kRankEdges = {.1, .2, .3, .4, .5, .6, .7, .8, .87, .93, .97};
constexpr std::array kExcessEdges = {.5, 1.5, 3., 6.};
constexpr std::size_t kBins = kRankEdges.size() + 1 + kExcessEdges.size() + 1;
// The normal deviate in the middle of each bin of ranks; beyond them steps of about the edges' size.
constexpr std::array<double, kBins> kBinLikeness = {-1.64, -1.04, -.67, -.39, -.13, .13, .39, .67, .98,
                                                    1.28,  1.64,  2.05, 2.5,  3,    3.7, 4.7, 6};
constexpr std::size_t kStrengths = 8;
constexpr std::size_t kSpreads = 3;
// So many prompts' worth of the pooled density smooth that of a stratum.
constexpr double kSmoothing = 40;

// The standard deviation below which excesses at a prompt are no longer divided by it.
constexpr double kLeastSpread = 1e-4;

// All models' centred cosines at one prompt, in standard deviations of pairs of different groups.
class CentredPrompt {
 public:
  CentredPrompt(const Panel& panel, const PairCosines& cosines, std::size_t prompt, const std::vector<double>& weights)
      : panel_(panel), cosines_(cosines), prompt_(prompt), weights_(weights) {
    const std::size_t n = weights.size();
    double sum = 0, all = 0;
    for (std::size_t a = 0; a < n; ++a) {
      const std::span<const float> row = cosines.Row(prompt, a);
      means_.push_back(MeanOf(row, panel.group(a)));
      if (std::isnan(means_.back())) continue;
      sum += weights[a] * means_.back();
      all += weights[a];
    }
    overall_ = sum / all;
    double squares = 0, pairs = 0;
    for (std::size_t a = 0; a < n; ++a) {
      const std::span<const float> row = cosines.Row(prompt, a);
      for (std::size_t b = 0; b < a; ++b) {
        if (panel.group(a) == panel.group(b) || std::isnan(row[b])) continue;
        const double excess = row[b] - means_[a] - means_[b] + overall_;
        squares += weights[a] * weights[b] * excess * excess;
        pairs += weights[a] * weights[b];
      }
    }
    spread_ = std::max(std::sqrt(squares / pairs), kLeastSpread);
  }

  std::vector<float> ExcessesOfModel(std::size_t model) const {
    return Excesses(cosines_.Row(prompt_, model), means_[model]);
  }
  std::vector<float> ExcessesOf(std::span<const float> row, std::optional<std::size_t> group) const {
    return Excesses(row, MeanOf(row, group));
  }

 private:
  double MeanOf(std::span<const float> row, std::optional<std::size_t> group) const {
    double sum = 0, all = 0;
    for (std::size_t m = 0; m < row.size(); ++m) {
      if (std::isnan(row[m]) || panel_.group(m) == group) continue;
      sum += weights_[m] * row[m];
      all += weights_[m];
    }
    return sum / all;  // NaN where nobody else answered
  }

  std::vector<float> Excesses(std::span<const float> row, double mean) const {
    std::vector<float> excesses;
    excesses.reserve(row.size());
    for (std::size_t m = 0; m < row.size(); ++m) {
      excesses.push_back(static_cast<float>((row[m] - mean - means_[m] + overall_) / spread_));
    }
    return excesses;
  }

  const Panel& panel_;
  const PairCosines& cosines_;
  std::size_t prompt_;
  const std::vector<double>& weights_;
  std::vector<double> means_;
  double overall_ = 0;
  double spread_ = 1;
};

// The largest excesses with a maker's models, one more than a likeness takes, so that one can be left out.
class Nearest {
 public:
  Nearest(std::span<const float> excesses, std::span<const std::size_t> models) {
    for (const std::size_t m : models) {
      if (std::isnan(excesses[m])) continue;
      std::pair<float, std::size_t> one{excesses[m], m};
      for (std::size_t k = 0; k < found_; ++k) {
        if (one.first > largest_[k].first) std::swap(one, largest_[k]);
      }
      if (found_ < largest_.size()) largest_[found_++] = one;
    }
  }

  // Their mean; NaN without any.
  float Without(std::size_t left_out) const {
    float sum = 0;
    std::size_t count = 0;
    for (std::size_t k = 0; k < found_ && count < kNearest; ++k) {
      if (largest_[k].second == left_out) continue;
      sum += largest_[k].first;
      ++count;
    }
    return count == 0 ? kNaN : sum / static_cast<float>(count);
  }

 private:
  std::array<std::pair<float, std::size_t>, kNearest + 1> largest_;
  std::size_t found_ = 0;
};

// What strangers' likenesses with a maker are at a prompt. They are counted, not sorted: most are asked once.
class StrangerRanks {
 public:
  explicit StrangerRanks(std::vector<float> values) : values_(std::move(values)) {
    std::erase_if(values_, [](float value) { return std::isnan(value); });
    double sum = 0, squares = 0;
    for (const float value : values_) {
      sum += value;
      second_ = std::max(second_, std::min(value, largest_));
      largest_ = std::max(largest_, value);
    }
    const double mean = sum / static_cast<double>(values_.size());
    for (const float value : values_) squares += (value - mean) * (value - mean);
    spread_ = std::max(std::sqrt(squares / static_cast<double>(values_.size())), .15);
  }

  // Of one of the strangers among the others, where `among` is set.
  std::uint8_t Bin(float likeness, bool among) const {
    const std::size_t others = values_.size() - (among ? 1 : 0);
    if (std::isnan(likeness) || values_.size() < 3) return kNoBin;
    std::uint32_t below = 0;
    for (const float value : values_) below += value < likeness ? 1 : 0;
    if (below < others) {
      const double rank = static_cast<double>(below) / static_cast<double>(others);
      return static_cast<std::uint8_t>(std::ranges::upper_bound(kRankEdges, rank) - kRankEdges.begin());
    }
    const double excess = (likeness - (among ? second_ : largest_)) / spread_;
    const auto step = std::ranges::upper_bound(kExcessEdges, excess) - kExcessEdges.begin();
    return static_cast<std::uint8_t>(kRankEdges.size() + 1 + static_cast<std::size_t>(step));
  }

 private:
  std::vector<float> values_;
  float largest_ = -std::numeric_limits<float>::infinity();
  float second_ = -std::numeric_limits<float>::infinity();
  double spread_ = 1;
};

struct Template {
  double weight = 0;
  double strength = 0;  // mean likeness
  double spread = 0;    // variance of it
  std::vector<double> seen;  // by bin
};

// Consecutive parts of about equal weight.
std::vector<std::vector<Template>> Parts(std::vector<Template> templates, std::size_t count, double Template::* by) {
  std::ranges::sort(templates, {}, by);
  double all = 0;
  for (const Template& one : templates) all += one.weight;
  std::vector<std::vector<Template>> parts(count);
  double passed = 0;
  for (Template& one : templates) {
    const auto part = static_cast<std::size_t>(static_cast<double>(count) * (passed + one.weight / 2) / all);
    passed += one.weight;
    parts[std::min(part, count - 1)].push_back(std::move(one));
  }
  std::erase_if(parts, [](const std::vector<Template>& part) { return part.empty(); });
  return parts;
}

double WeightOf(const std::vector<Template>& templates) {
  double sum = 0;
  for (const Template& one : templates) sum += one.weight;
  return sum;
}

// Strata of strength, and within each of how much it varies from prompt to prompt: that some prompts are much nearer than
// others is no sign of another source by itself.
StrataDensities FitStrata(const std::vector<Template>& templates) {
  std::vector<double> pooled(kBins, 1);  // one of each: no bin is impossible
  for (const Template& one : templates) {
    for (std::size_t b = 0; b < kBins; ++b) pooled[b] += one.weight * one.seen[b];
  }
  double total = 0;
  for (const double seen : pooled) total += seen;
  const double all = WeightOf(templates);
  StrataDensities strata;
  for (const std::vector<Template>& strength : Parts(templates, kStrengths, &Template::strength)) {
    for (const std::vector<Template>& part : Parts(strength, kSpreads, &Template::spread)) {
      const double weight = WeightOf(part);
      std::vector<double> seen(kBins, 0);
      double sum = kSmoothing, mean = 0;
      for (const Template& one : part) {
        mean += one.weight * one.strength / weight;
        for (std::size_t b = 0; b < kBins; ++b) seen[b] += one.weight * one.seen[b];
      }
      for (const double s : seen) sum += s;
      std::vector<double> log_density;
      for (std::size_t b = 0; b < kBins; ++b) log_density.push_back(std::log((seen[b] + kSmoothing * pooled[b] / total) / sum));
      strata.log_density.push_back(std::move(log_density));
      strata.log_prior.push_back(std::log(weight / all));
      strata.strength.push_back(mean);
    }
  }
  return strata;
}

// Documented to hold the other's weights or outputs as they are: no stranger, whatever the makers.
bool IsNearKin(const std::vector<ModelMetadata>& models, std::size_t a, std::size_t b) {
  const auto derives = [&](std::size_t from, std::size_t to) {
    return std::ranges::any_of(models[from].lineage, [&](const LineageLink& link) {
      static constexpr std::array<std::string_view, 5> kNear = {"finetuned_from", "sampled_from", "same_model", "version_of",
                                                               "aggregates"};
      return link.panel_source == models[to].model && std::ranges::find(kNear, link.relation) != kNear.end();
    });
  };
  return derives(a, b) || derives(b, a);
}

class PromptScorer {
 public:
  PromptScorer(const Panel& panel, const PairCosines& cosines, const std::vector<std::vector<float>>& candidate,
               const MixtureCohort& cohort)
      : panel_(panel),
        cosines_(cosines),
        candidate_(candidate),
        cohort_(cohort),
        metadata_(panel::MetadataOf(panel)),
        weights_(GroupWeights(CohortOf(panel))) {
    SetMakers();
  }

  MixtureScores Score(int threads) {
    const std::size_t makers = makers_.size(), models = metadata_.size(), prompts = cosines_.prompts();
    out_.bins.assign(makers, std::vector<std::uint8_t>(prompts, kNoBin));
    out_.excesses.resize(prompts);
    seen_.assign(prompts * makers * models, kNoBin);
    // Iterations write what is theirs and cannot fail.
    base::ParallelFor(prompts, threads, [&](std::size_t p) {
      ScorePrompt(p);
      return absl::OkStatus();
    }).IgnoreError();
    FitDensities();
    out_.makers = std::move(makers_);
    return std::move(out_);
  }

 private:
  void SetMakers() {
    const Lineage lineage(metadata_);
    maker_of_.assign(metadata_.size(), kNobody);
    for (Maker& maker : MakersOf(panel_)) {
      std::erase_if(maker.models, [&](std::size_t m) { return !cohort_.counts[m]; });
      if (maker.models.empty()) continue;
      for (const std::size_t m : maker.models) maker_of_[m] = makers_.size();
      makers_.push_back(std::move(maker));
    }
    for (const Maker& maker : makers_) {
      std::vector<std::size_t> unrelated, others;
      for (std::size_t m = 0; m < metadata_.size(); ++m) {
        if (!cohort_.counts[m] || std::ranges::find(maker.models, m) != maker.models.end()) continue;
        others.push_back(m);
        if (std::ranges::none_of(maker.models, [&](std::size_t own) { return lineage.Related(m, own); })) unrelated.push_back(m);
      }
      strangers_.push_back(unrelated.size() < kFewestStrangers ? std::move(others) : std::move(unrelated));
      is_stranger_.emplace_back(metadata_.size(), false);
      for (const std::size_t m : strangers_.back()) is_stranger_.back()[m] = true;
    }
  }

  void ScorePrompt(std::size_t p) {
    const CentredPrompt centred(panel_, cosines_, p, weights_);
    std::vector<std::vector<float>> excesses;
    for (std::size_t m = 0; m < metadata_.size(); ++m) excesses.push_back(centred.ExcessesOfModel(m));
    out_.excesses[p] = centred.ExcessesOf(candidate_[p], cohort_.candidate_group);
    for (std::size_t h = 0; h < makers_.size(); ++h) {
      const std::span<const std::size_t> own = makers_[h].models;
      std::vector<Nearest> nearest;
      for (std::size_t m = 0; m < metadata_.size(); ++m) nearest.emplace_back(excesses[m], own);
      const auto ranks_without = [&](std::size_t left_out) {
        std::vector<float> values;
        for (const std::size_t m : strangers_[h]) values.push_back(nearest[m].Without(left_out));
        return StrangerRanks(std::move(values));
      };
      const StrangerRanks ranks = ranks_without(kNobody);
      out_.bins[h][p] = ranks.Bin(Nearest(out_.excesses[p], own).Without(kNobody), false);
      std::uint8_t* const seen = seen_.data() + (p * makers_.size() + h) * metadata_.size();
      for (std::size_t m = 0; m < metadata_.size(); ++m) {
        if (!cohort_.counts[m] || !cohort_.teaches[panel_.group(m)]) continue;
        if (maker_of_[m] != h) {
          seen[m] = ranks.Bin(nearest[m].Without(kNobody), is_stranger_[h][m]);
        } else if (own.size() > 1) {
          // As a candidate would be: without itself, and so are those that it is ranked among.
          seen[m] = ranks_without(m).Bin(nearest[m].Without(m), false);
        }
      }
    }
  }

  void FitDensities() {
    std::vector<Template> sources, strangers;
    for (std::size_t h = 0; h < makers_.size(); ++h) {
      const std::vector<std::size_t>& own = makers_[h].models;
      for (std::size_t m = 0; m < metadata_.size(); ++m) {
        if (maker_of_[m] != h && std::ranges::any_of(own, [&](std::size_t r) { return IsNearKin(metadata_, m, r); })) continue;
        Template one{1, 0, 0, std::vector<double>(kBins, 0)};
        double prompts = 0;
        for (std::size_t p = 0; p < cosines_.prompts(); ++p) {
          const std::uint8_t bin = seen_[(p * makers_.size() + h) * metadata_.size() + m];
          if (bin == kNoBin) continue;
          ++one.seen[bin];
          one.strength += kBinLikeness[bin];
          ++prompts;
        }
        if (prompts == 0) continue;
        one.strength /= prompts;
        for (std::size_t b = 0; b < kBins; ++b) {
          one.spread += one.seen[b] / prompts * (kBinLikeness[b] - one.strength) * (kBinLikeness[b] - one.strength);
        }
        // Large makers have many pairs of models: a voice grows with the root of their number.
        if (maker_of_[m] == h) one.weight = 1 / std::sqrt(static_cast<double>(own.size()));
        (maker_of_[m] == h ? sources : strangers).push_back(std::move(one));
      }
    }
    out_.densities.source = FitStrata(sources);
    out_.densities.stranger = FitStrata(strangers);
  }

  const Panel& panel_;
  const PairCosines& cosines_;
  const std::vector<std::vector<float>>& candidate_;
  const MixtureCohort& cohort_;
  std::vector<ModelMetadata> metadata_;
  std::vector<double> weights_;  // one voice a group
  std::vector<Maker> makers_;
  std::vector<std::size_t> maker_of_;               // by model
  std::vector<std::vector<std::size_t>> strangers_;  // by maker
  std::vector<std::vector<bool>> is_stranger_;       // by maker, model
  std::vector<std::uint8_t> seen_;                  // bins of the panel's models: by prompt, maker, model
  MixtureScores out_;
};

}  // namespace

absl::StatusOr<PairCosines> PairCosines::Read(const Panel& panel, std::span<const std::size_t> prompts, int threads,
                                              const Progress& progress) {
  PairCosines out;
  out.prompts_ = prompts.size();
  out.models_ = panel.models().size();
  const std::size_t n = out.models_;
  out.values_.assign(prompts.size() * n * n, kNaN);
  base::Steps steps(progress, "comparing the panel's models", prompts.size());
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(prompts.size(), threads, [&](std::size_t k) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    PromptIndex index;
    STEMMA_RETURN_IF_ERROR(panel.ReadIndex(prompts[k], index));
    std::vector<PairSum> sums(n * n);
    panel::AddPairs(index, panel::ModelsAt(panel, prompts[k]), sums);
    float* const values = out.values_.data() + k * n * n;
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = a + 1; b < n; ++b) {
        const PairSum& sum = sums[a * n + b];
        // Copies are no likeness of style: they stand apart here as everywhere.
        if (sum.prompts == 0) continue;
        values[a * n + b] = values[b * n + a] = static_cast<float>(static_cast<double>(sum.cosine_sum) / PairSum::kOne);
      }
    }
    return absl::OkStatus();
  }));
  return out;
}

std::vector<Maker> MakersOf(const Panel& panel) {
  std::vector<std::map<std::string, std::size_t>> roots(panel.groups().size());
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const ModelMetadata& metadata = panel.models()[m].metadata;
    if (metadata.reference && !metadata.organisation.empty()) ++roots[panel.group(m)][metadata.organisation];
  }
  std::map<std::string, Maker> makers;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const auto& organisations = roots[panel.group(m)];
    std::string name = panel.groups()[panel.group(m)];
    if (!organisations.empty()) {
      name = std::ranges::max_element(organisations, {}, [](const auto& entry) { return entry.second; })->first;
    }
    makers[name].name = name;
    makers[name].models.push_back(m);
  }
  std::vector<Maker> out;
  for (auto& [name, maker] : makers) out.push_back(std::move(maker));
  return out;
}

MixtureScores ScoreByPrompt(const Panel& panel, const PairCosines& cosines, const std::vector<std::vector<float>>& candidate,
                            const MixtureCohort& cohort, int threads) {
  return PromptScorer(panel, cosines, candidate, cohort).Score(threads);
}

}  // namespace stemma::score
