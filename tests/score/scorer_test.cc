#include "stemma/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/base/sectioned_file.h"
#include "lib/panel/prompt_pairs.h"
#include "tests/base/temporary_folder.h"
#include "tests/oracle/centring.h"
#include "tests/oracle/panel_style.h"
#include "tests/oracle/rivals.h"
#include "tests/panel/made_style.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

Panel BuildWhole(const std::vector<Signature>& signatures) {
  PanelOptions options;
  options.index_bytes_per_response = 0;
  return Panel::Build(signatures, MadeVocabulary(), options).value();
}

// No rival is taken off: what is left are the centred scores themselves.
ScoreOptions WithoutRivals(int threads = 0) {
  return {.rival_weight_weights = 0, .rival_weight_distillation = 0, .rival_weight_ranking = 0, .threads = threads};
}

Scorer ScorerOf(const Panel& panel, int threads = 0) { return Scorer::Create(panel, WithoutRivals(threads)).value(); }

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
    ASSERT_EQ(a[m].unpaired_scored, b[m].unpaired_scored) << m;
    ASSERT_EQ(a[m].unpaired, b[m].unpaired) << m;
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

// A world with styles, whose last model is no part of the panel. Every other model's lineage is known; one is no
// reference.
struct StyledCase {
  StyledWorld world;
  oracle::AnswersByPrompt answers;
  oracle::StylesByPrompt styles;
  ModelMetadata metadata;
  std::vector<Signature> signatures;

  const oracle::World& ngrams() const { return world.ngrams; }
  std::size_t size() const { return world.ngrams.models.size(); }
  Signature Candidate() const { return StyledSignatureOf(answers, styles, metadata); }
};

StyledCase RandomStyledCase(std::uint64_t seed, const WorldOptions& options = {}) {
  WorldOptions one_more = options;
  ++one_more.models;
  StyledCase made;
  made.world = RandomStyledWorld(seed, one_more, 0.05);
  made.answers = made.world.ngrams.answers.back();
  made.styles = made.world.styles.answers.back();
  made.metadata = MetadataOfModel(made.world.ngrams, options.models);
  made.metadata.model = "candidate";
  made.metadata.degenerate = false;
  for (auto* models : {&made.world.ngrams.models, &made.world.styles.models}) models->pop_back();
  made.world.ngrams.answers.pop_back();
  made.world.styles.answers.pop_back();
  made.signatures = SignaturesOf(made.world);
  for (std::size_t m = 0; m < made.size(); ++m) {
    ModelMetadata metadata = made.signatures[m].metadata();
    metadata.reference = m != 3;
    if (m % 2 == 0) metadata.lineage = {{"distilled_from", "model of old", "", "high", ""}};
    made.signatures[m].set_metadata(metadata);
  }
  made.world.ngrams.weight_steps = 4095;  // as the panel's file holds them
  return made;
}

Panel BuildStyled(const std::vector<Signature>& signatures, const Vocabulary& vocabulary = MadeStyleVocabulary()) {
  PanelOptions options;
  options.index_bytes_per_response = 0;
  return Panel::Build(signatures, vocabulary, options).value();
}

std::string StyleSectionOf(const Panel& panel) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(panel.Write(folder.File("p")).ok());
  const std::string bytes = folder.Read("p");
  return std::string(base::SectionedFile::Parse(bytes, base::FileKind::kPanel, "p")->Section("STYLE").value());
}

Signature WithoutStyle(const Signature& signature) {
  const std::string bytes = signature.Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  base::SectionedFileWriter writer(base::FileKind::kSignature);
  for (const auto& entry : file->sections()) {
    if (entry.name != "STYLE_A") writer.Add(entry.name, std::string(entry.bytes));
  }
  return Signature::Parse(writer.Finish(), "s").value();
}

// Similarities by the three measures, textbook versions throughout.
struct Measured {
  oracle::Row ngrams, style, length_matched;
};

