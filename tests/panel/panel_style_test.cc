#include "stemma/panel_style.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "stemma/panel.h"
#include "tests/base/temporary_folder.h"
#include "tests/oracle/panel_style.h"
#include "tests/panel/made_style.h"

namespace stemma {
namespace {

using Point = PanelStyle::Point;

constexpr std::size_t kBins = 23;

// A panel's style apart from its panel.
struct Built {
  StyleSpace space;
  std::set<std::size_t> numbers;  // of the panel's prompts
  std::vector<Hash128> prompts;
  std::string bytes;

  absl::StatusOr<PanelStyle> Parse(std::size_t models) const {
    return PanelStyle::Parse(bytes, space, models, prompts, "p");
  }
};

Built Build(const std::vector<Signature>& signatures, const std::set<std::size_t>& numbers,
            const MadeStyleSpace& space = MadeSpaceOfStyles()) {
  std::vector<const Signature*> pointers;
  for (const Signature& signature : signatures) pointers.push_back(&signature);
  std::vector<Hash128> prompts;
  for (const std::size_t number : numbers) prompts.push_back(KeyOfPrompt(number));
  std::ranges::sort(prompts);
  auto bytes = PanelStyle::Build(pointers, space.space(), prompts);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return {space.space(), numbers, prompts, *std::move(bytes)};
}

std::set<std::size_t> Numbers(std::size_t count) {
  std::set<std::size_t> numbers;
  for (std::size_t p = 0; p < count; ++p) numbers.insert(p);
  return numbers;
}

void ExpectNear(const Point& point, const oracle::LongVector& expected, double bound) {
  ASSERT_EQ(point.size(), expected.size());
  for (std::size_t d = 0; d < point.size(); ++d) {
    ASSERT_NEAR(point[d], static_cast<double>(expected[d]), bound) << d;
  }
}

std::vector<std::pair<WorldOptions, double>> Worlds() {
  return {{WorldOptions{}, 0},
          {WorldOptions{.groups = 4, .models = 9, .prompts = 20, .missing = 0.4}, 0.1},
          {WorldOptions{.groups = 3, .models = 10, .degenerate = 2, .several = 0.8}, 0},
          {WorldOptions{.groups = 12, .models = 12, .prompts = 12, .missing = 0.4}, 0.3}};
}

// Rounded to the nearest of 255 (65535) steps, a root is off by half a step at most.
TEST(PanelStyle, HoldsWhatToExpectAtEachPromptAndLength) {
  for (const auto& [options, empty] : Worlds()) {
    const StyledWorld world = RandomStyledWorld(1, options, empty);
    const std::set<std::size_t> numbers = Numbers(options.prompts - 3);  // and answers to others
    const Built built = Build(SignaturesOf(world), numbers);
    const HeldRoots roots = RootsOf(built.bytes, built.prompts.size());
    double most = 0;
    for (const std::size_t number : numbers) {
      const oracle::LongVector expected = oracle::ExpectedAtPrompt(world.styles, number);
      for (std::size_t f = 0; f < kMadeStyleFeatures; ++f) {
        const auto byte = static_cast<unsigned char>(roots.by_prompt[PlaceOfPrompt(numbers, number) * kMadeStyleFeatures + f]);
        ASSERT_NEAR(byte / 255.0, std::sqrt(static_cast<double>(expected[f])), 0.5 / 255 + 1e-12) << number << " " << f;
        most = std::max(most, byte / 255.0);
      }
    }
    EXPECT_GT(most, 0.8);
    const std::vector<oracle::LongVector> at_lengths = oracle::ExpectedAtLengths(world.styles, numbers);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      for (std::size_t f = 0; f < kMadeStyleFeatures; ++f) {
        ASSERT_NEAR(roots.by_length[bin * kMadeStyleFeatures + f] / 65535.0,
                    std::sqrt(static_cast<double>(at_lengths[bin][f])), 0.5 / 65535 + 1e-12)
            << bin << " " << f;
      }
    }
  }
}

// With expectations rounded as the file holds them, both compute in doubles or better what no rounding stands between:
// sums of at most some hundred terms, divided by lengths that are not below 10^-3, agree to 10^-9 with room. The panel's
// own points are floats of at most 1, off by 2^-25.
TEST(PanelStyle, AgreesWithTheOracle) {
  for (const auto& [options, empty] : Worlds()) {
    for (std::uint64_t seed = 2; seed < 5; ++seed) {
      WorldOptions one_more = options;
      ++one_more.models;
      StyledWorld world = RandomStyledWorld(seed, one_more, empty);
      const auto stranger_answers = world.ngrams.answers.back();
      const oracle::StylesByPrompt stranger_styles = world.styles.answers.back();
      const Signature stranger =
          StyledSignatureOf(stranger_answers, stranger_styles, MetadataOfModel(world.ngrams, options.models));
      for (auto* models : {&world.ngrams.models, &world.styles.models}) models->pop_back();
      world.ngrams.answers.pop_back();
      world.styles.answers.pop_back();
      const std::set<std::size_t> numbers = Numbers(options.prompts - 3);
      const Built built = Build(SignaturesOf(world), numbers);
      const auto style = built.Parse(options.models);
      ASSERT_TRUE(style.ok()) << style.status();
      ASSERT_EQ(style->size(), 6U);
      const auto by_prompt = ExpectAsHeld(world.styles, numbers, oracle::MatchedBy::kPrompt, built.bytes);
      const auto by_length = ExpectAsHeld(world.styles, numbers, oracle::MatchedBy::kLength, built.bytes);
      for (std::size_t m = 0; m < options.models; ++m) {
        const oracle::StylesByPrompt& answers = world.styles.answers[m];
        ExpectNear(style->paired(m), oracle::PointOf(world.styles, by_prompt, answers, numbers), 0x1p-25 + 1e-9);
        // The panel's own, too, are of the answers to its prompts.
        ExpectNear(style->length_matched(m), oracle::PointOf(world.styles, by_length, answers, numbers), 0x1p-25 + 1e-9);
      }
      ExpectNear(*style->Paired(stranger), oracle::PointOf(world.styles, by_prompt, stranger_styles, numbers), 1e-9);
      ExpectNear(*style->LengthMatched(stranger),
                 oracle::PointOf(world.styles, by_length, stranger_styles, oracle::PromptsOf(stranger_styles)), 1e-9);
    }
  }
}

// What rounding to bytes costs. Rounded roots are off by h = 1/510 at most; the root of an expected share is the root
// mean square of roots over prompts, which is off by no more (triangle inequality). A projection before scaling is off
// by h times the length of the map's summed absolute rows at most; scaling, taking off the mean (off by as much as the
// farthest model) and embedding multiply that by 2 / length, 2, and the map's norm times 2 / length.
TEST(PanelStyle, LosesLittleByRounding) {
  // The identity, of 16 features: else the bound would say little.
  MadeStyleSpace space;
  for (const std::size_t size : {kMadeStyleWords, kMadeStyleOpenings}) {
    LinearMap map{size, size, std::vector<float>(size * size, 0)};
    for (std::size_t k = 0; k < size; ++k) map.rows[k * size + k] = 1;
    space.sets.push_back(map);
    space.oracle_sets.push_back(ToOracle(map));
  }
  space.last = {16, 16, std::vector<float>(256, 0)};
  for (std::size_t k = 0; k < 16; ++k) space.last.rows[k * 16 + k] = 1;
  space.oracle_last = ToOracle(space.last);
  StyledWorld world = RandomStyledWorld(6);
  world.styles.sets = space.oracle_sets;
  world.styles.last = space.oracle_last;
  const std::set<std::size_t> numbers = Numbers(30);
  const Built built = Build(SignaturesOf(world), numbers, space);
  const auto style = built.Parse(10);
  ASSERT_TRUE(style.ok());
  const auto exact = oracle::Expect(world.styles, numbers, oracle::MatchedBy::kPrompt);
  long double shortest = 1, shortest_centred = 1;
  for (const oracle::StylesByPrompt& answers : world.styles.answers) {
    oracle::LongVector shares(16, 0), expected(16, 0);
    for (const auto& [prompt, of_prompt] : answers) {
      for (std::size_t f = 0; f < 16; ++f) {
        const auto found = of_prompt.features.find(static_cast<int>(f));
        if (found != of_prompt.features.end()) {
          shares[f] += static_cast<long double>(found->second) / of_prompt.samples / static_cast<long double>(answers.size());
        }
        expected[f] += exact.at_prompt.at(prompt)[f] / static_cast<long double>(answers.size());
      }
    }
    const oracle::Scaled projected = oracle::Project(world.styles.sets, shares, expected);
    shortest = std::min(shortest, projected.length);
    shortest_centred = std::min(shortest_centred, oracle::Embed(world.styles.last, projected.unit, exact.mean).length);
  }
  const double h = 1.0 / 510;
  const double bound = 2 * h * 4 / static_cast<double>(shortest) * 2 * 2 / static_cast<double>(shortest_centred);
  ASSERT_LT(bound, 0.5);
  for (std::size_t m = 0; m < 10; ++m) {
    const oracle::LongVector expected = oracle::PointOf(world.styles, exact, world.styles.answers[m], numbers);
    long double apart = 0;
    for (std::size_t d = 0; d < 16; ++d) {
      const long double difference = static_cast<long double>(style->paired(m)[d]) - expected[d];
      apart += difference * difference;
    }
    ASSERT_LT(std::sqrt(static_cast<double>(apart)), bound + 1e-6) << m;
    // In truth errors of both signs cancel: a tenth of the bound.
    ASSERT_LT(std::sqrt(static_cast<double>(apart)), 0.02) << m;
  }
}

// The edges of the half-octaves: one model has a feature at the length in question, and another answers at quite
// another length without it.
TEST(PanelStyle, BinsLengthsByHalfOctaves) {
  const auto bin_of = [](int tokens, int samples) {
    StyledWorld world;
    world.ngrams.models = {{"x"}, {"y"}};
    world.ngrams.answers.resize(2);
    oracle::StylesByPrompt styles[2];
    styles[0][0] = {samples, tokens, {{0, samples}}};
    for (std::size_t m = 0; m < 2; ++m) {
      world.ngrams.answers[m][0].samples = m == 0 ? samples : 1;
      world.ngrams.answers[m][0].grams[1] = 1;
    }
    styles[1][0] = {1, tokens > 500 ? 1 : 100000, {}};
    std::vector<Signature> signatures;
    for (std::size_t m = 0; m < 2; ++m) {
      signatures.push_back(StyledSignatureOf(world.ngrams.answers[m], styles[m], MetadataOfModel(world.ngrams, m)));
    }
    const HeldRoots roots = RootsOf(Build(signatures, {0}).bytes, 1);
    std::vector<std::uint16_t> of_feature;
    for (std::size_t bin = 0; bin < kBins; ++bin) of_feature.push_back(roots.by_length[bin * kMadeStyleFeatures]);
    return static_cast<int>(std::ranges::max_element(of_feature) - of_feature.begin());
  };
  const std::vector<std::pair<int, int>> bins = {{1, 0},     {2, 2},     {3, 3},     {4, 4},     {5, 4},
                                                 {6, 5},     {8, 6},     {11, 6},    {12, 7},    {45, 10},
                                                 {46, 11},   {64, 12},   {2047, 21}, {2048, 22}, {1000000, 22}};
  for (const auto& [tokens, bin] : bins) {
    EXPECT_EQ(bin_of(tokens, 1), bin) << tokens;
    EXPECT_EQ(bin_of(3 * tokens, 3), bin) << tokens;  // the mean counts
    EXPECT_EQ(oracle::LengthBin({1, tokens, {}}), bin) << tokens;
  }
  EXPECT_EQ(bin_of(3, 2), 1);
  EXPECT_EQ(bin_of(1, 2), 0);
}

// To leave a prompt out is to lack its answers, to the bit; to leave all out is to have none.
TEST(PanelStyle, LeavesPromptsOut) {
  const StyledWorld world = RandomStyledWorld(7);
  const std::set<std::size_t> numbers = Numbers(30);
  const Built built = Build(SignaturesOf(world), numbers);
  const PanelStyle style = built.Parse(10).value();
  const Signature signature = SignaturesOf(world)[4];
  for (const std::set<std::size_t>& left_out : {std::set<std::size_t>{}, {3}, {0, 1, 2, 3, 5, 8, 13, 21}, Numbers(29)}) {
    std::vector<std::size_t> places;
    oracle::AnswersByPrompt answers = world.ngrams.answers[4];
    for (const std::size_t number : left_out) {
      places.push_back(PlaceOfPrompt(numbers, number));
      answers.erase(number);
    }
    std::ranges::sort(places);
    if (answers.empty()) continue;
    const Signature part = StyledSignatureOf(answers, world.styles.answers[4], MetadataOfModel(world.ngrams, 4));
    EXPECT_EQ(*style.Paired(signature, places), *style.Paired(part));
    EXPECT_EQ(*style.Paired(signature, places) == *style.Paired(signature), left_out.empty());
  }
  std::vector<std::size_t> all;
  for (std::size_t place = 0; place < 30; ++place) all.push_back(place);
  EXPECT_EQ(*style.Paired(signature, all), Point(6, 0));
}

// What is compared prompt by prompt takes the panel's prompts alone; what is matched by length takes all answers, and
// asks nothing about prompts.
TEST(PanelStyle, TakesOtherPromptsByLengthAlone) {
  const StyledWorld world = RandomStyledWorld(8, {.several = 0});  // shares are whole numbers: any order of sums is exact
  const Built built = Build(SignaturesOf(world), Numbers(30));
  const PanelStyle style = built.Parse(10).value();
  const Signature own = SignaturesOf(world)[2];
  oracle::AnswersByPrompt elsewhere, both = world.ngrams.answers[2];
  oracle::StylesByPrompt styles = world.styles.answers[2];
  for (const auto& [prompt, answers] : world.ngrams.answers[2]) {
    elsewhere[prompt + 1000] = answers;
    styles[prompt + 1000] = styles.at(prompt);
  }
  both.insert(elsewhere.begin(), elsewhere.end());
  const ModelMetadata metadata = MetadataOfModel(world.ngrams, 2);
  const Signature stranger = StyledSignatureOf(elsewhere, styles, metadata);
  EXPECT_EQ(*style.Paired(stranger), Point(6, 0));
  EXPECT_EQ(*style.LengthMatched(stranger), *style.LengthMatched(own));
  EXPECT_EQ(*style.Paired(StyledSignatureOf(both, styles, metadata)), *style.Paired(own));
  // Other answers elsewhere move the one point and not the other.
  for (auto& [prompt, of_prompt] : styles) {
    if (prompt >= 1000) of_prompt.features.clear();
  }
  const Signature mixed = StyledSignatureOf(both, styles, metadata);
  EXPECT_EQ(*style.Paired(mixed), *style.Paired(own));
  EXPECT_NE(*style.LengthMatched(mixed), *style.LengthMatched(own));
}

// Degenerate models must not shape what is expected of others.
TEST(PanelStyle, IgnoresDegenerateModels) {
  StyledWorld world = RandomStyledWorld(9, {.models = 10, .degenerate = 2});
  const Built with = Build(SignaturesOf(world), Numbers(30));
  const PanelStyle style = with.Parse(10).value();
  std::vector<Signature> others = SignaturesOf(world);
  others.resize(8);
  const Built without = Build(others, Numbers(30));
  const PanelStyle expected = without.Parse(8).value();
  const HeldRoots roots = RootsOf(with.bytes, with.prompts.size());
  EXPECT_EQ(roots.by_prompt, RootsOf(without.bytes, without.prompts.size()).by_prompt);
  EXPECT_EQ(roots.by_length, RootsOf(without.bytes, without.prompts.size()).by_length);
  for (std::size_t m = 0; m < 8; ++m) {
    EXPECT_EQ(style.paired(m), expected.paired(m));
    EXPECT_EQ(style.length_matched(m), expected.length_matched(m));
  }
  EXPECT_NE(style.paired(9), Point(6, 0));  // it has a point of its own all the same
}

// A group that is there with two equal models has no more of a say than with one: halves add up exactly.
TEST(PanelStyle, GivesEachGroupOneVoice) {
  const StyledWorld world = RandomStyledWorld(10, {.groups = 6, .models = 6, .several = 0});
  std::vector<Signature> signatures = SignaturesOf(world);
  const Built once = Build(signatures, Numbers(30));
  signatures.push_back(signatures[3]);
  ModelMetadata twin = signatures[3].metadata();
  twin.model = "m999";
  signatures.back().set_metadata(twin);
  const Built twice = Build(signatures, Numbers(30));
  EXPECT_EQ(RootsOf(once.bytes, once.prompts.size()).by_prompt, RootsOf(twice.bytes, twice.prompts.size()).by_prompt);
  EXPECT_EQ(RootsOf(once.bytes, once.prompts.size()).by_length, RootsOf(twice.bytes, twice.prompts.size()).by_length);
  // Not so where the second is of another group.
  twin.group = "another";
  signatures.back().set_metadata(twin);
  EXPECT_NE(RootsOf(once.bytes, once.prompts.size()).by_prompt, RootsOf(Build(signatures, Numbers(30)).bytes, 30).by_prompt);
}

TEST(PanelStyle, RefusesFeaturesThatTheVocabularyDoesNotHave) {
  const StyledWorld world = RandomStyledWorld(11, {.models = 4});
  const Built built = Build(SignaturesOf(world), Numbers(30));
  const PanelStyle style = built.Parse(4).value();
  oracle::StylesByPrompt styles = world.styles.answers[1];
  styles.begin()->second.features[kMadeStyleFeatures] = 1;
  const Signature odd = StyledSignatureOf(world.ngrams.answers[1], styles, MetadataOfModel(world.ngrams, 1));
  for (const absl::Status& status : {style.Paired(odd).status(), style.LengthMatched(odd).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(status.message(), "signature m001: style feature 16 of 16");
  }
  const Signature good = SignaturesOf(world)[0];
  const std::vector<const Signature*> pointers = {&good, &odd};
  EXPECT_EQ(PanelStyle::Build(pointers, built.space, built.prompts).status().code(), absl::StatusCode::kDataLoss);
}

// What a checksum cannot see.
TEST(PanelStyle, RefusesBytesThatNoWriterMade) {
  const StyledWorld world = RandomStyledWorld(12, {.groups = 3, .models = 3, .prompts = 4});
  const Built built = Build(SignaturesOf(world), Numbers(4));
  ASSERT_TRUE(built.Parse(3).ok());
  const auto status_of = [&](const std::string& bytes) {
    return PanelStyle::Parse(bytes, built.space, 3, built.prompts, "birds.panel").status();
  };
  for (std::size_t size = 0; size < built.bytes.size(); ++size) {
    ASSERT_EQ(status_of(built.bytes.substr(0, size)).code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(status_of(built.bytes + "x").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(status_of(built.bytes + "x").message(), "birds.panel: section STYLE contradicts itself");
  for (std::size_t k = 0; k < 16; ++k) {  // the four sizes that it begins with
    std::string changed = built.bytes;
    changed[k] = static_cast<char>(changed[k] ^ 1);
    EXPECT_EQ(status_of(changed).code(), absl::StatusCode::kDataLoss) << k;
  }
  // Infinite, in a mean and in a point: 9 doubles, then three points of 6 floats, twice.
  std::string infinity, infinity32;
  base::AppendF64(infinity, std::numeric_limits<double>::infinity());
  base::AppendF32(infinity32, std::numeric_limits<float>::quiet_NaN());
  for (const std::size_t first : {std::size_t{16}, 16 + 9 * 8 + 3 * 6 * sizeof(float)}) {
    std::string changed = built.bytes;
    changed.replace(first + 8, 8, infinity);
    EXPECT_EQ(status_of(changed).code(), absl::StatusCode::kDataLoss);
    changed = built.bytes;
    changed.replace(first + 9 * 8 + 4, 4, infinity32);
    EXPECT_EQ(status_of(changed).code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(built.Parse(2).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(built.Parse(4).status().code(), absl::StatusCode::kDataLoss);
}

PanelOptions Titled() {
  PanelOptions options;
  options.title = "birds";
  return options;
}

std::string BytesOf(const Panel& panel) {
  const base::TemporaryFolder folder;
  EXPECT_TRUE(panel.Write(folder.File("p")).ok());
  return folder.Read("p");
}

TEST(PanelWithStyle, HoldsTheStylesOfItsModels) {
  const StyledWorld world = RandomStyledWorld(13);
  std::vector<Signature> signatures = SignaturesOf(world);
  const auto panel = Panel::Build(signatures, MadeStyleVocabulary(), Titled());
  ASSERT_TRUE(panel.ok()) << panel.status();
  ASSERT_NE(panel->style(), nullptr);
  const Built built = Build(signatures, oracle::SharedPrompts(world.ngrams));
  const std::string bytes = BytesOf(*panel);
  EXPECT_EQ(base::SectionedFile::Parse(bytes, base::FileKind::kPanel, "p")->Section("STYLE").value(), built.bytes);
  const base::TemporaryFolder folder;
  const auto read = Panel::Open(folder.Write("p", bytes));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_NE(read->style(), nullptr);
  const PanelStyle style = built.Parse(10).value();
  for (std::size_t m = 0; m < 10; ++m) {
    EXPECT_EQ(read->style()->paired(m), style.paired(m));
    EXPECT_EQ(read->style()->length_matched(m), style.length_matched(m));
    EXPECT_EQ(*read->style()->Paired(signatures[m]), *style.Paired(signatures[m]));
  }
  base::Random random(1);
  random.Shuffle(std::span(signatures));
  EXPECT_EQ(BytesOf(*Panel::Build(signatures, MadeStyleVocabulary(), Titled())), bytes);
}

// A space without styles, or styles without a space, are no styles; and no reason to refuse a panel.
TEST(PanelWithStyle, HoldsNoneWhereSomethingIsMissing) {
  const StyledWorld world = RandomStyledWorld(14);
  std::vector<Signature> signatures = SignaturesOf(world);
  const auto without_space = Panel::Build(signatures, MadeVocabularyWithoutSpace());
  ASSERT_TRUE(without_space.ok());
  EXPECT_EQ(without_space->style(), nullptr);
  const std::string bytes = signatures[3].Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  base::SectionedFileWriter writer(base::FileKind::kSignature);
  for (const auto& entry : file->sections()) {
    if (entry.name != "STYLE_A") writer.Add(entry.name, std::string(entry.bytes));
  }
  signatures[3] = Signature::Parse(writer.Finish(), "s").value();
  const auto without_one = Panel::Build(signatures, MadeStyleVocabulary());
  ASSERT_TRUE(without_one.ok()) << without_one.status();
  EXPECT_EQ(without_one->style(), nullptr);
  EXPECT_TRUE(std::ranges::equal(without_one->pair_sums(), without_space->pair_sums()));
}

TEST(PanelWithStyle, RefusesADamagedSection) {
  const std::string bytes =
      BytesOf(*Panel::Build(SignaturesOf(RandomStyledWorld(15, {.groups = 3, .models = 4, .prompts = 5})), MadeStyleVocabulary()));
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kPanel, "p");
  ASSERT_TRUE(file.ok());
  base::SectionedFileWriter writer(base::FileKind::kPanel);
  for (const auto& entry : file->sections()) {
    writer.Add(entry.name, std::string(entry.name == "STYLE" ? entry.bytes.substr(1) : entry.bytes));
  }
  const base::TemporaryFolder folder;
  EXPECT_EQ(Panel::Open(folder.Write("p", writer.Finish())).status().code(), absl::StatusCode::kDataLoss);
}

TEST(InnerProduct, IsTheCosineOfPointsOfUnitLength) {
  EXPECT_EQ(InnerProduct(Point{1, 0}, Point{0, 1}), 0);
  EXPECT_EQ(InnerProduct(Point{1, 0}, Point{-1, 0}), -1);
  EXPECT_DOUBLE_EQ(InnerProduct(Point{0.6, 0.8}, Point{1, 0}), 0.6);
  EXPECT_EQ(InnerProduct(Point{1, 0}, Point{0, 0}), 0);
  base::Random random(2);
  for (int round = 0; round < 500; ++round) {
    oracle::LongVector a, b;
    for (int k = 0; k < 7; ++k) {
      a.push_back(random.Uniform() - 0.5);
      b.push_back(random.Uniform() - 0.5);
    }
    const long double length_a = std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0L));
    const long double length_b = std::sqrt(std::inner_product(b.begin(), b.end(), b.begin(), 0.0L));
    Point unit_a, unit_b;
    for (int k = 0; k < 7; ++k) {
      unit_a.push_back(static_cast<double>(a[static_cast<std::size_t>(k)] / length_a));
      unit_b.push_back(static_cast<double>(b[static_cast<std::size_t>(k)] / length_b));
    }
    EXPECT_EQ(InnerProduct(unit_a, unit_b), InnerProduct(unit_b, unit_a));
    EXPECT_NEAR(InnerProduct(unit_a, unit_b), static_cast<double>(oracle::CosineOf(a, b)), 1e-14);
  }
}

}  // namespace
}  // namespace stemma
