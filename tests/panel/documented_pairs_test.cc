#include "stemma/documented_pairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace stemma {
namespace {

ModelMetadata Model(std::string name, std::string organisation, std::vector<LineageLink> lineage = {}) {
  ModelMetadata metadata;
  metadata.model = std::move(name);
  metadata.organisation = std::move(organisation);
  metadata.lineage = std::move(lineage);
  return metadata;
}

LineageLink Link(std::string relation, std::string panel_source, std::string confidence = "high", std::string evidence = "[seen]") {
  return {std::move(relation), panel_source, panel_source, std::move(confidence), std::move(evidence)};
}

DocumentedPairs Find(const std::vector<ModelMetadata>& models, EvidenceClass evidence_class) {
  return FindDocumentedPairs(models, Lineage(models), evidence_class);
}

using Pairs = std::vector<ModelPair>;

TEST(DocumentedPairs, TellsTheClassesByTheRelation) {
  std::vector<ModelMetadata> models = {Model("owl", "A")};
  for (const char* relation : {"finetuned_from", "sampled_from", "same_model", "distilled_from", "version_of", "base_weights",
                               "preference_from", "aggregates", "human_data", "unknown"}) {
    models.push_back(Model(relation, std::string("maker of ") + relation, {Link(relation, "owl")}));
  }
  EXPECT_EQ(Find(models, EvidenceClass::kWeights).derived, (Pairs{{1, 0}, {2, 0}, {3, 0}}));
  EXPECT_EQ(Find(models, EvidenceClass::kDistillation).derived, Pairs({{4, 0}}));
}

// What is weakly documented, inferred from text, or second-hand, must not teach a calibration what descent looks like.
TEST(DocumentedPairs, LeavesOutWhatIsNotDocumented) {
  const auto derived = [](LineageLink link, EvidenceClass evidence_class) {
    return Find({Model("owl", "A"), Model("wren", "B", {link})}, evidence_class).derived.size();
  };
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    const std::string relation = evidence_class == EvidenceClass::kWeights ? "finetuned_from" : "distilled_from";
    EXPECT_EQ(derived(Link(relation, "owl"), evidence_class), 1U);
    EXPECT_EQ(derived(Link(relation, "owl", "medium"), evidence_class), 1U);
    EXPECT_EQ(derived(Link(relation, "owl", "low"), evidence_class), 0U);
    EXPECT_EQ(derived(Link(relation, "owl", "high", "a table [measured]"), evidence_class), 0U);
    EXPECT_EQ(derived(Link(relation, "wren"), evidence_class), 0U);
    EXPECT_EQ(derived(Link(relation, "crow"), evidence_class), 0U);
  }
  EXPECT_EQ(derived(Link("distilled_from", "owl", "high", "TRANSITIVE through a set [seen]"), EvidenceClass::kDistillation), 0U);
  EXPECT_EQ(derived(Link("finetuned_from", "owl", "high", "TRANSITIVE through a set [seen]"), EvidenceClass::kWeights), 1U);
  // Within one organisation outputs and weights cannot be told apart.
  EXPECT_TRUE(Find({Model("owl", "A"), Model("wren", "A", {Link("distilled_from", "owl")})}, EvidenceClass::kDistillation).derived.empty());
}

TEST(DocumentedPairs, LeavesOutDegenerateModelsAndThoseThatAreNoExamples) {
  const std::vector<ModelMetadata> models = {Model("owl", "A"), Model("wren", "B", {Link("finetuned_from", "owl")}),
                                             Model("tit", "C"), Model("crow", "D")};
  const DocumentedPairs all = Find(models, EvidenceClass::kWeights);
  EXPECT_EQ(all.derived, Pairs({{1, 0}}));
  EXPECT_EQ(all.unrelated, (Pairs{{2, 0}, {3, 0}}));
  for (const std::size_t m : {0U, 1U, 2U}) {
    std::vector<ModelMetadata> changed = models;
    changed[m].degenerate = true;
    const DocumentedPairs pairs = Find(changed, EvidenceClass::kWeights);
    EXPECT_EQ(pairs.derived.size(), m == 2 ? 1U : 0U);
    EXPECT_EQ(pairs.unrelated.size(), m == 2 ? 1U : 0U);
    changed[m].degenerate = false;
    changed[m].example = false;
    // A reference that is no example of a candidate still is a reference.
    EXPECT_EQ(Find(changed, EvidenceClass::kWeights).derived.size(), m == 1 ? 0U : 1U);
    EXPECT_EQ(Find(changed, EvidenceClass::kWeights).unrelated.size(), m == 1 ? 0U : m == 2 ? 1U : 2U);
  }
}

// Innocent examples are those without any documented tie to the reference, of whatever class.
TEST(DocumentedPairs, TakesOnlyUnrelatedModelsForInnocent) {
  const std::vector<ModelMetadata> models = {
      Model("owl", "A"), Model("owl-2", "A"), Model("wren", "B", {Link("finetuned_from", "owl")}),
      Model("tit", "C", {Link("distilled_from", "owl")}), Model("robin", "D", {Link("finetuned_from", "tit")}), Model("crow", "E")};
  for (const ModelPair& pair : Find(models, EvidenceClass::kWeights).unrelated) EXPECT_EQ(pair.candidate, 5U);
  EXPECT_EQ(Find(models, EvidenceClass::kDistillation).unrelated, Pairs({{5, 0}}));
  EXPECT_TRUE(std::ranges::is_sorted(Find(models, EvidenceClass::kWeights).derived));
}

}  // namespace
}  // namespace stemma
