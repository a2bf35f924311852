#include "stemma/embedding_signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/with_section.h"

namespace stemma {
namespace {

const EmbedderId kId = {"made-up", {1, 2}};

struct Sample {
  Hash128 prompt;
  std::uint32_t sample = 0;
  std::vector<double> vector;
};

ModelMetadata Metadata() {
  ModelMetadata metadata;
  metadata.model = "curlew-3";
  metadata.organisation = "Aviary";
  return metadata;
}

// Three prompts; the second has two samples. Lengths do not matter.
std::vector<Sample> Samples() {
  return {{{1, 5}, 0, {3, 4, 0}}, {{0, 9}, 0, {0, 0, 2}}, {{0, 9}, 4, {1, 0, 0}}, {{2, 0}, 7, {-6, 0, 8}}};
}

EmbeddingSignatureBuilder Builder(std::size_t input_dims, const EmbeddingOptions& options = {},
                                  const EmbedderId& embedder = kId) {
  return EmbeddingSignatureBuilder(EmbeddingReducer::Create(embedder, input_dims, options).value());
}

EmbeddingSignature Build(const std::vector<Sample>& samples, const EmbeddingOptions& options = {},
                         const ModelMetadata& metadata = Metadata(), const EmbedderId& embedder = kId) {
  EmbeddingSignatureBuilder builder = Builder(samples[0].vector.size(), options, embedder);
  for (const Sample& sample : samples) {
    EXPECT_TRUE(builder.Add(sample.prompt, sample.sample, sample.vector).ok());
  }
  return builder.Build(metadata).value();
}

// Twelve uniform numbers add up to almost a normal one.
std::vector<double> RandomVector(base::Random& random, std::size_t dims) {
  std::vector<double> vector(dims, -6);
  for (double& value : vector) {
    for (int k = 0; k < 12; ++k) value += random.Uniform();
  }
  return vector;
}

std::vector<Sample> RandomSamples(base::Random& random, std::size_t dims) {
  std::vector<Sample> samples;
  const std::size_t prompts = 1 + random.Below(8);
  for (std::size_t p = 0; p < prompts; ++p) {
    for (std::size_t s = 0; s <= random.Below(5); ++s) {
      samples.push_back({{p % 2, Mix64(p)}, static_cast<std::uint32_t>(10 * s + random.Below(10)), RandomVector(random, dims)});
    }
  }
  return samples;
}

double Cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double dot = 0, square_a = 0, square_b = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    dot += a[d] * b[d];
    square_a += a[d] * a[d];
    square_b += b[d] * b[d];
  }
  return dot / std::sqrt(square_a * square_b);
}

std::vector<double> Reduced(const EmbeddingReducer& reducer, const std::vector<double>& vector) {
  std::vector<std::int32_t> units;
  EXPECT_TRUE(reducer.Reduce(vector, "v", units).ok());
  return {units.begin(), units.end()};
}

// By hand: unit vectors in units of 2^-9 are (307.2, 409.6, 0), (0, 0, 512), (512, 0, 0) and (-307.2, 0, 409.6).
TEST(EmbeddingSignature, SumsRoundedUnitVectors) {
  const EmbeddingSignature signature = Build(Samples());
  EXPECT_EQ(signature.responses(), 4U);
  ASSERT_EQ(signature.rows().size(), 3U);
  EXPECT_EQ(signature.rows()[0].prompt, (Hash128{0, 9}));
  const auto sum = [&](std::size_t row) {
    return std::vector<std::int32_t>(signature.Sum(row).begin(), signature.Sum(row).end());
  };
  EXPECT_EQ(sum(0), (std::vector<std::int32_t>{512, 0, 512}));
  EXPECT_EQ(sum(1), (std::vector<std::int32_t>{307, 410, 0}));
  EXPECT_EQ(sum(2), (std::vector<std::int32_t>{-307, 0, 410}));
  EXPECT_EQ(std::vector<std::uint32_t>(signature.Samples(0).begin(), signature.Samples(0).end()),
            (std::vector<std::uint32_t>{0, 4}));
  std::array<double, 3> mean = {};
  signature.Mean(0, mean);
  EXPECT_EQ(mean, (std::array<double, 3>{0.5, 0, 0.5}));
  EXPECT_EQ(signature.Find({2, 0}), 2U);
  EXPECT_EQ(signature.Find({2, 1}), std::nullopt);
  EXPECT_EQ(signature.TotalMean(), (std::vector<double>{512.0 / 2048, 410.0 / 2048, 922.0 / 2048}));
  // E[xz] = (0 + 0 + 0 - 307 * 410) / 4 units^2.
  EXPECT_DOUBLE_EQ(signature.Covariance()[2], -307.0 * 410 / 4 / 512 / 512 - 512.0 / 2048 * 922 / 2048);
  EXPECT_EQ(signature.Covariance()[2], signature.Covariance()[6]);
}

