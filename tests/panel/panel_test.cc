#include "stemma/panel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/base/temporary_folder.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

using base::TemporaryFolder;

Panel Build(const std::vector<Signature>& signatures, const PanelOptions& options = {}) {
  auto panel = Panel::Build(signatures, MadeVocabulary(), options);
  if (!panel.ok()) ADD_FAILURE() << panel.status();
  return *std::move(panel);
}

PanelOptions Budget(double index_bytes_per_response) {
  PanelOptions options;
  options.index_bytes_per_response = index_bytes_per_response;
  return options;
}

PanelOptions Threads(int threads) {
  PanelOptions options;
  options.threads = threads;
  return options;
}

std::string BytesOf(const Panel& panel) {
  const TemporaryFolder folder;
  EXPECT_TRUE(panel.Write(folder.File("p")).ok());
  return folder.Read("p");
}

TEST(Panel, HoldsItsModels) {
  const oracle::World world = RandomWorld(1);
  const std::vector<Signature> signatures = SignaturesOf(world);
  PanelOptions options;
  options.title = "birds";
  options.source = "a test";
  options.licence = "CC0";
  const Panel panel = Build(signatures, options);
  EXPECT_EQ(panel.title(), "birds");
  EXPECT_EQ(panel.source(), "a test");
  EXPECT_EQ(panel.licence(), "CC0");
  EXPECT_EQ(panel.vocabulary().digest(), MadeVocabulary().digest());
  ASSERT_EQ(panel.models().size(), 10U);
  EXPECT_EQ(panel.groups().size(), 6U);
  for (std::size_t m = 0; m < 10; ++m) {
    const PanelModel& model = panel.models()[m];
    EXPECT_EQ(model.metadata, signatures[m].metadata());
    EXPECT_EQ(model.digest, signatures[m].digest());
    EXPECT_EQ(model.responses, signatures[m].responses());
    EXPECT_EQ(model.prompts, signatures[m].rows().size());
    EXPECT_EQ(panel.FindModel(NameOfModel(m)), m);
    EXPECT_EQ(panel.groups()[panel.group(m)], world.models[m].group);
  }
  EXPECT_EQ(panel.FindModel("nobody"), std::nullopt);
  EXPECT_TRUE(std::ranges::is_sorted(panel.prompts()));
  EXPECT_EQ(panel.prompts().size(), oracle::SharedPrompts(world).size());
  for (const std::size_t prompt : oracle::SharedPrompts(world)) {
    const auto found = panel.FindPrompt(KeyOfPrompt(prompt));
    ASSERT_TRUE(found.has_value());
    for (std::size_t m = 0; m < 10; ++m) EXPECT_EQ(panel.Answered(*found, m), world.answers[m].contains(prompt));
  }
}

TEST(Panel, LeavesOutPromptsOfOneModel) {
  oracle::World world = RandomWorld(2, {.prompts = 5, .missing = 0});
  world.answers[3][99] = world.answers[3][0];
  const Panel panel = Build(SignaturesOf(world));
  EXPECT_EQ(panel.prompts().size(), 5U);
  EXPECT_EQ(panel.FindPrompt(KeyOfPrompt(99)), std::nullopt);
}

