#include "stemma/lr_bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/evidence/labelled_samples.h"

namespace stemma {
namespace {

using test_samples::Breath;
using test_samples::FromLrs;
using test_samples::Labelled;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

LrBounds Elub(const LabelledSample& sample) {
  const absl::StatusOr<LrBounds> bounds = ElubBounds(sample);
  EXPECT_TRUE(bounds.ok()) << bounds.status();
  return bounds.value_or(LrBounds{-99, 99});
}

LrBounds Iv(const LabelledSample& sample) {
  const absl::StatusOr<LrBounds> bounds = IvBounds(sample);
  EXPECT_TRUE(bounds.ok()) << bounds.status();
  return bounds.value_or(LrBounds{-99, 99});
}

LrBounds Evidence(const LabelledSample& sample, const BoundOfEvidenceOptions& options = {}) {
  const absl::StatusOr<LrBounds> bounds = BoundOfEvidence(sample, options);
  EXPECT_TRUE(bounds.ok()) << bounds.status();
  return bounds.value_or(LrBounds{-99, 99});
}

void ExpectLrs(const LrBounds& bounds, double lower, double upper, double tolerance) {
  EXPECT_NEAR(std::pow(10, bounds.lower_log10), lower, tolerance);
  EXPECT_NEAR(std::pow(10, bounds.upper_log10), upper, tolerance);
}

void ExpectLlrs(const LrBounds& bounds, double lower, double upper) {
  EXPECT_NEAR(bounds.lower_log10, lower, 1e-9);
  EXPECT_NEAR(bounds.upper_log10, upper, 1e-9);
}

void ExpectEqual(const LrBounds& a, const LrBounds& b) {
  EXPECT_EQ(a.lower_log10, b.lower_log10);
  EXPECT_EQ(a.upper_log10, b.upper_log10);
}

const LabelledSample kExtremes = FromLrs({kInfinity, kInfinity, kInfinity}, {0, 0, 0});
const LabelledSample kThreeAndTwo = FromLrs({1, 10, 100}, {.01, .1});
const LabelledSample kTwoAndThree = FromLrs({10, 100}, {.01, .1, 1});
const LabelledSample kUpsideDown = FromLrs({.01, .1, 1}, {10, 100});

// LRs to the seven digits given; on the grid of log10 they are exact.
TEST(Elub, ReproducesTheReferenceNumbers) {
  ExpectLrs(Elub(kExtremes), .3388442, 2.9512092, 5e-8);
  ExpectLlrs(Elub(kExtremes), -.47, .47);
  ExpectLrs(Elub(kThreeAndTwo), .3801894, 1.4791084, 5e-8);
  ExpectLrs(Elub(kTwoAndThree), .6760830, 2.6302680, 5e-8);
  ExpectLlrs(Elub(kUpsideDown), 0, 0);
  ExpectLrs(Elub(Breath(1000)), .1122018, 79.4328235, 5e-8);
  ExpectLrs(Elub(Breath(90)), .1122018, 79.4328235, 5e-8);
}

TEST(Iv, ReproducesTheReferenceNumbers) {
  ExpectLrs(Iv(Breath(1000)), .1052741, 85.3731634, 5e-8);
  ExpectLrs(Iv(Breath(90)), .1052741, 85.3731634, 5e-8);
  ExpectLlrs(Iv(kExtremes), -.845, .845);
  ExpectLlrs(Iv(kThreeAndTwo), -.823, .574);
  ExpectLlrs(Iv(kTwoAndThree), -.574, .823);
  ExpectLlrs(Iv(kUpsideDown), 0, 0);
}

// The cost of deciding at a threshold with one misleading LR more a side, less that of deciding without LRs.
double Regret(const LabelledSample& sample, double threshold) {
  double rejected = 1, accepted = 1;
  for (const double llr : sample.h1.values) rejected += llr <= threshold + 1e-9;
  for (const double llr : sample.h2.values) accepted += llr > threshold + 1e-9;
  const double odds = std::pow(10, -threshold);
  return odds * rejected / static_cast<double>(sample.h1.size() + 1) +
         accepted / static_cast<double>(sample.h2.size() + 1) - std::min(odds, 1.0);
}

// All thresholds of up to `most` steps, without a thought for where to stop: the useless ones nearest to 0 on either
// side.
LrBounds ElubByTable(const LabelledSample& sample, int most) {
  LrBounds bounds = {-9, 9};
  for (int step = -most; step <= most; ++step) {
    if (Regret(sample, step / 100.0) < -1e-12) continue;
    if (step <= 0) bounds.lower_log10 = std::max(bounds.lower_log10, std::min(step + 1, 0) / 100.0);
    if (step >= 0) bounds.upper_log10 = std::min(bounds.upper_log10, std::max(step - 1, 0) / 100.0);
  }
  if (bounds.lower_log10 == 0 || bounds.upper_log10 == 0) return {};
  return bounds;
}

TEST(Elub, AgreesWithATableOnAllSmallSamples) {
  const std::vector<double> kLlrs = {-kInfinity, -0.2, 0, 0.07, 1};
  int narrowed = 0, open = 0;
  test_samples::ForEachSample(kLlrs, 3, [&](const LabelledSample& sample) {
    const LrBounds bounds = Elub(sample), expected = ElubByTable(sample, 130);
    ASSERT_EQ(bounds.lower_log10, expected.lower_log10);
    ASSERT_EQ(bounds.upper_log10, expected.upper_log10);
    ++(bounds.upper_log10 > 0 ? open : narrowed);
  });
  EXPECT_GT(open, 100);
  EXPECT_GT(narrowed, 100);
}

TEST(Elub, AgreesWithATableOnLargerSamples) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 40 + seed, 90);
    ExpectEqual(Elub(sample), ElubByTable(sample, 900));
  }
}