TEST(EmbeddingSignature, ComesBackFromItsFile) {
  base::Random random(1);
  for (const std::size_t dims : {1U, 3U, 40U, 200U}) {
    const EmbeddingSignature signature = Build(RandomSamples(random, dims));
    const base::TemporaryFolder folder;
    ASSERT_TRUE(signature.Write(folder.File("s.stemma")).ok());
    const auto read = EmbeddingSignature::Read(folder.File("s.stemma"));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->metadata(), signature.metadata());
    EXPECT_EQ(read->space(), signature.space());
    EXPECT_EQ(read->digest(), signature.digest());
    EXPECT_EQ(read->Covariance(), signature.Covariance());
    EXPECT_EQ(read->TotalMean(), signature.TotalMean());
    EXPECT_EQ(read->Serialize(), signature.Serialize());
    EXPECT_TRUE(EmbeddingSignature::IsEmbeddingSignature(folder.Read("s.stemma")));
  }
}

TEST(EmbeddingSignature, DoesNotDependOnOrderTypeOrLengthOfVectors) {
  base::Random random(2);
  std::vector<Sample> samples = RandomSamples(random, 100);
  for (Sample& sample : samples) {
    for (double& value : sample.vector) value = static_cast<double>(static_cast<float>(value));
  }
  const std::string bytes = Build(samples).Serialize();
  for (int round = 0; round < 5; ++round) {
    random.Shuffle(std::span(samples));
    EmbeddingSignatureBuilder builder = Builder(100);
    for (const Sample& sample : samples) {
      std::vector<float> narrow;
      for (const double value : sample.vector) narrow.push_back(static_cast<float>(std::ldexp(value, round)));
      ASSERT_TRUE(builder.Add(sample.prompt, sample.sample, narrow).ok());
    }
    EXPECT_EQ(builder.Build(Metadata())->Serialize(), bytes);
  }
}

TEST(EmbeddingSignature, OfDisjointPartsMergesToThatOfTheWhole) {
  base::Random random(3);
  for (int round = 0; round < 40; ++round) {
    const std::vector<Sample> samples = RandomSamples(random, 70);
    std::vector<std::vector<Sample>> split(1 + random.Below(4));
    for (const Sample& sample : samples) split[random.Below(split.size())].push_back(sample);
    std::erase_if(split, [](const auto& part) { return part.empty(); });
    std::vector<EmbeddingSignature> parts;
    for (const auto& part : split) parts.push_back(Build(part));
    random.Shuffle(std::span(parts));
    const auto merged = EmbeddingSignature::Merge(parts);
    ASSERT_TRUE(merged.ok()) << merged.status();
    ASSERT_EQ(merged->Serialize(), Build(samples).Serialize());
    ASSERT_EQ(merged->digest(), Build(samples).digest());
  }
}

