#include "stemma/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/panel/prompt_pairs.h"
#include "tests/oracle/centring.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

Panel BuildWhole(const std::vector<Signature>& signatures) {
  PanelOptions options;
  options.index_bytes_per_response = 0;
  return Panel::Build(signatures, MadeVocabulary(), options).value();
}

Scorer ScorerOf(const Panel& panel, int threads = 0) {
  ScoreOptions options;
  options.threads = threads;
  return Scorer::Create(panel, options).value();
}

// A world whose last model is no part of the panel.
struct Case {
  oracle::World panel;
  oracle::AnswersByPrompt candidate;
  ModelMetadata metadata;
};

Case RandomCase(std::uint64_t seed, const WorldOptions& options = {}) {
  Case made;
  WorldOptions one_more = options;
  ++one_more.models;
  made.panel = RandomWorld(seed, one_more);
  made.candidate = made.panel.answers.back();
  made.metadata = MetadataOfModel(made.panel, options.models);
  made.metadata.model = "candidate";
  made.metadata.degenerate = false;
  made.panel.answers.pop_back();
  made.panel.models.pop_back();
  return made;
}

Signature Candidate(const Case& made) { return SignatureOf(made.candidate, made.metadata); }

void ExpectEqual(const std::vector<PairScore>& a, const std::vector<PairScore>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t m = 0; m < a.size(); ++m) {
    ASSERT_EQ(a[m].scored, b[m].scored) << m;
    ASSERT_EQ(a[m].weights, b[m].weights) << m;
    ASSERT_EQ(a[m].distillation, b[m].distillation) << m;
    ASSERT_EQ(a[m].ranking, b[m].ranking) << m;
    ASSERT_EQ(a[m].n_prompts, b[m].n_prompts) << m;
    ASSERT_EQ(a[m].copies, b[m].copies) << m;
  }
}

// The scores of a candidate, the whole way from answers, written down from the definitions.
oracle::Centred Expected(const Case& made, const std::set<std::size_t>& prompts) {
  oracle::Row row;
  std::vector<oracle::Row> matrix;
  std::vector<oracle::Standing> models;
  const auto compare = [&](const oracle::AnswersByPrompt& a, const oracle::AnswersByPrompt& b) {
    const oracle::Similarity similarity = oracle::Compare(made.panel, prompts, a, b);
    return similarity.prompts > 0 ? std::optional(similarity.value) : std::nullopt;
  };
  const std::size_t n = made.panel.models.size();
  for (std::size_t a = 0; a < n; ++a) {
    models.push_back({made.panel.models[a].group, !made.panel.models[a].degenerate});
    row.push_back(compare(made.candidate, made.panel.answers[a]));
    matrix.emplace_back(n);
    for (std::size_t b = 0; b < a; ++b) {
      matrix[a][b] = matrix[b][a] = compare(made.panel.answers[a], made.panel.answers[b]);
    }
  }
  return oracle::Centre(row, matrix, models, made.metadata.group, std::nullopt);
}

// With the weights rounded as the panel's file holds them, each cosine differs from the oracle's by its own rounding,
// d = 2^-30, alone. A score's numerator, made of four means of cosines, is then off by at most 4 d, and so is the
// deviation, a norm of such numerators: a score s comes out within 4 d (1 + |s|) / (sd - 4 d). The rounding of weights
// itself, to 12 bits, must not move a score by more than 5e-3 standard deviations.
TEST(Scorer, AgreesWithTheOracle) {
  constexpr double d = 0x1p-30;
  for (const WorldOptions& options :
       {WorldOptions{}, WorldOptions{.groups = 5, .models = 14, .missing = 0.3}, WorldOptions{.groups = 7, .degenerate = 2},
        WorldOptions{.copies = 0.3}, WorldOptions{.groups = 11, .models = 11, .several = 0.7}}) {
    for (std::uint64_t seed = 20; seed < 22; ++seed) {
      Case made = RandomCase(seed, options);
      made.candidate[1000] = made.candidate.begin()->second;  // a prompt that the panel does not have
      if (seed == 21) made.metadata.group = made.metadata.organisation = "newcomer";
      std::set<std::size_t> prompts;
      for (const std::size_t p : oracle::SharedPrompts(made.panel)) {
        if (made.candidate.contains(p)) prompts.insert(p);
      }
      const oracle::Centred exact = Expected(made, prompts);
      made.panel.weight_steps = 4095;
      const oracle::Centred expected = Expected(made, prompts);
      const auto scores = ScorerOf(BuildWhole(SignaturesOf(made.panel))).Score(Candidate(made));
      ASSERT_TRUE(scores.ok()) << scores.status();
      EXPECT_EQ(scores->shared_prompts, prompts.size());
      EXPECT_EQ(scores->self, std::nullopt);
      ASSERT_GT(expected.deviation, 1e-3);
      for (std::size_t m = 0; m < options.models; ++m) {
        ASSERT_EQ(scores->pairs[m].scored, expected.scores[m].has_value());
        if (!expected.scores[m]) continue;
        const double bound = 4 * d * (1 + std::fabs(*expected.scores[m])) / (expected.deviation - 4 * d);
        ASSERT_NEAR(scores->pairs[m].weights, *expected.scores[m], bound) << m;
        ASSERT_NEAR(scores->pairs[m].weights, *exact.scores[m], 5e-3) << m;
        // Without rivals taken off, one component scores both classes.
        ASSERT_EQ(scores->pairs[m].distillation, scores->pairs[m].weights);
        const oracle::Similarity pair = oracle::Compare(made.panel, prompts, made.candidate, made.panel.answers[m]);
        ASSERT_EQ(scores->pairs[m].n_prompts, pair.prompts);
        ASSERT_EQ(scores->pairs[m].copies, pair.copies);
      }
    }
  }
}

