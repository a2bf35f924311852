#include "stemma/score_strangers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "tests/audit/made_audit.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

// A stranger's scores are those that it gets from a panel in which its group has no say, its own members among the
// references: a fine-tune is often of its parent's group.
TEST(ScoreAsStrangers, ScoresEachModelByAPanelInWhichItsGroupHasNoSay) {
  const std::vector<Signature> signatures = SignaturesOf(RandomWorld(1, {.groups = 6, .models = 9}));
  const Vocabulary vocabulary = MadeVocabulary();
  const Panel panel = Panel::Build(signatures, vocabulary).value();
  std::vector<std::string> stages;
  StrangerOptions options;
  options.progress = [&](const ProgressEvent& event) {
    stages.push_back(std::string(event.stage) + " " + std::to_string(event.done) + "/" + std::to_string(event.total));
    return true;
  };
  const auto scores = ScoreAsStrangers(panel, KeepVocabulary(vocabulary, signatures), options);
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_EQ(stages.size(), 6U);
  EXPECT_FALSE(scores->vocabulary_refitted);
  EXPECT_EQ(scores->rival_weight_weights, ScoreOptions().rival_weight_weights);
  for (std::size_t c = 0; c < 9; ++c) {
    std::vector<Signature> marked = signatures;
    for (std::size_t m = 0; m < 9; ++m) {
      ModelMetadata metadata = signatures[m].metadata();
      metadata.degenerate = m % 6 == c % 6;
      marked[m].set_metadata(metadata);
    }
    const Scorer scorer = Scorer::Create(Panel::Build(marked, vocabulary).value()).value();
    const CandidateScores expected = scorer.Score(signatures[c]).value();
    for (std::size_t r = 0; r < 9; ++r) {
      ASSERT_EQ(std::isnan(scores->weights[c * 9 + r]), c == r) << c << " " << r;
      if (c == r) continue;
      EXPECT_EQ(scores->weights[c * 9 + r], static_cast<float>(expected.pairs[r].weights));
      EXPECT_EQ(scores->distillation[c * 9 + r], static_cast<float>(expected.pairs[r].distillation));
      EXPECT_EQ(scores->ranking[c * 9 + r], static_cast<float>(expected.pairs[r].ranking));
    }
  }
}

// Taking the group out altogether changes nothing for models of others: neither typicality nor rarity knew it.
TEST(ScoreAsStrangers, IsAsIfTheGroupWereNotThere) {
  const std::vector<Signature> signatures = SignaturesOf(RandomWorld(4, {.groups = 6, .models = 9}));
  const Vocabulary vocabulary = MadeVocabulary();
  const Panel panel = Panel::Build(signatures, vocabulary, {.index_bytes_per_response = 0}).value();
  const auto scores = ScoreAsStrangers(panel, KeepVocabulary(vocabulary, signatures), {.index_bytes_per_response = 0});
  ASSERT_TRUE(scores.ok()) << scores.status();
  std::vector<Signature> rest;
  for (std::size_t m = 0; m < 9; ++m) {
    if (m % 6 != 2) rest.push_back(signatures[m]);
  }
  const Scorer scorer = Scorer::Create(Panel::Build(rest, vocabulary, {.index_bytes_per_response = 0}).value()).value();
  for (const std::size_t c : {2U, 8U}) {
    const CandidateScores expected = scorer.Score(signatures[c]).value();
    for (std::size_t r = 0; r < 9; ++r) {
      const auto model = scorer.panel().FindModel(NameOfModel(r));
      if (model) {
        EXPECT_NEAR(scores->weights[c * 9 + r], expected.pairs[*model].weights, 1e-5);
      }
    }
  }
}

// The source is told whom to leave out, each model once.
TEST(ScoreAsStrangers, LeavesOutEachGroupOnce) {
  const std::vector<Signature> signatures = SignaturesOf(RandomWorld(2, {.groups = 5, .models = 8}));
  const Vocabulary vocabulary = MadeVocabulary();
  const Panel panel = Panel::Build(signatures, vocabulary).value();
  std::multiset<std::string> left_out;
  const SignWithout source = [&](const std::set<std::string>& models) -> absl::StatusOr<SignedModels> {
    left_out.insert(models.begin(), models.end());
    return SignedModels{vocabulary, signatures};
  };
  ASSERT_TRUE(ScoreAsStrangers(panel, source).ok());
  EXPECT_EQ(left_out.size(), 8U);
  EXPECT_EQ(std::set(left_out.begin(), left_out.end()).size(), 8U);
}

TEST(ScoreAsStrangers, NamesTheGroupWhereItFails) {
  std::vector<Signature> signatures = SignaturesOf(RandomWorld(3, {.groups = 5, .models = 5}));
  const Vocabulary vocabulary = MadeVocabulary();
  const Panel panel = Panel::Build(signatures, vocabulary).value();
  signatures.pop_back();
  const auto missing = ScoreAsStrangers(panel, KeepVocabulary(vocabulary, signatures));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(missing.status().message(), "without group group0: the panel has 5 models, of which 4 are given");
  StrangerOptions options;
  options.progress = [](const ProgressEvent&) { return false; };
  EXPECT_EQ(ScoreAsStrangers(panel, KeepVocabulary(vocabulary, signatures), options).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace stemma
