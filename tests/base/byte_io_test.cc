#include "lib/base/byte_io.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace stemma::base {
namespace {

using std::string_literals::operator""s;

TEST(ByteIo, AppendsTheLowestByteFirst) {
  std::string out;
  AppendU8(out, 0x01);
  AppendU16(out, 0x0203);
  AppendU32(out, 0x04050607);
  AppendU64(out, 0x08090a0b0c0d0e0fULL);
  EXPECT_EQ(out, "\x01\x03\x02\x07\x06\x05\x04\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08");
}

TEST(ByteIo, AppendsIeeeBits) {
  std::string out;
  AppendF32(out, 1.0F);
  AppendF64(out, -2.0);
  AppendI64(out, -2);
  EXPECT_EQ(out, "\0\0\x80\x3f\0\0\0\0\0\0\0\xc0\xfe\xff\xff\xff\xff\xff\xff\xff"s);
}

TEST(ByteIo, ReadsWhatWasAppended) {
  std::string out;
  AppendU8(out, 0xff);
  AppendU16(out, 0xfffe);
  AppendU32(out, 0xfffffffd);
  AppendU64(out, ~3ULL);
  AppendI64(out, std::numeric_limits<std::int64_t>::min());
  AppendF32(out, std::numeric_limits<float>::denorm_min());
  AppendF64(out, -0.0);
  AppendString(out, "a\0b"s);

  ByteReader reader(out);
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  std::int64_t i64 = 0;
  float f32 = 0;
  double f64 = 1;
  std::string text;
  ASSERT_TRUE(reader.ReadU8(u8) && reader.ReadU16(u16) && reader.ReadU32(u32) && reader.ReadU64(u64) &&
              reader.ReadI64(i64) && reader.ReadF32(f32) && reader.ReadF64(f64) && reader.ReadString(text));
  EXPECT_EQ(u8, 0xff);
  EXPECT_EQ(u16, 0xfffe);
  EXPECT_EQ(u32, 0xfffffffd);
  EXPECT_EQ(u64, ~3ULL);
  EXPECT_EQ(i64, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(f32, std::numeric_limits<float>::denorm_min());
  EXPECT_TRUE(f64 == 0 && std::signbit(f64));
  EXPECT_EQ(text, "a\0b"s);
  EXPECT_TRUE(reader.done());
}

TEST(ByteIo, VarintsRoundTripAtEveryLength) {
  std::vector<std::uint64_t> values = {0, ~0ULL};
  for (int bit = 0; bit < 64; ++bit) {
    values.push_back(1ULL << bit);
    values.push_back((1ULL << bit) - 1);
  }
  for (const std::uint64_t expected : values) {
    std::string out;
    AppendVarint(out, expected);
    ByteReader reader(out);
    std::uint64_t value = ~expected;
    EXPECT_TRUE(reader.ReadVarint(value));
    EXPECT_EQ(value, expected);
    EXPECT_TRUE(reader.done());
  }
}

TEST(ByteIo, VarintsAreLeb128) {
  std::string out;
  AppendVarint(out, 624485);  // the example of the DWARF standard, appendix C
  EXPECT_EQ(out, "\xe5\x8e\x26");
}

TEST(ByteIo, ShortVarintsAreVarints) {
  for (int bits = 0; bits < 28; ++bits) {
    for (const std::uint32_t value : {(1U << bits) - 1, 1U << bits, (1U << bits) + 1, (1U << bits) * 2 - 1}) {
      std::string expected;
      AppendVarint(expected, value);
      std::string written(kLongestShortVarint, 'x');
      written.resize(WriteShortVarint(value, written.data()));
      EXPECT_EQ(written, expected) << value;
    }
  }
}

TEST(ByteIo, RefusesVarintsThatAreCutOffTooLargeOrTooLong) {
  const std::string nine(9, '\xff');
  const std::vector<std::string> cut_off = {"", "\x80", "\xff\xff", nine};
  const std::vector<std::string> too_large = {nine + "\x02", nine + "\xff\x01"};
  const std::vector<std::string> too_long = {"\x80\0"s, "\xff\x80\0"s};
  for (const auto& group : {cut_off, too_large, too_long}) {
    for (const std::string& bytes : group) {
      ByteReader reader(bytes);
      std::uint64_t value = 7;
      EXPECT_FALSE(reader.ReadVarint(value)) << testing::PrintToString(bytes);
      EXPECT_EQ(value, 7U);
      EXPECT_EQ(reader.position(), 0U);
    }
  }
  // One bit less is the largest value.
  const std::string largest = nine + "\x01";
  std::uint64_t value = 0;
  EXPECT_TRUE(ByteReader(largest).ReadVarint(value));
  EXPECT_EQ(value, ~0ULL);
}

TEST(ByteIo, RefusesToReadPastTheEndAndStaysWhereItIs) {
  const std::string bytes(7, 'x');
  ByteReader reader(bytes);
  std::uint64_t u64 = 9;
  double f64 = 9;
  EXPECT_FALSE(reader.ReadU64(u64));
  EXPECT_FALSE(reader.ReadF64(f64));
  EXPECT_EQ(u64, 9U);
  EXPECT_EQ(f64, 9);
  EXPECT_EQ(reader.remaining(), 7U);
  std::uint32_t u32 = 0;
  EXPECT_TRUE(reader.ReadU32(u32));
  EXPECT_FALSE(reader.ReadU32(u32));
  EXPECT_EQ(reader.position(), 4U);
}

TEST(ByteIo, RefusesStringsLongerThanWhatIsThere) {
  for (const std::uint64_t length : {std::uint64_t{4}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    std::string bytes;
    AppendVarint(bytes, length);
    bytes += "abc";
    ByteReader reader(bytes);
    std::string_view value = "before";
    EXPECT_FALSE(reader.ReadString(value));
    EXPECT_EQ(value, "before");
    EXPECT_EQ(reader.position(), 0U);
  }
}

TEST(ByteIo, ReadsNothingFromEveryShortPrefix) {
  std::string whole;
  AppendString(whole, std::string(200, 'z'));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ByteReader reader(std::string_view(whole).substr(0, size));
    std::string_view value;
    EXPECT_FALSE(reader.ReadString(value)) << size;
  }
}

}  // namespace
}  // namespace stemma::base
