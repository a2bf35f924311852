#include "stemma/panel_check.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/panel/made_world.h"

namespace stemma {
namespace {

ModelMetadata Model(std::string name, std::string organisation, std::string release = "",
                    std::vector<LineageLink> lineage = {}) {
  ModelMetadata metadata;
  metadata.model = std::move(name);
  metadata.organisation = std::move(organisation);
  metadata.release = std::move(release);
  metadata.lineage = std::move(lineage);
  return metadata;
}

Panel PanelOf(const std::vector<ModelMetadata>& models) {
  const oracle::World world = RandomWorld(1, {.models = models.size(), .prompts = 3});
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < models.size(); ++m) signatures.push_back(SignatureOf(world.answers[m], models[m]));
  return Panel::Build(signatures, MadeVocabulary()).value();
}

std::vector<std::string> Kinds(const std::vector<ModelMetadata>& models, const std::string& reference) {
  const auto gaps = CheckPanel(PanelOf(models), std::vector{reference});
  EXPECT_TRUE(gaps.ok()) << gaps.status();
  std::vector<std::string> kinds;
  for (const PanelGap& gap : *gaps) {
    EXPECT_EQ(gap.reference, reference);
    EXPECT_FALSE(gap.explanation.empty());
    kinds.push_back(gap.kind);
  }
  return kinds;
}

const LineageLink kFromSky = {"base_weights", "sky-7b", "", "high", ""};
const LineageLink kFromRaven = {"distilled_from", "raven", "", "high", ""};

// owl with all that it needs beside it: tit shares its base, finch its teacher, three are of its time.
std::vector<ModelMetadata> Complete() {
  return {Model("owl", "Aviary", "2024-03", {kFromSky, kFromRaven}),
          Model("tit", "Hedge", "2023", {kFromSky}),
          Model("finch", "Field", "2023", {kFromRaven}),
          Model("lark", "Meadow", "2024-09"),
          Model("gull", "Sea", "2023-03-31"),
          Model("crow", "Wood", "2024")};
}

TEST(CheckPanel, FindsNoGapWhereThereIsNone) { EXPECT_TRUE(Kinds(Complete(), "owl").empty()); }

TEST(CheckPanel, NamesWhatIsMissing) {
  std::vector<ModelMetadata> models = Complete();
  models[1].lineage.clear();
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same base"});
  models = Complete();
  models[2].lineage.clear();
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same teacher"});
  models = Complete();
  models[4].release = "2023-02";  // thirteen months
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same time"});
  models[4].release = "";
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same time"});
}

// One voice cannot be its own control, nor can a model that answers nothing.
TEST(CheckPanel, CountsNeitherTheOwnGroupNorDegenerateModels) {
  std::vector<ModelMetadata> models = Complete();
  models[0].group = models[1].group = "one";
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same base"});
  models = Complete();
  models[2].degenerate = true;
  EXPECT_EQ(Kinds(models, "owl"), std::vector<std::string>{"same teacher"});
}

TEST(CheckPanel, NeedsNoBaseWhereNoneIsDocumented) {
  std::vector<ModelMetadata> models = Complete();
  models[0].lineage = {kFromRaven};
  EXPECT_TRUE(Kinds(models, "owl").empty());
}

TEST(CheckPanel, SaysThatNothingIsDocumented) {
  std::vector<ModelMetadata> models = Complete();
  models[5] = Model("crow", "");
  EXPECT_EQ(Kinds(models, "crow"), std::vector<std::string>{"metadata"});
}

TEST(CheckPanel, ChecksAllReferencesWhereNoneIsNamed) {
  std::vector<ModelMetadata> models = Complete();
  models[3].reference = false;
  models[4].degenerate = true;
  const auto gaps = CheckPanel(PanelOf(models), {});
  ASSERT_TRUE(gaps.ok());
  std::set<std::string> references;
  for (const PanelGap& gap : *gaps) references.insert(gap.reference);
  EXPECT_EQ(references, (std::set<std::string>{"crow", "finch", "owl", "tit"}));
}

TEST(CheckPanel, RefusesUnknownReferences) {
  const absl::Status status = CheckPanel(PanelOf(Complete()), std::vector<std::string>{"dodo"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "the panel has no model \"dodo\"; `stemma panel info` lists the 6 that it has");
}

}  // namespace
}  // namespace stemma
