#include "stemma/stranger_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "stemma/panel.h"
#include "tests/base/temporary_folder.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

StrangerScores Made(std::size_t models) {
  StrangerScores scores;
  for (std::size_t k = 0; k < models * models; ++k) {
    scores.weights.push_back(0.5F * static_cast<float>(k));
    scores.distillation.push_back(-0.25F * static_cast<float>(k));
    scores.ranking.push_back(k % (models + 1) == 0 ? std::numeric_limits<float>::quiet_NaN() : 1);
  }
  scores.rival_weight_weights = 0.5;
  scores.rival_weight_distillation = 0.25;
  scores.rival_weight_ranking = 1;
  scores.vocabulary_refitted = true;
  return scores;
}

TEST(StrangerScores, ComeBackFromTheirBytes) {
  const StrangerScores made = Made(3);
  const std::string bytes = made.Serialize();
  const auto read = StrangerScores::Parse(bytes, 3, "x");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->weights, made.weights);
  EXPECT_EQ(read->distillation, made.distillation);
  EXPECT_TRUE(std::isnan(read->ranking[4]));
  EXPECT_EQ(read->rival_weight_weights, 0.5);
  EXPECT_EQ(read->rival_weight_distillation, 0.25);
  EXPECT_EQ(read->rival_weight_ranking, 1);
  EXPECT_TRUE(read->vocabulary_refitted);
  EXPECT_EQ(read->Serialize(), bytes);
}

TEST(StrangerScores, RefuseBytesThatNoWriterMade) {
  const std::string good = Made(3).Serialize();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(StrangerScores::Parse(good.substr(0, size), 3, "x").status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_FALSE(StrangerScores::Parse(good + '\0', 3, "x").ok());
  EXPECT_FALSE(StrangerScores::Parse(good, 2, "x").ok());
  StrangerScores scores = Made(3);
  scores.rival_weight_ranking = 1.5;
  EXPECT_FALSE(StrangerScores::Parse(scores.Serialize(), 3, "x").ok());
  scores = Made(3);
  scores.weights[1] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(StrangerScores::Parse(scores.Serialize(), 3, "x").status().message(), "x: the scores of strangers contradict themselves");
  std::string flag = good;
  flag[24] = 2;  // behind three shares
  EXPECT_FALSE(StrangerScores::Parse(flag, 3, "x").ok());
}

// A panel keeps them beside everything else that it holds, and they can be put anew.
TEST(StrangerScores, StandInThePanelsFile) {
  const auto signatures = SignaturesOf(RandomWorld(3));
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  EXPECT_EQ(panel.strangers(), nullptr);
  const std::size_t models = panel.models().size();
  const auto with = panel.WithStrangers(Made(models));
  ASSERT_TRUE(with.ok()) << with.status();
  const base::TemporaryFolder folder;
  ASSERT_TRUE(with->Write(folder.File("p.stemma")).ok());
  const Panel read = Panel::Open(folder.File("p.stemma")).value();
  ASSERT_NE(read.strangers(), nullptr);
  EXPECT_EQ(read.strangers()->weights, Made(models).weights);
  EXPECT_NE(read.digest(), panel.digest());
  EXPECT_EQ(read.models().size(), models);
  EXPECT_EQ(std::vector(read.pair_sums().begin(), read.pair_sums().end()), std::vector(panel.pair_sums().begin(), panel.pair_sums().end()));
  EXPECT_EQ(read.WithStrangers(Made(models))->digest(), read.digest());
  EXPECT_EQ(panel.WithStrangers(Made(models - 1)).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace stemma
