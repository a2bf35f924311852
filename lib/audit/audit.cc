#include "stemma/audit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/audit/audit_warnings.h"
#include "lib/audit/class_calibration.h"
#include "lib/audit/lr_finder.h"
#include "lib/audit/prompt_findings.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "stemma/embedding_scores.h"
#include "stemma/mixture.h"
#include "stemma/multiple_testing.h"
#include "stemma/panel_check.h"
#include "stemma/posterior.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Measure : std::uint8_t { kWeights, kDistillation, kNgrams, kStyle, kUnpaired, kEmbeddings };

Measure MeasureOf(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights ? Measure::kWeights : Measure::kDistillation;
}

Measure MeasureOf(FeatureGroup group) {
  if (group == FeatureGroup::kNgrams) return Measure::kNgrams;
  return group == FeatureGroup::kStyle ? Measure::kStyle : Measure::kUnpaired;
}

std::optional<double> KnownOrNone(double score) { return std::isnan(score) ? std::nullopt : std::optional(score); }

std::optional<double> ScoreOf(const PairScore& pair, Measure measure) {
  if (measure == Measure::kUnpaired) return pair.unpaired_scored ? std::optional(pair.unpaired) : std::nullopt;
  if (!pair.scored) return std::nullopt;
  if (measure == Measure::kNgrams) return pair.ngrams;
  if (measure == Measure::kStyle) return KnownOrNone(pair.style);
  return measure == Measure::kWeights ? pair.weights : pair.distillation;
}

// Dates as "YYYY", "YYYY-MM" or "YYYY-MM-DD": later only where the part that both state says so.
bool IsLater(const std::string& date, const std::string& than) {
  const std::size_t size = std::min(date.size(), than.size());
  return size > 0 && date.substr(0, size) > than.substr(0, size);
}

// Scores under other shares of the rival term are other scores: the calibration is none of them.
bool IsCalibrated(const Panel& panel, const ScoreOptions& options) {
  const StrangerScores* strangers = panel.strangers();
  return panel.calibration() != nullptr && strangers->rival_weight_weights == options.rival_weight_weights &&
         strangers->rival_weight_distillation == options.rival_weight_distillation;
}

class Auditor {
 public:
  // `resampled` may be null: there are no likelihood ratios then. So may `embeddings`.
  Auditor(const Panel& panel, const Signature& signature, const CandidateScores& candidate,
          const std::vector<PairScore>& panel_scores, const audit::ResampledScores* resampled,
          const EmbeddingScores* embeddings, const AuditOptions& options)
      : panel_(panel),
        signature_(signature),
        candidate_(candidate),
        panel_scores_(panel_scores),
        resampled_(resampled),
        embeddings_(embeddings),
        options_(options),
        lineage_(AllMetadata()),
        related_(lineage_.RelatedPairs()) {}

  absl::StatusOr<ClassFinding> Find(EvidenceClass evidence_class) const {
    ClassFinding finding;
    finding.evidence_class = evidence_class;
    std::vector<ReferenceFinding> references = Compare(MeasureOf(evidence_class), finding.search);
    STEMMA_RETURN_IF_ERROR(AdjustDeclared(references));
    STEMMA_RETURN_IF_ERROR(AddLikelihoodRatios(evidence_class, references));
    Judge(finding, references);
    STEMMA_RETURN_IF_ERROR(Exculpate(references, finding));
    STEMMA_ASSIGN_OR_RETURN(finding.what_if, Suppose(finding.verdict, Subject(references)));
    finding.families = ByFamily(std::move(references));
    return finding;
  }

  UnpairedFinding FindUnpaired() const {
    UnpairedFinding finding;
    std::vector<ReferenceFinding> references = Compare(Measure::kUnpaired, finding.search);
    finding.families = ByFamily(std::move(references));
    return finding;
  }

  // Precondition: there are scores of embeddings.
  EmbeddingFinding FindEmbeddings() const {
    EmbeddingFinding finding;
    finding.shared_prompts = embeddings_->shared_prompts;
    for (const ReferenceFinding& reference : Compare(Measure::kEmbeddings, finding.search)) {
      const std::size_t m = reference.model;
      finding.references.push_back({m, embeddings_->cosines[m], reference.score, embeddings_->n_prompts[m],
                                    CandidateScore(m, Measure::kNgrams).value_or(kNaN)});
    }
    RankP of_ngrams;
    const std::vector<ReferenceFinding> by_ngrams = Compare(Measure::kNgrams, of_ngrams);
    if (by_ngrams.empty() || finding.references.empty()) return finding;
    finding.nearest_by_ngrams = by_ngrams.front().model;
    finding.to_nearest_by_ngrams = lineage_.Between(*finding.nearest_by_ngrams, finding.references.front().model);
    return finding;
  }

