#include "stemma/level_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lib/audit/level_strata.h"
#include "lib/audit/level_tally.h"
#include "lib/audit/split_panels.h"
#include "lib/panel/metadata_of.h"
#include "stemma/audit.h"
#include "stemma/lineage.h"
#include "tests/audit/made_calibrated.h"
#include "tests/oracle/cosines.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

Panel PanelOf(const std::vector<Signature>& signatures) {
  return Panel::Build(signatures, MadeVocabulary(), {.index_bytes_per_response = 0}).value();
}

// Groups of one or two models, answers of several samples or copied or missing, a degenerate model, models that are no
// references, and three that share a base.
struct Mixed {
  oracle::World world;
  std::vector<Signature> signatures;

  explicit Mixed(std::uint64_t seed, double missing = 0) {
    world = RandomWorld(
        seed,
        {.groups = 22, .models = 34, .prompts = 30, .pool = 40, .degenerate = 1, .missing = missing, .copies = 0.05});
    for (std::size_t m = 0; m < world.models.size(); ++m) {
      ModelMetadata metadata = MetadataOfModel(world, m);
      metadata.reference = m % 5 != 1;
      metadata.release = m % 4 == 0 ? "" : "20" + std::to_string(20 + m % 3);
      if (m < 3) metadata.lineage.push_back({"base_weights", "some base", "", "high", "[seen]"});
      signatures.push_back(SignatureOf(world.answers[m], std::move(metadata)));
    }
  }
};

LevelTest RunLevelTest(const Panel& panel, const LevelOptions& options) {
  auto level = TestLevel(panel, options);
  if (!level.ok()) ADD_FAILURE() << level.status();
  return *std::move(level);
}

const LevelCell& Find(const LevelTest& level, LevelScore score, LevelQuestion question, LevelStratum stratum,
                      double alpha, std::size_t prompts, LevelDesign design = LevelDesign::kHalves) {
  for (const LevelCell& cell : level.cells) {
    if (cell.score == score && cell.question == question && cell.stratum == stratum && cell.alpha == alpha &&
        cell.prompts == prompts && cell.design == design) {
      return cell;
    }
  }
  ADD_FAILURE() << "no such cell";
  return level.cells.front();
}

// Which half a group is in hangs on seed and number alone, no half is empty, and every group gets into both.
TEST(LevelTest, DealsGroupsBySeedAndNumber) {
  const Panel panel = PanelOf(Mixed(1).signatures);
  std::set<std::vector<bool>> deals;
  std::vector<int> times(panel.groups().size(), 0);
  constexpr int kSplits = 400;
  for (int split = 0; split < kSplits; ++split) {
    const std::vector<bool> deal = audit::DealGroups(panel, 7, static_cast<std::size_t>(split));
    EXPECT_EQ(deal, audit::DealGroups(panel, 7, static_cast<std::size_t>(split)));
    EXPECT_EQ(std::ranges::count(deal, true), 11);
    deals.insert(deal);
    for (std::size_t g = 0; g < deal.size(); ++g) times[g] += deal[g];
  }
  EXPECT_GT(deals.size(), 390U);  // of 705,432 possible ones
  // Binomial(400, 1/2) is 65 or more off with a probability below 1e-10.
  for (const int t : times) EXPECT_NEAR(t, kSplits / 2, 65);
  EXPECT_NE(audit::DealGroups(panel, 7, 0), audit::DealGroups(panel, 8, 0));
}

// Document frequencies, values and norms are those of the reference half alone: the textbook cosine of a world in which
// the other half does not count says the same.
TEST(LevelTest, RefitsNgramsToTheReferenceHalf) {
  const Mixed made(2, /*missing=*/0.1);
  const Panel panel = PanelOf(made.signatures);
  const std::vector<std::vector<bool>> deals = {audit::DealGroups(panel, 1, 0), audit::DealGroups(panel, 1, 1)};
  audit::SplitPanels panels(panel, deals);
  for (std::size_t p = 0; p < panel.prompts().size(); ++p) ASSERT_TRUE(panels.Add(p).ok());
  const std::vector<std::size_t> models = audit::CountedModels(panel);
  for (std::size_t lane = 0; lane < deals.size(); ++lane) {
    oracle::World half = made.world;
    half.weight_steps = 4095;
    for (std::size_t m = 0; m < half.models.size(); ++m) {
      half.models[m].degenerate = half.models[m].degenerate || !deals[lane][panel.group(m)];
    }
    for (std::size_t a = 0; a < models.size(); ++a) {
      for (std::size_t b = a % 4; b < models.size(); b += 4) {
        const PairSum& sum = panels.of(lane, a, b);
        if (a == b || (half.models[models[a]].degenerate && half.models[models[b]].degenerate)) {
          EXPECT_FALSE(sum.shared());
          continue;
        }
        const oracle::Similarity expected = oracle::Compare(
            half, oracle::SharedPrompts(made.world), made.world.answers[models[a]], made.world.answers[models[b]]);
        ASSERT_EQ(sum.used_prompts(), expected.prompts);
        EXPECT_EQ(sum.copies, expected.copies);
        EXPECT_NEAR(sum.mean(), expected.value, 0x1p-29);
      }
    }
  }
}

