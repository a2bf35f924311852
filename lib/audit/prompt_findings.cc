#include "lib/audit/prompt_findings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/panel_sums.h"

namespace stemma::audit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kStrongestKept = 5;

// All at one prompt.
class PromptCentring {
 public:
  PromptCentring(const Panel& panel, std::size_t prompt, const PromptCohort& cohort)
      : panel_(panel), cohort_(cohort), models_(panel::ModelsAt(panel, prompt)) {
    SetWeights();
  }

  const panel::PromptModels& models() const { return models_; }

  // Each model's excess on the reference, then the candidate's, whose cosines with the models are given; NaN where there is
  // none.
  std::vector<double> Excesses(const PromptIndex& index, std::size_t reference, std::span<const double> candidate) const {
    const Sums sums = Sum(index, reference);
    const double overall = sums.overall / (Square(all_) - SquaresOfGroups());
    std::vector<double> excesses;
    const auto typicality = [&](std::size_t m) { return sums.of_model[m] / WeightBesides(panel_.group(m)); };
    for (std::size_t m = 0; m < models_.size(); ++m) {
      excesses.push_back(models_.answered[m] ? sums.with_reference[m] - typicality(m) - typicality(reference) + overall : kNaN);
    }
    double own = 0;
    for (std::size_t m = 0; m < models_.size(); ++m) {
      if (weights_[m] > 0 && panel_.group(m) != cohort_.candidate_group) own += weights_[m] * candidate[m];
    }
    excesses.push_back(candidate[reference] - own / WeightBesides(cohort_.candidate_group) - typicality(reference) + overall);
    return excesses;
  }

 private:
  struct Sums {
    std::vector<double> with_reference;  // cosines
    std::vector<double> of_model;        // weighted sum of cosines with models of other groups
    double overall = 0;                  // of all pairs of different groups
  };

  static double Square(double value) { return value * value; }

  // One voice a group, among the models that answered.
  void SetWeights() {
    std::vector<double> members(panel_.groups().size(), 0);
    const auto counts = [&](std::size_t m) { return cohort_.counts[m] && models_.answered[m]; };
    for (std::size_t m = 0; m < models_.size(); ++m) members[panel_.group(m)] += counts(m);
    group_weights_.assign(panel_.groups().size(), 0);
    for (std::size_t m = 0; m < models_.size(); ++m) {
      weights_.push_back(counts(m) ? 1 / members[panel_.group(m)] : 0);
      group_weights_[panel_.group(m)] += weights_.back();
    }
    for (const double weight : group_weights_) all_ += weight;
  }

  double WeightBesides(std::optional<std::size_t> group) const { return all_ - (group ? group_weights_[*group] : 0); }

  double SquaresOfGroups() const {
    double sum = 0;
    for (const double weight : group_weights_) sum += weight * weight;
    return sum;
  }

  // Sums over models of cosines are taken n-gram by n-gram: of what its users have, then once for each of them.
  Sums Sum(const PromptIndex& index, std::size_t reference) const {
    const std::size_t n = models_.size();
    Sums sums{std::vector<double>(n, 0), std::vector<double>(n, 0), 0};
    std::vector<double> of_group(panel_.groups().size(), 0);
    std::vector<double> lengths;
    for (const std::uint64_t squared_norm : models_.squared_norms) lengths.push_back(std::sqrt(static_cast<double>(squared_norm)));
    for (std::size_t k = 0; k < index.lists.keys.size(); ++k) {
      const std::span<const Posting> postings = index.lists.Of(k);
      const double value = index.values[k];
      double all = 0, of_reference = 0;
      for (const Posting& posting : postings) {
        const double part = posting.samples / lengths[posting.model];
        if (posting.model == reference) of_reference = part;
        all += weights_[posting.model] * part;
        of_group[panel_.group(posting.model)] += weights_[posting.model] * part;
      }
      sums.overall += value * all * all;
      for (const Posting& posting : postings) {
        const double part = posting.samples / lengths[posting.model];
        const double own_group = of_group[panel_.group(posting.model)];
        sums.of_model[posting.model] += value * part * (all - own_group);
        sums.with_reference[posting.model] += value * part * of_reference;
      }
      for (const Posting& posting : postings) {
        double& own_group = of_group[panel_.group(posting.model)];
        sums.overall -= value * own_group * own_group;
        own_group = 0;
      }
    }
    return sums;
  }

