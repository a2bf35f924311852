#include "lib/report/json_inputs.h"

#include <string>

#include "lib/base/hash.h"
#include "stemma/evidence_class.h"
#include "stemma/lr_bounds.h"
#include "stemma/pair_sum.h"
#include "stemma/verdict.h"

namespace stemma::report {
namespace {

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json KnownText(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json FromMetadata(const ModelMetadata& metadata) {
  Json lineage = Json::array();
  for (const LineageLink& link : metadata.lineage) {
    lineage.push_back({{"relation", link.relation},
                       {"source", KnownText(link.source)},
                       {"panel_source", KnownText(link.panel_source)},
                       {"confidence", KnownText(link.confidence)},
                       {"evidence", KnownText(link.evidence)}});
  }
  return {{"organisation", KnownText(metadata.organisation)},
          {"family", KnownText(metadata.family)},
          {"group", KnownText(metadata.group)},
          {"base", KnownText(metadata.base)},
          {"release", KnownText(metadata.release)},
          {"source", KnownText(metadata.source)},
          {"licence", KnownText(metadata.licence)},
          {"reference", metadata.reference},
          {"degenerate", metadata.degenerate},
          {"example", metadata.example},
          {"lineage", lineage}};
}

Json FromExcluded(const std::vector<ExcludedRecords>& excluded) {
  Json json = Json::array();
  for (const ExcludedRecords& records : excluded) {
    json.push_back({{"id", records.id}, {"reason", records.reason}, {"records", OrNull(records.records)}});
  }
  return json;
}

Hash128 CalibrationDigest(const PanelCalibration& calibration, const StrangerScores& strangers) {
  base::Hasher128 hasher;
  hasher.Update(calibration.Serialize());
  hasher.Update(strangers.Serialize());
  return hasher.Finish();
}

Json FromQuality(EvidenceClass evidence_class, const ClassQuality& quality) {
  const Estimate cllr = {.value = quality.cllr,
                         .lower = quality.cllr_lower,
                         .upper = quality.cllr_upper,
                         .n = quality.groups,
                         .unit_of_n = "groups",
                         .method = "two-level bootstrap of groups of candidates and of organisations' references"};
  Json statistic = FromStatistic(cllr);
  if (quality.organisations == 1) {
    statistic["not_estimated"] = "limits: one organisation's references say nothing of others'";
  }
  return {{"class", NameOf(evidence_class)},
          {"cllr", statistic},
          {"cllr_frozen", Significant(quality.cllr_frozen)},
          {"pairs_h1", quality.pairs_h1},
          {"pairs_h2", quality.pairs_h2},
          {"groups", quality.groups},
          {"organisations", quality.organisations}};
}

Json FromCalibration(const Panel& panel) {
  const PanelCalibration* calibration = panel.calibration();
  if (calibration == nullptr) return nullptr;
  const StrangerScores& strangers = *panel.strangers();
  Json classes = Json::array();
  for (std::size_t k = 0; k < kEvidenceClasses.size(); ++k) {
    classes.push_back(FromQuality(kEvidenceClasses[k], calibration->quality[k]));
  }
  return {{"digest", ToHex(CalibrationDigest(*calibration, strangers))},
          {"rival_weight_weights", Exact(strangers.rival_weight_weights)},
          {"rival_weight_distillation", Exact(strangers.rival_weight_distillation)},
          {"rival_weight_ranking", Exact(strangers.rival_weight_ranking)},
          {"vocabulary_refitted", strangers.vocabulary_refitted},
          {"classes", classes}};
}

}  // namespace

Json FromCandidate(const Panel& panel, const AuditReport& report) {
  const InputFacts& input = report.input;
  return {{"model", report.candidate.model},
          {"metadata", FromMetadata(report.candidate)},
          {"panel_model", report.self ? Json(panel.models()[*report.self].metadata.model) : Json(nullptr)},
          {"digest", ToHex(input.digest)},
          {"signature_digest", ToHex(report.candidate_digest)},
          {"tokenizer_version", input.tokenizer_version},
          {"responses", input.responses},
          {"prompts", input.prompts},
          {"shared_prompts", report.shared_prompts},
          {"max_samples", input.max_samples},
          {"tokens", input.tokens},
          {"code_points", input.code_points},
          {"responses_with_reasoning", OrNull(input.with_reasoning)},
          {"excluded", FromExcluded(input.excluded)}};
}

Json FromPanel(const Panel& panel) {
  const Vocabulary& vocabulary = panel.vocabulary();
  return {{"title", panel.title()},
          {"source", KnownText(panel.source())},
          {"licence", KnownText(panel.licence())},
          {"digest", ToHex(panel.digest())},
          {"size_bytes", panel.size_bytes()},
          {"models", panel.models().size()},
          {"groups", panel.groups().size()},
          {"prompts", panel.prompts().size()},
          {"vocabulary", {{"digest", ToHex(vocabulary.digest())}, {"brands", vocabulary.brands().size()}}},
          {"calibration", FromCalibration(panel)}};
}

Json FromParameters(const AuditOptions& options) {
  const AuditOptions defaults;
  const ScoreOptions& score = options.score;
  Json json = Json::object();
  const auto add = [&](const char* name, const Json& value, const Json& preset) {
    json[name] = {{"value", value}, {"default", preset}};
  };
  const auto prior = [](const AuditOptions& from) { return from.prior ? Exact(*from.prior) : Json(nullptr); };
  add("references", options.references, defaults.references);
  add("alpha", Exact(options.alpha), Exact(defaults.alpha));
  add("prior", prior(options), prior(defaults));
  add("mixture", options.mixture, defaults.mixture);
  add("draws", options.draws, defaults.draws);
  add("seed", options.seed, defaults.seed);
  add("rival_weight_weights", Exact(score.rival_weight_weights), Exact(defaults.score.rival_weight_weights));
  add("rival_weight_distillation", Exact(score.rival_weight_distillation), Exact(defaults.score.rival_weight_distillation));
  add("rival_weight_ranking", Exact(score.rival_weight_ranking), Exact(defaults.score.rival_weight_ranking));
  return json;
}

Json Constants() {
  const BoundOfEvidenceOptions bounds;
  return {{"min_shared_prompts_weights", kMinPairedPromptsWeights},
          {"min_shared_prompts_distillation", kMinPairedPrompts},
          {"min_independent_groups", kMinIndependentGroups},
          {"min_copy_tokens", kMinCopyTokens},
          {"min_prompts_beside_copies", PairSum::kMinPromptsBesideCopies},
          {"min_gram_order", kMinGramOrder},
          {"max_gram_order", kMaxGramOrder},
          {"gram_bits", kGramBits},
          {"prompt_categories", kPromptCategories},
          {"bound_draws", bounds.draws},
          {"bound_seed", bounds.seed}};
}

}  // namespace stemma::report