// What audits say of the candidate half's models, against a panel that only the reference half's models made.
struct AuditedHalf {
  std::vector<double> shares;  // by group of candidates
  std::vector<double> expected;
  std::size_t trials = 0;
  std::size_t unreachable = 0;
};

AuditedHalf AuditHalf(const Mixed& made, const Panel& panel, const std::vector<bool>& in_reference, std::size_t prompts,
                      EvidenceClass evidence_class, LevelQuestion question, double alpha) {
  std::vector<Signature> members;
  for (const Signature& signature : made.signatures) {
    const std::size_t model = *panel.FindModel(signature.metadata().model);
    if (in_reference[panel.group(model)] && !signature.metadata().degenerate) members.push_back(signature);
  }
  const Panel half = PanelOf(members);
  const Lineage lineage(panel::MetadataOf(panel));
  std::map<std::size_t, std::pair<std::vector<double>, std::vector<double>>> by_group;
  AuditedHalf out;
  for (std::size_t c = 0; c < made.signatures.size(); ++c) {
    if (in_reference[panel.group(c)] || made.signatures[c].metadata().degenerate) continue;
    oracle::AnswersByPrompt answers;
    for (const auto& [prompt, of_prompt] : made.world.answers[c]) {
      if (*panel.FindPrompt(KeyOfPrompt(prompt)) < prompts) answers[prompt] = of_prompt;
    }
    AuditOptions options;
    bool any_related = false;
    for (const PanelModel& member : half.models()) {
      const bool related = lineage.Related(c, *panel.FindModel(member.metadata.model));
      if (!related && member.metadata.reference) options.references.push_back(member.metadata.model);
      any_related = any_related || related;
    }
    if (any_related && question == LevelQuestion::kScreening) continue;
    const AuditReport report = Audit(half, SignatureOf(answers, made.signatures[c].metadata()), options).value();
    const ClassFinding& finding = report.classes[static_cast<std::size_t>(evidence_class)];
    std::vector<RankP> ranks;
    if (question == LevelQuestion::kScreening) ranks.push_back(finding.search);
    for (const FamilyFinding& family : finding.families) {
      for (const ReferenceFinding& reference : family.references) {
        if (question == LevelQuestion::kNamed && reference.declared) ranks.push_back(reference.rank);
      }
    }
    double hits = 0, expected = 0, tested = 0;
    for (const RankP& rank : ranks) {
      if (rank.floor() > alpha) {
        ++out.unreachable;
        continue;
      }
      ++tested;
      hits += rank.p <= alpha;
      expected +=
          std::floor(alpha * static_cast<double>(rank.groups + 1) + 1e-9) / static_cast<double>(rank.groups + 1);
    }
    out.trials += static_cast<std::size_t>(tested);
    if (tested == 0) continue;
    by_group[panel.group(c)].first.push_back(hits / tested);
    by_group[panel.group(c)].second.push_back(expected / tested);
  }
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  for (const auto& [group, values] : by_group) {
    out.shares.push_back(mean(values.first));
    out.expected.push_back(mean(values.second));
  }
  return out;
}