// LRs that are all on one side of 1 leave no LR but 1.
TEST(Elub, CollapsesWhereAllSpeakForOneSide) {
  ExpectLlrs(Elub(Labelled({5, 6}, {5, 7})), 0, 0);
  ExpectLlrs(Elub(Labelled({-5, -6}, {-5, -7})), 0, 0);
  ExpectLlrs(Elub(Labelled({1}, {-1})), 0, 0);  // too few: 1/2 + 1/2
}

// LR 1 is useless where half of H1's LRs lie just below it and more than half of H2's just above, though a step to
// either side of it would do.
TEST(Elub, CollapsesWhereOnlyOneIsUseless) {
  LabelledSample sample = Labelled(std::vector<double>(100, -0.005), std::vector<double>(100, 0.005));
  for (int k = 0; k < 50; ++k) sample.h1.values[static_cast<std::size_t>(k)] = 3;
  for (int k = 0; k < 40; ++k) sample.h2.values[static_cast<std::size_t>(k)] = -3;
  ExpectLlrs(Elub(sample), 0, 0);
}

// At LR 10 both costs are 1/10: no gain is no use.
TEST(Elub, WantsAGain) { ExpectLlrs(Elub(Labelled({2}, std::vector<double>(19, -2))), -.27, .99); }

// One misleading LR more never widens; all seen twice never narrows; neither bound passes the number seen.
TEST(Elub, WidensWithEvidenceOnly) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    LabelledSample sample = test_samples::Repeated(test_samples::RandomSample(seed, 25, 30));
    const LrBounds bounds = Elub(sample);
    EXPECT_LE(bounds.upper_log10, std::log10(static_cast<double>(sample.h2.size() + 1)));
    EXPECT_GE(bounds.lower_log10, -std::log10(static_cast<double>(sample.h1.size() + 1)));
    LabelledSample misled = sample;
    misled.h2.values.push_back(8);
    EXPECT_LE(Elub(misled).upper_log10, bounds.upper_log10);
    EXPECT_GE(Elub(misled).lower_log10, bounds.lower_log10);
    misled = sample;
    misled.h1.values.push_back(-8);
    EXPECT_LE(Elub(misled).upper_log10, bounds.upper_log10);
    EXPECT_GE(Elub(misled).lower_log10, bounds.lower_log10);
    for (Sample* side : {&sample.h1, &sample.h2}) {
      const std::vector<double> values = side->values;
      side->values.insert(side->values.end(), values.begin(), values.end());
    }
    EXPECT_GE(Elub(sample).upper_log10, bounds.upper_log10);
    EXPECT_LE(Elub(sample).lower_log10, bounds.lower_log10);
  }
}

// Both bounds contain 1, the order does not matter, and weights do not count but for those of 0.
TEST(Bounds, HoldWhatTheHeaderSays) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 30, 30);
    LabelledSample plain = sample, more = sample;
    plain.h1.weights.clear();
    plain.h2.weights.clear();
    more.h1.values.push_back(-7);
    more.h1.weights.push_back(0);
    for (const auto& bounds : {Elub, Iv}) {
      EXPECT_LE(bounds(sample).lower_log10, 0);
      EXPECT_GE(bounds(sample).upper_log10, 0);
      ExpectEqual(bounds(sample), bounds(test_samples::Reversed(sample)));
      ExpectEqual(bounds(sample), bounds(plain));
      ExpectEqual(bounds(sample), bounds(more));
    }
  }
}

double JeffreysLr(double h1, std::size_t n1, double h2, std::size_t n2) {
  return std::log10((h1 + .5) / (static_cast<double>(n1) + 1)) - std::log10((h2 + .5) / (static_cast<double>(n2) + 1));
}