class StyledOracle {
 public:
  StyledOracle(const StyledCase& made, const Panel& panel) : made_(made), prompts_(oracle::SharedPrompts(made.ngrams())) {
    const std::string section = StyleSectionOf(panel);
    by_prompt_ = ExpectAsHeld(made.world.styles, prompts_, oracle::MatchedBy::kPrompt, section);
    by_length_ = ExpectAsHeld(made.world.styles, prompts_, oracle::MatchedBy::kLength, section);
    for (std::size_t m = 0; m < made.size(); ++m) {
      const oracle::StylesByPrompt& styles = made.world.styles.answers[m];
      paired_.push_back(oracle::PointOf(made.world.styles, by_prompt_, styles, prompts_));
      length_matched_.push_back(oracle::PointOf(made.world.styles, by_length_, styles, prompts_));
      standings_.push_back({made.ngrams().models[m].group, !made.ngrams().models[m].degenerate});
    }
    for (const std::size_t p : prompts_) {
      if (made.answers.contains(p)) shared_.insert(p);
    }
    for (std::size_t m = 0; m < made.size(); ++m) matrix_.push_back(OfModel(m));
  }

  // The candidate's: at each model without the prompts whose answers are copies, where ten others remain.
  Measured OfCandidate() const {
    Measured row;
    const std::set<std::size_t> all = oracle::PromptsOf(made_.styles);
    for (std::size_t m = 0; m < made_.size(); ++m) {
      const oracle::AnswersByPrompt& other = made_.ngrams().answers[m];
      const oracle::Similarity similarity = oracle::Compare(made_.ngrams(), shared_, made_.answers, other);
      row.ngrams.push_back(similarity.prompts > 0 ? std::optional(similarity.value) : std::nullopt);
      std::set<std::size_t> copied;
      std::size_t others = 0;
      for (const std::size_t p : shared_) {
        const bool copy = other.contains(p) && !other.at(p).texts.empty() && other.at(p).texts == made_.answers.at(p).texts;
        if (copy) copied.insert(p);
        others += !copy && other.contains(p);
      }
      const auto without_copies = [&](std::set<std::size_t> prompts) {
        if (others >= 10) std::erase_if(prompts, [&](std::size_t p) { return copied.contains(p); });
        return prompts;
      };
      const auto paired = oracle::PointOf(made_.world.styles, by_prompt_, made_.styles, without_copies(shared_));
      const auto at_length = oracle::PointOf(made_.world.styles, by_length_, made_.styles, without_copies(all));
      row.style.push_back(static_cast<double>(oracle::CosineOf(paired, paired_[m])));
      row.length_matched.push_back(static_cast<double>(oracle::CosineOf(at_length, length_matched_[m])));
    }
    return row;
  }

  // A model's: by n-grams over the prompts that the candidate shares, by style over all the panel's.
  Measured OfModel(std::size_t model) const {
    Measured row;
    for (std::size_t m = 0; m < made_.size(); ++m) {
      const auto similarity =
          oracle::Compare(made_.ngrams(), shared_, made_.ngrams().answers[model], made_.ngrams().answers[m]);
      const bool shared = similarity.prompts > 0 && m != model;
      row.ngrams.push_back(shared ? std::optional(similarity.value) : std::nullopt);
      row.style.push_back(static_cast<double>(oracle::CosineOf(paired_[model], paired_[m])));
      row.length_matched.push_back(static_cast<double>(oracle::CosineOf(length_matched_[model], length_matched_[m])));
    }
    return row;
  }

  oracle::Centred Centre(const Measured& row, oracle::Row Measured::*measure, const std::string& group,
                         std::optional<std::size_t> self) const {
    std::vector<oracle::Row> matrix;
    for (const Measured& of_model : matrix_) matrix.push_back(of_model.*measure);
    return oracle::Centre(row.*measure, matrix, standings_, group, self);
  }

 private:
  const StyledCase& made_;
  std::set<std::size_t> prompts_;
  std::set<std::size_t> shared_;  // of them, with the candidate
  oracle::StyleExpectations by_prompt_, by_length_;
  std::vector<oracle::LongVector> paired_, length_matched_;
  std::vector<oracle::Standing> standings_;
  std::vector<Measured> matrix_;
};

// A score's numerator is made of four means of similarities that are off by at most d, and so is the deviation: the score
// is off by at most 4 d (1 + |s|) / (sd - 4 d); see `AgreesWithTheOracle`. For n-grams d = 2^-30. For styles, the points
// of 6 numbers are floats, each off by 2^-25: products of two of them by 2 * sqrt(6) * 2^-25 and its square at most, and
// the candidate's own point, which is of doubles, by less than what the 2 leaves.
double ScoreBound(const oracle::Centred& centred, double d) {
  double largest = 0;
  for (const auto& score : centred.scores) largest = std::max(largest, score ? std::fabs(*score) : 0);
  return 4 * d * (1 + largest) / (centred.deviation - 4 * d);
}

