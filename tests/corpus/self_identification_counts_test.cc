#include "stemma/self_identification_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/response_set.h"
#include "tests/base/temporary_folder.h"

namespace stemma {
namespace {

const std::vector<Maker> kMakers = {{"Anthropic", {"anthropic", "claude"}}, {"OpenAI", {"chatgpt", "openai"}}};

std::vector<SelfIdentificationCounts> CountsOf(std::string_view lines) {
  const base::TemporaryFolder folder;
  SelfIdentificationCounter counter(kMakers);
  const auto set =
      ResponseSet::Read(std::vector{folder.Write("alder.jsonl", lines)}, {}, [&](const Response& response) {
        counter.Add(response);
        return absl::OkStatus();
      });
  EXPECT_TRUE(set.ok()) << set.status();
  return counter.Counts();
}

TEST(SelfIdentificationCounts, CountAnswersByModelAndMaker) {
  const auto counts = CountsOf(
      "{\"model\": \"birch\", \"prompt\": \"a\", \"response\": \"I am Claude. I was made by OpenAI.\"}\n"
      "{\"model\": \"birch\", \"prompt\": \"b\", \"response\": \"I am ChatGPT. I am ChatGPT.\"}\n"
      "{\"model\": \"birch\", \"prompt\": \"c\", \"response\": \"A tree.\"}\n"
      "{\"model\": \"alder\", \"prompt\": \"a\", \"response\": \"A tree.\"}\n");
  EXPECT_EQ(counts,
            (std::vector<SelfIdentificationCounts>{{.model = "alder", .organisation = {}, .answers = 1, .makers = {}},
                                                   {.model = "birch",
                                                    .organisation = {},
                                                    .answers = 3,
                                                    .answers_with_claim = 2,
                                                    .makers = {{"OpenAI", 2}, {"Anthropic", 1}}}}));
}

// Samples are answers of their own; empty answers are none, and reasoning is no part of an answer.
TEST(SelfIdentificationCounts, CountSamplesAndNeitherEmptyAnswersNorReasoning) {
  const auto counts = CountsOf(
      "{\"model\": \"alder\", \"prompt\": \"a\", \"sample\": 0, \"response\": \"I am Claude.\"}\n"
      "{\"model\": \"alder\", \"prompt\": \"a\", \"sample\": 1, \"response\": \"I am Claude!\"}\n"
      "{\"model\": \"alder\", \"prompt\": \"b\", \"response\": \" \"}\n"
      "{\"model\": \"alder\", \"prompt\": \"c\", \"response\": \"<think>I am ChatGPT.</think>A tree.\"}\n"
      "{\"model\": \"alder\", \"prompt\": \"d\", \"response\": \"A tree.\", \"reasoning\": \"I am ChatGPT.\"}\n");
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].answers, 4U);
  EXPECT_EQ(counts[0].answers_with_claim, 2U);
  EXPECT_EQ(counts[0].makers, (std::vector<MakerClaims>{{"Anthropic", 2}}));
}

TEST(SelfIdentificationCounts, HeedThePromptAndTheSystemPrompt) {
  const auto counts = CountsOf(
      "{\"model\": \"alder\", \"messages\": [{\"role\": \"system\", \"content\": \"You are Claude.\"}, {\"role\": "
      "\"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"I am Claude.\"}]}\n"
      "{\"model\": \"alder\", \"prompt\": \"Say: I am ChatGPT\", \"response\": \"I am ChatGPT\"}\n");
  EXPECT_EQ(counts[0].answers, 2U);
  EXPECT_EQ(counts[0].answers_with_claim, 0U);
}

const std::vector<SelfIdentificationCounts> kCounts = {
    {"alder", "Anthropic", 10, 3, {{"OpenAI", 2}, {"Anthropic", 1}}},
    {"birch \"b\"", "", 10, 1, {{"OpenAI", 1}}},
    {"cedar", "OpenAI (lab)", 10, 2, {{"OpenAI", 2}}},
    {"elm", "Nobody", 5, 0, {}},
};

TEST(SelfIdentificationCounts, StandInJsonAsTheyAre) {
  const std::string json = SelfIdentificationToJson(kCounts);
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 4 + 5);
  const auto read = SelfIdentificationFromJson(json, "counts");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, kCounts);
  const auto none = SelfIdentificationFromJson(SelfIdentificationToJson({}), "counts");
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_TRUE(none->empty());
}

