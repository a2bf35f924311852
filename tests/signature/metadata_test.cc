#include "stemma/metadata.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/base/temporary_folder.h"

namespace stemma {
namespace {

// The message of a table that is refused.
std::string Refusal(const std::string& text) {
  MetadataTable table;
  const absl::Status status = table.Add(text, "t.tsv");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(MetadataTable, ReadsItsColumns) {
  MetadataTable table;
  const absl::Status status = table.Add(
      "family\tmodel\torganisation\tgroup\tbase\trelease\tsource\tlicence\treference\tdegenerate\tremark\r\n"
      "\r\n"
      "wren\twren-2\tAviary\tbirds\tnest-7b\t2024-05\ta test\tCC0\tno\tyes: constant answers\tignored\r\n"
      "-\towl\t-\n",
      "t.tsv");
  ASSERT_TRUE(status.ok()) << status;
  const ModelMetadata wren = table.Find("wren-2");
  EXPECT_EQ(wren.model, "wren-2");
  EXPECT_EQ(wren.family, "wren");
  EXPECT_EQ(wren.organisation, "Aviary");
  EXPECT_EQ(wren.group, "birds");
  EXPECT_EQ(wren.base, "nest-7b");
  EXPECT_EQ(wren.release, "2024-05");
  EXPECT_EQ(wren.source, "a test");
  EXPECT_EQ(wren.licence, "CC0");
  EXPECT_FALSE(wren.reference);
  EXPECT_TRUE(wren.degenerate);
  const ModelMetadata owl = table.Find("owl");
  EXPECT_TRUE(table.Contains("owl"));
  EXPECT_EQ(owl, [] {
    ModelMetadata expected;
    expected.model = "owl";
    return expected;
  }());
}

TEST(MetadataTable, KnowsOnlyTheNameOfOthers) {
  const MetadataTable table;
  EXPECT_FALSE(table.Contains("x"));
  EXPECT_EQ(table.Find("x").model, "x");
  EXPECT_TRUE(table.Find("x").reference);
}

TEST(MetadataTable, JoinsTables) {
  MetadataTable table;
  ASSERT_TRUE(table.Add("model\tdeveloper\nowl\tAviary\n", "a").ok());
  ASSERT_TRUE(table.Add("model\trelease\torganisation\nowl\t2023\tAviary\n", "b").ok());
  EXPECT_EQ(table.Find("owl").organisation, "Aviary");
  EXPECT_EQ(table.Find("owl").release, "2023");
}

TEST(MetadataTable, RefusesContradictions) {
  MetadataTable table;
  ASSERT_TRUE(table.Add("model\torganisation\nowl\tAviary\n", "a").ok());
  const absl::Status status = table.Add("model\torganisation\nowl\tAviary\nowl\tZoo\n", "b.tsv");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "b.tsv:3: model owl: organisation is \"Zoo\", but was \"Aviary\" before");
}

TEST(MetadataTable, ReadsLineageRows) {
  MetadataTable table;
  ASSERT_TRUE(table
                  .Add("model\trelation\tsource\tsource_on_leaderboard\tconfidence\tevidence\trelease\n"
                       "owl\tdistilled_from\tWren 2\twren-2\thigh\tits card\t2024\n"
                       "owl\tbase_weights\tNest-7B\t-\tlow\n",
                       "t.tsv")
                  .ok());
  const ModelMetadata owl = table.Find("owl");
  EXPECT_EQ(owl.lineage, (std::vector<LineageLink>{{"distilled_from", "Wren 2", "wren-2", "high", "its card"},
                                                   {"base_weights", "Nest-7B", "", "low", ""}}));
  EXPECT_EQ(owl.base, "Nest-7B");
  EXPECT_EQ(owl.release, "2024");
  // In such a table `source` is the link's, not the responses'.
  EXPECT_EQ(owl.source, "");
}

TEST(MetadataTable, NamesTheLineOfWhatItRefuses) {
  EXPECT_EQ(Refusal(""), "t.tsv: the metadata table is empty");
  EXPECT_EQ(Refusal("name\torganisation\n"),
            "t.tsv:1: the header line of a metadata table needs a column \"model\", tab-separated");
  EXPECT_EQ(Refusal("model\nowl\textra\n"), "t.tsv:2: 2 cells under 1 columns");
  EXPECT_EQ(Refusal("model\tfamily\n\towls\n"), "t.tsv:2: the model is empty");
  EXPECT_EQ(Refusal("model\tfamily\n-\towls\n"), "t.tsv:2: the model is empty");
  EXPECT_EQ(Refusal("model\treference\nowl\tmaybe\n"), "t.tsv:2: model owl: reference must be yes or no, got \"maybe\"");
  EXPECT_EQ(Refusal("model\tdegenerate\nowl\tYES\n"), "t.tsv:2: model owl: degenerate must be yes or no, got \"YES\"");
  EXPECT_EQ(Refusal("model\trelation\tsource\nowl\t\tx\n"), "t.tsv:2: model owl: relation is empty");
}

TEST(MetadataTable, RefusesMalformedDates) {
  for (const std::string date : {"24", "2024-13", "2024-00", "2024-1", "2024/05", "May 2024", "2024-05-1", "2024-05-011", "20240501"}) {
    EXPECT_EQ(Refusal("model\trelease\nowl\t" + date + "\n"),
              "t.tsv:2: model owl: release must be YYYY, YYYY-MM or YYYY-MM-DD, got \"" + date + "\"");
  }
  for (const std::string date : {"2024", "2024-12", "2024-05-31"}) {
    MetadataTable table;
    EXPECT_TRUE(table.Add("model\trelease\nowl\t" + date + "\n", "t").ok()) << date;
  }
}

TEST(MetadataTable, ReadsFiles) {
  const base::TemporaryFolder folder;
  MetadataTable table;
  EXPECT_TRUE(table.AddFile(folder.Write("t.tsv", "model\tfamily\nowl\towls")).ok());
  EXPECT_EQ(table.Find("owl").family, "owls");
  EXPECT_EQ(table.AddFile(folder.File("none")).code(), absl::StatusCode::kNotFound);
}

TEST(MetadataJson, ComesBack) {
  ModelMetadata metadata;
  metadata.model = "\"quoted\"\\ \n\t\x01</script> \u767e\u5ea6 {\"model\": 1}";
  metadata.organisation = "O'Aviary";
  metadata.family = "f";
  metadata.group = "g";
  metadata.base = "b";
  metadata.release = "2024-05";
  metadata.source = "s";
  metadata.licence = "CC0";
  metadata.reference = false;
  metadata.degenerate = true;
  metadata.lineage = {{"distilled_from", "a\"b", "", "high", "\n"}, {"x", "", "y", "", ""}};
  const auto read = MetadataFromJson(MetadataToJson(metadata));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, metadata);
  EXPECT_EQ(MetadataFromJson(MetadataToJson(ModelMetadata())).value(), ModelMetadata());
}

TEST(MetadataJson, ReplacesWhatIsNoUtf8) {
  ModelMetadata metadata;
  metadata.model = "a\xFFz";
  EXPECT_EQ(MetadataFromJson(MetadataToJson(metadata)).value().model, "a\uFFFDz");
}

TEST(MetadataJson, RefusesOtherJson) {
  for (const std::string text : {"", "[]", "1", "null", "{", "{\"model\":\"x\"", "{\"lineage\":[1]}", "\xFF"}) {
    EXPECT_EQ(MetadataFromJson(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
  // Fields of other types are as good as missing.
  const auto read = MetadataFromJson("{\"model\": 1, \"reference\": \"no\", \"lineage\": {}}");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, ModelMetadata());
}

}  // namespace
}  // namespace stemma
