// `Signature::Merge` against signing everything at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "stemma/signature.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma {
namespace {

ModelMetadata Metadata() {
  ModelMetadata metadata;
  metadata.model = "dunlin-7";
  metadata.organisation = "Aviary";
  metadata.lineage = {{"finetuned_from", "Knot", "knot", "high", "its card"}};
  return metadata;
}

Vocabulary Styled() { return MadeVocabulary("filler", NumberedStyleFeatures(20, 20)); }

Signature Sign(const std::vector<AnswerFeatures>& answers, const ModelMetadata& metadata = Metadata(),
               const Vocabulary& vocabulary = Styled()) {
  SignatureBuilder builder(vocabulary);
  for (const AnswerFeatures& answer : answers) EXPECT_TRUE(builder.Add(answer).ok());
  return builder.Build(metadata).value();
}

template <typename Number>
std::vector<Number> RandomSet(base::Random& random, std::size_t size, std::uint64_t limit) {
  std::vector<Number> set;
  for (std::size_t k = 0; k < size; ++k) set.push_back(static_cast<Number>(random.Below(limit)));
  std::ranges::sort(set);
  set.erase(std::ranges::unique(set).begin(), set.end());
  return set;
}

// Up to six samples a prompt that share most n-grams; answers without any among them.
std::vector<AnswerFeatures> RandomAnswers(base::Random& random) {
  std::vector<AnswerFeatures> answers;
  const std::size_t prompts = 1 + random.Below(8);
  for (std::size_t p = 0; p < prompts; ++p) {
    const std::size_t samples = 1 + random.Below(6);
    for (std::size_t s = 0; s < samples; ++s) {
      AnswerFeatures& answer = answers.emplace_back();
      answer.prompt = {p % 2, Mix64(p)};
      answer.digest = {static_cast<std::uint32_t>(10 * s + random.Below(10)), random.Next64(), random.Below(3)};
      answer.tokens = random.Below(500);
      answer.code_points = random.Below(3000);
      answer.grams = RandomSet<std::uint32_t>(random, random.Below(30), random.Below(2) == 0 ? 40 : 1U << kGramBits);
      answer.style = RandomSet<std::uint16_t>(random, random.Below(15), 40);
    }
  }
  return answers;
}

Signature Merged(const std::vector<Signature>& parts) {
  auto merged = Signature::Merge(parts);
  EXPECT_TRUE(merged.ok()) << merged.status();
  return *std::move(merged);
}

// Merges groups of the parts, and groups of what comes out, until one is left.
Signature MergedInRandomGroups(base::Random& random, std::vector<Signature> parts) {
  while (parts.size() > 1) {
    random.Shuffle(std::span(parts));
    std::vector<Signature> next;
    for (std::size_t first = 0; first < parts.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random.Below(3), parts.size() - first);
      next.push_back(Merged({parts.begin() + static_cast<std::ptrdiff_t>(first),
                             parts.begin() + static_cast<std::ptrdiff_t>(first + size)}));
      first += size;
    }
    parts = std::move(next);
  }
  return parts.front();
}

// Answers dealt out to parts, whole prompts to one part or each sample to any, at random; empty parts are dropped.
std::vector<Signature> RandomParts(base::Random& random, const std::vector<AnswerFeatures>& answers, bool by_prompt) {
  std::vector<std::vector<AnswerFeatures>> parts(1 + random.Below(7));
  const std::uint64_t salt = random.Next64();
  for (const AnswerFeatures& answer : answers) {
    const std::uint64_t part = by_prompt ? Mix64(answer.prompt.low ^ salt) : random.Next64();
    parts[part % parts.size()].push_back(answer);
  }
  std::vector<Signature> signatures;
  for (const auto& part : parts) {
    if (!part.empty()) signatures.push_back(Sign(part));
  }
  return signatures;
}

// Bit for bit, whatever the order and the grouping: merging commutes and associates.
TEST(Merge, GivesTheBytesOfSigningAllAtOnce) {
  base::Random random(1);
  std::size_t several = 0;
  for (int round = 0; round < 300; ++round) {
    const std::vector<AnswerFeatures> answers = RandomAnswers(random);
    const Signature whole = Sign(answers);
    std::vector<Signature> parts = RandomParts(random, answers, round % 2 == 0);
    several += parts.size() > 2;
    random.Shuffle(std::span(parts));
    const Signature merged = Merged(parts);
    ASSERT_EQ(merged.Serialize(), whole.Serialize()) << round;
    ASSERT_EQ(merged.digest(), whole.digest());
    ASSERT_EQ(merged.responses(), answers.size());
    ASSERT_EQ(MergedInRandomGroups(random, parts).Serialize(), whole.Serialize()) << round;
  }
  EXPECT_GT(several, 100U);
}

// Parts that have been to a file and back, as those of another machine.
TEST(Merge, TakesPartsFromFiles) {
  base::Random random(2);
  for (int round = 0; round < 20; ++round) {
    const std::vector<AnswerFeatures> answers = RandomAnswers(random);
    std::vector<Signature> parts;
    for (const Signature& part : RandomParts(random, answers, false)) {
      parts.push_back(Signature::Parse(part.Serialize(), "part").value());
    }
    const Signature merged = Merged(parts);
    ASSERT_EQ(merged.Serialize(), Sign(answers).Serialize());
    ASSERT_EQ(Signature::Parse(merged.Serialize(), "whole")->digest(), merged.digest());
  }
}