constexpr double kNgramError = 0x1p-30;
constexpr double kStyleError = 5 * 0x1p-25;

// Compares scores with the formula of the header: B - .5 rival, (A + B) / 2 - .25 rival, (A + B) / 2 - 1 rival of known
// lineage. Half a bound of each component, once for the score and once for its rival.
void ExpectFused(const StyledCase& made, const StyledOracle& styled_oracle, const Measured& row,
                 const ModelMetadata& candidate, std::optional<std::size_t> self, std::span<const PairScore> pairs) {
  const oracle::Centred b = styled_oracle.Centre(row, &Measured::ngrams, candidate.group, self);
  const oracle::Centred a = styled_oracle.Centre(row, &Measured::style, candidate.group, self);
  const oracle::Centred unpaired = styled_oracle.Centre(row, &Measured::length_matched, candidate.group, self);
  const std::size_t n = made.size();
  std::vector<std::string> organisations;
  std::vector<bool> references, known;
  std::vector<std::optional<double>> only_b(n), fused(n);
  for (std::size_t m = 0; m < n; ++m) {
    const ModelMetadata& metadata = made.signatures[m].metadata();
    organisations.push_back(metadata.organisation);
    references.push_back(metadata.reference && !metadata.degenerate);
    known.push_back(references.back() && !metadata.lineage.empty());
    if (m == self || !b.scores[m]) continue;
    only_b[m] = *b.scores[m];
    fused[m] = (*a.scores[m] + *b.scores[m]) / 2;
  }
  const double bound_b = ScoreBound(b, kNgramError);
  const double bound_a = ScoreBound(a, kStyleError);
  ASSERT_LT(bound_a + bound_b, 1e-3);  // else the comparison would say little
  const auto rival = [&](const auto& scores, const std::vector<bool>& eligible, std::size_t m) {
    return oracle::BestRival(scores, organisations, eligible, candidate.organisation, m);
  };
  for (std::size_t m = 0; m < n; ++m) {
    ASSERT_EQ(pairs[m].scored, fused[m].has_value()) << m;
    ASSERT_EQ(pairs[m].unpaired_scored, m != self) << m;
    if (m == self) continue;
    ASSERT_NEAR(pairs[m].unpaired, *unpaired.scores[m], ScoreBound(unpaired, kStyleError)) << m;
    if (!fused[m]) continue;
    ASSERT_NEAR(pairs[m].weights, *only_b[m] - 0.5 * rival(only_b, references, m), 2 * bound_b) << m;
    ASSERT_NEAR(pairs[m].distillation, *fused[m] - 0.25 * rival(fused, references, m), bound_a + bound_b) << m;
    ASSERT_NEAR(pairs[m].ranking, *fused[m] - 1.0 * rival(fused, known, m), bound_a + bound_b) << m;
  }
}

std::vector<WorldOptions> StyledWorlds() {
  return {WorldOptions{.pool = 20},
          WorldOptions{.groups = 5, .models = 14, .pool = 20, .missing = 0.3},
          WorldOptions{.groups = 7, .pool = 20, .degenerate = 2, .several = 0.6},
          WorldOptions{.pool = 20, .copies = 0.4},    // ten prompts remain beside the copies
          WorldOptions{.pool = 20, .copies = 0.95}};  // too few remain: copies stay in
}

TEST(ScorerWithStyle, FusesByTheFormula) {
  std::uint64_t seed = 50;
  for (const WorldOptions& options : StyledWorlds()) {
    StyledCase made = RandomStyledCase(++seed, options);
    made.answers[1000] = made.answers.begin()->second;  // a prompt that the panel does not have
    made.styles[1000] = made.styles.begin()->second;
    const Panel panel = BuildStyled(made.signatures);
    const auto scores = Scorer::Create(panel)->Score(made.Candidate());
    ASSERT_TRUE(scores.ok()) << scores.status();
    EXPECT_TRUE(scores->with_style);
    const StyledOracle styled_oracle(made, panel);
    ExpectFused(made, styled_oracle, styled_oracle.OfCandidate(), made.metadata, std::nullopt, scores->pairs);
  }
}

