#include "stemma/multiple_testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/random.h"

namespace stemma {
namespace {

using PValues = std::vector<double>;

void ExpectNear(const PValues& actual, const PValues& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k) EXPECT_NEAR(actual[k], expected[k], 1e-9) << k;
}

// EVIDENCE.md section 6.
const PValues kReference = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};

TEST(HolmAdjusted, GivesTheReferenceNumbers) {
  ExpectNear(HolmAdjusted(kReference).value(), {.01, .072, .312, .312, .312, .312, .312, .615, .615, .615});
}

TEST(BenjaminiHochbergAdjusted, GivesTheReferenceNumbers) {
  const double seventh = 0.74 / 7;
  ExpectNear(BenjaminiHochbergAdjusted(kReference).value(),
             {.01, .04, .084, .084, .084, .1, seventh, .216, .216, .216});
}

// The procedure as Holm words it: the smallest first, until one is above alpha / (tests left).
std::vector<bool> HolmRejects(const PValues& p_values, double alpha) {
  std::vector<bool> rejected(p_values.size(), false);
  for (std::size_t left = p_values.size(); left > 0; --left) {
    std::size_t smallest = p_values.size();
    for (std::size_t k = 0; k < p_values.size(); ++k) {
      if (!rejected[k] && (smallest == p_values.size() || p_values[k] < p_values[smallest])) smallest = k;
    }
    if (p_values[smallest] * static_cast<double>(left) > alpha) break;
    rejected[smallest] = true;
  }
  return rejected;
}

// As Benjamini and Hochberg word it: all up to the largest rank k with p_(k) <= alpha k / m.
std::vector<bool> BenjaminiHochbergRejects(const PValues& p_values, double alpha) {
  PValues sorted = p_values;
  std::ranges::sort(sorted);
  double limit = -1;
  const double tests = static_cast<double>(sorted.size());
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (tests * sorted[k] / static_cast<double>(k + 1) <= alpha) limit = sorted[k];
  }
  std::vector<bool> rejected;
  for (const double p : p_values) rejected.push_back(p <= limit);
  return rejected;
}

// All lists of up to five values out of seven, ties and both ends among them, against the procedures, at every alpha at
// which a decision can change.
TEST(MultipleTesting, DecidesAsTheProceduresOverAllSmallLists) {
  const PValues values = {0, 0.001, 0.01, 0.02, 0.04, 0.3, 1};
  for (std::size_t size = 0, lists = 1; size <= 5; ++size, lists *= values.size()) {
    for (std::size_t list = 0; list < lists; ++list) {
      PValues p_values;
      for (std::size_t k = 0, rest = list; k < size; ++k, rest /= values.size()) {
        p_values.push_back(values[rest % values.size()]);
      }
      const PValues holm = HolmAdjusted(p_values).value();
      const PValues benjamini_hochberg = BenjaminiHochbergAdjusted(p_values).value();
      for (const double alpha : {0.0005, 0.0049, 0.0101, 0.0301, 0.0501, 0.0801, 0.121, 0.201, 0.999}) {
        const std::vector<bool> holm_rejects = HolmRejects(p_values, alpha);
        const std::vector<bool> benjamini_hochberg_rejects = BenjaminiHochbergRejects(p_values, alpha);
        for (std::size_t k = 0; k < size; ++k) {
          ASSERT_EQ(holm[k] <= alpha, holm_rejects[k]) << "list " << list << " of " << size << " at " << alpha;
          ASSERT_EQ(benjamini_hochberg[k] <= alpha, benjamini_hochberg_rejects[k]) << "list " << list << " of " << size;
        }
      }
    }
  }
}

// The order of the tests is the user's; equal p-values stay equal; nothing gets smaller or leaves [0, 1]; Holm is the
// stricter one.
TEST(MultipleTesting, KeepsOrderAndTies) {
  base::Random random(1);
  for (int trial = 0; trial < 200; ++trial) {
    PValues p_values;
    for (std::size_t k = 0; k < 12; ++k) p_values.push_back(static_cast<double>(random.Below(20)) / 100);
    const PValues holm = HolmAdjusted(p_values).value();
    const PValues benjamini_hochberg = BenjaminiHochbergAdjusted(p_values).value();
    for (std::size_t a = 0; a < p_values.size(); ++a) {
      EXPECT_GE(holm[a], benjamini_hochberg[a]);
      EXPECT_GE(benjamini_hochberg[a], p_values[a]);
      EXPECT_LE(holm[a], 1);
      for (std::size_t b = 0; b < p_values.size(); ++b) {
        if (p_values[a] == p_values[b]) {
          EXPECT_EQ(holm[a], holm[b]);
          EXPECT_EQ(benjamini_hochberg[a], benjamini_hochberg[b]);
        } else if (p_values[a] < p_values[b]) {
          EXPECT_LE(holm[a], holm[b]);
          EXPECT_LE(benjamini_hochberg[a], benjamini_hochberg[b]);
        }
      }
    }
  }
}

TEST(MultipleTesting, LeavesASingleTestAlone) {
  EXPECT_EQ(HolmAdjusted(PValues{0.03}).value(), PValues{0.03});
  EXPECT_EQ(BenjaminiHochbergAdjusted(PValues{0.03}).value(), PValues{0.03});
  EXPECT_TRUE(HolmAdjusted({})->empty());
  EXPECT_TRUE(BenjaminiHochbergAdjusted({})->empty());
}

TEST(MultipleTesting, RefusesWhatIsNoProbability) {
  for (const double bad : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(HolmAdjusted(PValues{0.5, bad}).status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(BenjaminiHochbergAdjusted(PValues{bad}).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
  EXPECT_EQ(HolmAdjusted(PValues{0.5, 1.5}).status().message(), "p-values must be in [0, 1], got 1.5 at 1");
}

// k > alpha (G + 1) in whole numbers, where doubles would round: alpha in per cent.
TEST(HolmUnreachable, AgreesWithWholeNumbers) {
  for (const std::size_t percent : {1U, 5U, 7U, 10U, 29U, 50U}) {
    for (std::size_t groups = 0; groups <= 300; ++groups) {
      for (std::size_t tests = 1; tests <= 40; ++tests) {
        EXPECT_EQ(HolmUnreachable(tests, groups, static_cast<double>(percent) / 100),
                  tests * 100 > percent * (groups + 1))
            << tests << " tests, " << groups << " groups, " << percent << " %";
      }
    }
  }
}

// What it says is true of the adjusted values: the best that ranks can give.
TEST(HolmUnreachable, IsWhatHolmSaysOfTheSmallestRanks) {
  for (std::size_t groups = 1; groups <= 120; ++groups) {
    for (std::size_t tests = 1; tests <= 8; ++tests) {
      const PValues smallest(tests, 1 / static_cast<double>(groups + 1));
      EXPECT_EQ(HolmUnreachable(tests, groups, 0.05), HolmAdjusted(smallest)->front() > 0.05 * (1 + 1e-12))
          << tests << " tests, " << groups << " groups";
    }
  }
}

}  // namespace
}  // namespace stemma