  absl::StatusOr<PromptFindings> FindByPrompt(std::size_t subject) const {
    return audit::FindByPrompt(panel_, signature_, subject, CohortOf(subject), options_.score.threads, options_.progress);
  }

  std::vector<CopyFinding> Copies() const {
    std::vector<CopyFinding> copies;
    for (std::size_t m = 0; m < candidate_.pairs.size(); ++m) {
      if (candidate_.pairs[m].copies > 0) {
        copies.push_back({m, candidate_.pairs[m].copies, candidate_.pairs[m].copies_left_out});
      }
    }
    std::ranges::sort(copies, [](const auto& a, const auto& b) {
      return a.prompts != b.prompts ? a.prompts > b.prompts : a.model < b.model;
    });
    return copies;
  }

 private:
  std::size_t models() const { return panel_.models().size(); }
  const ModelMetadata& metadata(std::size_t model) const { return panel_.models()[model].metadata; }
  // Here the candidate stands behind the panel's models.
  bool Related(std::size_t a, std::size_t b) const { return related_[a * (models() + 1) + b]; }
  Kinship ToCandidate(std::size_t model) const { return lineage_.Between(models(), model); }

  std::vector<ModelMetadata> AllMetadata() const {
    std::vector<ModelMetadata> all = panel::MetadataOf(panel_);
    all.push_back(candidate_.candidate);
    // A stranger's name says nothing: what is documented of a model of that name may be of another one.
    all.back().model = candidate_.self ? metadata(*candidate_.self).model : std::string();
    return all;
  }

  // All references, the nearest first, each with its rank; `search`: the rank of the nearest as found by search.
  std::vector<ReferenceFinding> Compare(Measure measure, RankP& search) const {
    std::vector<ReferenceFinding> references = Score(measure);
    std::vector<GroupBest> groups;
    for (const auto& [group, best_of_group] : BestAnywhere(measure)) groups.push_back(best_of_group);
    double best = kNaN;
    for (const ReferenceFinding& reference : references) best = std::fmax(best, reference.score);
    search = RankOfBest(best, groups);
    for (ReferenceFinding& reference : references) {
      const std::vector<double> best_on = ScoresOf(BestOn(reference.model, measure));
      reference.independent_groups = best_on.size();
      reference.rank = reference.declared ? RankAmong(reference.score, best_on, /*named=*/true)
                                          : RankOfBest(reference.score, groups);
      reference.p_value = reference.rank.p;
    }
    std::ranges::sort(references, [](const auto& a, const auto& b) {
      return a.score != b.score ? a.score > b.score : a.model < b.model;
    });
    for (ReferenceFinding& reference : references) {
      reference.to_nearest = lineage_.Between(references.front().model, reference.model);
    }
    return references;
  }

  std::optional<double> CandidateScore(std::size_t reference, Measure measure) const {
    return measure == Measure::kEmbeddings ? KnownOrNone(embeddings_->scores[reference])
                                           : ScoreOf(candidate_.pairs[reference], measure);
  }

  std::vector<ReferenceFinding> Score(Measure measure) const {
    std::vector<ReferenceFinding> references;
    for (std::size_t m = 0; m < models(); ++m) {
      const PairScore& pair = candidate_.pairs[m];
      const std::optional<double> score = CandidateScore(m, measure);
      if (!score || metadata(m).degenerate) continue;
      ReferenceFinding reference;
      reference.model = m;
      reference.score = *score;
      reference.n_prompts = pair.n_prompts;
      reference.copies = pair.copies;
      reference.copies_left_out = pair.copies_left_out;
      reference.declared = std::ranges::find(options_.references, metadata(m).model) != options_.references.end();
      reference.released_after_candidate = IsLater(metadata(m).release, candidate_.candidate.release);
      reference.to_candidate = ToCandidate(m);
      references.push_back(reference);
    }
    return references;
  }

  bool Votes(std::size_t model) const { return !metadata(model).degenerate && model != candidate_.self; }
  double PanelScore(std::size_t candidate, std::size_t reference, Measure measure) const {
    const std::size_t pair = candidate * models() + reference;
    return measure == Measure::kEmbeddings ? embeddings_->panel_scores[pair] : ScoreOf(panel_scores_[pair], measure).value_or(kNaN);
  }

