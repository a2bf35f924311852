#include "stemma/lineage.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace stemma {
namespace {

ModelMetadata Model(std::string name, std::string organisation, std::string family = "",
                    std::vector<LineageLink> lineage = {}, std::string base = "") {
  ModelMetadata metadata;
  metadata.model = std::move(name);
  metadata.organisation = std::move(organisation);
  metadata.family = std::move(family);
  metadata.lineage = std::move(lineage);
  metadata.base = std::move(base);
  return metadata;
}

LineageLink Link(std::string relation, std::string source, std::string panel_source = "") {
  return {std::move(relation), std::move(source), std::move(panel_source), "high", ""};
}

enum : std::size_t { kOwl, kOwl2, kEgret, kWren, kTit, kFinch, kRobin, kHeron, kStork, kLark };

std::vector<ModelMetadata> Models() {
  return {
      Model("owl", "Aviary", "owl"),
      Model("owl-2", "Aviary", "owl"),
      Model("egret", "Aviary", "egret"),
      Model("wren", "Nest", "wren", {Link("distilled_from", "Owl's outputs", "owl"), Link("base_weights", "Sky-7B")}),
      Model("tit", "Hedge", "tit", {Link("distilled_from", "owl")}, "Org/Sky-7b"),
      Model("finch", "Field", "finch", {Link("distilled_from", "Owl")}),
      Model("robin", "Garden", "robin", {Link("finetuned_from", "wren", "wren")}),
      Model("heron", "Pond", "heron", {Link("human_data", "Big Set")}),
      Model("stork", "Chimney", "stork", {Link("human_data", "Big Set"), Link("unknown", "not told")}),
      Model("lark", "Meadow"),
  };
}

Kinship Between(std::size_t a, std::size_t b) { return Lineage(Models()).Between(a, b); }

TEST(Lineage, TellsAllPairsAtOnce) {
  const Lineage lineage(Models());
  const std::vector<bool> related = lineage.RelatedPairs();
  ASSERT_EQ(related.size(), Models().size() * Models().size());
  for (std::size_t a = 0; a < Models().size(); ++a) {
    for (std::size_t b = 0; b < Models().size(); ++b) EXPECT_EQ(related[a * Models().size() + b], lineage.Related(a, b)) << a << b;
  }
}

TEST(Lineage, TellsEachKinship) {
  EXPECT_EQ(Between(kOwl, kOwl), Kinship::kSame);
  EXPECT_EQ(Between(kWren, kOwl), Kinship::kSource);
  EXPECT_EQ(Between(kOwl, kWren), Kinship::kDerivative);
  EXPECT_EQ(Between(kRobin, kOwl), Kinship::kSource);  // by way of wren
  EXPECT_EQ(Between(kFinch, kOwl), Kinship::kSource);  // named in another case
  EXPECT_EQ(Between(kOwl, kOwl2), Kinship::kFamily);
  EXPECT_EQ(Between(kOwl, kEgret), Kinship::kOrganisation);
  EXPECT_EQ(Between(kWren, kTit), Kinship::kSharedBase);   // whose teacher they share, too
  EXPECT_EQ(Between(kRobin, kTit), Kinship::kSharedBase);  // weights are inherited
  EXPECT_EQ(Between(kFinch, kTit), Kinship::kSibling);
  EXPECT_EQ(Between(kWren, kOwl2), Kinship::kRelative);
  EXPECT_EQ(Between(kWren, kLark), Kinship::kUnrelated);
  // Data written by people makes nobody a relative.
  EXPECT_EQ(Between(kHeron, kStork), Kinship::kUnrelated);
}

TEST(Lineage, IsSymmetricButForDescent) {
  const Lineage lineage(Models());
  for (std::size_t a = 0; a < Models().size(); ++a) {
    for (std::size_t b = 0; b < Models().size(); ++b) {
      const Kinship kinship = lineage.Between(a, b);
      const Kinship expected = kinship == Kinship::kSource       ? Kinship::kDerivative
                               : kinship == Kinship::kDerivative ? Kinship::kSource
                                                                 : kinship;
      EXPECT_EQ(lineage.Between(b, a), expected) << a << " " << b;
      EXPECT_EQ(lineage.Related(a, b), kinship != Kinship::kUnrelated);
    }
  }
}

TEST(Lineage, KnowsWhatIsDocumented) {
  const Lineage lineage(Models());
  EXPECT_TRUE(lineage.Known(kWren));
  EXPECT_TRUE(lineage.Known(kHeron));
  EXPECT_FALSE(lineage.Known(kStork));
  EXPECT_FALSE(lineage.Known(kOwl));
}

TEST(Lineage, InheritsBases) {
  const Lineage lineage(Models());
  EXPECT_EQ(lineage.Bases(kRobin), lineage.Bases(kWren));
  EXPECT_EQ(lineage.Bases(kTit), lineage.Bases(kWren));
  EXPECT_TRUE(lineage.Bases(kOwl).empty());
}

// Models without metadata are strangers to each other: an empty organisation or family is not a common one.
TEST(Lineage, TakesModelsWithoutMetadataForUnrelated) {
  const Lineage lineage(std::vector<ModelMetadata>{Model("a", ""), Model("b", "")});
  EXPECT_EQ(lineage.Between(0, 1), Kinship::kUnrelated);
}

TEST(Lineage, SurvivesCircles) {
  const Lineage lineage(std::vector<ModelMetadata>{Model("a", "", "", {Link("distilled_from", "b", "b")}),
                                                   Model("b", "", "", {Link("distilled_from", "a", "a")})});
  EXPECT_EQ(lineage.Between(0, 1), Kinship::kSource);
  EXPECT_EQ(lineage.Between(1, 0), Kinship::kSource);
}

TEST(Lineage, NamesEachKinshipOnce) {
  std::set<std::string_view> names;
  for (int kinship = 0; kinship <= static_cast<int>(Kinship::kUnrelated); ++kinship) {
    names.insert(NameOf(static_cast<Kinship>(kinship)));
  }
  EXPECT_EQ(names.size(), 9U);
}

}  // namespace
}  // namespace stemma
