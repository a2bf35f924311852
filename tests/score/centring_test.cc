#include "lib/score/centring.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "lib/base/random.h"
#include "tests/oracle/centring.h"

namespace stemma::score {
namespace {

struct Made {
  Cohort cohort;
  std::vector<oracle::Standing> models;
  std::vector<double> row;  // NaN where there is no similarity
  std::vector<double> matrix;
  oracle::Row oracle_row;
  std::vector<oracle::Row> oracle_matrix;
};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Random similarities, some of which are missing.
Made RandomCohort(std::uint64_t seed, std::size_t n, std::size_t groups, double missing, double degenerate) {
  base::Random random(seed);
  Made made;
  const auto draw = [&](double& similarity, std::optional<double>& value) {
    if (random.Uniform() < missing) return;
    similarity = random.Uniform();
    value = similarity;
  };
  made.matrix.assign(n * n, kNaN);
  made.row.assign(n, kNaN);
  made.oracle_row.resize(n);
  made.oracle_matrix.assign(n, oracle::Row(n));
  for (std::size_t a = 0; a < n; ++a) {
    made.cohort.groups.push_back(a % groups);
    made.cohort.counts.push_back(a < groups || random.Uniform() >= degenerate);
    made.models.push_back({std::to_string(a % groups), made.cohort.counts[a]});
    draw(made.row[a], made.oracle_row[a]);
    for (std::size_t b = a + 1; b < n; ++b) {
      draw(made.matrix[a * n + b], made.oracle_matrix[a][b]);
      made.matrix[b * n + a] = made.matrix[a * n + b];
      made.oracle_matrix[b][a] = made.oracle_matrix[a][b];
    }
  }
  return made;
}

// Both use doubles: sums of some hundred terms near 1, divided by a deviation of about .3, agree to some 10^-13.
void ExpectAgreement(const Made& made, std::optional<std::size_t> group, std::optional<std::size_t> self) {
  const auto scores = Centre(made.row, made.matrix, made.cohort, group, self);
  ASSERT_TRUE(scores.has_value());
  const oracle::Centred expected =
      oracle::Centre(made.oracle_row, made.oracle_matrix, made.models, group ? std::to_string(*group) : "none", self);
  for (std::size_t m = 0; m < made.models.size(); ++m) {
    if (made.oracle_row[m]) {
      ASSERT_NEAR((*scores)[m], *expected.scores[m], 1e-10) << m;
    } else {
      ASSERT_TRUE(std::isnan((*scores)[m])) << m;
    }
  }
}

TEST(Centre, AgreesWithTheOracle) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::size_t groups = 5 + seed % 3;
    const Made made = RandomCohort(seed, 16, groups, seed % 2 == 0 ? 0 : 0.1, seed % 4 < 2 ? 0 : 0.3);
    ExpectAgreement(made, std::nullopt, std::nullopt);
    ExpectAgreement(made, 2, std::nullopt);
    ExpectAgreement(made, 2, 2 + groups);
    ExpectAgreement(made, std::nullopt, 0);
  }
}

// A candidate that the cohort has scores as if that model had been taken out by hand.
TEST(Centre, LeavesTheCandidateOut) {
  constexpr std::size_t kModels = 11;
  const Made made = RandomCohort(3, kModels, 6, 0.05, 0.2);
  for (std::size_t self = 0; self < kModels; ++self) {
    Made without = made;
    without.row.erase(without.row.begin() + static_cast<std::ptrdiff_t>(self));
    without.cohort.groups.erase(without.cohort.groups.begin() + static_cast<std::ptrdiff_t>(self));
    without.cohort.counts.erase(without.cohort.counts.begin() + static_cast<std::ptrdiff_t>(self));
    without.matrix.clear();
    for (std::size_t a = 0; a < kModels; ++a) {
      for (std::size_t b = 0; b < kModels; ++b) {
        if (a != self && b != self) without.matrix.push_back(made.matrix[a * kModels + b]);
      }
    }
    const std::size_t group = made.cohort.groups[self];
    auto inside = Centre(made.row, made.matrix, made.cohort, group, self);
    const auto outside = Centre(without.row, without.matrix, without.cohort, group, std::nullopt);
    ASSERT_TRUE(inside && outside);
    inside->erase(inside->begin() + static_cast<std::ptrdiff_t>(self));
    for (std::size_t m = 0; m < outside->size(); ++m) {
      // The same terms in the same order: the same bits.
      ASSERT_TRUE((*inside)[m] == (*outside)[m] || (std::isnan((*inside)[m]) && std::isnan((*outside)[m]))) << m;
    }
  }
}

// What raises all of a model's similarities alike is typicality and no evidence.
TEST(Centre, IgnoresHowNearTheCandidateIsToEveryone) {
  Made made = RandomCohort(4, 12, 6, 0, 0);
  const auto before = Centre(made.row, made.matrix, made.cohort, std::nullopt, std::nullopt);
  for (double& similarity : made.row) similarity += 0.125;
  const auto after = Centre(made.row, made.matrix, made.cohort, std::nullopt, std::nullopt);
  for (std::size_t m = 0; m < 12; ++m) EXPECT_NEAR((*before)[m], (*after)[m], 1e-10);
}

TEST(Centre, NeedsThreeGroupsThatDiffer) {
  const Made two = RandomCohort(5, 8, 2, 0, 0);
  EXPECT_FALSE(Centre(two.row, two.matrix, two.cohort, std::nullopt, std::nullopt).has_value());
  Made three = RandomCohort(5, 3, 3, 0, 0);
  EXPECT_FALSE(Centre(three.row, three.matrix, three.cohort, std::nullopt, 0).has_value());
  Made degenerate = RandomCohort(5, 3, 3, 0, 0);
  degenerate.cohort.counts[1] = false;
  EXPECT_FALSE(Centre(degenerate.row, degenerate.matrix, degenerate.cohort, std::nullopt, std::nullopt).has_value());
  // No pair shares a prompt.
  const Made apart = RandomCohort(5, 8, 4, 1, 0);
  EXPECT_FALSE(Centre(apart.row, apart.matrix, apart.cohort, std::nullopt, std::nullopt).has_value());
}

}  // namespace
}  // namespace stemma::score