  // Groups unrelated to a reference and to the candidate: each one's best member on that reference.
  std::map<std::size_t, double> BestOn(std::size_t reference, Measure measure) const {
    std::map<std::size_t, double> best;
    for (std::size_t m = 0; m < models(); ++m) {
      if (!Votes(m) || Related(m, reference) || Related(m, models())) continue;
      const double score = PanelScore(m, reference, measure);
      if (std::isnan(score)) continue;
      const auto entry = best.try_emplace(panel_.group(m), score).first;
      entry->second = std::max(entry->second, score);
    }
    return best;
  }

  static std::vector<double> ScoresOf(const std::map<std::size_t, double>& by_group) {
    std::vector<double> scores;
    for (const auto& [group, score] : by_group) scores.push_back(score);
    return scores;
  }

  // Those that the subject's p counts.
  std::vector<GroupVote> VotesOn(const ReferenceFinding& subject, Measure measure) const {
    std::vector<GroupVote> votes;
    if (subject.declared) {
      for (const auto& [group, score] : BestOn(subject.model, measure)) votes.push_back({group, score});
    } else {
      for (const auto& [group, best] : BestAnywhere(measure)) votes.push_back({group, std::fmax(best.with_candidate, best.elsewhere)});
    }
    std::ranges::sort(votes, [](const GroupVote& a, const GroupVote& b) {
      return a.score != b.score ? a.score > b.score : a.group < b.group;
    });
    return votes;
  }

  // Groups other than the candidate's: each one's best score with the candidate, and with references unrelated to it.
  std::map<std::size_t, GroupBest> BestAnywhere(Measure measure) const {
    std::map<std::size_t, GroupBest> best;
    for (std::size_t m = 0; m < models(); ++m) {
      if (!Votes(m) || panel_.group(m) == candidate_.group) continue;
      GroupBest& group = best.try_emplace(panel_.group(m), GroupBest{kNaN, kNaN}).first->second;
      // std::fmax passes over NaN.
      group.with_candidate = std::fmax(group.with_candidate, CandidateScore(m, measure).value_or(kNaN));
      for (std::size_t r = 0; r < models(); ++r) {
        if (Votes(r) && !Related(m, r)) group.elsewhere = std::fmax(group.elsewhere, PanelScore(m, r, measure));
      }
    }
    std::erase_if(best, [](const auto& entry) { return std::isnan(entry.second.elsewhere); });
    return best;
  }

  absl::Status AddLikelihoodRatios(EvidenceClass evidence_class, std::vector<ReferenceFinding>& references) const {
    const std::optional<audit::ClassCalibration> calibration = audit::ClassCalibration::Of(panel_, evidence_class);
    if (!calibration || resampled_ == nullptr) return absl::OkStatus();
    // References of one group share what their scores are calibrated by.
    std::map<std::size_t, std::vector<ReferenceFinding*>> by_group;
    for (ReferenceFinding& reference : references) by_group[panel_.group(reference.model)].push_back(&reference);
    std::vector<std::pair<const std::size_t, std::vector<ReferenceFinding*>>*> entries;
    for (auto& entry : by_group) entries.push_back(&entry);
    const audit::LrFinder finder(panel_, candidate_, *resampled_, options_);
    base::Steps steps(options_.progress, "computing likelihood ratios", entries.size());
    return base::ParallelFor(entries.size(), options_.score.threads, [&](std::size_t k) {
      STEMMA_RETURN_IF_ERROR(steps.Next());
      const auto& [group, members] = *entries[k];
      const absl::StatusOr<audit::LrModel> model = calibration->Without(candidate_.group, group);
      // Too few pairs are left: there is no likelihood ratio on this group's references.
      if (absl::IsFailedPrecondition(model.status())) return absl::OkStatus();
      STEMMA_RETURN_IF_ERROR(model.status());
      std::vector<std::size_t> models;
      for (const ReferenceFinding* reference : members) models.push_back(reference->model);
      STEMMA_ASSIGN_OR_RETURN(const std::vector<LikelihoodRatio> lrs, finder.Find(*model, evidence_class, models));
      for (std::size_t r = 0; r < members.size(); ++r) members[r]->lr = lrs[r];
      return absl::OkStatus();
    });
  }