// The meaning of the bounds, at every step between 1 and the bound; one step beyond it no longer holds.
TEST(Iv, HoldsUpToTheBoundAndNoFurther) {
  int reached = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const LabelledSample sample = test_samples::Repeated(test_samples::RandomSample(seed, 25, 30));
    const LrBounds bounds = Iv(sample);
    const auto surplus = [&](double t) {
      const auto at_least = [t](double llr) { return llr >= t - 1e-9; };
      return JeffreysLr(static_cast<double>(std::ranges::count_if(sample.h1.values, at_least)), sample.h1.size(),
                        static_cast<double>(std::ranges::count_if(sample.h2.values, at_least)), sample.h2.size()) -
             t;
    };
    for (double t = 0; t < bounds.upper_log10 - 1e-9; t += 0.001) EXPECT_GE(surplus(t), -1e-9) << seed << " at " << t;
    const double largest = std::ranges::max(sample.h1.values);
    if (bounds.upper_log10 > 0 && bounds.upper_log10 < largest) {
      EXPECT_LT(surplus(bounds.upper_log10 + 0.001), 0) << seed;
      ++reached;
    }
  }
  EXPECT_GT(reached, 20);
}

// Turning all around turns the bounds around, to a step of the grid and to what lies on a threshold.
TEST(Iv, IsSymmetric) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample =
        test_samples::Mapped(test_samples::RandomSample(seed, 30, 40), [](double llr) { return llr * 1.00037 + 1e-5; });
    LabelledSample turned = test_samples::Mapped({sample.h2, sample.h1}, [](double llr) { return -llr; });
    EXPECT_NEAR(Iv(turned).upper_log10, -Iv(sample).lower_log10, 0.00101) << seed;
    EXPECT_NEAR(Iv(turned).lower_log10, -Iv(sample).upper_log10, 0.00101) << seed;
  }
}

// Where every threshold holds, the data end before the claim does.
TEST(Iv, EndsWithTheData) {
  std::vector<double> h1(1000, 0.3), h2(1000, -0.2);
  ExpectLlrs(Iv(Labelled(h1, h2)), -0.2, 0.3);
  ExpectLlrs(Iv(Labelled({1}, {1})), 0, 0);
}

TEST(BoundOfEvidence, IsElubWhereEachValueIsAGroup) {
  for (const LabelledSample& sample : {kExtremes, kThreeAndTwo, kTwoAndThree, kUpsideDown, Breath(90)}) {
    ExpectEqual(Evidence(sample), Elub(sample));
  }
}

LabelledSample Grouped(std::size_t groups, std::size_t members, double llr) {
  LabelledSample sample;
  for (std::size_t k = 0; k < groups * members; ++k) {
    sample.h1.values.push_back(llr);
    sample.h2.values.push_back(-llr);
    sample.h1.groups.push_back(k % groups);
    sample.h2.groups.push_back(100 + k / members);
  }
  return sample;
}

// A hundred models of one lab are one voice.
TEST(BoundOfEvidence, CountsGroups) {
  const LabelledSample many = Grouped(12, 100, 4), few = Grouped(12, 1, 4);
  ExpectEqual(Evidence(many), Elub(few));
  EXPECT_GT(Elub(many).upper_log10, 2.5);
  EXPECT_LE(Evidence(many).upper_log10, std::log10(13));
  EXPECT_GE(Evidence(many).lower_log10, -std::log10(13));
  EXPECT_GT(Evidence(many).upper_log10, 1);
}

// The bound above looks at the groups of H2, the one below at those of H1.
TEST(BoundOfEvidence, CountsTheGroupsOfTheOtherSide) {
  LabelledSample sample = Grouped(40, 1, 4);
  for (std::size_t& group : sample.h1.groups) group = group < 20 ? group : 0;
  EXPECT_GE(Evidence(sample).lower_log10, -std::log10(21));
  EXPECT_GT(Evidence(sample).upper_log10, std::log10(21));
}

// Each group of H2 has a member that misleads; with nine times the weight it is drawn nine times in ten, and decides
// the median. (That another is at least 101 of 201 times: below 1e-50.)
TEST(BoundOfEvidence, DrawsMembersByWeight) {
  LabelledSample sample = Grouped(30, 2, 4);
  for (std::size_t k = 0; k < sample.h2.size(); k += 2) sample.h2.values[k] = 3;
  const auto with_weight = [&sample](double misleading) {
    LabelledSample weighted = sample;
    for (std::size_t k = 0; k < sample.h2.size(); ++k) weighted.h2.weights.push_back(k % 2 == 0 ? misleading : 1);
    return Evidence(weighted);
  };
  LabelledSample truthful = Grouped(30, 1, 4);
  ExpectEqual(with_weight(0), Elub(truthful));
  ExpectEqual(with_weight(1e-9), Elub(truthful));
  ExpectLlrs(with_weight(1e9), 0, 0);
  EXPECT_GT(with_weight(.1).upper_log10, with_weight(9).upper_log10);
}

