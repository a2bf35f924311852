#include "stemma/embedding_panel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/with_section.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

using Vectors = std::vector<std::pair<std::uint64_t, std::vector<double>>>;  // by prompt

EmbeddingSignature Signature(const std::string& model, const Vectors& vectors, const std::string& group = "",
                             const EmbeddingOptions& options = {.fraction_bits = 14}) {
  EmbeddingSignatureBuilder builder(EmbeddingReducer::Create({"made-up", {1, 2}}, vectors[0].second.size(), options).value());
  for (const auto& [prompt, vector] : vectors) EXPECT_TRUE(builder.Add({0, prompt}, 0, vector).ok());
  ModelMetadata metadata;
  metadata.model = model;
  metadata.group = group;
  return builder.Build(metadata).value();
}

absl::StatusOr<EmbeddingPanel> Build(const std::vector<EmbeddingSignature>& signatures,
                                     const EmbeddingPanelOptions& options = {}) {
  std::vector<const EmbeddingSignature*> pointers;
  for (const EmbeddingSignature& signature : signatures) pointers.push_back(&signature);
  return EmbeddingPanel::Build(pointers, options);
}

std::vector<int> Codes(const EmbeddingPanel& panel, std::size_t model, std::size_t prompt) {
  const auto direction = panel.Direction(model, prompt);
  return {direction.begin(), direction.end()};
}

// Models of some groups, that left out some prompts.
std::vector<EmbeddingSignature> RandomSignatures(base::Random& random, std::size_t models, std::size_t prompts,
                                                 std::size_t dims) {
  std::vector<EmbeddingSignature> signatures;
  for (std::size_t m = 0; m < models; ++m) {
    Vectors vectors;
    for (std::size_t p = 0; p < prompts; ++p) {
      if (p > 1 && random.Below(5) == 0) continue;
      std::vector<double>& vector = vectors.emplace_back(p, std::vector<double>(dims)).second;
      for (double& value : vector) value = 2 * random.Uniform() - 1;
    }
    signatures.push_back(Signature(std::string(1, static_cast<char>('a' + m)), vectors, std::string(1, "uvw"[m % 3])));
  }
  return signatures;
}

// By hand: a and b are one group and weigh a half each, c weighs 1. The centre of prompt 1 is
// (.5 (1, 0) + .5 (1, 0) + (0, 1)) / 2 = (.5, .5); prompt 2 was answered by a and c, its centre is (1/3, 2/3).
TEST(EmbeddingPanel, HoldsDirectionsFromCentresOfGroups) {
  const auto panel = Build({Signature("c", {{1, {0, 1}}, {2, {0, 1}}}, "g"), Signature("a", {{1, {1, 0}}, {2, {1, 0}}}, "f"),
                            Signature("b", {{1, {2, 0}}, {3, {1, 1}}}, "f")});
  ASSERT_TRUE(panel.ok()) << panel.status();
  ASSERT_EQ(panel->models().size(), 3U);
  EXPECT_EQ(panel->models()[0].name, "a");
  ASSERT_EQ(panel->prompts().size(), 2U);  // the third was answered by one model
  EXPECT_EQ(panel->prompts()[1], (Hash128{0, 2}));
  EXPECT_EQ(Codes(*panel, 0, 0), (std::vector<int>{7, -7}));
  EXPECT_EQ(Codes(*panel, 1, 0), (std::vector<int>{7, -7}));
  EXPECT_EQ(Codes(*panel, 2, 0), (std::vector<int>{-7, 7}));
  EXPECT_EQ(Codes(*panel, 0, 1), (std::vector<int>{7, -7}));
  EXPECT_FALSE(panel->Answered(1, 1));
  EXPECT_EQ(Codes(*panel, 1, 1), (std::vector<int>{0, 0}));
  std::vector<double> direction;
  const EmbeddingSignature candidate = Signature("x", {{2, {1, 0}}});
  panel->DirectionOf(candidate, 0, 1, direction);
  EXPECT_NEAR(direction[0], 2.0 / 3, 1e-4);
  EXPECT_NEAR(direction[1], -2.0 / 3, 1e-4);
}