  // Of several declared references each p is that of its own test: Holm's adjustment makes them one family.
  static absl::Status AdjustDeclared(std::vector<ReferenceFinding>& references) {
    std::vector<double> p_values;
    for (const ReferenceFinding& reference : references) {
      if (reference.declared) p_values.push_back(reference.rank.p);
    }
    STEMMA_ASSIGN_OR_RETURN(const std::vector<double> adjusted, HolmAdjusted(p_values));
    std::size_t next = 0;
    for (ReferenceFinding& reference : references) {
      if (reference.declared) reference.p_value = adjusted[next++];
    }
    return absl::OkStatus();
  }

  // The nearest of the declared references, else the nearest of all; `references` has the nearest first.
  static const ReferenceFinding* Subject(const std::vector<ReferenceFinding>& references) {
    if (references.empty()) return nullptr;
    const auto declared = std::ranges::find_if(references, &ReferenceFinding::declared);
    return declared != references.end() ? &*declared : &references.front();
  }

  // Whether another reference could be the source in place of the subject, and as what.
  std::optional<AlternativeKind> KindOf(std::size_t subject, std::size_t other) const {
    if (ToCandidate(other) == Kinship::kSource || lineage_.Between(subject, other) == Kinship::kSource) return AlternativeKind::kBase;
    switch (lineage_.Between(subject, other)) {
      case Kinship::kDerivative:
      case Kinship::kSharedBase:
      case Kinship::kSibling:
        return AlternativeKind::kSibling;
      case Kinship::kFamily:
      case Kinship::kOrganisation:
        return AlternativeKind::kFamilyMember;
      default:
        return metadata(other).reference ? std::optional(AlternativeKind::kOtherRoot) : std::nullopt;
    }
  }

  void Judge(ClassFinding& finding, const std::vector<ReferenceFinding>& references) const {
    VerdictInputs& in = finding.inputs;
    in.evidence_class = finding.evidence_class;
    in.shared_prompts = candidate_.shared_prompts;
    in.alpha = options_.alpha;
    in.calibrated = IsCalibrated(panel_, options_.score);
    if (in.calibrated) {
      in.cllr_upper = panel_.calibration()->quality[static_cast<std::size_t>(finding.evidence_class)].cllr_upper;
    }
    if (const ReferenceFinding* subject = Subject(references)) {
      finding.subject = subject->model;
      finding.votes = VotesOn(*subject, MeasureOf(finding.evidence_class));
      finding.propositions = PropositionsOf(finding.evidence_class, metadata(subject->model).model);
      in.independent_groups = subject->independent_groups;
      in.reference_released_later = subject->released_after_candidate;
      in.p_value = subject->p_value;
      if (subject->lr) {
        in.llr_bounded_log10 = subject->lr->bounded.value;
        in.llr_bounded_lower_log10 = subject->lr->bounded.lower;
        in.llr_lower_log10 = subject->lr->unbounded.lower;
        in.llr_group_left_out_log10 = subject->lr->without_group_log10;
        in.llr_category_left_out_log10 = subject->lr->without_category_log10;
        for (const ReferenceFinding& other : references) {
          const auto kind = KindOf(subject->model, other.model);
          if (other.model == subject->model || !kind || !other.lr) continue;
          in.alternatives.push_back({*kind, metadata(other.model).model, other.lr->unbounded.value});
        }
      }
    }
    finding.verdict = stemma::Judge(in);
  }

  absl::Status Exculpate(const std::vector<ReferenceFinding>& references, ClassFinding& finding) const {
    Exculpation& out = finding.exculpation;
    std::string subject;
    if (finding.subject) {
      subject = metadata(*finding.subject).model;
      out.best_alternative = BestAlternative(*finding.subject, references);
      out.features = Features(*finding.subject);
      STEMMA_ASSIGN_OR_RETURN(out.not_excluded, CheckPanel(panel_, std::span(&subject, 1)));
    }
    // Whatever the panel holds: no model can be shown to have read a page or not.
    out.not_excluded.push_back({subject, "same web pages", "that both learned from the same pages of the web"});
    return absl::OkStatus();
  }