// Scoring, rivals, ranks and weights are those of audits, at all prompts and at a part of them.
TEST(LevelTest, SaysOfASplitWhatAuditsSay) {
  std::size_t hits = 0;
  for (const std::uint64_t seed : {3U, 4U}) {
    Mixed made(seed);
    for (Signature& signature : made.signatures) {
      ModelMetadata metadata = signature.metadata();
      metadata.lineage.clear();  // no relatives across groups: then a search is an audit's, too
      if (seed == 3) signature.set_metadata(std::move(metadata));
    }
    const Panel panel = PanelOf(made.signatures);
    const LevelTest level =
        RunLevelTest(panel, {.splits = 1, .seed = seed, .alphas = {0.1, 0.3}, .prompt_counts = {12}});
    const std::vector<bool> deal = audit::DealGroups(panel, seed, 0);
    EXPECT_EQ(level.prompt_counts, (std::vector<std::size_t>{12, 30}));
    EXPECT_EQ(level.reference_groups, 11U);
    EXPECT_EQ(level.candidate_groups, 11U);
    EXPECT_EQ(level.models, 33U);
    EXPECT_FALSE(level.with_style);
    for (const EvidenceClass evidence_class : kEvidenceClasses) {
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        if (question == LevelQuestion::kScreening && seed != 3) continue;
        for (const std::size_t prompts : level.prompt_counts) {
          for (const double alpha : level.alphas) {
            const LevelScore score =
                evidence_class == EvidenceClass::kWeights ? LevelScore::kWeights : LevelScore::kDistillation;
            const LevelCell& cell = Find(level, score, question, LevelStratum::kAll, alpha, prompts);
            const AuditedHalf audited = AuditHalf(made, panel, deal, prompts, evidence_class, question, alpha);
            EXPECT_EQ(cell.trials, audited.trials);
            EXPECT_EQ(cell.unreachable, audited.unreachable);
            EXPECT_EQ(cell.share.n, audited.shares.size());
            if (audited.shares.empty()) {
              EXPECT_EQ(cell.verdict, LevelVerdict::kUntested);
              continue;
            }
            double share = 0, expected = 0;
            for (const double value : audited.shares) share += value / static_cast<double>(audited.shares.size());
            for (const double value : audited.expected) expected += value / static_cast<double>(audited.shares.size());
            EXPECT_NEAR(cell.share.value, share, 1e-12);
            EXPECT_NEAR(cell.expected, expected, 1e-11);
            hits += share > 0;
          }
        }
      }
    }
  }
  EXPECT_GT(hits, 6U);  // else nothing was compared
}

// Every alpha that p can take exactly, up to 200 groups.
TEST(LevelTest, CountsRanksAsPDoes) {
  for (std::size_t groups = 0; groups <= 200; ++groups) {
    const auto all = static_cast<double>(groups + 1);
    for (const double alpha : {0.01, 0.05, 0.07, 0.1, 0.2, 0.29, 0.3, 0.7, 2 / all, 3 / all}) {
      std::size_t within = 0;
      for (std::size_t rank = 1; rank <= 3 * groups + 10; ++rank) within += static_cast<double>(rank) / all <= alpha;
      EXPECT_EQ(audit::RanksWithin(alpha, groups), within) << alpha << " " << groups;
    }
  }
}

// Groups weigh the same, in them models, of a model references; what is out of reach is told apart.
TEST(LevelTest, WeighsGroupsThenModelsThenReferences) {
  const Panel panel = PanelOf(SignaturesOf(RandomWorld(5, {.groups = 3, .models = 4, .missing = 0, .several = 0})));
  const LevelOptions options;
  audit::LevelTally tally(panel, options, {{}}, {0.1});
  // Models 0 and 3 are of one group.
  const auto add = [&](std::size_t candidate, std::size_t reference, std::size_t at_least, std::size_t groups) {
    RankP rank;
    rank.at_least = at_least;
    rank.groups = groups;
    rank.p = static_cast<double>(1 + at_least) / static_cast<double>(groups + 1);
    tally.Add({0, candidate, reference, rank});
  };
  for (int k = 0; k < 8; ++k) add(0, 1, 0, 19);  // hits
  add(0, 2, 5, 19);
  add(3, 1, 5, 19);
  add(1, 0, 1, 19);  // p is alpha: a hit
  add(1, 0, 2, 19);
  add(2, 0, 0, 8);  // no rank gives a p of .1
  const LevelCell cell = tally.Cell(0, 0, LevelStratum::kAll).value();
  EXPECT_EQ(cell.trials, 12U);
  EXPECT_EQ(cell.unreachable, 1U);
  EXPECT_EQ(cell.share.n, 2U);
  EXPECT_DOUBLE_EQ(cell.share.value, (0.5 * (0.5 * (1 + 0) + 0)) / 2 + 0.5 / 2);
  EXPECT_NEAR(cell.expected, 0.1, 1e-11);
}