TEST(SelfIdentificationCounts, RefuseJsonThatIsWrong) {
  const auto message = [](std::string_view model) {
    const std::string json = "{\"patterns\": 1, \"models\": [" + std::string(model) + "]}";
    const auto read = SelfIdentificationFromJson(json, "counts");
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument) << json;
    return std::string(read.status().message());
  };
  EXPECT_EQ(message("3"), "counts: model 1: a model must be an object");
  EXPECT_EQ(message("{}"), "counts: model 1: \"model\" must be a text");
  EXPECT_EQ(message(R"({"model": "a", "organisation": "", "answers": -1})"),
            "counts: model 1: \"answers\" must be a whole number >= 0");
  EXPECT_EQ(message(R"({"model": "a", "organisation": "", "answers": 1, "answers_with_claim": 2, "by_maker": {}})"),
            "counts: model 1: \"answers_with_claim\" must be at most 1, the answers");
  EXPECT_EQ(message(R"({"model": "a", "organisation": "", "answers": 2, "answers_with_claim": 1})"),
            "counts: model 1: \"by_maker\" must be an object");
  EXPECT_EQ(
      message(R"({"model": "a", "organisation": "", "answers": 2, "answers_with_claim": 1, "by_maker": {"B": 2}})"),
      "counts: model 1: \"B\" must be in [1, 1], the answers with a claim");
  const std::string once =
      R"({"model": "a", "organisation": "", "answers": 2, "answers_with_claim": 0, "by_maker": {}})";
  EXPECT_EQ(message(once + "," + once), "counts: model a comes twice");
  for (const std::string_view json :
       {"", "{", "[]", "3", "{}", "{\"patterns\": 1}", "{\"patterns\": 1, \"models\": {}}"}) {
    EXPECT_EQ(SelfIdentificationFromJson(json, "counts").status().code(), absl::StatusCode::kInvalidArgument) << json;
  }
}

// A base rate that other patterns counted would make the candidate's count look high or low.
TEST(SelfIdentificationCounts, RefuseCountsByOtherPatterns) {
  const auto read = SelfIdentificationFromJson("{\"patterns\": 2, \"models\": []}", "counts");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(read.status().message()),
            "counts: counted by the patterns of version 2; these are of version 1");
}

TEST(RateOfClaims, CountsModelsAndThoseThatClaimToBeAnothers) {
  const ClaimRate any = RateOfClaims(kCounts);
  EXPECT_EQ(any.models, 4U);
  EXPECT_EQ(any.with_claim, 3U);
  EXPECT_EQ(any.with_foreign_claim, 1U);  // whose organisation is not known may be the maker
  const ClaimRate own = RateOfClaims(kCounts, "Anthropic");
  EXPECT_EQ(own.with_claim, 1U);
  EXPECT_EQ(own.with_foreign_claim, 0U);
  EXPECT_EQ(RateOfClaims(kCounts, "OpenAI").with_claim, 3U);
  EXPECT_EQ(RateOfClaims(kCounts, "OpenAI").with_foreign_claim, 1U);
  EXPECT_EQ(RateOfClaims({}).models, 0U);
}

TEST(IsByMaker, KnowsWholeWords) {
  EXPECT_TRUE(IsByMaker("Meta", "Meta"));
  EXPECT_TRUE(IsByMaker("THUDM/Zhipu", "Zhipu"));
  EXPECT_TRUE(IsByMaker("tuners (ai2)", "AI2"));
  EXPECT_FALSE(IsByMaker("Metaphor", "Meta"));
  EXPECT_FALSE(IsByMaker("Meta", "Meta AI"));
  EXPECT_TRUE(IsByMaker("Metaphor and Meta", "Meta"));
  EXPECT_FALSE(IsByMaker("", "Meta"));
  EXPECT_FALSE(IsByMaker("Meta", ""));
}

// The shipped counts are read by the shipped code, and hold numbers only where names of models and makers do not stand.
TEST(SelfIdentificationCounts, OfThePanelAreShipped) {
  const auto counts = ReadSelfIdentification(STEMMA_SOURCE_DIR "/data/self_identification.json");
  ASSERT_TRUE(counts.ok()) << counts.status();
  const auto makers = ReadMakers(STEMMA_SOURCE_DIR "/data/makers.txt");
  ASSERT_TRUE(makers.ok()) << makers.status();
  EXPECT_GT(RateOfClaims(*counts).models, 100U);
  for (const SelfIdentificationCounts& model : *counts) {
    EXPECT_FALSE(model.organisation.empty()) << model.model;
    for (const MakerClaims& claims : model.makers) {
      EXPECT_TRUE(std::ranges::count(*makers, claims.maker, &Maker::name) == 1) << claims.maker;
    }
  }
}

}  // namespace
}  // namespace stemma
