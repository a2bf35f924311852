#include "stemma/embedder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/sectioned_file.h"
#include "tests/text/made_wordpiece.h"

namespace stemma {
namespace {

constexpr std::uint32_t kTokens = 21;
constexpr std::uint32_t kDims = 2;

struct MadeFile {
  std::uint32_t version = 1;
  std::uint32_t tokens = kTokens;
  std::uint32_t dims = kDims;
  std::string rows = std::string(kTokens * kDims, '\0');
  std::vector<std::uint16_t> weights = std::vector<std::uint16_t>(kTokens);

  // Token 5 is "the", 6 "river", 7 "##s".
  MadeFile() {
    rows[10] = 3;
    rows[13] = 4;
    rows[14] = -1;
    weights[5] = 100;
    weights[6] = 200;
    weights[7] = 50;
  }

  std::string Bytes() const {
    base::SectionedFileWriter writer(base::FileKind::kEmbedder);
    std::string options, weight_bytes;
    for (const std::uint32_t value : {version, tokens, dims}) base::AppendU32(options, value);
    for (const std::uint16_t weight : weights) base::AppendU16(weight_bytes, weight);
    writer.Add("OPTIONS", options);
    writer.Add("NAME", "made");
    writer.Add("TOKENS", MadeTokens());
    writer.Add("FOLDING", MadeFolding());
    writer.Add("WEIGHTS", weight_bytes);
    writer.Add("ROWS", rows);
    return writer.Finish();
  }
};

std::vector<float> VectorOf(const Embedder& embedder, std::string_view text) {
  std::vector<float> out(embedder.dims(), 9);
  embedder.Embed(text, out);
  return out;
}

TEST(Embedder, AddsWeightedRowsAndNormalises) {
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  EXPECT_EQ(embedder.dims(), 2U);
  EXPECT_EQ(embedder.id().name, "made");
  EXPECT_EQ(embedder.Tokens("The rivers"), (std::vector<std::uint32_t>{5, 6, 7}));
  EXPECT_EQ(VectorOf(embedder, "the"), (std::vector<float>{1, 0}));
  // 300 - 50 and 800.
  const double norm = std::sqrt(250.0 * 250 + 800.0 * 800);
  EXPECT_EQ(VectorOf(embedder, "The rivers"),
            (std::vector<float>{static_cast<float>(250 / norm), static_cast<float>(800 / norm)}));
  // Order and repetition of the whole change nothing.
  EXPECT_EQ(VectorOf(embedder, "rivers THE rivers the"), VectorOf(embedder, "the rivers"));
}

// Words without a row have no direction, and no say beside others.
TEST(Embedder, IsAllZerosForATextWithoutAKnownToken) {
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  for (const char* text : {"", " ", "xyz [UNK]", ".", "\xFF"}) {
    EXPECT_EQ(VectorOf(embedder, text), (std::vector<float>{0, 0})) << text;
  }
  EXPECT_EQ(VectorOf(embedder, "the xyz [CLS]"), VectorOf(embedder, "the"));
}

// What one text leaves behind in the scratch must not reach the next.
TEST(TextEmbedder, EmbedsEachTextAsAlone) {
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  TextEmbedder texts(embedder);
  for (int round = 0; round < 2; ++round) {
    for (const char* text : {"the rivers", "", "the", "river the", "xyz", "rivers rivers"}) {
      std::vector<float> out(embedder.dims());
      texts.Embed(text, out);
      EXPECT_EQ(out, VectorOf(embedder, text)) << text;
    }
  }
}

// More words than the memo has places, of all lengths around its limit.
TEST(TextEmbedder, ForgetsNothingThatMatters) {
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  TextEmbedder texts(embedder);
  std::vector<float> out(embedder.dims());
  for (int k = 0; k < 20000; ++k) texts.Embed("w" + std::to_string(k), out);
  for (std::size_t size = 1; size < 60; ++size) {
    const std::string text = "the river" + std::string(size, 's');
    for (int round = 0; round < 2; ++round) {
      texts.Embed(text, out);
      EXPECT_EQ(out, VectorOf(embedder, text)) << size;
    }
  }
}

TEST(EmbedderParallel, IsTheSameFromManyThreads) {
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  const std::vector<float> expected = VectorOf(embedder, "the rivers run");
  std::vector<std::vector<float>> found(4);
  std::vector<std::thread> threads;
  for (std::vector<float>& out : found) {
    threads.emplace_back([&embedder, &out] {
      for (int k = 0; k < 50; ++k) out = VectorOf(embedder, "the rivers run");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& out : found) EXPECT_EQ(out, expected);
}

// Vectors of embedders that give other vectors must not be compared.
TEST(Embedder, IsKnownByWhatItDoes) {
  MadeFile other;
  other.weights[5] = 101;
  const Embedder embedder = Embedder::Parse(MadeFile().Bytes(), "made").value();
  EXPECT_EQ(embedder.id(), Embedder::Parse(MadeFile().Bytes(), "elsewhere").value().id());
  EXPECT_NE(embedder.id().digest, Embedder::Parse(other.Bytes(), "made").value().id().digest);
}

TEST(Embedder, RefusesSectionsThatDoNotFit) {
  const auto code = [](const MadeFile& file) { return Embedder::Parse(file.Bytes(), "made").status().code(); };
  MadeFile newer, fewer, flat, short_rows, heavy, few_weights;
  newer.version = 2;
  fewer.tokens = kTokens - 1;
  flat.dims = 0;
  short_rows.rows.pop_back();
  heavy.weights[5] = 40000;
  few_weights.weights.pop_back();
  EXPECT_EQ(code(newer), absl::StatusCode::kUnimplemented);
  for (const MadeFile& file : {fewer, flat, short_rows, heavy, few_weights}) {
    EXPECT_EQ(code(file), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(Embedder::Parse("no such file", "made").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Embedder::Read("/nowhere/embedder.stemma").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace stemma