// One maker's models of no documented group are one voice, as in scores: a and b weigh a half each.
TEST(EmbeddingPanel, TakesMakersForGroups) {
  std::vector<EmbeddingSignature> signatures = {Signature("a", {{1, {1, 0}}}), Signature("b", {{1, {1, 0}}}),
                                                Signature("c", {{1, {0, 1}}})};
  for (std::size_t m = 0; m < 2; ++m) {
    ModelMetadata metadata = signatures[m].metadata();
    metadata.organisation = "maker";
    signatures[m].set_metadata(metadata);
  }
  const auto panel = Build(signatures);
  ASSERT_TRUE(panel.ok()) << panel.status();
  std::vector<double> direction;
  panel->DirectionOf(signatures[0], 0, 0, direction);
  EXPECT_NEAR(direction[0], 0.5, 1e-4);
  EXPECT_NEAR(direction[1], -0.5, 1e-4);
}

TEST(EmbeddingPanel, GivesDegenerateModelsNoSay) {
  ModelMetadata metadata;
  metadata.model = "d";
  metadata.degenerate = true;
  std::vector<EmbeddingSignature> signatures = {Signature("a", {{1, {1, 0}}}), Signature("b", {{1, {0, 1}}}),
                                                Signature("d", {{1, {-1, 0}}, {2, {1, 0}}})};
  signatures[2].set_metadata(metadata);
  const auto panel = Build(signatures);
  ASSERT_TRUE(panel.ok()) << panel.status();
  EXPECT_EQ(panel->prompts().size(), 1U);
  EXPECT_EQ(Codes(*panel, 0, 0), (std::vector<int>{7, -7}));
  EXPECT_EQ(Codes(*panel, 2, 0), (std::vector<int>{-7, -2}));  // (-1.5, -.5)
}

// One embedding signature a model of a panel, whatever its own metadata say.
std::vector<EmbeddingSignature> SignaturesBeside(const Panel& panel) {
  std::vector<EmbeddingSignature> signatures;
  for (const PanelModel& model : panel.models()) {
    const auto place = static_cast<double>(signatures.size());
    signatures.push_back(Signature(model.metadata.model, {{1, {1, place}}}, "another group"));
  }
  return signatures;
}

TEST(EmbeddingPanel, KnowsThePanelThatItStandsBeside) {
  oracle::World world = RandomWorld(1);
  const auto panel = Panel::Build(SignaturesOf(world), MadeVocabulary());
  ASSERT_TRUE(panel.ok()) << panel.status();
  const std::vector<EmbeddingSignature> signatures = SignaturesBeside(*panel);
  const auto embeddings = EmbeddingPanel::Build(*panel, signatures, {});
  ASSERT_TRUE(embeddings.ok()) << embeddings.status();
  EXPECT_EQ(embeddings->population(), PopulationDigest(*panel));
  EXPECT_TRUE(EmbeddingPanel::Parse(embeddings->Serialize(), "s")->CheckBeside(*panel).ok());
  // The panel's groups, not the signatures' own.
  EXPECT_NE(embeddings->digest(), Build(signatures)->digest());
  // Another group of one model, and other answers of one.
  world.models[0].group = "group1";
  const auto other_group = Panel::Build(SignaturesOf(world), MadeVocabulary());
  const absl::Status refused = embeddings->CheckBeside(*other_group);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  for (const Panel* named : {&*panel, &*other_group}) {
    EXPECT_NE(refused.message().find(ToHex(PopulationDigest(*named))), absl::string_view::npos) << refused;
  }
  world.models[0].group = "group0";
  world.answers[0].erase(world.answers[0].begin());
  EXPECT_FALSE(embeddings->CheckBeside(*Panel::Build(SignaturesOf(world), MadeVocabulary())).ok());
}