  // By likelihood ratio where there are any, else by score.
  std::optional<AlternativeFinding> BestAlternative(std::size_t subject,
                                                    const std::vector<ReferenceFinding>& references) const {
    std::optional<AlternativeFinding> best;
    const auto strength = [](const auto& finding) { return finding.lr ? finding.lr->unbounded.value : finding.score; };
    for (const ReferenceFinding& other : references) {
      const auto kind = KindOf(subject, other.model);
      if (other.model == subject || !kind) continue;
      const bool both = best && best->lr.has_value() == other.lr.has_value();
      if (best && (both ? strength(other) <= strength(*best) : best->lr.has_value())) continue;
      best = {*kind, other.model, other.score, other.lr};
    }
    return best;
  }

  std::vector<FeatureFinding> Features(std::size_t subject) const {
    std::vector<FeatureFinding> features;
    for (const FeatureGroup group : kFeatureGroups) {
      const Measure measure = MeasureOf(group);
      const std::optional<double> score = ScoreOf(candidate_.pairs[subject], measure);
      if (score) features.push_back({group, *score, RankAmong(*score, ScoresOf(BestOn(subject, measure)), /*named=*/true)});
    }
    return features;
  }

  audit::PromptCohort CohortOf(std::size_t subject) const {
    audit::PromptCohort cohort;
    for (std::size_t m = 0; m < models(); ++m) {
      cohort.counts.push_back(Votes(m));
      cohort.unrelated.push_back(Votes(m) && !Related(m, subject) && !Related(m, models()));
    }
    cohort.candidate_group = candidate_.group;
    return cohort;
  }

  // No posterior where too little is known to judge by.
  absl::StatusOr<std::optional<WhatIf>> Suppose(const VerdictFinding& verdict, const ReferenceFinding* subject) const {
    if (!options_.prior || verdict.verdict == Verdict::kInsufficientEvidence) return std::nullopt;
    const Estimate& bounded = subject->lr->bounded;
    WhatIf what_if{*options_.prior};
    STEMMA_ASSIGN_OR_RETURN(what_if.posterior, PosteriorOf(what_if.prior, bounded.value));
    STEMMA_ASSIGN_OR_RETURN(what_if.lower, PosteriorOf(what_if.prior, bounded.lower));
    STEMMA_ASSIGN_OR_RETURN(what_if.upper, PosteriorOf(what_if.prior, bounded.upper));
    return what_if;
  }

  std::vector<FamilyFinding> ByFamily(std::vector<ReferenceFinding> references) const {
    std::vector<FamilyFinding> families;
    for (ReferenceFinding& reference : references) {
      const ModelMetadata& model = metadata(reference.model);
      const std::string& family = model.family.empty() ? model.model : model.family;
      const auto found = std::ranges::find_if(families, [&](const FamilyFinding& known) {
        return known.family == family && known.organisation == model.organisation;
      });
      if (found == families.end()) {
        families.push_back({model.organisation, family, {std::move(reference)}});
      } else {
        found->references.push_back(std::move(reference));
      }
    }
    return families;
  }

  const Panel& panel_;
  const Signature& signature_;
  const CandidateScores& candidate_;
  const std::vector<PairScore>& panel_scores_;
  const audit::ResampledScores* resampled_;
  const EmbeddingScores* embeddings_;
  const AuditOptions& options_;
  Lineage lineage_;
  std::vector<bool> related_;  // all pairs: asked for by each reference and group
};

// What prompts say of a reference is the same in both classes.
absl::Status AddPromptFindings(const Auditor& auditor, AuditReport& report) {
  ClassFinding* before = nullptr;
  for (ClassFinding& finding : report.classes) {
    if (!finding.subject) continue;
    if (before != nullptr && before->subject == finding.subject) {
      finding.exculpation.prompts = before->exculpation.prompts;
    } else {
      STEMMA_ASSIGN_OR_RETURN(finding.exculpation.prompts, auditor.FindByPrompt(*finding.subject));
    }
    before = &finding;
  }
  return absl::OkStatus();
}

absl::Status AddFamilyTree(const Panel& panel, const Signature& candidate, const CandidateScores& scores,
                           const AuditOptions& options, AuditReport& report) {
  auto tree = BuildFamilyTree(panel, candidate, scores,
                              {.seed = options.seed, .threads = options.score.threads, .progress = options.progress});
  // Too few prompts or models for a tree are no reason to have no report.
  if (absl::IsFailedPrecondition(tree.status())) return absl::OkStatus();
  STEMMA_ASSIGN_OR_RETURN(report.family_tree, std::move(tree));
  return absl::OkStatus();
}