TEST(EmbeddingSignature, RefusesToMergeWhatIsNoWhole) {
  const EmbeddingSignature one = Build(Samples());
  EXPECT_EQ(EmbeddingSignature::Merge({}).status().message(),
            "merging needs at least one embedding signature, got none");
  EXPECT_EQ(EmbeddingSignature::Merge(std::vector{one, one}).status().message(),
            "curlew-3: sample 0 of prompt 00000000000000000000000000000009 is in two of the parts");
  ModelMetadata other = Metadata();
  other.model = "rail";
  EXPECT_EQ(EmbeddingSignature::Merge(std::vector{one, Build(Samples(), {}, other)}).status().message(),
            "parts of different models: curlew-3 and rail");
  other = Metadata();
  other.licence = "MIT";
  EXPECT_EQ(EmbeddingSignature::Merge(std::vector{one, Build(Samples(), {}, other)}).status().message(),
            "curlew-3: the parts' metadata differ");
  EXPECT_EQ(EmbeddingSignature::Merge(std::vector{one, Build(Samples(), {.fraction_bits = 8})}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// One distinct error a cause, naming both values: never a comparison of what cannot be compared.
TEST(EmbeddingSignature, SaysWhyTwoCannotBeCompared) {
  base::Random random(4);
  const std::vector<Sample> samples = RandomSamples(random, 80);
  const EmbeddingSpace space = Build(samples).space();
  const auto against = [&](const EmbeddingSignature& other) {
    const absl::Status status = CheckComparable(space, other.space());
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return std::string(status.message());
  };
  EXPECT_TRUE(CheckComparable(space, Build(samples).space()).ok());
  EXPECT_EQ(against(Build(samples, {}, Metadata(), {"other", {1, 2}})),
            "vectors of different embedders cannot be compared: made-up and other");
  EXPECT_EQ(against(Build(samples, {}, Metadata(), {"made-up", {1, 3}})),
            "vectors of different versions of the embedder made-up cannot be compared: "
            "00000000000000010000000000000002 and 00000000000000010000000000000003");
  EXPECT_EQ(against(Build(RandomSamples(random, 81))), "embeddings of 80 and of 81 dimensions cannot be compared");
  EXPECT_EQ(against(Build(samples, {.reduction = EmbeddingReduction::kLeading})),
            "embeddings reduced in different ways cannot be compared: random signs and leading dimensions");
  EXPECT_EQ(against(Build(samples, {.dims = 32})), "embeddings stored in 64 and in 32 dimensions cannot be compared");
  EXPECT_EQ(against(Build(samples, {.fraction_bits = 8})), "embeddings rounded to 9 and to 8 bits cannot be compared");
}

TEST(EmbeddingSignature, NamesPromptAndSampleOfWhatItRefuses) {
  EmbeddingSignatureBuilder builder = Builder(2);
  const auto add = [&](std::uint32_t sample, const std::vector<double>& vector) {
    return std::string(builder.Add({0, 1}, sample, vector).message());
  };
  const std::string prompt = "prompt 00000000000000000000000000000001, sample ";
  EXPECT_EQ(builder.Build(Metadata()).status().message(), "an embedding signature needs at least one vector, got none");
  EXPECT_EQ(add(3, {1, 2, 3}), prompt + "3: a vector of 3 numbers; those of made-up have 2");
  EXPECT_EQ(add(3, {1, NAN}), prompt + "3, column 1: nan; an embedding's numbers must be finite");
  EXPECT_EQ(add(3, {0, 0}), prompt + "3: all 2 numbers are 0; an embedding must have a direction (leave the response out)");
  EXPECT_EQ(add(3, {1, 2}), "");
  EXPECT_EQ(add(3, {1, 2}), "sample 3 of prompt 00000000000000000000000000000001 was added twice");
  EmbeddingSignatureBuilder leading = Builder(3, {.dims = 1, .reduction = EmbeddingReduction::kLeading});
  EXPECT_EQ(leading.Add({0, 1}, 0, std::vector<double>{0, 1, 2}).message(),
            prompt + "0: nothing is left of the vector in the 1 dimensions that are kept (leading dimensions)");
}

TEST(EmbeddingReducer, RefusesOptionsOutOfRange) {
  const auto error = [](std::size_t input_dims, const EmbeddingOptions& options) {
    return std::string(EmbeddingReducer::Create(kId, input_dims, options).status().message());
  };
  EXPECT_EQ(error(0, {}), "an embedder's dimensions must be in [1, 65536], got 0");
  EXPECT_EQ(error(4, {.dims = 0}), "stored dimensions must be in [1, 1024], got 0");
  EXPECT_EQ(error(4, {.dims = 1025}), "stored dimensions must be in [1, 1024], got 1025");
  EXPECT_EQ(error(4, {.fraction_bits = 2}), "fraction bits must be in [3, 14], got 2");
  EXPECT_EQ(error(4, {.fraction_bits = 15}), "fraction bits must be in [3, 14], got 15");
}

// The header's bounds. By the worst case no cosine may be off by more than u sqrt(d); the standard deviation of 4,000
// errors lies within a tenth of the true one but for a probability below 1e-8 (its own relative deviation is 1 / 89).
TEST(EmbeddingReducer, RoundsWithinTheStatedError) {
  base::Random random(5);
  for (const unsigned bits : {5U, 9U}) {
    const auto reducer = EmbeddingReducer::Create(kId, 64, {.fraction_bits = bits}).value();
    const double unit = reducer.space().unit();
    double squares = 0;
    for (int k = 0; k < 4000; ++k) {
      const std::vector<double> a = RandomVector(random, 64), b = RandomVector(random, 64);
      const double error = Cosine(Reduced(reducer, a), Reduced(reducer, b)) - Cosine(a, b);
      ASSERT_LE(std::fabs(error), unit * std::sqrt(64.0));
      squares += error * error;
    }
    EXPECT_LE(std::sqrt(squares / 4000), 1.1 * unit / std::sqrt(6.0));
    EXPECT_GE(std::sqrt(squares / 4000), 0.8 * unit / std::sqrt(6.0));
  }
}

// Random signs keep cosines but for (1 - c^2) / sqrt(dims): the mean square of 2,000 errors, of pairs that share half of
// their variance. Its relative deviation is sqrt(2 / 2000) = .03, and all pairs share the same signs of 512 dimensions.
TEST(EmbeddingReducer, ProjectsWithTheStatedError) {
  base::Random random(6);
  const auto reducer = EmbeddingReducer::Create(kId, 512, {.fraction_bits = 14}).value();
  double squares = 0, mean = 0;
  for (int k = 0; k < 2000; ++k) {
    const std::vector<double> a = RandomVector(random, 512), noise = RandomVector(random, 512);
    std::vector<double> b = a;
    for (std::size_t d = 0; d < b.size(); ++d) b[d] += noise[d];
    const double error = Cosine(Reduced(reducer, a), Reduced(reducer, b)) - Cosine(a, b);
    squares += error * error;
    mean += error / 2000;
  }
  EXPECT_NEAR(std::sqrt(squares / 2000), 0.5 / 8, 0.01);
  EXPECT_NEAR(mean, 0, 0.01);
}

TEST(EmbeddingReducer, KeepsTheFirstDimensionsOfMore) {
  base::Random random(7);
  const std::vector<double> vector = RandomVector(random, 100);
  const auto few = EmbeddingReducer::Create(kId, 100, {.dims = 20, .fraction_bits = 14}).value();
  const auto more = EmbeddingReducer::Create(kId, 100, {.dims = 50, .fraction_bits = 14}).value();
  std::vector<double> first = Reduced(more, vector);
  first.resize(20);
  EXPECT_GT(Cosine(Reduced(few, vector), first), 0.99999);
  const auto leading = EmbeddingReducer::Create(kId, 100, {.dims = 20, .reduction = EmbeddingReduction::kLeading}).value();
  EXPECT_GT(Cosine(Reduced(leading, vector), {vector.begin(), vector.begin() + 20}), 0.999);
}

// Squares of such numbers would be infinite or zero.
TEST(EmbeddingReducer, TakesVectorsOfAnyLength) {
  const auto reducer = EmbeddingReducer::Create(kId, 2, {}).value();
  for (const double length : {1e-320, 1e-200, 1.0, 1e200, 1e307}) {
    EXPECT_EQ(Reduced(reducer, {0, length}), (std::vector<double>{0, 512})) << length;
  }
  EXPECT_EQ(Reduced(reducer, {3e250, -4e250}), (std::vector<double>{307, -410}));
}

TEST(EmbeddingSignature, RefusesEveryChangedByteAndTruncation) {
  const std::string bytes = Build(Samples()).Serialize();
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    std::string changed = bytes;
    changed[k] = static_cast<char>(changed[k] ^ 0x41);
    const auto parsed = EmbeddingSignature::Parse(changed, "s");
    if (parsed.ok()) {
      ASSERT_EQ(parsed->Serialize(), bytes) << k;  // padding
    }
    ASSERT_FALSE(EmbeddingSignature::Parse(bytes.substr(0, k), "s").ok()) << k;
  }
}

// What a checksum cannot see: sections that are whole but contradict each other.
TEST(EmbeddingSignature, RefusesSectionsThatContradictEachOther) {
  const std::string bytes = Build(Samples()).Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, "s");
  ASSERT_TRUE(file.ok());
  const auto with = [&](std::string_view section, const std::string& content) {
    return EmbeddingSignature::Parse(WithSection(bytes, section, content), "s").status().code();
  };
  for (const char* section : {"SPACE", "PROMPTS", "SUMS", "MOMENTS"}) {
    const std::string content(file->Section(section).value());
    EXPECT_EQ(with(section, content), absl::StatusCode::kOk);
    EXPECT_EQ(with(section, ""), absl::StatusCode::kDataLoss) << section;
    EXPECT_EQ(with(section, content + content), absl::StatusCode::kDataLoss) << section;
    for (std::size_t size = 0; size < content.size(); ++size) {
      EXPECT_EQ(with(section, content.substr(0, size)), absl::StatusCode::kDataLoss) << section << " " << size;
    }
    // Any other bytes: refused, or a signature that keeps what it promises.
    base::Random random(8);
    for (int round = 0; round < 1000; ++round) {
      std::string noise = content;
      for (int k = 0; k < 2; ++k) noise[random.Below(noise.size())] = static_cast<char>(random.Below(256));
      const auto parsed = EmbeddingSignature::Parse(WithSection(bytes, section, noise), "s");
      if (!parsed.ok()) continue;
      for (std::size_t row = 0; row < parsed->rows().size(); ++row) {
        ASSERT_TRUE(std::ranges::is_sorted(parsed->Samples(row)));
        ASSERT_GE(parsed->rows()[row].samples, 1U);
      }
      ASSERT_EQ(parsed->Covariance().size(), parsed->covariance_dims() * parsed->covariance_dims());
    }
  }
  std::string space(file->Section("SPACE").value());
  space[24] = 3;
  EXPECT_EQ(with("SPACE", space), absl::StatusCode::kUnimplemented);
}

TEST(EmbeddingSignature, RefusesOtherFiles) {
  EXPECT_EQ(EmbeddingSignature::Parse("text", "s").status().message(), "s: not an embeddings file of stemma");
  EXPECT_FALSE(EmbeddingSignature::IsEmbeddingSignature("text"));
  base::SectionedFileWriter panel(base::FileKind::kEmbeddings);
  panel.Add("DIRECTNS", "");
  EXPECT_EQ(EmbeddingSignature::Parse(panel.Finish(), "s").status().message(),
            "s: not the embedding signature of one model");
}

// Files of this format stay readable in every later version. With STEMMA_WRITE_VECTORS set the file is written anew, which
// is right only before a release.
TEST(EmbeddingSignature, ReadsTheFileOfVersionOne) {
  const std::string path = STEMMA_SOURCE_DIR "/tests/vectors/v1/embedding_signature.stemma";
  base::Random random(9);
  std::vector<Sample> samples = RandomSamples(random, 48);
  const EmbeddingSignature now = Build(samples, {.dims = 40});
  if (std::getenv("STEMMA_WRITE_VECTORS") != nullptr) {
    ASSERT_TRUE(now.Write(path).ok());
  }
  const auto read = EmbeddingSignature::Read(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToHex(read->digest()), "6a4107ad357f880df4c425359eb94b93");
  EXPECT_EQ(read->Serialize(), now.Serialize());
}

}  // namespace
}  // namespace stemma