TEST(EmbeddingPanel, IsOfAllThePanelsModelsAndOfNoOthers) {
  const auto panel = Panel::Build(SignaturesOf(RandomWorld(1)), MadeVocabulary());
  std::vector<EmbeddingSignature> signatures = SignaturesBeside(*panel);
  const EmbeddingSignature first = signatures.front();
  signatures.erase(signatures.begin());
  EXPECT_EQ(EmbeddingPanel::Build(*panel, signatures, {}).status().message(), "of the panel's model m000 there are no embeddings");
  signatures.push_back(Signature("x", {{1, {1, 0}}}));
  EXPECT_EQ(EmbeddingPanel::Build(*panel, signatures, {}).status().message(),
            "the panel has no model x, of which there are embeddings");
  signatures.back() = first;
  signatures.push_back(first);
  EXPECT_EQ(EmbeddingPanel::Build(*panel, signatures, {}).status().message(), "two of the embedding signatures are of model m000");
}

TEST(EmbeddingPanel, ComesBackFromItsFile) {
  base::Random random(1);
  for (const unsigned bits : {2U, 4U, 7U, 8U}) {
    const auto panel = Build(RandomSignatures(random, 7, 30, 19), {.dims = 13, .bits = bits});
    ASSERT_TRUE(panel.ok()) << panel.status();
    const base::TemporaryFolder folder;
    ASSERT_TRUE(panel->Write(folder.File("p.stemma")).ok());
    const auto read = EmbeddingPanel::Read(folder.File("p.stemma"));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->space(), panel->space());
    EXPECT_EQ(read->dims(), 13U);
    EXPECT_EQ(read->bits(), bits);
    EXPECT_EQ(read->digest(), panel->digest());
    EXPECT_TRUE(std::ranges::equal(read->models(), panel->models()));
    EXPECT_TRUE(std::ranges::equal(read->prompts(), panel->prompts()));
    for (std::size_t m = 0; m < 7; ++m) {
      for (std::size_t p = 0; p < panel->prompts().size(); ++p) {
        ASSERT_EQ(read->Answered(m, p), panel->Answered(m, p));
        ASSERT_EQ(Codes(*read, m, p), Codes(*panel, m, p));
      }
    }
    EXPECT_EQ(read->Serialize(), panel->Serialize());
    EXPECT_TRUE(EmbeddingPanel::IsEmbeddingPanel(panel->Serialize()));
    EXPECT_FALSE(EmbeddingSignature::IsEmbeddingSignature(panel->Serialize()));
  }
}

TEST(EmbeddingPanel, DoesNotDependOnTheOrderOfSignatures) {
  base::Random random(2);
  std::vector<EmbeddingSignature> signatures = RandomSignatures(random, 6, 20, 8);
  const std::string bytes = Build(signatures)->Serialize();
  for (int round = 0; round < 4; ++round) {
    random.Shuffle(std::span(signatures));
    EXPECT_EQ(Build(signatures)->Serialize(), bytes);
  }
}

// The header's angles: about .1 at 4 bits and .006 at 8, for numbers that are spread like normal ones. The mean of 400
// angles lies within a tenth of its expectation, of which one angle deviates by some 15 %.
TEST(EmbeddingPanel, TurnsDirectionsByTheStatedAngle) {
  base::Random random(3);
  const auto normal = [&] {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += random.Uniform();
    return sum;
  };
  std::vector<EmbeddingSignature> signatures;
  for (int m = 0; m < 8; ++m) {
    Vectors vectors;
    for (std::uint64_t p = 0; p < 50; ++p) {
      std::vector<double>& vector = vectors.emplace_back(p, std::vector<double>(64)).second;
      for (double& value : vector) value = normal();
    }
    signatures.push_back(Signature(std::string(1, static_cast<char>('a' + m)), vectors));
  }
  for (const auto& [bits, angle] : {std::pair(4U, 0.1), std::pair(8U, 0.0057)}) {
    const auto panel = Build(signatures, {.bits = bits});
    double sum = 0;
    std::vector<double> direction;
    for (std::size_t m = 0; m < 8; ++m) {
      for (std::size_t p = 0; p < 50; ++p) {
        panel->DirectionOf(signatures[m], p, p, direction);
        double dot = 0, square_a = 0, square_b = 0;
        for (std::size_t d = 0; d < 64; ++d) {
          const double code = panel->Direction(m, p)[d];
          dot += direction[d] * code;
          square_a += direction[d] * direction[d];
          square_b += code * code;
        }
        sum += std::acos(dot / std::sqrt(square_a * square_b));
      }
    }
    EXPECT_NEAR(sum / 400, angle, angle / 10) << bits;
  }
}