EmbeddingFinding Describe(const AuditEmbeddings& embeddings, EmbeddingFinding finding) {
  finding.space = embeddings.panel.space();
  finding.panel_digest = embeddings.panel.digest();
  finding.signature_digest = embeddings.candidate.digest();
  finding.dims = embeddings.panel.dims();
  finding.vectors = embeddings.candidate.responses();
  finding.prompts = embeddings.candidate.rows().size();
  return finding;
}

absl::Status Check(const Panel& panel, const AuditOptions& options) {
  if (!(options.alpha > 0 && options.alpha < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("alpha must be above 0 and below 1, got %g", options.alpha));
  }
  if (options.prior) STEMMA_RETURN_IF_ERROR(PosteriorOf(*options.prior, 0).status());
  for (const std::string& name : options.references) {
    if (panel.FindModel(name)) continue;
    return absl::NotFoundError(absl::StrFormat(
        "the panel has no model \"%s\"; `stemma panel info` lists the %d that it has", name, panel.models().size()));
  }
  return absl::OkStatus();
}

}  // namespace

const ReferenceFinding* SubjectOf(const ClassFinding& finding) {
  for (const FamilyFinding& family : finding.families) {
    for (const ReferenceFinding& reference : family.references) {
      if (reference.model == finding.subject) return &reference;
    }
  }
  return nullptr;
}

absl::StatusOr<AuditReport> Audit(const Panel& panel, const Signature& candidate, const AuditOptions& options,
                                  const ResponseSet* inputs, const AuditEmbeddings* embeddings) {
  STEMMA_RETURN_IF_ERROR(Check(panel, options));
  base::Steps steps(options.progress, "comparing with the panel", 3);
  STEMMA_RETURN_IF_ERROR(steps.Next());
  STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(panel, options.score));
  CandidateScores scores;
  std::optional<audit::ResampledScores> resampled;
  if (IsCalibrated(panel, options.score)) {
    STEMMA_ASSIGN_OR_RETURN(ScoreVariants variants, scorer.Vary(candidate));
    scores = variants.candidate();
    STEMMA_RETURN_IF_ERROR(steps.Next());
    if (scores.shared_prompts > 0) resampled.emplace(std::move(variants), panel.groups().size(), options.score.threads);
  } else {
    STEMMA_ASSIGN_OR_RETURN(scores, scorer.Score(candidate));
  }
  STEMMA_RETURN_IF_ERROR(steps.Next());
  STEMMA_ASSIGN_OR_RETURN(const std::vector<PairScore> panel_scores, scorer.ScorePanel(candidate));
  std::optional<EmbeddingScores> by_embeddings;
  if (embeddings != nullptr) {
    STEMMA_ASSIGN_OR_RETURN(by_embeddings, ScoreEmbeddings(panel, candidate, scores, embeddings->panel, embeddings->candidate,
                                                           options.score.threads));
  }
  const Auditor auditor(panel, candidate, scores, panel_scores, resampled ? &*resampled : nullptr,
                        by_embeddings ? &*by_embeddings : nullptr, options);
  AuditReport report;
  report.options = options;
  report.options.progress = nullptr;
  report.candidate = scores.candidate;
  report.input = FactsOf(panel, candidate, inputs);
  report.candidate_digest = candidate.digest();
  report.responses = candidate.responses();
  report.prompts = candidate.rows().size();
  report.shared_prompts = scores.shared_prompts;
  report.self = scores.self;
  report.copies = auditor.Copies();
  for (std::size_t k = 0; k < kEvidenceClasses.size(); ++k) {
    STEMMA_ASSIGN_OR_RETURN(report.classes[k], auditor.Find(kEvidenceClasses[k]));
  }
  STEMMA_RETURN_IF_ERROR(AddPromptFindings(auditor, report));
  if (options.family_tree) STEMMA_RETURN_IF_ERROR(AddFamilyTree(panel, candidate, scores, options, report));
  if (scores.shared_prompts < kMinPairedPrompts && scores.with_style) report.unpaired = auditor.FindUnpaired();
  if (by_embeddings) report.embeddings = Describe(*embeddings, auditor.FindEmbeddings());
  report.headline = Headline(report.classes[0].verdict.verdict);
  report.warnings = audit::WarningsOf(panel, candidate, scores, inputs);
  audit::WarnOfUnreachable(report, options, report.warnings);
  if (options.mixture && report.shared_prompts >= kMinMixturePrompts) {
    STEMMA_RETURN_IF_ERROR(audit::WarnOfMixture(panel, candidate, options, report.warnings));
  }
  return report;
}

}  // namespace stemma
