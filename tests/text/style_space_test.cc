#include "stemma/style_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/random.h"
#include "tests/oracle/style_space.h"
#include "tests/text/made_style_space.h"

namespace stemma {
namespace {

using Values = std::vector<double>;

Values RandomValues(base::Random& random, std::size_t size) {
  Values values;
  for (std::size_t k = 0; k < size; ++k) values.push_back(random.Uniform());
  return values;
}

oracle::LongVector Long(const Values& values) { return {values.begin(), values.end()}; }

// A coordinate is a sum of n terms, each a difference of two roots times a float: with u = 2^-53 its error is at most
// (n + 4) u times the sum of the absolute terms (two roots, difference, product; n additions). Scaling two vectors that
// are apart by e to unit length leaves them apart by at most 2 e / length, and rounds by some u itself.
double Bound(const oracle::Scaled& scaled, std::size_t terms) {
  return 2 * static_cast<double>(terms + 4) * 0x1p-53 * static_cast<double>(scaled.magnitude / scaled.length) + 0x1p-50;
}

void ExpectNear(const Values& values, const oracle::Scaled& expected, std::size_t terms) {
  ASSERT_EQ(values.size(), expected.unit.size());
  ASSERT_LT(Bound(expected, terms), 1e-11);  // else the comparison would say little
  for (std::size_t d = 0; d < values.size(); ++d) {
    ASSERT_NEAR(values[d], static_cast<double>(expected.unit[d]), Bound(expected, terms)) << d;
  }
}

TEST(StyleSpace, AgreesWithTheOracle) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const MadeStyleSpace made = RandomStyleSpace(seed, {20, 1, 11}, {5, 2, 7}, 1 + seed);
    const StyleSpace space = made.space();
    ASSERT_EQ(space.features(), 32U);
    ASSERT_EQ(space.projected_size(), 14U);
    ASSERT_EQ(space.size(), 1 + seed);
    base::Random random(seed, 1);
    Values shares = RandomValues(random, 32);
    shares[4] = 0;  // features that no answer has
    const Values expected = RandomValues(random, 32);
    const Values projected = space.Project(shares, expected);
    ExpectNear(projected, oracle::Project(made.oracle_sets, Long(shares), Long(expected)), 32);
    const Values mean = RandomValues(random, 14);
    ExpectNear(space.Embed(projected, mean), oracle::Embed(made.oracle_last, Long(projected), Long(mean)), 14);
  }
}

TEST(StyleSpace, GivesPointsOfUnitLength) {
  const StyleSpace space = RandomStyleSpace(1, {9, 8}, {4, 3}, 5).space();
  base::Random random(2);
  const Values projected = space.Project(RandomValues(random, 17), RandomValues(random, 17));
  const Values embedded = space.Embed(projected, RandomValues(random, 7));
  for (const Values& point : {projected, embedded}) {
    double square = 0;
    for (const double value : point) square += value * value;
    EXPECT_NEAR(square, 1, 1e-14);
  }
}

// A model of which nothing is known, or nothing but what was expected, is at no place: never NaN, never a place of its
// own because of the mean that is taken off.
TEST(StyleSpace, GivesZeroWhereThereIsNothingToTell) {
  const StyleSpace space = RandomStyleSpace(3, {4, 4}, {3, 3}, 5).space();
  base::Random random(4);
  const Values shares = RandomValues(random, 8);
  const Values mean = RandomValues(random, 6);
  EXPECT_EQ(space.Project(shares, shares), Values(6, 0));
  EXPECT_EQ(space.Embed(Values(6, 0), mean), Values(5, 0));
  EXPECT_EQ(space.Embed(mean, mean), Values(5, 0));
}

TEST(StyleSpace, ComesBackFromItsBytes) {
  const MadeStyleSpace made = RandomStyleSpace(5, {6, 3}, {2, 3}, 4);
  const std::string bytes = made.space().Serialize();
  const auto read = StyleSpace::Parse(bytes, "s");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Serialize(), bytes);
  EXPECT_EQ(read->features(), 9U);
  base::Random random(6);
  const Values shares = RandomValues(random, 9);
  const Values expected = RandomValues(random, 9);
  EXPECT_EQ(read->Project(shares, expected), made.space().Project(shares, expected));
}

// Counts in 32 bits, then each map's sizes and rows as floats: what stands in vocabularies that are already shipped.
TEST(StyleSpace, HasBytesThatDoNotChange) {
  std::string expected;
  base::AppendU32(expected, 1);
  base::AppendU32(expected, 2);
  base::AppendU32(expected, 1);
  for (const float value : {0.5F, -2.0F}) base::AppendF32(expected, value);
  base::AppendU32(expected, 1);
  base::AppendU32(expected, 1);
  base::AppendF32(expected, 3);
  EXPECT_EQ(StyleSpace::Create({{2, 1, {0.5F, -2}}}, {1, 1, {3}})->Serialize(), expected);
}

TEST(StyleSpace, RefusesMapsThatContradictEachOther) {
  const LinearMap good{2, 1, {1, 2}};
  const LinearMap last{1, 1, {1}};
  ASSERT_TRUE(StyleSpace::Create({good}, last).ok());
  const auto code = [](const std::vector<LinearMap>& sets, const LinearMap& map) {
    return StyleSpace::Create(sets, map).status().code();
  };
  EXPECT_EQ(code({}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good, good}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{2, 1, {1}}}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{2, 1, {1, 2, 3}}}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({{0, 1, {}}}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good, {2, 0, {}}}, last), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({good}, {1, 0, {}}), absl::StatusCode::kInvalidArgument);
  for (const float bad : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                          std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_EQ(code({{2, 1, {1, bad}}}, last), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(code({good}, {1, 1, {bad}}), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(StyleSpace::Create({good, good}, last).status().message(),
            "a style space needs finite maps whose 2 outputs are the 1 inputs of the last");
}

TEST(StyleSpace, RefusesBytesThatNoWriterMade) {
  const std::string bytes = RandomStyleSpace(7, {3, 2}, {2, 2}, 2).space().Serialize();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(StyleSpace::Parse(bytes.substr(0, size), "s").status().code(), absl::StatusCode::kDataLoss) << size;
  }
  const absl::Status longer = StyleSpace::Parse(bytes + '\0', "file.stemma").status();
  EXPECT_EQ(longer.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(longer.message(), "file.stemma: the style space contradicts itself");
  // Sizes of which the memory could not be had must be refused before it is asked for.
  for (const std::size_t at : {std::size_t{0}, std::size_t{4}, std::size_t{8}}) {
    std::string huge = bytes;
    for (std::size_t k = 0; k < 4; ++k) huge[at + k] = '\xFF';
    EXPECT_EQ(StyleSpace::Parse(huge, "s").status().code(), absl::StatusCode::kDataLoss) << at;
  }
  std::string not_finite = bytes;
  not_finite.replace(bytes.size() - 4, 4, std::string("\0\0\xC0\x7F", 4));
  EXPECT_EQ(StyleSpace::Parse(not_finite, "s").status().code(), absl::StatusCode::kDataLoss);
  // Other bytes: refused, or finite maps.
  base::Random random(8);
  for (int round = 0; round < 2000; ++round) {
    std::string noise = bytes;
    noise[random.Below(noise.size())] = static_cast<char>(random.Below(256));
    const auto parsed = StyleSpace::Parse(noise, "s");
    if (parsed.ok()) {
      ASSERT_EQ(parsed->Serialize(), noise);
    } else {
      ASSERT_EQ(parsed.status().code(), absl::StatusCode::kDataLoss);
    }
  }
}

}  // namespace
}  // namespace stemma