// A candidate that is in the panel gets, to the bit, the row of the panel's own pairs: it is compared with the others by
// the same weights, which its group has shaped, and left out of the cohort.
TEST(Scorer, ScoresAModelOfThePanelAsThePanelDoes) {
  const oracle::World world = RandomWorld(30, {.missing = 0, .copies = 0.1});
  const std::vector<Signature> signatures = SignaturesOf(world);
  const Scorer scorer = ScorerOf(Panel::Build(signatures, MadeVocabulary()).value());
  for (std::size_t m = 0; m < signatures.size(); ++m) {
    const auto scores = scorer.Score(signatures[m]);
    const auto panel_scores = scorer.ScorePanel(signatures[m]);
    ASSERT_TRUE(scores.ok() && panel_scores.ok());
    EXPECT_EQ(scores->self, m);
    EXPECT_FALSE(scores->pairs[m].scored);
    const auto row = panel_scores->begin() + static_cast<std::ptrdiff_t>(m * signatures.size());
    ExpectEqual(scores->pairs, {row, row + static_cast<std::ptrdiff_t>(signatures.size())});
  }
}

// Left out by hand: a panel in which the candidate counts for nothing, and one that lacks it, give the same bits.
TEST(Scorer, ScoresAModelOfThePanelAsIfThePanelLackedIt) {
  WorldOptions options;
  options.missing = 0;
  options.degenerate = 1;
  const oracle::World with = RandomWorld(31, options);
  oracle::World without = with;
  without.models.pop_back();
  without.answers.pop_back();
  const std::size_t self = without.models.size();
  const Signature candidate = SignaturesOf(with)[self];
  const auto inside = ScorerOf(BuildWhole(SignaturesOf(with))).Score(candidate);
  const auto outside = ScorerOf(BuildWhole(SignaturesOf(without))).Score(candidate);
  ASSERT_TRUE(inside.ok() && outside.ok());
  EXPECT_EQ(inside->self, self);
  EXPECT_EQ(outside->self, std::nullopt);
  ExpectEqual({inside->pairs.begin(), inside->pairs.end() - 1}, outside->pairs);
}

// Candidate against reference or the other way round: the same similarity, and the one that the panel holds.
TEST(Scorer, ComparesBothWaysAlike) {
  const oracle::World world = RandomWorld(32, {.models = 8, .several = 0.5, .copies = 0.2});
  const std::vector<Signature> signatures = SignaturesOf(world);
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  std::vector<PairSum> matrix(64);
  std::vector<GramCount> grams, sample;
  for (std::size_t p = 0; p < panel.prompts().size(); ++p) {
    PromptIndex index;
    ASSERT_TRUE(panel.ReadIndex(p, index).ok());
    panel::PromptModels models;
    for (std::size_t m = 0; m < 8; ++m) {
      models.answered.push_back(panel.Answered(p, m));
      models.squared_norms.push_back(panel.SquaredNorm(p, m));
      models.answer_hashes.push_back(panel.AnswerHashes(p, m));
    }
    for (std::size_t c = 0; c < 8; ++c) {
      const auto row = signatures[c].Find(panel.prompts()[p]);
      if (!row) continue;
      signatures[c].Grams(signatures[c].rows()[*row], grams);
      index.Sample(grams, sample);
      panel::AddRow(index, models, sample, panel.AnswerHashes(p, c), std::span(matrix).subspan(c * 8, 8));
    }
  }
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b < 8; ++b) {
      if (a == b) continue;
      EXPECT_EQ(matrix[a * 8 + b], matrix[b * 8 + a]) << a << " " << b;
      EXPECT_EQ(matrix[a * 8 + b], panel.pair_sums()[a * 8 + b]) << a << " " << b;
    }
  }
}