// Where no group has a hit, their number bounds the share all the same.
TEST(LevelTest, BoundsAShareOfNone) {
  const Panel panel = PanelOf(SignaturesOf(RandomWorld(6, {.groups = 5, .models = 5, .missing = 0, .several = 0})));
  const LevelOptions options;
  audit::LevelTally tally(panel, options, {{}}, {0.1});
  for (std::size_t c = 0; c < 5; ++c) tally.Add({0, c, (c + 1) % 5, {.p = 1, .at_least = 19, .groups = 19}});
  const LevelCell cell = tally.Cell(0, 0, LevelStratum::kAll).value();
  EXPECT_EQ(cell.share.value, 0);
  EXPECT_EQ(cell.share.lower, 0);
  EXPECT_NEAR(cell.share.upper, 1 - std::pow(0.025, 1.0 / 5), 1e-12);
  EXPECT_EQ(cell.verdict, LevelVerdict::kInside);
}

// Thirds of the models, those of one date together; without a date in none.
TEST(LevelTest, CutsModelsIntoThirds) {
  const Panel panel = PanelOf(Mixed(7).signatures);
  const std::vector<std::vector<bool>> strata = audit::LevelStrata(panel);
  std::vector<std::ptrdiff_t> sizes;
  for (const std::vector<bool>& stratum : strata) sizes.push_back(std::ranges::count(stratum, true));
  EXPECT_EQ(sizes[0], 33);
  for (const std::size_t length : {1U, 2U, 3U}) EXPECT_EQ(sizes[length], 11);
  EXPECT_EQ(sizes[4] + sizes[5] + sizes[6], 24);  // 8 of each year, of 33 models those without a date left out
  double longest_short = 0, shortest_long = 1e9;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const double length = panel.models()[m].mean_tokens();
    if (strata[1][m]) longest_short = std::max(longest_short, length);
    if (strata[3][m]) shortest_long = std::min(shortest_long, length);
    for (const std::size_t date : {4U, 5U, 6U}) {
      if (strata[date][m]) {
        EXPECT_EQ(panel.models()[m].metadata.release, "20" + std::to_string(16 + date));
      }
    }
  }
  EXPECT_LE(longest_short, shortest_long);
}

// Each n-gram is in each model's answer with probability one half: all models are alike, and whether a model helped to
// count how many groups use an n-gram hardly matters.
std::vector<Signature> AlikeModels(std::uint64_t seed, std::size_t models, std::size_t prompts) {
  base::Random random(seed);
  oracle::World world;
  world.answers.resize(models);
  for (std::size_t m = 0; m < models; ++m) world.models.push_back({"group" + std::to_string(m), false});
  for (std::size_t p = 0; p < prompts; ++p) {
    for (std::uint32_t gram = 0; gram < 40; ++gram) {
      for (std::size_t m = 0; m < models; ++m) {
        if (gram == 0 || random.Uniform() < 0.5)
          world.answers[m][p].grams[gram + 1000 * static_cast<std::uint32_t>(p)] = 1;
      }
    }
  }
  return SignaturesOf(world);
}

// p keeps its promise to them. The bound above: eight standard errors of the mean over worlds, as the worlds' own
// spread has them; with 23 degrees of freedom a t of 8 has a probability below 1e-8. Below, p may be a little
// conservative: with 20 groups it matters that each of them was among those that counted how rare n-grams are, and the
// candidate was not.
TEST(LevelTest, FindsTheLevelOfAlikeModelsKept) {
  constexpr int kWorlds = 24;
  std::map<std::pair<LevelScore, LevelQuestion>, std::vector<double>> excess;
  for (int w = 0; w < kWorlds; ++w) {
    const LevelTest level = RunLevelTest(PanelOf(AlikeModels(static_cast<std::uint64_t>(100 + w), 40, 12)),
                                         {.splits = 16, .alphas = {0.2}, .prompt_counts = {}, .draws = 39});
    for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        const LevelCell& cell = Find(level, score, question, LevelStratum::kAll, 0.2, 12);
        EXPECT_EQ(cell.share.n, 40U);
        EXPECT_NEAR(cell.expected, question == LevelQuestion::kNamed ? 4.0 / 20 : 4.0 / 21, 1e-11);
        excess[{score, question}].push_back(cell.share.value - cell.expected);
      }
    }
  }
  for (const auto& [key, values] : excess) {
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / kWorlds;
    for (const double value : values) squares += (value - mean) * (value - mean);
    EXPECT_LT(mean, 8 * std::sqrt(squares / kWorlds / (kWorlds - 1)));
    EXPECT_GT(mean, -0.08);
  }
}

