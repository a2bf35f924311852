#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "lib/report/canonical.h"
#include "lib/report/estimate_json.h"
#include "lib/report/same_words.h"
#include "stemma/same_power.h"
#include "stemma/same_report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

// Any field that is added, renamed or goes makes it another version.
constexpr int kSameSchemaVersion = 1;

Json FromSide(const AnswerSamples& side, std::size_t compared) {
  Json digests = Json::array();
  for (const Hash128& digest : side.digests) digests.push_back(ToHex(digest));
  return {{"model", side.model},
          {"digests", digests},
          {"responses", side.responses},
          {"prompts", side.prompts.size()},
          {"n_samples", compared}};
}

// Null where the answers of a side have no embeddings.
Json FromEmbedder(const AnswerSamples& a, const AnswerSamples& b) {
  if (!a.embedder || a.embedder != b.embedder) return nullptr;
  return {{"name", a.embedder->name}, {"digest", ToHex(a.embedder->digest)}};
}

Json FromCopies(const SameCopies& copies) {
  return {{"prompts", copies.prompts},
          {"long_prompts", copies.long_prompts},
          {"own_prompts", copies.own_prompts},
          {"compared_own", copies.compared_own}};
}

Json FromLimitations() {
  Json limitations = Json::array();
  for (const Remark& remark : report::SameLimitations()) limitations.push_back({{"id", remark.id}, {"text", remark.text}});
  return limitations;
}

// NaN is null.
Json AtPromptCounts(std::span<const double> values) {
  Json out = Json::array();
  for (std::size_t k = 0; k < values.size(); ++k) out.push_back({{"prompts", kPowerPrompts[k]}, {"value", values[k]}});
  return out;
}

Json FromStatistic(const SameStatistic& statistic) {
  return {{"kernel", NameOf(statistic.kernel)},
          {"design", NameOf(statistic.design)},
          {"standardised", statistic.standardised},
          {"effect", report::FromEstimate(statistic.effect)},
          {"detectable", AtPromptCounts(statistic.detectable)}};
}

Json FromUnlikeness(const SameUnlikeness& side) {
  return {{"kernel", NameOf(side.kernel)},
          {"to", side.to_a ? "a" : "b"},
          {"own", side.own},
          {"other", side.other},
          {"elsewhere", side.elsewhere},
          {"unlikeness", report::FromEstimate(side.unlikeness)},
          {"p_value", side.p_value}};
}

Json FromEquivalence(const SameResult& result) {
  Json sides = Json::array();
  for (const SameUnlikeness& side : result.equivalence) sides.push_back(FromUnlikeness(side));
  return {{"margin", result.options.margin},
          {"tested", !result.equivalence.empty()},
          {"within_margin", result.within_margin},
          {"sides", sides}};
}

Json FromPower() {
  Json power = Json::array();
  for (const SamePower& of_relation : MeasuredSamePower()) {
    power.push_back({{"relation", of_relation.relation},
                     {"pairs", of_relation.pairs},
                     {"found", AtPromptCounts(of_relation.found)}});
  }
  return power;
}

}  // namespace

std::string SameToJson(const AnswerSamples& a, const AnswerSamples& b, const SameResult& result) {
  Json statistics = Json::array();
  for (const SameStatistic& statistic : result.statistics) statistics.push_back(FromStatistic(statistic));
  return report::Dump({{"schema_version", kSameSchemaVersion},
                       {"mode", "all_prompts"},
                       {"verdict", NameOf(result.verdict)},
                       {"reason", NameOf(result.reason)},
                       {"sentence", report::SameSentence(result)},
                       {"alpha", result.options.alpha},
                       {"p_value", result.p_value},
                       {"statistic", result.statistic},
                       {"n_prompts", result.n_prompts},
                       {"n_samples", result.samples_a + result.samples_b},
                       {"n_informative", result.n_informative},
                       {"method", NameOf(result.method)},
                       {"dealings", result.dealings},
                       {"seed", result.options.seed},
                       {"smallest_p", result.smallest_p},
                       {"vocabulary", ToHex(a.vocabulary)},
                       {"embedder", FromEmbedder(a, b)},
                       {"a", FromSide(a, result.samples_a)},
                       {"b", FromSide(b, result.samples_b)},
                       {"copies", FromCopies(result.copies)},
                       {"statistics", statistics},
                       {"equivalence", FromEquivalence(result)},
                       {"power", FromPower()},
                       {"limitations", FromLimitations()}});
}

std::string SameToJson(const AnswerSamples& a, const AnswerSamples& b, const SameStreamResult& result) {
  return report::Dump({{"schema_version", kSameSchemaVersion},
                       {"mode", "stream"},
                       {"verdict", NameOf(result.verdict)},
                       {"sentence", report::SameSentence(result)},
                       {"alpha", result.alpha},
                       {"p_value", result.p_value},
                       {"statistic", result.e_value_log10},
                       {"n_prompts", result.n_prompts},
                       {"n_samples", result.samples_a + result.samples_b},
                       {"n_shared", result.n_shared},
                       {"e_value_log10", result.e_value_log10},
                       {"max_e_value_log10", result.max_e_value_log10},
                       {"vocabulary", ToHex(a.vocabulary)},
                       {"embedder", FromEmbedder(a, b)},
                       {"a", FromSide(a, result.samples_a)},
                       {"b", FromSide(b, result.samples_b)},
                       {"copies", FromCopies(result.copies)},
                       {"limitations", FromLimitations()}});
}

}  // namespace stemma
