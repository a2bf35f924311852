#include "lib/signature/packed_integers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/random.h"

namespace stemma::signature {
namespace {

using Integers = std::vector<std::int32_t>;

TEST(PackedIntegers, TakeAsManyBitsAsTheLargestNeeds) {
  EXPECT_EQ(BitsFor(Integers{}), 1U);
  EXPECT_EQ(BitsFor(Integers{0, -1}), 1U);
  EXPECT_EQ(BitsFor(Integers{1}), 2U);
  EXPECT_EQ(BitsFor(Integers{-2, 1}), 2U);
  EXPECT_EQ(BitsFor(Integers{127, -128}), 8U);
  EXPECT_EQ(BitsFor(Integers{128}), 9U);
  EXPECT_EQ(BitsFor(Integers{std::numeric_limits<std::int32_t>::min()}), 32U);
}

TEST(PackedIntegers, StandInTwosComplementFromTheLowestBit) {
  std::string out;
  PackIntegers(out, Integers{3, -4, 1});  // 011, 100, 001
  EXPECT_EQ(out, std::string("\x03\x63\x00", 3));
}

TEST(PackedIntegers, ComeBack) {
  base::Random random(7);
  for (int round = 0; round < 3000; ++round) {
    Integers values(random.Below(20));
    const auto shift = static_cast<int>(random.Below(32));
    for (std::int32_t& value : values) value = static_cast<std::int32_t>(random.Next32()) >> shift;
    std::string out;
    PackIntegers(out, values);
    base::ByteReader reader(out);
    Integers read(values.size());
    ASSERT_TRUE(UnpackIntegers(reader, read));
    ASSERT_TRUE(reader.done());
    ASSERT_EQ(read, values);
  }
}

// One form for each value: else two files of equal content could differ in their digests.
TEST(PackedIntegers, AreRefusedInAnyOtherForm) {
  const auto unpacks = [](const std::string& bytes) {
    base::ByteReader reader(bytes);
    Integers read(3);
    return UnpackIntegers(reader, read);
  };
  EXPECT_TRUE(unpacks(std::string("\x03\x63\x00", 3)));
  EXPECT_FALSE(unpacks(std::string("\x03\x63\x02", 3)));      // bits behind the last
  EXPECT_FALSE(unpacks(std::string("\x04\xC3\x01", 3)));      // more bits than needed
  EXPECT_FALSE(unpacks(std::string("\x00\x00\x00", 3)));
  EXPECT_FALSE(unpacks(std::string("\x21\x00\x00", 3)));
  EXPECT_FALSE(unpacks(std::string("\x03\x63", 2)));
  EXPECT_FALSE(unpacks(""));
}

}  // namespace
}  // namespace stemma::signature