TEST(Scorer, RecognisesAModelByItsResponses) {
  const std::vector<Signature> signatures = SignaturesOf(RandomWorld(33));
  const Scorer scorer = ScorerOf(Panel::Build(signatures, MadeVocabulary()).value());
  Signature renamed = signatures[4];
  ModelMetadata metadata;
  metadata.model = "mine";
  renamed.set_metadata(metadata);
  const auto scores = scorer.Score(renamed);
  ASSERT_TRUE(scores.ok());
  EXPECT_EQ(scores->self, 4U);
  EXPECT_FALSE(scores->self_by_name_only);
  // Nothing is said of the candidate: what the panel says of it holds, under its new name.
  EXPECT_EQ(scores->candidate.model, "mine");
  EXPECT_EQ(scores->candidate.group, signatures[4].metadata().group);
  ExpectEqual(scores->pairs, scorer.Score(signatures[4])->pairs);
}

TEST(Scorer, RecognisesAModelByItsName) {
  Case made = RandomCase(34);
  made.metadata.model = NameOfModel(2);
  const auto scores = ScorerOf(BuildWhole(SignaturesOf(made.panel))).Score(Candidate(made));
  ASSERT_TRUE(scores.ok());
  EXPECT_EQ(scores->self, 2U);
  EXPECT_TRUE(scores->self_by_name_only);
  EXPECT_FALSE(scores->pairs[2].scored);
}

TEST(Scorer, NeedsNoMetadata) {
  const Case made = RandomCase(35);
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < made.panel.models.size(); ++m) {
    ModelMetadata name_only;
    name_only.model = NameOfModel(m);
    signatures.push_back(SignatureOf(made.panel.answers[m], name_only));
  }
  ModelMetadata name_only;
  name_only.model = "candidate";
  const auto scores = ScorerOf(BuildWhole(signatures)).Score(SignatureOf(made.candidate, name_only));
  ASSERT_TRUE(scores.ok()) << scores.status();
  for (const PairScore& pair : scores->pairs) {
    EXPECT_TRUE(pair.scored);
    EXPECT_TRUE(std::isfinite(pair.weights));
    EXPECT_EQ(pair.ranking, pair.weights);  // no rival has a known lineage
  }
}

TEST(Scorer, TakesTheBestRivalOff) {
  Case made = RandomCase(36);
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < made.panel.models.size(); ++m) {
    ModelMetadata metadata = MetadataOfModel(made.panel, m);
    metadata.reference = m != 3;
    if (m % 2 == 0) metadata.lineage = {{"distilled_from", "model of old", "", "high", ""}};
    signatures.push_back(SignatureOf(made.panel.answers[m], metadata));
  }
  const Panel panel = BuildWhole(signatures);
  const std::vector<PairScore> plain = ScorerOf(panel).Score(Candidate(made))->pairs;
  ScoreOptions options;
  options.rival_weight_weights = 0.75;
  options.rival_weight_distillation = 0.25;
  options.rival_weight_ranking = 1;
  const std::vector<PairScore> scores = Scorer::Create(panel, options)->Score(Candidate(made))->pairs;
  const auto organisation = [&](std::size_t m) { return panel.models()[m].metadata.organisation; };
  for (std::size_t r = 0; r < scores.size(); ++r) {
    double rival = -1e9, known_rival = -1e9;
    for (std::size_t m = 0; m < scores.size(); ++m) {
      if (m == 3 || organisation(m) == organisation(r) || organisation(m) == made.metadata.organisation) continue;
      rival = std::max(rival, plain[m].weights);
      if (m % 2 == 0) known_rival = std::max(known_rival, plain[m].weights);
    }
    EXPECT_DOUBLE_EQ(scores[r].weights, plain[r].weights - 0.75 * rival) << r;
    EXPECT_DOUBLE_EQ(scores[r].distillation, plain[r].weights - 0.25 * rival) << r;
    EXPECT_DOUBLE_EQ(scores[r].ranking, plain[r].weights - known_rival) << r;
  }
}