// A score that is driven by length alone keeps its promise over all candidates, breaks it for those with short answers,
// and is caught: the test can fail. Scores that know nothing of length are not.
TEST(LevelTest, CatchesAScoreThatIsDrivenByLength) {
  const LevelTest level =
      RunLevelTest(PanelOf(AlikeModels(1, 60, 12)), {.splits = 48, .prompt_counts = {}, .draws = 199});
  EXPECT_TRUE(level.control_caught);
  const auto control = [&](LevelStratum stratum) {
    return Find(level, LevelScore::kLengthControl, LevelQuestion::kNamed, stratum, 0.2, 12);
  };
  EXPECT_EQ(control(LevelStratum::kAll).verdict, LevelVerdict::kInside);
  EXPECT_EQ(control(LevelStratum::kShortAnswers).verdict, LevelVerdict::kAbove);
  EXPECT_EQ(control(LevelStratum::kLongAnswers).verdict, LevelVerdict::kBelow);
  for (const LevelCell& cell : level.cells) {
    if (cell.score != LevelScore::kLengthControl) {
      EXPECT_NE(cell.verdict, LevelVerdict::kAbove) << cell.alpha;
    }
  }
}

// A cell for each score, question, number of prompts, stratum and alpha, in this order; nothing of strangers where the
// panel has none.
TEST(LevelTest, HasACellForEveryQuestion) {
  const LevelTest level =
      RunLevelTest(PanelOf(Mixed(8).signatures),
                   {.splits = 2, .alphas = {0.2, 0.1, 0.2}, .prompt_counts = {20, 1000, 10, 30}, .draws = 39});
  EXPECT_EQ(level.alphas, (std::vector<double>{0.1, 0.2}));
  EXPECT_EQ(level.prompt_counts, (std::vector<std::size_t>{10, 20, 30}));
  ASSERT_EQ(level.cells.size(), (2U * 2 * 3 + 1) * 7 * 2);
  const auto key = [](const LevelCell& cell) {
    return std::tuple(cell.score, cell.design, cell.question, cell.prompts, cell.stratum, cell.alpha);
  };
  for (std::size_t k = 0; k + 1 < level.cells.size(); ++k) EXPECT_LT(key(level.cells[k]), key(level.cells[k + 1]));
  for (const LevelCell& cell : level.cells) {
    EXPECT_EQ(cell.design, LevelDesign::kHalves);
    if (cell.score == LevelScore::kLengthControl) {
      EXPECT_EQ(cell.prompts, 30U);
    }
    if (cell.verdict == LevelVerdict::kUntested) continue;
    EXPECT_LE(cell.share.lower, cell.share.value);
    EXPECT_GE(cell.share.upper, cell.share.value);
    EXPECT_EQ(cell.share.unit_of_n, "groups");
  }
}

// The largest share less that at the fewest prompts, as the cells have it.
TEST(LevelTest, ComparesSharesByPrompts) {
  const LevelTest level = RunLevelTest(PanelOf(AlikeModels(2, 40, 20)),
                                       {.splits = 16, .alphas = {0.2}, .prompt_counts = {5, 10}, .draws = 199});
  ASSERT_EQ(level.rises.size(), 4U);
  for (const LevelRise& rise : level.rises) {
    const auto share = [&](std::size_t prompts) {
      return Find(level, rise.score, rise.question, LevelStratum::kAll, 0.2, prompts);
    };
    EXPECT_EQ(rise.fewest_prompts, 5U);
    EXPECT_DOUBLE_EQ(rise.rise.value, std::max(share(10).share.value, share(20).share.value) - share(5).share.value);
    EXPECT_EQ(rise.at_highest, share(rise.highest_prompts).verdict);
    EXPECT_EQ(rise.rises, rise.rise.lower > 0);
    EXPECT_LE(rise.rise.lower, rise.rise.value);
  }
}

