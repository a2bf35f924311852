#include "stemma/ngram.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "lib/base/hash.h"
#include "tests/oracle/ngrams.h"

namespace stemma {
namespace {

std::vector<std::uint64_t> Hashes(const std::vector<std::string>& symbols, std::size_t min_order, std::size_t max_order) {
  std::vector<std::uint64_t> hashed;
  for (const std::string& symbol : symbols) hashed.push_back(base::Hash64(symbol));
  std::vector<std::uint64_t> grams;
  ForEachNgram(hashed, min_order, max_order, [&](std::uint64_t gram) { grams.push_back(gram); });
  return grams;
}

// All sequences of up to six of three symbols, at every range of orders: the same n-grams in the same order as the
// definition gives, equal ones under one hash and different ones under different hashes.
TEST(Ngram, AgreesWithTheDefinitionOnASmallWorld) {
  std::map<oracle::Gram, std::uint64_t> hash_of;
  std::map<std::uint64_t, oracle::Gram> gram_of;
  std::vector<std::vector<std::string>> sequences = {{}};
  for (std::size_t k = 0; k < sequences.size(); ++k) {
    for (std::size_t min_order = 1; min_order <= 7; ++min_order) {
      for (std::size_t max_order = min_order; max_order <= 7; ++max_order) {
        const std::vector<oracle::Gram> grams = oracle::Ngrams(sequences[k], min_order, max_order);
        const std::vector<std::uint64_t> hashes = Hashes(sequences[k], min_order, max_order);
        ASSERT_EQ(grams.size(), hashes.size());
        for (std::size_t i = 0; i < grams.size(); ++i) {
          ASSERT_EQ(hash_of.try_emplace(grams[i], hashes[i]).first->second, hashes[i]);
          ASSERT_EQ(gram_of.try_emplace(hashes[i], grams[i]).first->second, grams[i]);
        }
      }
    }
    if (sequences[k].size() == 6) continue;
    for (const char* symbol : {"a", "b", "c"}) {
      sequences.push_back(sequences[k]);
      sequences.back().emplace_back(symbol);
    }
  }
  EXPECT_EQ(sequences.size(), 1093U);  // (3^7 - 1) / 2
  EXPECT_EQ(hash_of.size(), 1092U);    // each sequence but the empty one is an n-gram of itself
}

TEST(Ngram, GivesNothingForShortSequences) {
  EXPECT_TRUE(Hashes({}, 1, 4).empty());
  EXPECT_TRUE(Hashes({"a"}, 2, 4).empty());
  EXPECT_EQ(Hashes({"a", "b"}, 2, 4).size(), 1U);
}

// Stored in files: the value must stay what it is.
TEST(Ngram, ExtendsAPrefixByItsFormula) {
  EXPECT_EQ(ExtendNgram(3, 5), Mix64(3 * 0x9e3779b97f4a7c15ULL + 5));
  EXPECT_NE(ExtendNgram(3, 5), ExtendNgram(5, 3));
  EXPECT_EQ(Hashes({"a", "b", "c"}, 3, 3),
            (std::vector<std::uint64_t>{
                ExtendNgram(ExtendNgram(base::Hash64("a"), base::Hash64("b")), base::Hash64("c"))}));
}

}  // namespace
}  // namespace stemma