  const Panel& panel_;
  const PromptCohort& cohort_;
  panel::PromptModels models_;
  std::vector<double> weights_;
  std::vector<double> group_weights_;
  double all_ = 0;
};

// Of each group the member with the most prompts that point towards the reference.
void CompareWithUnrelated(const Panel& panel, const PromptCohort& cohort, const std::vector<std::vector<double>>& excesses,
                          PromptFindings& out) {
  std::map<std::size_t, double> best;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    if (!cohort.unrelated[m]) continue;
    double towards = 0, prompts = 0;
    for (const std::vector<double>& at_prompt : excesses) {
      if (at_prompt.empty() || std::isnan(at_prompt[m])) continue;
      towards += at_prompt[m] > 0;
      ++prompts;
    }
    if (prompts == 0) continue;
    double& share = best.try_emplace(panel.group(m), 0).first->second;
    share = std::max(share, towards / prompts);
  }
  std::vector<double> shares;
  for (const auto& [group, share] : best) shares.push_back(share);
  std::ranges::sort(shares);
  out.groups = shares.size();
  if (shares.empty()) return;
  out.unrelated_median = shares[shares.size() / 2];
  out.unrelated_highest = shares.back();
}

void KeepStrongest(std::vector<PromptFinding> findings, PromptFindings& out) {
  // By the prompt where two are as strong: the order is that of nothing else.
  std::ranges::sort(findings, [](const PromptFinding& a, const PromptFinding& b) {
    return a.excess != b.excess ? a.excess > b.excess : a.prompt < b.prompt;
  });
  for (const PromptFinding& finding : findings) {
    if (finding.excess > 0 && out.strongest_towards.size() < kStrongestKept) out.strongest_towards.push_back(finding);
  }
  for (auto finding = findings.rbegin(); finding != findings.rend(); ++finding) {
    if (finding->excess < 0 && out.strongest_away.size() < kStrongestKept) out.strongest_away.push_back(*finding);
  }
}

}  // namespace

absl::StatusOr<PromptFindings> FindByPrompt(const Panel& panel, const Signature& candidate, std::size_t reference,
                                            const PromptCohort& cohort, int threads, const Progress& progress) {
  const std::span<const PromptRow> rows = candidate.rows();
  std::vector<std::vector<double>> excesses(rows.size());
  base::Steps steps(progress, "looking at single prompts", rows.size());
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(rows.size(), threads, [&](std::size_t k) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    const std::optional<std::size_t> prompt = panel.FindPrompt(rows[k].prompt);
    if (!prompt || !panel.Answered(*prompt, reference)) return absl::OkStatus();
    PromptIndex index;
    STEMMA_RETURN_IF_ERROR(panel.ReadIndex(*prompt, index));
    const PromptCentring centring(panel, *prompt, cohort);
    std::vector<GramCount> grams, sample;
    candidate.Grams(rows[k], grams);
    index.Sample(grams, sample);
    std::vector<PairSum> sums(panel.models().size());
    panel::AddRow(index, centring.models(), sample, panel::TokenHashes(candidate, rows[k]), sums);
    if (sums[reference].copies > 0) return absl::OkStatus();
    std::vector<double> cosines;
    for (const PairSum& sum : sums) {
      cosines.push_back(static_cast<double>(sum.cosine_sum + sum.copy_cosine_sum) / PairSum::kOne);
    }
    excesses[k] = centring.Excesses(index, reference, cosines);
    return absl::OkStatus();
  }));
  PromptFindings out;
  std::vector<PromptFinding> findings;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    // NaN where nobody else answered: that says nothing.
    if (excesses[k].empty() || std::isnan(excesses[k].back())) continue;
    findings.push_back({rows[k].prompt, excesses[k].back()});
    ++out.prompts;
    out.towards += findings.back().excess > 0;
    out.away += findings.back().excess < 0;
  }
  CompareWithUnrelated(panel, cohort, excesses, out);
  KeepStrongest(std::move(findings), out);
  return out;
}

}  // namespace stemma::audit
