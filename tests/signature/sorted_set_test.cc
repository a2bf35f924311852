#include "lib/signature/sorted_set.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "lib/base/random.h"

namespace stemma::signature {
namespace {

constexpr std::uint32_t kLargest = (1U << SetSorter::kValueBits) - 1;

std::vector<std::uint32_t> Sorted(std::vector<std::uint32_t> values) {
  SetSorter().SortUnique(values);
  return values;
}

std::vector<std::uint32_t> AsSet(const std::vector<std::uint32_t>& values) {
  const std::set<std::uint32_t> set(values.begin(), values.end());
  return {set.begin(), set.end()};
}

TEST(SetSorter, LeavesNothingOfNothing) { EXPECT_EQ(Sorted({}), std::vector<std::uint32_t>{}); }

TEST(SetSorter, KeepsOneOfEach) {
  EXPECT_EQ(Sorted({7}), std::vector<std::uint32_t>{7});
  EXPECT_EQ(Sorted({7, 7, 7}), std::vector<std::uint32_t>{7});
  EXPECT_EQ(Sorted({kLargest, 0, 256, 255, 65536, 0}), (std::vector<std::uint32_t>{0, 255, 256, 65536, kLargest}));
}

TEST(SetSorter, KeepsOneOfManyEqualOnes) {
  EXPECT_EQ(Sorted(std::vector<std::uint32_t>(1000, kLargest)), std::vector<std::uint32_t>{kLargest});
}

// Evenly spread values and crowded ones, of sizes on both sides of every change of method.
TEST(SetSorter, AgreesWithASet) {
  base::Random random(1);
  SetSorter sorter;
  for (std::size_t size = 0; size < 300; ++size) {
    for (const std::uint32_t mask : {0xFU, 0xFF0000U, 0xFF00U, 0xFFU, 0xFFFFU, kLargest}) {
      for (const std::uint32_t base : {0U, kLargest & ~mask}) {
        std::vector<std::uint32_t> values;
        for (std::size_t k = 0; k < size; ++k) values.push_back(base | (random.Next32() & mask));
        const std::vector<std::uint32_t> expected = AsSet(values);
        sorter.SortUnique(values);
        ASSERT_EQ(values, expected) << size << " values under the mask " << mask << " from " << base;
      }
    }
  }
}

// All values begin alike: a table of them would take quadratic time.
TEST(SetSorter, SortsManyCrowdedValues) {
  std::vector<std::uint32_t> values;
  for (std::uint32_t k = 0; k < 65536; ++k) values.push_back(kLargest - k);
  const std::vector<std::uint32_t> expected = AsSet(values);
  EXPECT_EQ(Sorted(values), expected);
}

// The largest values push each other behind the last slot.
TEST(SetSorter, SortsValuesThatCrowdAtTheEnd) {
  std::vector<std::uint32_t> values;
  for (std::uint32_t k = 0; k < 500; ++k) values.push_back(k << 14);
  for (std::uint32_t k = 0; k < 50; ++k) values.push_back(kLargest - k);
  const std::vector<std::uint32_t> expected = AsSet(values);
  EXPECT_EQ(Sorted(values), expected);
}

TEST(SetSorter, SortsManyValues) {
  base::Random random(2);
  std::vector<std::uint32_t> values;
  for (std::size_t k = 0; k < 100000; ++k) values.push_back(random.Next32() & kLargest);
  const std::vector<std::uint32_t> expected = AsSet(values);
  EXPECT_EQ(Sorted(values), expected);
}

}  // namespace
}  // namespace stemma::signature