// The rows with which a candidate is compared are made by the same formula.
TEST(ScorerWithStyle, FusesThePanelsOwnPairsByTheFormula) {
  const StyledCase made = RandomStyledCase(57, {.groups = 5, .models = 9, .pool = 20, .missing = 0.2});
  StyledCase whole = made;  // shares all prompts with the panel
  for (std::size_t p = 0; p < 30; ++p) {
    whole.answers[p] = made.answers.begin()->second;
    whole.styles[p] = made.styles.begin()->second;
  }
  const Panel panel = BuildStyled(made.signatures);
  const auto scores = Scorer::Create(panel)->ScorePanel(whole.Candidate());
  ASSERT_TRUE(scores.ok());
  const StyledOracle styled_oracle(whole, panel);
  for (std::size_t m = 0; m < 9; ++m) {
    ExpectFused(made, styled_oracle, styled_oracle.OfModel(m), made.signatures[m].metadata(), m,
                std::span(*scores).subspan(m * 9, 9));
  }
}

// A signature of before there was style is scored by n-grams alone: as by a panel that has no style.
TEST(ScorerWithStyle, LeavesStyleOutWhereTheSignatureHasNone) {
  const StyledCase made = RandomStyledCase(58);
  const Scorer with = Scorer::Create(BuildStyled(made.signatures)).value();
  const Scorer without = Scorer::Create(BuildStyled(made.signatures, MadeVocabularyWithoutSpace())).value();
  const auto old = with.Score(WithoutStyle(made.Candidate()));
  const auto expected = without.Score(made.Candidate());
  ASSERT_TRUE(old.ok() && expected.ok());
  EXPECT_FALSE(old->with_style);
  EXPECT_FALSE(expected->with_style);
  ExpectEqual(old->pairs, expected->pairs);
  for (const PairScore& pair : old->pairs) EXPECT_FALSE(pair.unpaired_scored);
  // And by n-grams and style otherwise.
  const auto styled = with.Score(made.Candidate());
  EXPECT_EQ(styled->pairs[0].weights, old->pairs[0].weights);
  EXPECT_NE(styled->pairs[0].distillation, old->pairs[0].distillation);
}

// Whatever the candidate is scored by, the panel's models that it is ranked among must be scored by the same.
TEST(ScorerWithStyle, LeavesStyleOutOfThePanelsScoresWhereTheSignatureHasNone) {
  const StyledCase made = RandomStyledCase(59);
  const auto old = Scorer::Create(BuildStyled(made.signatures))->ScorePanel(WithoutStyle(made.Candidate()));
  const auto expected =
      Scorer::Create(BuildStyled(made.signatures, MadeVocabularyWithoutSpace()))->ScorePanel(made.Candidate());
  ASSERT_TRUE(old.ok() && expected.ok());
  ExpectEqual(*old, *expected);
}

