#include "lib/signature/packed_set.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/random.h"
#include "stemma/signature.h"

namespace stemma::signature {
namespace {

std::string Packed(const std::map<std::uint32_t, std::uint32_t>& samples_of_value, bool with_counts) {
  std::string bytes;
  std::uint32_t previous = 0;
  for (const auto& [value, samples] : samples_of_value) {
    base::AppendVarint(bytes, value - previous);
    if (with_counts) base::AppendVarint(bytes, samples);
    previous = value;
  }
  return bytes;
}

void ExpectPacked(const std::map<std::uint32_t, std::uint32_t>& samples_of_value, std::uint32_t samples) {
  std::vector<std::uint32_t> values;
  std::vector<GramCount> counts;
  for (const auto& [value, count] : samples_of_value) {
    values.insert(values.end(), count, value);
    counts.push_back({value, count});
  }
  const bool with_counts = samples > 1;
  const std::string expected = Packed(samples_of_value, with_counts);
  std::string bytes = "must be replaced";
  PackValues(std::span<const std::uint32_t>(values), with_counts, bytes);
  EXPECT_EQ(bytes, expected);
  bytes = "must be replaced";
  PackCounts(std::span<const GramCount>(counts), &GramCount::gram, with_counts, bytes);
  EXPECT_EQ(bytes, expected);
  std::vector<GramCount> unpacked = {{7, 7}};
  EXPECT_TRUE(Unpack(bytes, &GramCount::gram, std::uint64_t{1} << kGramBits, samples, unpacked));
  EXPECT_EQ(unpacked, counts);
}

TEST(PackedSet, HoldsNothing) {
  ExpectPacked({}, 1);
  ExpectPacked({}, 2);
}

TEST(PackedSet, HoldsGapsAndCountsOfEverySize) {
  constexpr std::uint32_t kLast = (1U << kGramBits) - 1;
  for (const std::uint32_t value : {0U, 1U, 127U, 128U, 16383U, 16384U, 2097151U, 2097152U, kLast}) {
    ExpectPacked({{value, 1}}, 1);
    for (const std::uint32_t samples : {1U, 127U, 128U, 20000U}) ExpectPacked({{value, samples}}, 20000);
  }
  ExpectPacked({{0, 1}, {kLast, 1}}, 1);
}

TEST(PackedSet, AgreesWithVarintsOneByOne) {
  base::Random random(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t samples = 1 + static_cast<std::uint32_t>(random.Below(4));
    const std::uint64_t limit = std::uint64_t{1} << (1 + random.Below(kGramBits));
    std::map<std::uint32_t, std::uint32_t> samples_of_value;
    for (std::uint64_t k = random.Below(200); k > 0; --k) {
      samples_of_value[static_cast<std::uint32_t>(random.Below(limit))] =
          1 + static_cast<std::uint32_t>(random.Below(samples));
    }
    ExpectPacked(samples_of_value, samples);
  }
}

}  // namespace
}  // namespace stemma::signature