TEST(Scorer, RefusesWhatItCannotScore) {
  const Case made = RandomCase(37);
  const Panel panel = BuildWhole(SignaturesOf(made.panel));
  const Scorer scorer = ScorerOf(panel);
  const Vocabulary other = MadeVocabulary("other");
  absl::Status status = scorer.Score(SignatureOf(made.candidate, made.metadata, other)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "candidate: signature made with vocabulary " + ToHex(other.digest()) +
                                  "; the panel's vocabulary is " + ToHex(MadeVocabulary().digest()));
  oracle::AnswersByPrompt elsewhere;
  elsewhere[5000] = made.candidate.begin()->second;
  status = scorer.Score(SignatureOf(elsewhere, made.metadata)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "candidate: none of its 1 prompts is among the panel's 30");
  ScoreOptions options;
  options.rival_weight_weights = 1.5;
  EXPECT_EQ(Scorer::Create(panel, options).status().code(), absl::StatusCode::kInvalidArgument);
  options.rival_weight_weights = std::nan("");
  EXPECT_EQ(Scorer::Create(panel, options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Scorer, NeedsThreeGroups) {
  const Case two = RandomCase(38, {.groups = 2});
  const absl::Status status = Scorer::Create(BuildWhole(SignaturesOf(two.panel))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "the panel has 2 groups of models; scores need at least 3");
  // Three groups, one of which is the candidate alone.
  const oracle::World three = RandomWorld(39, {.groups = 3, .models = 3, .missing = 0});
  const std::vector<Signature> signatures = SignaturesOf(three);
  EXPECT_EQ(ScorerOf(BuildWhole(signatures)).Score(signatures[0]).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// A candidate that answered a part of the prompts is scored as by a panel of those prompts alone, however many they are:
// fewer than half are summed anew, more are got by subtraction.
TEST(Scorer, ScoresAPartOfThePromptsAsAPanelOfThatPart) {
  const Case made = RandomCase(40, {.missing = 0});
  for (const std::size_t count : {1U, 5U, 14U, 16U, 29U}) {
    Case part = made;
    const auto is_left_out = [&](const auto& entry) { return entry.first * 7 % 30 >= count; };
    std::erase_if(part.candidate, is_left_out);
    ASSERT_EQ(part.candidate.size(), count);
    const auto whole_panel = ScorerOf(BuildWhole(SignaturesOf(made.panel))).Score(Candidate(part));
    for (oracle::AnswersByPrompt& answers : part.panel.answers) std::erase_if(answers, is_left_out);
    const auto part_panel = ScorerOf(BuildWhole(SignaturesOf(part.panel))).Score(Candidate(part));
    ASSERT_TRUE(whole_panel.ok() && part_panel.ok()) << count;
    ExpectEqual(whole_panel->pairs, part_panel->pairs);
  }
}

TEST(Scorer, IgnoresPromptsThatThePanelLacks) {
  Case made = RandomCase(41);
  const Scorer scorer = ScorerOf(BuildWhole(SignaturesOf(made.panel)));
  const auto before = scorer.Score(Candidate(made));
  for (std::size_t p = 1000; p < 1020; ++p) made.candidate[p] = made.candidate.begin()->second;
  const auto after = scorer.Score(Candidate(made));
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(after->shared_prompts, before->shared_prompts);
  EXPECT_EQ(after->responses, Candidate(made).responses());
  ExpectEqual(after->pairs, before->pairs);
}

// One object serves candidates of other prompts one after another.
TEST(Scorer, RemembersNothingOfTheCandidateBefore) {
  const Case made = RandomCase(42, {.missing = 0});
  const Scorer scorer = ScorerOf(BuildWhole(SignaturesOf(made.panel)));
  Case part = made;
  std::erase_if(part.candidate, [](const auto& entry) { return entry.first >= 8; });
  const auto whole_first = scorer.Score(Candidate(made));
  const auto part_second = scorer.Score(Candidate(part));
  const auto whole_third = scorer.Score(Candidate(made));
  ExpectEqual(whole_first->pairs, whole_third->pairs);
  ExpectEqual(part_second->pairs, ScorerOf(scorer.panel()).Score(Candidate(part))->pairs);
}

TEST(ScorerParallel, GivesEqualBitsForAnyNumberOfThreads) {
  const Case made = RandomCase(43, {.prompts = 100, .several = 0.4, .copies = 0.1});
  const Panel panel = Panel::Build(SignaturesOf(made.panel), MadeVocabulary()).value();
  Case part = made;
  std::erase_if(part.candidate, [](const auto& entry) { return entry.first % 3 == 0; });
  const std::vector<PairScore> scores = ScorerOf(panel, 1).Score(Candidate(part))->pairs;
  const std::vector<PairScore> of_panel = ScorerOf(panel, 1).ScorePanel(Candidate(part)).value();
  for (const int threads : {2, 7}) {
    ExpectEqual(ScorerOf(panel, threads).Score(Candidate(part))->pairs, scores);
    ExpectEqual(ScorerOf(panel, threads).ScorePanel(Candidate(part)).value(), of_panel);
  }
}

}  // namespace
}  // namespace stemma
