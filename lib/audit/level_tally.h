// How many trials of a level test were hits, by candidate and reference, and what follows for groups of candidates.
//
// Determinism: integers, whatever the order of trials; resampling has a stream for each draw.
#ifndef STEMMA_LIB_AUDIT_LEVEL_TALLY_H_
#define STEMMA_LIB_AUDIT_LEVEL_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/level_test.h"
#include "stemma/panel.h"
#include "stemma/rank_p.h"

namespace stemma::audit {

// What is ranked, by whom, for which question, at how many prompts.
struct LevelSeries {
  LevelScore score = LevelScore::kWeights;
  LevelDesign design = LevelDesign::kHalves;
  LevelQuestion question = LevelQuestion::kNamed;
  std::size_t prompts = 0;
};

// A search has no reference: it stands at the candidate itself.
struct LevelTrial {
  std::size_t series = 0;
  std::size_t candidate = 0;
  std::size_t reference = 0;
  RankP rank;
};

// How many of the ranks 1 to G + 1 give a p of at most alpha.
std::size_t RanksWithin(double alpha, std::size_t groups);

class LevelTally {
 public:
  // `panel` and `options` must outlive the object. `alphas`: ascending.
  LevelTally(const Panel& panel, const LevelOptions& options, std::vector<LevelSeries> series,
             std::vector<double> alphas);

  void Add(const LevelTrial& trial);

  absl::StatusOr<LevelCell> Cell(std::size_t series, std::size_t alpha, LevelStratum stratum) const;
  // `series`: the same but for the prompts, which ascend. Nothing where no group was tested at each.
  absl::StatusOr<std::optional<LevelRise>> Rise(std::span<const std::size_t> series, std::size_t alpha) const;

 private:
  struct Count {
    std::uint64_t expected = 0;  // fixed point
    std::uint32_t trials = 0;
    std::uint32_t hits = 0;
    std::uint32_t unreachable = 0;
  };
  struct GroupShare {
    double share = 0;
    double expected = 0;
    bool tested = false;
  };

  Count& At(std::size_t series, std::size_t alpha, std::size_t candidate, std::size_t reference) {
    return counts_[((series * alphas_.size() + alpha) * models() + candidate) * models() + reference];
  }
  std::span<const Count> OfCandidate(std::size_t series, std::size_t alpha, std::size_t candidate) const {
    return std::span(counts_).subspan(((series * alphas_.size() + alpha) * models() + candidate) * models(), models());
  }
  std::size_t models() const { return panel_.models().size(); }
  std::vector<GroupShare> ByGroup(std::size_t series, std::size_t alpha, LevelStratum stratum) const;

  const Panel& panel_;
  const LevelOptions& options_;
  std::vector<LevelSeries> series_;
  std::vector<double> alphas_;
  std::vector<std::vector<bool>> strata_;  // by stratum, model
  std::vector<Count> counts_;
};

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_LEVEL_TALLY_H_