TEST(Panel, ComesBackFromItsFile) {
  PanelOptions options;
  options.title = "birds";
  const Panel panel = Build(SignaturesOf(RandomWorld(3, {.copies = 0.2})), options);
  const TemporaryFolder folder;
  ASSERT_TRUE(panel.Write(folder.File("p")).ok());
  const auto read = Panel::Open(folder.File("p"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->digest(), panel.digest());
  EXPECT_EQ(read->title(), "birds");
  EXPECT_EQ(read->size_bytes(), folder.Read("p").size());
  EXPECT_TRUE(std::ranges::equal(read->prompts(), panel.prompts()));
  EXPECT_TRUE(std::ranges::equal(read->pair_sums(), panel.pair_sums()));
  PromptIndex first, second;
  for (std::size_t p = 0; p < panel.prompts().size(); ++p) {
    ASSERT_TRUE(panel.ReadIndex(p, first).ok());
    ASSERT_TRUE(read->ReadIndex(p, second).ok());
    EXPECT_EQ(first.lists.keys, second.lists.keys);
    EXPECT_EQ(first.values, second.values);
    for (std::size_t m = 0; m < panel.models().size(); ++m) {
      EXPECT_EQ(read->SquaredNorm(p, m), panel.SquaredNorm(p, m));
      EXPECT_TRUE(std::ranges::equal(read->AnswerHashes(p, m), panel.AnswerHashes(p, m)));
    }
  }
}

TEST(Panel, DoesNotDependOnTheOrderOfSignatures) {
  std::vector<Signature> signatures = SignaturesOf(RandomWorld(4));
  const std::string bytes = BytesOf(Build(signatures));
  base::Random random(1);
  for (int round = 0; round < 3; ++round) {
    random.Shuffle(std::span(signatures));
    EXPECT_EQ(BytesOf(Build(signatures)), bytes);
  }
}

TEST(Panel, GivesEqualBytesForAnyNumberOfThreads) {
  const std::vector<Signature> signatures = SignaturesOf(RandomWorld(5, {.prompts = 150}));
  const std::string bytes = BytesOf(Build(signatures, Threads(1)));
  for (const int threads : {2, 7}) EXPECT_EQ(BytesOf(Build(signatures, Threads(threads))), bytes) << threads;
}

TEST(Panel, RefusesWhatCannotFormAPanel) {
  const auto status = [](const std::vector<Signature>& signatures, const PanelOptions& options = {}) {
    return Panel::Build(signatures, MadeVocabulary(), options).status();
  };
  const oracle::World world = RandomWorld(6, {.models = 3, .prompts = 4, .missing = 0});
  const std::vector<Signature> good = SignaturesOf(world);
  EXPECT_TRUE(status(good).ok());
  EXPECT_EQ(status({}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status({good[0]}).code(), absl::StatusCode::kFailedPrecondition);

  std::vector<Signature> twice = {good[0], good[1], good[0]};
  EXPECT_EQ(status(twice).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(twice).message(), "model m000 is there twice; give one signature a model");

  const Vocabulary other = MadeVocabulary("other");
  const std::vector<Signature> mixed = {good[0], SignatureOf(world.answers[1], MetadataOfModel(world, 1), other)};
  EXPECT_EQ(status(mixed).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status(mixed).message(), "signature m001: vocabulary " + ToHex(other.digest()) +
                                         "; this panel is made with vocabulary " + ToHex(MadeVocabulary().digest()));

  oracle::AnswersByPrompt elsewhere;
  elsewhere[77] = world.answers[1].at(0);
  EXPECT_EQ(status({good[0], SignatureOf(elsewhere, MetadataOfModel(world, 1))}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status(good, Budget(-1)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(good, Budget(std::nan(""))).code(), absl::StatusCode::kInvalidArgument);
  PanelOptions cancelled;
  cancelled.progress = [](const ProgressEvent&) { return false; };
  EXPECT_EQ(status(good, cancelled).code(), absl::StatusCode::kCancelled);
}

TEST(Panel, RefusesDamagedFiles) {
  const std::string bytes =
      BytesOf(Build(SignaturesOf(RandomWorld(7, {.groups = 3, .models = 4, .prompts = 4, .pool = 10}))));
  const TemporaryFolder folder;
  const Hash128 digest = Panel::Open(folder.Write("good", bytes))->digest();
  std::size_t unnoticed = 0;
  for (std::size_t k = 0; k < bytes.size(); k += k < 500 ? 1 : 5) {
    std::string changed = bytes;
    changed[k] = static_cast<char>(changed[k] ^ 0x10);
    const auto panel = Panel::Open(folder.Write("bad", changed));
    if (!panel.ok()) continue;
    ++unnoticed;  // padding; the digest, which names the bytes, tells it
    ASSERT_NE(panel->digest(), digest);
  }
  EXPECT_LE(unnoticed, 10U * 7);
  for (std::size_t size = 0; size < bytes.size(); size += 61) {
    ASSERT_FALSE(Panel::Open(folder.Write("bad", bytes.substr(0, size))).ok()) << size;
  }
  EXPECT_EQ(Panel::Open(folder.Write("bad", "text")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Panel::Open(folder.Write("bad", MadeVocabulary().Serialize())).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Panel::Open(folder.File("none")).status().code(), absl::StatusCode::kNotFound);
}

// What a checksum cannot see: an index of other bytes is refused when it is read, or it is sound.
TEST(Panel, SurvivesAnIndexOfOtherBytes) {
  const std::string bytes = BytesOf(Build(SignaturesOf(RandomWorld(8, {.prompts = 6}))));
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kPanel, "p");
  ASSERT_TRUE(file.ok());
  const TemporaryFolder folder;
  base::Random random(9);
  std::size_t refused = 0;
  for (int round = 0; round < 100; ++round) {
    base::SectionedFileWriter writer(base::FileKind::kPanel);
    for (const auto& entry : file->sections()) {
      std::string content(entry.bytes);
      if (entry.name == "INDEX") content[random.Below(content.size())] = static_cast<char>(random.Below(256));
      writer.Add(entry.name, content);
    }
    const auto panel = Panel::Open(folder.Write("bad", writer.Finish()));
    ASSERT_TRUE(panel.ok()) << panel.status();
    PromptIndex index;
    for (std::size_t p = 0; p < panel->prompts().size(); ++p) {
      const absl::Status status = panel->ReadIndex(p, index);
      refused += status.code() == absl::StatusCode::kDataLoss;
      ASSERT_TRUE(status.ok() || status.code() == absl::StatusCode::kDataLoss);
    }
  }
  EXPECT_GT(refused, 10U);
}

// With every n-gram kept, the panel's similarities are the textbook's but for the rounding of weights.
TEST(Panel, AgreesWithTheOracle) {
  double largest_bound = 0;
  for (const WorldOptions& options :
       {WorldOptions{}, WorldOptions{.groups = 12, .models = 12, .several = 0.6}, WorldOptions{.degenerate = 3},
        WorldOptions{.groups = 3, .models = 9, .missing = 0.6}, WorldOptions{.copies = 0.3}, WorldOptions{.copies = 0.9}}) {
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
      const oracle::World world = RandomWorld(seed, options);
      const Panel panel = Build(SignaturesOf(world), Budget(0));
      const std::set<std::size_t> prompts = oracle::SharedPrompts(world);
      for (std::size_t a = 0; a < options.models; ++a) {
        for (std::size_t b = a + 1; b < options.models; ++b) {
          double bound = 0;
          for (const std::size_t p : prompts) {
            if (!world.answers[a].contains(p) || !world.answers[b].contains(p)) continue;
            bound = std::max(bound, CosineBound(world, oracle::CosineAt(world, p, world.answers[a].at(p), world.answers[b].at(p))));
          }
          const oracle::Similarity expected = oracle::Compare(world, prompts, world.answers[a], world.answers[b]);
          const PairSum& sum = panel.pair_sums()[a * options.models + b];
          ASSERT_EQ(sum.used_prompts(), expected.prompts) << a << " " << b;
          ASSERT_EQ(sum.copies, expected.copies);
          ASSERT_TRUE(expected.prompts == 0 || std::fabs(sum.mean() - expected.value) <= bound);
          ASSERT_EQ(sum, panel.pair_sums()[b * options.models + a]);
          largest_bound = std::max(largest_bound, bound);
        }
      }
    }
  }
  EXPECT_LT(largest_bound, 0.004);  // else the comparison would say little
}

// Which of two models stands first changes nothing.
TEST(Panel, IsSymmetricInItsModels) {
  const oracle::World world = RandomWorld(11, {.several = 0.5, .copies = 0.1});
  std::vector<Signature> signatures = SignaturesOf(world);
  const Panel panel = Build(signatures);
  ModelMetadata first = signatures[2].metadata();
  ModelMetadata second = signatures[7].metadata();
  std::swap(first.model, second.model);
  signatures[2].set_metadata(first);
  signatures[7].set_metadata(second);
  const Panel swapped = Build(signatures);
  EXPECT_EQ(panel.pair_sums()[2 * 10 + 7], swapped.pair_sums()[2 * 10 + 7]);
  EXPECT_EQ(panel.pair_sums()[2 * 10 + 5], swapped.pair_sums()[7 * 10 + 5]);
}

std::size_t IndexBytes(const Panel& panel) {
  const std::string bytes = BytesOf(panel);
  return base::SectionedFile::Parse(bytes, base::FileKind::kPanel, "p")->Section("INDEX")->size();
}

TEST(Panel, KeepsItsIndexWithinTheBudget) {
  const oracle::World world = RandomWorld(12, {.groups = 20, .models = 40, .prompts = 4, .pool = 4000, .several = 0});
  const std::vector<Signature> signatures = SignaturesOf(world);
  std::uint64_t responses = 0;
  for (const Signature& signature : signatures) responses += signature.responses();
  std::size_t before = 0;
  for (const double budget : {2.0, 10.0, 50.0}) {
    const std::size_t bytes = IndexBytes(Build(signatures, Budget(budget)));
    // The size is estimated while n-grams are chosen: a tenth more may come out.
    EXPECT_LE(static_cast<double>(bytes), 1.1 * budget * static_cast<double>(responses)) << budget;
    EXPECT_GT(bytes, before);
    before = bytes;
  }
  // A budget above what there is keeps all, as 0 does.
  EXPECT_EQ(IndexBytes(Build(signatures, Budget(1e6))),
            IndexBytes(Build(signatures, Budget(0))));
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

Moments MomentsOf(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.mean += value / static_cast<double>(values.size());
  for (const double value : values) moments.deviation += (value - moments.mean) * (value - moments.mean);
  moments.deviation = std::sqrt(moments.deviation / static_cast<double>(values.size() - 1));
  return moments;
}

// The same answers at 400 prompts: 400 samples of the same n-grams, which must give their sums on average. A mean of 400
// draws is off by six of its standard deviations once in 5 * 10^8.
TEST(Panel, SamplesWithoutBias) {
  constexpr std::size_t kPrompts = 400;
  constexpr std::size_t kModels = 6;
  oracle::World world = RandomWorld(13, {.models = kModels, .prompts = 1, .pool = 400, .missing = 0, .several = 0.5});
  for (oracle::AnswersByPrompt& answers : world.answers) {
    for (std::size_t p = 1; p < kPrompts; ++p) answers[p] = answers[0];
  }
  const std::vector<Signature> signatures = SignaturesOf(world);
  const Panel panel = Build(signatures, Budget(20));
  const Panel whole = Build(signatures, Budget(0));
  PromptIndex index;
  const auto inner = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t k = 0; k < index.lists.keys.size(); ++k) {
      double in_a = 0, in_b = 0;
      for (const Posting& posting : index.lists.Of(k)) {
        if (posting.model == a) in_a = posting.samples;
        if (posting.model == b) in_b = posting.samples;
      }
      sum += index.values[k] * in_a * in_b;
    }
    return sum;
  };
  for (std::size_t a = 0; a < kModels; ++a) {
    for (std::size_t b = a + 1; b < kModels; ++b) {
      std::vector<double> inners, norms_a, products, cosines;
      double share = 0;
      for (std::size_t p = 0; p < kPrompts; ++p) {
        ASSERT_TRUE(panel.ReadIndex(p, index).ok());
        const double rate = static_cast<double>(index.threshold) / kGramKeys;
        share += rate / kPrompts;
        const double norm_a = static_cast<double>(panel.SquaredNorm(p, a));
        const double norm_b = static_cast<double>(panel.SquaredNorm(p, b));
        inners.push_back(inner(a, b) / rate);
        norms_a.push_back(norm_a / rate);
        products.push_back(std::sqrt(norm_a * norm_b) / rate);
        cosines.push_back(inner(a, b) / std::sqrt(norm_a * norm_b));
      }
      ASSERT_LT(share, 0.5);  // else little was left to chance
      ASSERT_TRUE(whole.ReadIndex(0, index).ok());
      const double all_norm_a = static_cast<double>(whole.SquaredNorm(0, a));
      const double all_product = std::sqrt(all_norm_a * static_cast<double>(whole.SquaredNorm(0, b)));
      const double all_inner = inner(a, b);
      const double standard_error_of = 6 / std::sqrt(static_cast<double>(kPrompts));
      const Moments of_inner = MomentsOf(inners);
      EXPECT_NEAR(of_inner.mean, all_inner, standard_error_of * of_inner.deviation) << a << " " << b;
      const Moments of_norm = MomentsOf(norms_a);
      EXPECT_NEAR(of_norm.mean, all_norm_a, standard_error_of * of_norm.deviation) << a << " " << b;

      // The cosine is a ratio R = y / x, biased a little: from E(R x) = Y follows E(R) = (Y - cov(R, x)) / E(x), so that
      // |E(R) - Y / X| <= Y |1 / E(x) - 1 / X| + sd(R) sd(x) / E(x) (Hartley and Ross 1954).
      const Moments of_cosine = MomentsOf(cosines);
      const Moments of_product = MomentsOf(products);
      const double bias = all_inner * std::fabs(1 / of_product.mean - 1 / all_product) +
                          of_cosine.deviation * of_product.deviation / of_product.mean;
      EXPECT_NEAR(of_cosine.mean, all_inner / all_product, standard_error_of * of_cosine.deviation + bias);
      EXPECT_LT(standard_error_of * of_cosine.deviation + bias, 0.1);
      // And the panel's own sum is the mean of these cosines, rounded to 2^-30 each.
      EXPECT_NEAR(panel.pair_sums()[a * kModels + b].mean(), of_cosine.mean, 0x1p-30);
    }
  }
}

// A panel of degenerate models alone weighs nothing; it must still be made and read.
TEST(Panel, SurvivesDegenerateModelsAlone) {
  const Panel panel = Build(SignaturesOf(RandomWorld(14, {.models = 4, .prompts = 3, .degenerate = 4})));
  for (const PairSum& sum : panel.pair_sums()) EXPECT_TRUE(!sum.shared() || (sum.mean() >= 0 && sum.mean() <= 1));
}

TEST(GroupName, FallsBackToOrganisationAndModel) {
  ModelMetadata metadata;
  metadata.model = "m";
  EXPECT_EQ(GroupName(metadata), "m");
  metadata.organisation = "o";
  EXPECT_EQ(GroupName(metadata), "o");
  metadata.group = "g";
  EXPECT_EQ(GroupName(metadata), "g");
}

}  // namespace
}  // namespace stemma