// Stored scores of strangers: every candidate on each unrelated reference, once.
TEST(LevelTest, RanksStrangersAmongTheWholePanel) {
  const Panel panel = MadeCalibratedPanel(9, {.references = 4, .groups = 18, .members = 2});
  const LevelTest level = RunLevelTest(panel, {.splits = 1, .alphas = {0.2}, .prompt_counts = {}, .draws = 39});
  const LevelCell& named =
      Find(level, LevelScore::kWeights, LevelQuestion::kNamed, LevelStratum::kAll, 0.2, 12, LevelDesign::kStrangers);
  // Of 18 groups 3 derive from each reference; each reference meets the 15 others' two models and the 3 other
  // references.
  EXPECT_EQ(named.trials + named.unreachable, 4U * (15 * 2 + 3));
  EXPECT_EQ(named.share.n, 22U);
  const LevelCell& screening = Find(level, LevelScore::kDistillation, LevelQuestion::kScreening, LevelStratum::kAll,
                                    0.2, 12, LevelDesign::kStrangers);
  EXPECT_EQ(screening.trials, 40U);
}

// Bit by bit.
std::string Dump(const LevelTest& level) {
  std::string out;
  const auto append = [&](const std::vector<double>& values) {
    out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
  };
  for (const LevelCell& cell : level.cells) {
    append({cell.share.value, cell.share.lower, cell.share.upper, cell.expected});
    out += std::to_string(cell.trials) + NameOf(cell.verdict).data();
  }
  for (const LevelRise& rise : level.rises) {
    append({rise.rise.value, rise.rise.lower, rise.rise.upper});
  }
  return out;
}

TEST(LevelTestParallel, IsTheSameForAnyNumberOfThreads) {
  const Panel panel = PanelOf(Mixed(10, /*missing=*/0.1).signatures);
  const auto dump = [&](int threads, std::uint64_t seed) {
    return Dump(RunLevelTest(
        panel, {.splits = 40, .seed = seed, .prompt_counts = {10}, .draws = 99, .score = {.threads = threads}}));
  };
  const std::string one = dump(1, 1);
  EXPECT_EQ(dump(3, 1), one);
  EXPECT_NE(dump(3, 2), one);
}

TEST(LevelTest, RefusesWhatCannotBeTested) {
  const auto status = [](const Panel& panel, const LevelOptions& options) {
    return std::string(TestLevel(panel, options).status().message());
  };
  const Panel small = PanelOf(SignaturesOf(RandomWorld(11, {.groups = 18, .models = 20, .degenerate = 0})));
  EXPECT_EQ(TestLevel(small, {.alphas = {0.1, 0.05}}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status(small, {.alphas = {0.1, 0.05}}),
            "the panel has 18 groups of models that count; half of them can give a p of 0.1 only from 19 groups on");
  EXPECT_TRUE(TestLevel(small, {.splits = 1, .alphas = {0.2}, .draws = 39}).ok());
  EXPECT_EQ(TestLevel(small, {.splits = 0}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status(small, {.splits = 0}), "splits must be at least 1, got 0");
  EXPECT_EQ(status(small, {.alphas = {}}), "alphas must not be empty");
  EXPECT_EQ(status(small, {.alphas = {0.1, 1}}), "alpha must be in (0, 1), got 1");
  EXPECT_EQ(status(small, {.prompt_counts = {10, 0}}), "prompt counts must be at least 1, got 0");
  EXPECT_EQ(status(small, {.draws = 38}), "draws must be at least 39, got 38");
  EXPECT_EQ(status(small, {.score = {.rival_weight_weights = 2}}), "a rival weight must be in [0, 1], got 2");
  EXPECT_EQ(TestLevel(small, {.splits = 1, .progress = [](const ProgressEvent&) { return false; }}).status().code(),
            absl::StatusCode::kCancelled);
}

TEST(LevelTest, NamesWhatItTells) {
  EXPECT_EQ(NameOf(LevelScore::kLengthControl), "length_control");
  EXPECT_EQ(NameOf(LevelDesign::kStrangers), "strangers");
  EXPECT_EQ(NameOf(LevelQuestion::kScreening), "screening");
  EXPECT_EQ(NameOf(LevelStratum::kMiddlingRelease), "middling_release");
  EXPECT_EQ(NameOf(LevelVerdict::kAbove), "above");
}

}  // namespace
}  // namespace stemma