// One group has a second member that would halve the bound, and is drawn in one draw of four: the median does not see
// it, the least of the draws would. (At least 101 of 201: below 1e-13.)
TEST(BoundOfEvidence, TakesTheMedianOfTheDraws) {
  LabelledSample sample = Grouped(30, 1, 4);
  sample.h2.values.push_back(6);
  sample.h2.groups.push_back(100);
  sample.h2.weights.assign(31, 3);
  sample.h2.weights.back() = 1;
  ExpectEqual(Evidence(sample), Elub(Grouped(30, 1, 4)));
  const double median = Evidence(sample).upper_log10;
  bool seen = false;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {  // none of 100 sees it: .75^100 < 1e-12
    seen |= Evidence(sample, {.draws = 1, .seed = seed}).upper_log10 < median;
  }
  EXPECT_TRUE(seen);
  // Of an even number the bound nearer to 0: with two draws that see different members, the lower one. And below alike.
  const LabelledSample turned = test_samples::Mapped({sample.h2, sample.h1}, [](double llr) { return -llr; });
  bool cautious = false, cautious_below = false;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const LrBounds one = Evidence(sample, {.draws = 1, .seed = seed}),
                   two = Evidence(sample, {.draws = 2, .seed = seed});
    EXPECT_LE(two.upper_log10, one.upper_log10);
    cautious |= two.upper_log10 < one.upper_log10;
    const double below = Evidence(turned, {.draws = 1, .seed = seed}).lower_log10;
    EXPECT_GE(Evidence(turned, {.draws = 2, .seed = seed}).lower_log10, below);
    cautious_below |= Evidence(turned, {.draws = 2, .seed = seed}).lower_log10 > below;
  }
  EXPECT_TRUE(cautious);
  EXPECT_TRUE(cautious_below);
}

// A group whose members weigh nothing was not seen.
TEST(BoundOfEvidence, DoesNotCountGroupsOfNoWeight) {
  LabelledSample sample = Grouped(30, 1, 4);
  sample.h2.weights.assign(30, 1);
  sample.h2.weights[3] = sample.h2.weights[7] = 0;
  ExpectEqual(Evidence(sample), Elub(Labelled(std::vector<double>(30, 4), std::vector<double>(28, -4))));
}

TEST(BoundOfEvidence, DoesNotDependOnTheOrder) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    LabelledSample sample = test_samples::RandomSample(seed, 60, 80);
    for (std::size_t k = 0; k < 60; ++k) sample.h1.groups.push_back(k * k % 17);
    for (std::size_t k = 0; k < 80; ++k) sample.h2.groups.push_back(k * k % 23);
    ExpectEqual(Evidence(sample), Evidence(test_samples::Reversed(sample)));
    EXPECT_LE(Evidence(sample).lower_log10, 0);
    EXPECT_GE(Evidence(sample).upper_log10, 0);
  }
}

TEST(Bounds, RefuseWhatIsNoSample) {
  for (const LabelledSample& sample : test_samples::InvalidSamples()) {
    EXPECT_EQ(ElubBounds(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(IvBounds(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(BoundOfEvidence(sample).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(BoundOfEvidence(kExtremes, {.draws = 0}).status().code(), absl::StatusCode::kInvalidArgument);
  LabelledSample sample = kExtremes;
  sample.h2.groups = {1, 2};
  EXPECT_EQ(BoundOfEvidence(sample).status().code(), absl::StatusCode::kInvalidArgument);
}

// Bounds never widen an LLR, and bounding twice is bounding once.
TEST(LrBounds, ClampTowardsOne) {
  const LrBounds bounds = {-0.5, 1.25};
  for (const double llr : {-kInfinity, -3.0, -0.5, -0.1, 0.0, 1.0, 1.25, 2.0, kInfinity}) {
    const double clamped = bounds.Clamp(llr);
    EXPECT_LE(std::fabs(clamped), std::fabs(llr));
    EXPECT_EQ(bounds.Clamp(clamped), clamped);
    if (llr >= -0.5 && llr <= 1.25) {
      EXPECT_EQ(clamped, llr);
    }
  }
  EXPECT_EQ(bounds.Clamp(kInfinity), 1.25);
  EXPECT_EQ(bounds.Clamp(-kInfinity), -0.5);
  EXPECT_TRUE(std::isnan(bounds.Clamp(std::nan(""))));
  EXPECT_EQ(LrBounds{}.Clamp(5), 0);
}

}  // namespace
}  // namespace stemma
