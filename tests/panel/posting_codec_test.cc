#include "lib/panel/posting_codec.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/base/random.h"

namespace stemma::panel {
namespace {

struct Case {
  std::vector<std::uint16_t> samples_of_model;
  PostingLists lists;
};

// Up to 60 lists over up to 80 models, some of which have no answer and some several; lists of every length, so that
// both gaps and bitmaps occur.
Case RandomCase(base::Random& random) {
  Case made;
  const std::size_t models = 2 + random.Below(79);
  for (std::size_t m = 0; m < models; ++m) {
    const std::uint64_t kind = random.Below(10);
    made.samples_of_model.push_back(static_cast<std::uint16_t>(kind == 0 ? 0 : kind < 7 ? 1 : random.Below(300) + 1));
  }
  std::uint32_t key = 0;
  const std::size_t lists = random.Below(60);
  for (std::size_t k = 0; k < lists; ++k) {
    const double share = random.Uniform();
    std::vector<Posting> postings;
    for (std::uint32_t m = 0; m < models; ++m) {
      if (made.samples_of_model[m] == 0 || random.Uniform() > share) continue;
      postings.push_back({m, 1 + static_cast<std::uint32_t>(random.Below(made.samples_of_model[m]))});
    }
    if (postings.empty()) continue;
    key += (made.lists.keys.empty() ? 0 : 1) + static_cast<std::uint32_t>(random.Below(random.Below(2) == 0 ? 4 : kGramKeys / 64));
    made.lists.keys.push_back(key);
    made.lists.postings.insert(made.lists.postings.end(), postings.begin(), postings.end());
    made.lists.begin.push_back(static_cast<std::uint32_t>(made.lists.postings.size()));
  }
  return made;
}

void ExpectEqual(const PostingLists& a, const PostingLists& b) {
  ASSERT_EQ(a.keys, b.keys);
  ASSERT_EQ(a.begin, b.begin);
  ASSERT_EQ(a.postings.size(), b.postings.size());
  for (std::size_t k = 0; k < a.postings.size(); ++k) {
    ASSERT_EQ(a.postings[k].model, b.postings[k].model);
    ASSERT_EQ(a.postings[k].samples, b.postings[k].samples);
  }
}

// What every user of decoded lists relies on: they index arrays by model without a look.
void ExpectSound(const PostingLists& lists, const std::vector<std::uint16_t>& samples_of_model) {
  ASSERT_EQ(lists.begin.size(), lists.keys.size() + 1);
  ASSERT_EQ(lists.begin.back(), lists.postings.size());
  for (std::size_t k = 0; k < lists.keys.size(); ++k) {
    ASSERT_LT(lists.keys[k], kGramKeys);
    ASSERT_TRUE(k == 0 || lists.keys[k - 1] < lists.keys[k]);
    const std::span<const Posting> postings = lists.Of(k);
    ASSERT_FALSE(postings.empty());
    for (std::size_t i = 0; i < postings.size(); ++i) {
      ASSERT_LT(postings[i].model, samples_of_model.size());
      ASSERT_TRUE(i == 0 || postings[i - 1].model < postings[i].model);
      ASSERT_GE(postings[i].samples, 1U);
      ASSERT_LE(postings[i].samples, samples_of_model[postings[i].model]);
    }
  }
}

TEST(PostingCodec, GivesBackWhatWasEncoded) {
  base::Random random(1);
  PostingLists decoded;
  for (int round = 0; round < 500; ++round) {
    const Case made = RandomCase(random);
    ASSERT_TRUE(DecodePostings(EncodePostings(made.lists, made.samples_of_model), made.samples_of_model, decoded));
    ExpectEqual(decoded, made.lists);
  }
}

TEST(PostingCodec, HoldsTheLargestKeyAndCount) {
  const std::vector<std::uint16_t> samples_of_model = {65535, 1};
  PostingLists lists;
  lists.keys = {0, kGramKeys - 1};
  lists.postings = {{0, 65535}, {0, 1}, {1, 1}};
  lists.begin = {0, 1, 3};
  PostingLists decoded;
  ASSERT_TRUE(DecodePostings(EncodePostings(lists, samples_of_model), samples_of_model, decoded));
  ExpectEqual(decoded, lists);
}

TEST(PostingCodec, EncodesNothing) {
  PostingLists decoded;
  decoded.keys = {3};  // replaced
  ASSERT_TRUE(DecodePostings(EncodePostings({}, std::vector<std::uint16_t>{1, 1}), std::vector<std::uint16_t>{1, 1}, decoded));
  ExpectEqual(decoded, {});
  EXPECT_FALSE(DecodePostings("", std::vector<std::uint16_t>{1, 1}, decoded));
}

TEST(PostingCodec, RefusesEveryTruncation) {
  base::Random random(2);
  PostingLists decoded;
  for (int round = 0; round < 30; ++round) {
    const Case made = RandomCase(random);
    const std::string bytes = EncodePostings(made.lists, made.samples_of_model);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(DecodePostings(std::string_view(bytes).substr(0, size), made.samples_of_model, decoded)) << size;
    }
    ASSERT_FALSE(DecodePostings(bytes + std::string(1, '\0'), made.samples_of_model, decoded));
  }
}

// Bytes that no encoder wrote are refused or give lists that are sound.
TEST(PostingCodec, SurvivesDamagedBytes) {
  base::Random random(3);
  PostingLists decoded;
  std::size_t accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    const Case made = RandomCase(random);
    std::string bytes = EncodePostings(made.lists, made.samples_of_model);
    for (std::uint64_t k = 0; k <= random.Below(3); ++k) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    if (!DecodePostings(bytes, made.samples_of_model, decoded)) continue;
    ++accepted;
    ExpectSound(decoded, made.samples_of_model);
  }
  EXPECT_GT(accepted, 0U);  // or the check above checked nothing
}