// A candidate that answered other prompts is compared by style alone, apart from the scores.
TEST(ScorerWithStyle, ComparesByStyleAloneWhereNoPromptIsShared) {
  StyledCase made = RandomStyledCase(60);
  StyledCase elsewhere = made;
  elsewhere.answers.clear();
  elsewhere.styles.clear();
  for (const auto& [prompt, answers] : made.answers) {
    elsewhere.answers[prompt + 5000] = answers;
    elsewhere.styles[prompt + 5000] = made.styles.at(prompt);
  }
  const Panel panel = BuildStyled(made.signatures);
  const Scorer scorer = Scorer::Create(panel).value();
  const auto scores = scorer.Score(elsewhere.Candidate());
  ASSERT_TRUE(scores.ok()) << scores.status();
  EXPECT_EQ(scores->shared_prompts, 0U);
  const StyledOracle styled_oracle(elsewhere, panel);
  const oracle::Centred unpaired = styled_oracle.Centre(styled_oracle.OfCandidate(), &Measured::length_matched,
                                                        made.metadata.group, std::nullopt);
  for (std::size_t m = 0; m < made.size(); ++m) {
    const PairScore& pair = scores->pairs[m];
    EXPECT_FALSE(pair.scored);
    EXPECT_EQ(pair.n_prompts, 0U);
    EXPECT_EQ(pair.weights, 0);
    ASSERT_TRUE(pair.unpaired_scored);
    ASSERT_NEAR(pair.unpaired, *unpaired.scores[m], ScoreBound(unpaired, kStyleError)) << m;
  }
  const auto of_panel = scorer.ScorePanel(elsewhere.Candidate());
  ASSERT_TRUE(of_panel.ok());
  for (std::size_t c = 0; c < made.size(); ++c) {
    for (std::size_t r = 0; r < made.size(); ++r) {
      const PairScore& pair = (*of_panel)[c * made.size() + r];
      EXPECT_FALSE(pair.scored);
      EXPECT_EQ(pair.unpaired_scored, c != r);
    }
  }
  // Without style, nothing is left.
  const absl::Status status = scorer.Score(WithoutStyle(elsewhere.Candidate())).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

// Where there is no word there is no style, and no score that could be taken for one.
TEST(ScorerWithStyle, GivesNoStyleScoreToAnswersWithoutAWord) {
  StyledCase made = RandomStyledCase(63, {.pool = 20});
  for (auto& [prompt, style] : made.styles) {
    style.tokens = 0;
    style.features.clear();
  }
  const auto scores = Scorer::Create(BuildStyled(made.signatures))->Score(made.Candidate());
  ASSERT_TRUE(scores.ok()) << scores.status();
  for (const PairScore& pair : scores->pairs) EXPECT_FALSE(pair.unpaired_scored) << pair.unpaired;
}

// Copied answers would make any two styles equal: with other features at the prompts that are copies of a reference's,
// a candidate scores the same on that reference.
TEST(ScorerWithStyle, LeavesCopiedPromptsOutOfStyle) {
  StyledCase made = RandomStyledCase(61, {.models = 8, .pool = 20, .missing = 0, .several = 0});
  for (std::size_t p = 0; p < 30; ++p) {
    for (oracle::AnswersByPrompt& answers : made.world.ngrams.answers) answers[p].texts.clear();
    made.answers[p].texts.clear();
  }
  // The first 12 answers are copies of model 5's.
  for (std::size_t p = 0; p < 12; ++p) {
    made.answers[p].texts = made.world.ngrams.answers[5][p].texts = {static_cast<std::uint32_t>(p + 1)};
    made.styles[p] = made.world.styles.answers[5][p];
  }
  made.signatures = SignaturesOf(made.world);
  const Panel panel = BuildStyled(made.signatures);
  const Scorer scorer = Scorer::Create(panel, WithoutRivals()).value();
  const auto scores = scorer.Score(made.Candidate());
  ASSERT_TRUE(scores.ok());
  EXPECT_EQ(scores->pairs[5].copies, 12U);
  EXPECT_EQ(scores->pairs[5].n_prompts, 18U);
  EXPECT_EQ(scores->pairs[4].copies, 0U);
  const StyledOracle styled_oracle(made, panel);
  const Measured row = styled_oracle.OfCandidate();
  const oracle::Centred b = styled_oracle.Centre(row, &Measured::ngrams, made.metadata.group, std::nullopt);
  const oracle::Centred a = styled_oracle.Centre(row, &Measured::style, made.metadata.group, std::nullopt);
  for (std::size_t m = 0; m < 8; ++m) {
    EXPECT_NEAR(scores->pairs[m].distillation, (*a.scores[m] + *b.scores[m]) / 2,
                ScoreBound(a, kStyleError) + ScoreBound(b, kNgramError));
  }
  // Were the same answers no copies, the style would be nearer.
  StyledCase no_copies = made;
  for (std::size_t p = 0; p < 12; ++p) no_copies.answers[p].texts.clear();
  const StyledOracle all(no_copies, panel);
  EXPECT_GT(*all.OfCandidate().style[5], *row.style[5] + 0.01);
}

TEST(ScorerWithStyleParallel, GivesEqualBitsForAnyNumberOfThreads) {
  const StyledCase made = RandomStyledCase(62, {.prompts = 60, .several = 0.4, .copies = 0.2});
  const Panel panel = BuildStyled(made.signatures);
  const auto with = [&](int threads) { return Scorer::Create(panel, {.threads = threads}).value(); };
  const std::vector<PairScore> scores = with(1).Score(made.Candidate())->pairs;
  const std::vector<PairScore> of_panel = with(1).ScorePanel(made.Candidate()).value();
  for (const int threads : {2, 7}) {
    ExpectEqual(with(threads).Score(made.Candidate())->pairs, scores);
    ExpectEqual(with(threads).ScorePanel(made.Candidate()).value(), of_panel);
  }
}

}  // namespace
}  // namespace stemma