TEST(EmbeddingPanel, RefusesSignaturesThatMakeNone) {
  const EmbeddingSignature a = Signature("a", {{1, {1, 0}}});
  const auto error = [](const std::vector<EmbeddingSignature>& signatures, const EmbeddingPanelOptions& options = {}) {
    return std::string(Build(signatures, options).status().message());
  };
  EXPECT_EQ(error({}), "an embedding panel needs at least one signature, got none");
  EXPECT_EQ(error({a, a}), "two of the embedding signatures are of model a");
  EXPECT_EQ(error({a, Signature("b", {{2, {1, 0}}})}), "no prompt was answered by two of the models");
  EXPECT_EQ(error({a}, {.dims = 0}), "an embedding panel's dimensions must be in [1, 1024], got 0");
  EXPECT_EQ(error({a}, {.bits = 1}), "an embedding panel's bits must be in [2, 8], got 1");
  EXPECT_EQ(error({a}, {.bits = 9}), "an embedding panel's bits must be in [2, 8], got 9");
  EXPECT_EQ(error({a, Signature("b", {{1, {1, 0}}}, "", {.fraction_bits = 8})}),
            "a and b: embeddings rounded to 14 and to 8 bits cannot be compared");
}

TEST(EmbeddingPanel, RefusesDamage) {
  base::Random random(4);
  const std::string bytes = Build(RandomSignatures(random, 4, 5, 3))->Serialize();
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    std::string changed = bytes;
    changed[k] = static_cast<char>(changed[k] ^ 0x41);
    const auto parsed = EmbeddingPanel::Parse(changed, "s");
    if (parsed.ok()) {
      ASSERT_EQ(parsed->Serialize(), bytes) << k;  // padding
    }
    ASSERT_FALSE(EmbeddingPanel::Parse(bytes.substr(0, k), "s").ok()) << k;
  }
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, "s");
  for (const char* section : {"SPACE", "POPULATN", "MODELS", "PROMPTS", "DIRECTNS"}) {
    const std::string content(file->Section(section).value());
    const auto with = [&](const std::string& other) {
      return EmbeddingPanel::Parse(WithSection(bytes, section, other), "s").status().code();
    };
    EXPECT_EQ(with(content), absl::StatusCode::kOk);
    EXPECT_EQ(with(content + content), absl::StatusCode::kDataLoss) << section;
    for (std::size_t size = 0; size < content.size(); ++size) {
      EXPECT_EQ(with(content.substr(0, size)), absl::StatusCode::kDataLoss) << section << " " << size;
    }
    for (int round = 0; round < 1000; ++round) {
      std::string noise = content;
      noise[random.Below(noise.size())] = static_cast<char>(random.Below(256));
      const auto parsed = EmbeddingPanel::Parse(WithSection(bytes, section, noise), "s");
      if (parsed.ok()) {
        ASSERT_EQ(parsed->Serialize(), WithSection(bytes, section, noise));  // one form for each content
      }
    }
  }
  EXPECT_EQ(EmbeddingPanel::Parse(Signature("a", {{1, {1, 0}}}).Serialize(), "s").status().message(),
            "s: an embedding signature where an embedding panel was expected");
}

// Files of this format stay readable in every later version. With STEMMA_WRITE_VECTORS set the file is written anew, which
// is right only before a release.
TEST(EmbeddingPanel, ReadsTheFileOfVersionOne) {
  const std::string path = STEMMA_SOURCE_DIR "/tests/vectors/v1/embedding_panel.stemma";
  base::Random random(5);
  const auto now = Build(RandomSignatures(random, 5, 9, 6));
  if (std::getenv("STEMMA_WRITE_VECTORS") != nullptr) {
    ASSERT_TRUE(now->Write(path).ok());
  }
  const auto read = EmbeddingPanel::Read(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ToHex(read->digest()), "e38ef764922cf96e1f418edb6d9f73c1");
  EXPECT_EQ(read->Serialize(), now->Serialize());
}

}  // namespace
}  // namespace stemma