TEST(PostingCodec, SurvivesRandomBytes) {
  base::Random random(4);
  PostingLists decoded;
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::uint16_t> samples_of_model(1 + random.Below(9));
    for (std::uint16_t& samples : samples_of_model) samples = static_cast<std::uint16_t>(random.Below(4));
    std::string bytes(random.Below(24), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Below(round % 2 == 0 ? 256 : 32));
    if (DecodePostings(bytes, samples_of_model, decoded)) ExpectSound(decoded, samples_of_model);
  }
}

// Ascending gaps that add up beyond the keys that there are.
TEST(PostingCodec, RefusesKeysThatDoNotExist) {
  const std::vector<std::uint16_t> samples_of_model = {1};
  PostingLists lists;
  lists.keys = {kGramKeys};
  lists.postings = {{0, 1}};
  lists.begin = {0, 1};
  PostingLists decoded;
  EXPECT_FALSE(DecodePostings(EncodePostings(lists, samples_of_model), samples_of_model, decoded));
}

// What the budget is spent by. Random lists as above, of models with one answer: right on average within a tenth.
TEST(PostingCodec, EstimatesItsSize) {
  base::Random random(6);
  double estimated = 0;
  double real = 0;
  for (int round = 0; round < 400; ++round) {
    constexpr std::size_t kModels = 100;
    PostingLists lists;
    std::uint32_t key = 0;
    for (int k = 0; k < 50; ++k) {
      const double share = random.Uniform() * random.Uniform() * 0.5;
      std::vector<Posting> postings;
      for (std::uint32_t m = 0; m < kModels; ++m) {
        if (random.Uniform() < share) postings.push_back({m, 1});
      }
      if (postings.empty()) continue;
      key += 1 + static_cast<std::uint32_t>(random.Below(1 << 10));  // gaps of 2^9 on average, as in large panels
      lists.keys.push_back(key);
      lists.postings.insert(lists.postings.end(), postings.begin(), postings.end());
      lists.begin.push_back(static_cast<std::uint32_t>(lists.postings.size()));
      estimated += EstimatedBits(postings.size(), kModels);
    }
    real += 8 * static_cast<double>(EncodePostings(lists, std::vector<std::uint16_t>(kModels, 1)).size());
  }
  EXPECT_NEAR(estimated / real, 1, 0.1);
}

}  // namespace
}  // namespace stemma::panel