TEST(Merge, GivesBackASinglePart) {
  base::Random random(3);
  const Signature signature = Sign(RandomAnswers(random));
  EXPECT_EQ(Merged({signature}).Serialize(), signature.Serialize());
}

// Texts, through the tokenizer: a text of one part weighs as in the whole.
TEST(Merge, GivesTheBytesOfSigningTextsAtOnce) {
  const Vocabulary vocabulary = MadeVocabulary("filler", MadeStyleFeatures());
  AnswerAnalyzer analyzer(vocabulary);
  const std::vector<AnswerFeatures> answers = {analyzer.Analyze({1, 1}, 0, "The dunlin is small. It is grey."),
                                               analyzer.Analyze({1, 1}, 1, "- The dunlin\n- The knot and their kin"),
                                               analyzer.Analyze({1, 2}, 0, ""), analyzer.Analyze({0, 7}, 5, "Yes.")};
  const Signature whole = Sign(answers, Metadata(), vocabulary);
  std::vector<Signature> parts;
  for (const AnswerFeatures& answer : answers) parts.push_back(Sign({answer}, Metadata(), vocabulary));
  EXPECT_EQ(Merged(parts).Serialize(), whole.Serialize());
}

// A file's sections, with one changed, or left out where there is no content.
Signature Changed(const Signature& signature, std::string_view section, const std::string& content) {
  const std::string bytes = signature.Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  base::SectionedFileWriter writer(base::FileKind::kSignature);
  for (const auto& entry : file->sections()) {
    if (entry.name == section && content.empty()) continue;
    writer.Add(entry.name, entry.name == section ? content : std::string(entry.bytes));
  }
  return Signature::Parse(writer.Finish(), "s").value();
}

Signature WithoutStyle(const Signature& signature) { return Changed(signature, "STYLE_A", ""); }

// Signatures of before there was style merge among themselves.
TEST(Merge, MergesPartsWithoutStyle) {
  base::Random random(4);
  const std::vector<AnswerFeatures> answers = RandomAnswers(random);
  std::vector<Signature> parts;
  for (const AnswerFeatures& answer : answers) parts.push_back(WithoutStyle(Sign({answer})));
  const Signature merged = Merged(parts);
  EXPECT_FALSE(merged.has_style());
  EXPECT_EQ(merged.Serialize(), WithoutStyle(Sign(answers)).Serialize());
}

AnswerFeatures Answer(std::uint64_t prompt, std::uint32_t sample) {
  AnswerFeatures answer;
  answer.prompt = {0, prompt};
  answer.digest.sample = sample;
  answer.tokens = 3;
  answer.grams = {7, 9};
  answer.style = {2};
  return answer;
}

absl::Status StatusOf(const std::vector<Signature>& parts) { return Signature::Merge(parts).status(); }

TEST(Merge, RefusesNothing) {
  EXPECT_EQ(StatusOf({}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(StatusOf({}).message(), "merging needs at least one signature, got none");
}

// To count an answer twice would change every share.
TEST(Merge, RefusesASampleThatTwoPartsHold) {
  const absl::Status status =
      StatusOf({Sign({Answer(1, 0), Answer(5, 3)}), Sign({Answer(1, 1)}), Sign({Answer(5, 3), Answer(6, 0)})});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "dunlin-7: sample 3 of prompt 00000000000000000000000000000005 is in two of the parts");
  const Signature part = Sign({Answer(1, 0)});
  EXPECT_EQ(StatusOf({part, part}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(StatusOf({part, Sign({Answer(1, 1)}), Sign({Answer(2, 0)})}).ok());
}

TEST(Merge, RefusesPartsOfDifferentModels) {
  ModelMetadata other = Metadata();
  other.model = "knot";
  absl::Status status = StatusOf({Sign({Answer(1, 0)}), Sign({Answer(2, 0)}, other)});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "parts of different models: dunlin-7 and knot");
  other = Metadata();
  other.lineage.clear();
  status = StatusOf({Sign({Answer(1, 0)}), Sign({Answer(2, 0)}, other)});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "dunlin-7: the parts' metadata differ");
}

// One error a cause, with both values.
TEST(Merge, RefusesPartsThatCannotBeCompared) {
  const Signature first = Sign({Answer(1, 0)});
  const Signature second = Sign({Answer(2, 0)});
  const Vocabulary other = MadeVocabulary("other", NumberedStyleFeatures(20, 20));
  absl::Status status = StatusOf({first, Sign({Answer(2, 0)}, Metadata(), other)});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "dunlin-7: parts made with vocabularies " + ToHex(Styled().digest()) + " and " + ToHex(other.digest()));

  status = StatusOf({first, WithoutStyle(second)});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "dunlin-7: one part holds features of style, another does not");
  EXPECT_EQ(StatusOf({WithoutStyle(first), second}).code(), absl::StatusCode::kFailedPrecondition);

  const std::string bytes = second.Serialize();
  std::string options(base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s")->Section("OPTIONS").value());
  options[16] = static_cast<char>(kTokenizerVersion + 1);
  status = StatusOf({first, Changed(second, "OPTIONS", options)});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "dunlin-7: parts made with tokenizer versions 1 and 2");
}

}  // namespace
}  // namespace stemma
