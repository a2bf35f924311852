#include "lib/base/hash.h"

#include <gtest/gtest.h>

#include <string>

#include "stemma/hash.h"

namespace stemma {
namespace {

// The empty input's values stand in the xxHash specification's own test vectors (seed 0).
TEST(Hash, EqualsTheSpecificationOnTheEmptyInput) {
  EXPECT_EQ(base::Hash64(""), 0x2D06800538D394C2ULL);
  EXPECT_EQ(base::HashBytes128(""), (Hash128{0x99AA06D3014798D8ULL, 0x6001C324468D497FULL}));
}

TEST(Hash, TakesTheSeedIntoAccount) {
  EXPECT_NE(base::Hash64("stemma", 0), base::Hash64("stemma", 1));
  EXPECT_NE(base::HashBytes128("stemma", 0), base::HashBytes128("stemma", 1));
}

TEST(Hash, ReadsEveryByteOfLongInputs) {
  // 240 and 1024 are where XXH3 changes its method.
  for (const std::size_t size : {1U, 16U, 128U, 240U, 241U, 1024U, 1025U, 5000U}) {
    std::string bytes(size, 'a');
    const std::uint64_t before = base::Hash64(bytes);
    for (std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      std::string changed = bytes;
      changed[at] = 'b';
      EXPECT_NE(base::Hash64(changed), before) << size << " bytes, changed at " << at;
    }
  }
}

TEST(Hash128, PrintsHighHalfFirstWithLeadingZeros) {
  EXPECT_EQ(ToHex({0x0123456789abcdefULL, 0xfULL}), "0123456789abcdef000000000000000f");
}

TEST(Hash128, HexRoundTrips) {
  for (const Hash128 value : {Hash128{0, 0}, Hash128{~0ULL, ~0ULL}, Hash128{1, 2}, base::HashBytes128("stemma")}) {
    EXPECT_EQ(Hash128FromHex(ToHex(value)), value);
  }
}

TEST(Hash128, RefusesOtherTexts) {
  const std::string good(32, 'a');
  ASSERT_TRUE(Hash128FromHex(good).has_value());
  EXPECT_FALSE(Hash128FromHex("").has_value());
  EXPECT_FALSE(Hash128FromHex(good.substr(1)).has_value());
  EXPECT_FALSE(Hash128FromHex(good + "a").has_value());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char wrong : {'g', 'A', ' ', '\0'}) {
      std::string bad = good;
      bad[at] = wrong;
      EXPECT_FALSE(Hash128FromHex(bad).has_value()) << "at " << at;
    }
  }
}

TEST(Mix64, IsSplitMixsMixer) {
  // The first outputs of SplitMix64 with seed 1234567, as published with the reference implementation (Vigna).
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL}) {
    state += 0x9e3779b97f4a7c15ULL;
    EXPECT_EQ(Mix64(state), expected);
  }
}

}  // namespace
}  // namespace stemma
