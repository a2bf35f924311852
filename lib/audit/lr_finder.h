// The likelihood ratio of one candidate on each reference of a calibrated panel, with its interval and how much it hangs
// on single groups and prompts.
#ifndef STEMMA_LIB_AUDIT_LR_FINDER_H_
#define STEMMA_LIB_AUDIT_LR_FINDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "lib/audit/class_calibration.h"
#include "stemma/audit.h"
#include "stemma/score.h"

namespace stemma::audit {

// What a candidate would score on other prompts and against other panels. References and classes are judged on the same
// draws of prompts, so each is scored once.
class ResampledScores {
 public:
  using Scores = std::array<std::vector<double>, 2>;  // by class, by model; NaN where not scored

  ResampledScores(ScoreVariants variants, std::size_t groups, int threads);

  std::size_t blocks() const { return variants_.blocks(); }
  // From several threads.
  const Scores& AtPrompts(std::span<const std::uint32_t> times) const;
  const Scores& whole() const { return whole_; }
  std::span<const Scores> without_group() const { return without_group_; }
  std::span<const Scores> without_category() const { return without_category_; }

 private:
  ScoreVariants variants_;
  Scores whole_;
  std::vector<Scores> without_group_;
  std::vector<Scores> without_category_;
  mutable std::mutex mutex_;
  mutable absl::flat_hash_map<std::vector<std::uint32_t>, std::unique_ptr<const Scores>> at_prompts_;
};

class LrFinder {
 public:
  // All must outlive the object.
  LrFinder(const Panel& panel, const CandidateScores& candidate, const ResampledScores& resampled,
           const AuditOptions& options)
      : panel_(panel), candidate_(candidate), resampled_(resampled), options_(options) {}

  // On references of one group that were scored, by a model that was made without their group and the candidate's.
  absl::StatusOr<std::vector<LikelihoodRatio>> Find(const LrModel& model, EvidenceClass evidence_class,
                                                    std::span<const std::size_t> references) const;

 private:
  double Score(EvidenceClass evidence_class, std::size_t reference) const;
  // The score had the candidate been scored so. Variants leave no copies out: what they differ by from the whole counts.
  double Shifted(EvidenceClass evidence_class, std::size_t reference, const ResampledScores::Scores& variant) const;
  absl::StatusOr<std::vector<Estimate>> Intervals(const LrModel& model, EvidenceClass evidence_class,
                                                  std::span<const std::size_t> references) const;
  void LeaveOut(const LrModel& model, EvidenceClass evidence_class, std::size_t reference, LikelihoodRatio& lr) const;

  const Panel& panel_;
  const CandidateScores& candidate_;
  const ResampledScores& resampled_;
  const AuditOptions& options_;
};

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_LR_FINDER_H_
