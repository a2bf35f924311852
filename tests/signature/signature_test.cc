#include "stemma/signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/hash.h"
#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/with_section.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma {
namespace {

struct Answer {
  Hash128 prompt;
  std::uint32_t sample = 0;
  std::string text;
};

// Three prompts; the second has two samples that share n-grams.
std::vector<Answer> Answers() {
  return {{{1, 5}, 0, "The migration of swallows begins in autumn, and it is long."},
          {{0, 9}, 0, "- Kingfishers dive.\n- Cormorants dry their wings."},
          {{0, 9}, 4, "- Kingfishers dive.\n- Cormorants swim."},
          {{2, 0}, 0, "Yes"}};
}

ModelMetadata Metadata() {
  ModelMetadata metadata;
  metadata.model = "wren-2";
  metadata.organisation = "Aviary";
  metadata.release = "2024-05";
  metadata.lineage = {{"distilled_from", "Owl", "owl", "high", "its card"}};
  return metadata;
}

Vocabulary Styled() { return MadeVocabulary("filler", MadeStyleFeatures()); }

Signature Build(const std::vector<Answer>& answers, const ModelMetadata& metadata = Metadata(),
                const Vocabulary& vocabulary = Styled()) {
  AnswerAnalyzer analyzer(vocabulary);
  SignatureBuilder builder(vocabulary);
  for (const Answer& answer : answers) {
    EXPECT_TRUE(builder.Add(analyzer.Analyze(answer.prompt, answer.sample, answer.text)).ok());
  }
  return builder.Build(metadata).value();
}

std::vector<GramCount> GramsOf(const Signature& signature, std::size_t row) {
  std::vector<GramCount> grams;
  signature.Grams(signature.rows()[row], grams);
  return grams;
}

std::vector<FeatureCount> StyleOf(const Signature& signature, std::size_t row) {
  std::vector<FeatureCount> style = {{9, 9}};  // must be replaced
  signature.Style(signature.rows()[row], style);
  return style;
}

void ExpectEqualNgramsAndAnswers(const Signature& a, const Signature& b) {
  ASSERT_EQ(a.rows().size(), b.rows().size());
  for (std::size_t k = 0; k < a.rows().size(); ++k) {
    const PromptRow& first = a.rows()[k];
    const PromptRow& second = b.rows()[k];
    EXPECT_EQ(first.prompt, second.prompt);
    EXPECT_EQ(first.samples, second.samples);
    EXPECT_EQ(first.tokens, second.tokens);
    EXPECT_EQ(first.code_points, second.code_points);
    EXPECT_TRUE(std::ranges::equal(a.Answers(first), b.Answers(second)));
    EXPECT_EQ(GramsOf(a, k), GramsOf(b, k));
  }
}

// Everything that a signature tells.
void ExpectEqual(const Signature& a, const Signature& b) {
  EXPECT_EQ(a.metadata(), b.metadata());
  EXPECT_EQ(a.vocabulary_digest(), b.vocabulary_digest());
  EXPECT_EQ(a.tokenizer_version(), b.tokenizer_version());
  EXPECT_EQ(a.digest(), b.digest());
  EXPECT_EQ(a.responses(), b.responses());
  ExpectEqualNgramsAndAnswers(a, b);
  EXPECT_EQ(a.has_style(), b.has_style());
  for (std::size_t k = 0; k < a.rows().size(); ++k) EXPECT_EQ(StyleOf(a, k), StyleOf(b, k));
}

TEST(Signature, HoldsARowForEachPrompt) {
  const Signature signature = Build(Answers());
  EXPECT_EQ(signature.responses(), 4U);
  ASSERT_EQ(signature.rows().size(), 3U);
  EXPECT_EQ(signature.rows()[0].prompt, (Hash128{0, 9}));  // sorted
  EXPECT_EQ(signature.rows()[1].prompt, (Hash128{1, 5}));
  EXPECT_EQ(signature.rows()[0].samples, 2U);
  EXPECT_EQ(signature.rows()[2].code_points, 3U);
  EXPECT_EQ(signature.rows()[2].tokens, 1U);
  EXPECT_EQ(signature.Find({1, 5}), 1U);
  EXPECT_EQ(signature.Find({1, 6}), std::nullopt);
  EXPECT_EQ(signature.Find({9, 9}), std::nullopt);
  const auto answers = signature.Answers(signature.rows()[0]);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].sample, 4U);
  EXPECT_EQ(answers[1].text_hash, base::Hash64("- Kingfishers dive.\n- Cormorants swim."));
}

TEST(Signature, CountsTheSamplesThatHoldAnNgram) {
  const Signature both = Build(Answers());
  const Signature one = Build({Answers()[1]});
  const Signature other = Build({Answers()[2]});
  const auto holds = [](const Signature& signature, std::uint32_t gram) {
    const std::vector<GramCount> grams = GramsOf(signature, 0);
    return std::ranges::find(grams, gram, &GramCount::gram) != grams.end();
  };
  std::size_t twice = 0;
  for (const GramCount& gram : GramsOf(both, 0)) {
    EXPECT_EQ(gram.samples, holds(one, gram.gram) + holds(other, gram.gram)) << gram.gram;
    twice += gram.samples == 2;
  }
  EXPECT_GT(twice, 5U);
  EXPECT_LT(twice, GramsOf(both, 0).size());
}

TEST(Signature, ComesBackFromItsFile) {
  const Signature signature = Build(Answers());
  const base::TemporaryFolder folder;
  ASSERT_TRUE(signature.Write(folder.File("s.stemma")).ok());
  const auto read = Signature::Read(folder.File("s.stemma"));
  ASSERT_TRUE(read.ok()) << read.status();
  ExpectEqual(*read, signature);
  EXPECT_EQ(read->Serialize(), signature.Serialize());
  EXPECT_TRUE(Signature::IsSignature(folder.Read("s.stemma")));
}

TEST(Signature, DoesNotDependOnTheOrderOfAnswers) {
  const std::string bytes = Build(Answers()).Serialize();
  std::vector<Answer> answers = Answers();
  base::Random random(3);
  for (int round = 0; round < 5; ++round) {
    random.Shuffle(std::span(answers));
    EXPECT_EQ(Build(answers).Serialize(), bytes);
  }
}

TEST(Signature, HasADigestOfResponsesAndNotOfMetadata) {
  const Signature signature = Build(Answers());
  ModelMetadata other;
  other.model = "renamed";
  EXPECT_EQ(Build(Answers(), other).digest(), signature.digest());
  Signature renamed = signature;
  renamed.set_metadata(other);
  EXPECT_EQ(renamed.digest(), signature.digest());
  EXPECT_EQ(Signature::Parse(renamed.Serialize(), "s")->digest(), signature.digest());
}

// The digest names the responses: no change of a byte, however small, may leave it as it is.
TEST(Signature, ChangesItsDigestWithEveryByteOfAnAnswer) {
  const Hash128 digest = Build(Answers()).digest();
  for (std::size_t a = 0; a < Answers().size(); ++a) {
    for (std::size_t k = 0; k < Answers()[a].text.size(); ++k) {
      std::vector<Answer> changed = Answers();
      changed[a].text[k] = changed[a].text[k] == 'x' ? 'y' : 'x';
      ASSERT_NE(Build(changed).digest(), digest) << a << " " << k;
    }
  }
  std::vector<Answer> moved = Answers();
  moved[2].sample = 1;
  EXPECT_NE(Build(moved).digest(), digest);
  moved = Answers();
  moved[3].prompt.low = 1;
  EXPECT_NE(Build(moved).digest(), digest);
}

TEST(SignatureBuilder, RefusesASampleThatWasAdded) {
  SignatureBuilder builder(MadeVocabulary());
  AnswerAnalyzer analyzer(MadeVocabulary());
  ASSERT_TRUE(builder.Add(analyzer.Analyze({0, 1}, 7, "one")).ok());
  ASSERT_TRUE(builder.Add(analyzer.Analyze({0, 1}, 8, "one")).ok());
  const absl::Status status = builder.Add(analyzer.Analyze({0, 1}, 7, "two"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "sample 7 of prompt 00000000000000000000000000000001 was added twice");
}

TEST(SignatureBuilder, RefusesToBuildFromNothing) {
  const absl::Status status = SignatureBuilder(MadeVocabulary()).Build(Metadata()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "a signature needs at least one answer, got none");
}

TEST(Signature, RefusesEveryChangedByte) {
  const Signature signature = Build(Answers());
  const std::string bytes = signature.Serialize();
  std::size_t unnoticed = 0;
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      std::string changed = bytes;
      changed[k] = static_cast<char>(changed[k] ^ change);
      const auto parsed = Signature::Parse(changed, "s");
      if (!parsed.ok()) continue;
      ++unnoticed;
      ASSERT_EQ(parsed->Serialize(), bytes) << k;  // padding
    }
  }
  EXPECT_LE(unnoticed, 3U * 7 * 6);  // at most seven bytes before each of six sections
}

TEST(Signature, RefusesEveryTruncation) {
  const std::string bytes = Build(Answers()).Serialize();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(Signature::Parse(std::string_view(bytes).substr(0, size), "s").ok()) << size;
  }
}

// What a checksum cannot see: sections that are whole but contradict each other.
TEST(Signature, RefusesSectionsThatContradictEachOther) {
  const std::string bytes = Build(Answers()).Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  ASSERT_TRUE(file.ok());
  const auto parse_with = [&](std::string_view section, const std::string& content) {
    return Signature::Parse(WithSection(bytes, section, content), "s");
  };
  const auto with = [&](std::string_view section, const std::string& content) {
    return parse_with(section, content).status();
  };
  EXPECT_TRUE(with("OPTIONS", std::string(file->Section("OPTIONS").value())).ok());
  const std::string rows(file->Section("PROMPTS").value());
  const std::string answers(file->Section("ANSWERS").value());
  const std::string grams(file->Section("NGRAMS_B").value());
  const std::size_t row_size = rows.size() / 3;
  EXPECT_EQ(with("PROMPTS", "").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("PROMPTS", rows.substr(0, rows.size() - 1)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("PROMPTS", rows.substr(0, 2 * row_size)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("PROMPTS", rows.substr(row_size) + rows.substr(0, row_size)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("ANSWERS", answers.substr(20)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("ANSWERS", answers + answers).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("NGRAMS_B", grams.substr(1)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("NGRAMS_B", std::string(grams.size(), '\0')).code(), absl::StatusCode::kDataLoss);  // repeated n-grams
  EXPECT_EQ(with("NGRAMS_B", std::string(grams.size(), '\xFF')).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(with("METADATA", "[]").code(), absl::StatusCode::kDataLoss);
  // Any other bytes in place of the n-grams: refused, or n-grams in order.
  base::Random random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string noise = grams;
    for (int k = 0; k < 3; ++k) noise[random.Below(noise.size())] = static_cast<char>(random.Below(256));
    const auto parsed = parse_with("NGRAMS_B", noise);
    for (std::size_t row = 0; parsed.ok() && row < parsed->rows().size(); ++row) {
      const std::vector<GramCount> of_row = GramsOf(*parsed, row);
      for (std::size_t k = 0; k < of_row.size(); ++k) {
        ASSERT_LT(of_row[k].gram, 1U << kGramBits);
        ASSERT_TRUE(k == 0 || of_row[k - 1].gram < of_row[k].gram);
        ASSERT_TRUE(of_row[k].samples >= 1 && of_row[k].samples <= parsed->rows()[row].samples);
      }
    }
  }
  std::string options(file->Section("OPTIONS").value());
  options[20] = 32;  // bits of an n-gram
  const absl::Status status = with("OPTIONS", options);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(status.message(),
            "s: n-grams of orders 2 to 4 in 32 bits; this program reads orders 2 to 4 in 24 bits");
}

TEST(Signature, RefusesOtherFiles) {
  EXPECT_EQ(Signature::Parse("{\"model\": \"x\"}", "s").status().code(), absl::StatusCode::kInvalidArgument);
  const absl::Status status = Signature::Parse(MadeVocabulary().Serialize(), "s").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "s: a vocabulary file where a signature was expected");
  EXPECT_FALSE(Signature::IsSignature(MadeVocabulary().Serialize()));
  EXPECT_FALSE(Signature::IsSignature(""));
  EXPECT_EQ(Signature::Read(base::TemporaryFolder().File("none")).status().code(), absl::StatusCode::kNotFound);
}

// A signature may be passed on where the responses may not.
TEST(Signature, HoldsNoWordOfAResponse) {
  std::string bytes = Build(Answers()).Serialize();
  std::ranges::transform(bytes, bytes.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* word : {"migration", "swallows", "begins", "autumn", "kingfishers", "cormorants", "wings", "dive."}) {
    EXPECT_EQ(bytes.find(word), std::string::npos) << word;
  }
  EXPECT_NE(bytes.find("wren-2"), std::string::npos);  // what is found, if it is there
}

std::size_t WordFeature(const std::string& word) {
  const StyleFeatures style = MadeStyleFeatures();
  return static_cast<std::size_t>(std::ranges::find(style.words(), base::Hash64(word)) - style.words().begin());
}

std::size_t OpeningFeature(bool of_line, const std::vector<std::string>& tokens) {
  const StyleFeatures style = MadeStyleFeatures();
  const std::uint64_t hash = OpeningHash(of_line, tokens);
  return style.words().size() +
         static_cast<std::size_t>(std::ranges::find(style.openings(), hash) - style.openings().begin());
}

TEST(Signature, CountsTheSamplesThatHaveAFeatureOfStyle) {
  const Signature signature = Build(Answers());
  ASSERT_TRUE(signature.has_style());
  const auto expected = [](std::vector<std::pair<std::size_t, std::uint32_t>> counts) {
    std::ranges::sort(counts);
    std::vector<FeatureCount> style;
    for (const auto& [feature, samples] : counts) style.push_back({static_cast<std::uint16_t>(feature), samples});
    return style;
  };
  // Two samples with list items, one of which says "their".
  EXPECT_EQ(StyleOf(signature, 0), expected({{WordFeature("."), 2},
                                             {WordFeature("<N>"), 2},
                                             {WordFeature("<L->"), 2},
                                             {WordFeature("their"), 1},
                                             {OpeningFeature(true, {"<L->"}), 2},
                                             {OpeningFeature(true, {"kingfishers", "dive"}), 2}}));
  EXPECT_EQ(StyleOf(signature, 1), expected({{WordFeature("the"), 1},
                                             {WordFeature("and"), 1},
                                             {WordFeature("is"), 1},
                                             {WordFeature("."), 1},
                                             {OpeningFeature(true, {"the"}), 1}}));
  EXPECT_EQ(StyleOf(signature, 2), expected({{OpeningFeature(true, {"yes"}), 1}}));
  EXPECT_EQ(StyleOf(Build(Answers(), Metadata(), MadeVocabulary()), 0), std::vector<FeatureCount>());
}

// Files of before there was style have no such section: they are read, say so, and are other signatures than those
// with one.
TEST(Signature, ReadsFilesWithoutStyle) {
  const Signature signature = Build(Answers());
  const auto without = Signature::Parse(WithSection(signature.Serialize(), "STYLE_A", std::nullopt), "s");
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_FALSE(without->has_style());
  EXPECT_NE(without->digest(), signature.digest());
  EXPECT_EQ(without->metadata(), signature.metadata());
  ExpectEqualNgramsAndAnswers(*without, signature);
  for (std::size_t row = 0; row < 3; ++row) EXPECT_TRUE(StyleOf(*without, row).empty());
  // And stay so when they are written again.
  const auto again = Signature::Parse(without->Serialize(), "s");
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_style());
  EXPECT_EQ(again->digest(), without->digest());
}

TEST(Signature, RefusesDamagedStyle) {
  const std::string bytes = Build(Answers()).Serialize();  // rows of two, one and one samples
  const auto status_with = [&](const std::vector<std::string>& rows) {
    std::string section;
    for (const std::string& row : rows) base::AppendString(section, row);
    return Signature::Parse(WithSection(bytes, "STYLE_A", section), "s").status();
  };
  const auto code_with = [&](const std::vector<std::string>& rows) { return status_with(rows).code(); };
  const auto packed = [](const std::vector<std::uint64_t>& numbers) {
    std::string out;
    for (const std::uint64_t number : numbers) base::AppendVarint(out, number);
    return out;
  };
  constexpr std::uint64_t kLast = StyleFeatures::kMaxWords + StyleFeatures::kMaxOpenings - 1;
  ASSERT_TRUE(status_with({"", "", ""}).ok());
  ASSERT_TRUE(status_with({packed({0, 1, 3, 2}), packed({0, kLast}), packed({kLast})}).ok());
  const absl::Status zero = status_with({packed({0, 0}), "", ""});
  EXPECT_EQ(zero.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(zero.message(), "s: section STYLE_A contradicts itself");
  EXPECT_EQ(code_with({packed({0, 3}), "", ""}), absl::StatusCode::kDataLoss);        // more samples than there are
  EXPECT_EQ(code_with({packed({4, 1, 0, 1}), "", ""}), absl::StatusCode::kDataLoss);  // a feature twice
  EXPECT_EQ(code_with({"", packed({4, 0}), ""}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with({"", packed({kLast + 1}), ""}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with({"", packed({1, kLast}), ""}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with({"", packed({1, ~std::uint64_t{0}}), ""}), absl::StatusCode::kDataLoss);  // a sum that wraps around
  EXPECT_EQ(code_with({packed({0}), "", ""}), absl::StatusCode::kDataLoss);                     // no count
  EXPECT_EQ(code_with({"", "\x80", ""}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with({"", ""}), absl::StatusCode::kDataLoss);  // a row too few, one too many
  EXPECT_EQ(code_with({"", "", "", ""}), absl::StatusCode::kDataLoss);
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  const std::string style(file->Section("STYLE_A").value());
  for (std::size_t size = 0; size < style.size(); ++size) {
    ASSERT_EQ(Signature::Parse(WithSection(bytes, "STYLE_A", style.substr(0, size)), "s").status().code(),
              absl::StatusCode::kDataLoss);
  }
  // Any other bytes: refused, or features in order.
  base::Random random(6);
  for (int round = 0; round < 2000; ++round) {
    std::string noise = style;
    for (int k = 0; k < 2; ++k) noise[random.Below(noise.size())] = static_cast<char>(random.Below(256));
    const auto parsed = Signature::Parse(WithSection(bytes, "STYLE_A", noise), "s");
    for (std::size_t row = 0; parsed.ok() && row < parsed->rows().size(); ++row) {
      const std::vector<FeatureCount> of_row = StyleOf(*parsed, row);
      for (std::size_t k = 0; k < of_row.size(); ++k) {
        ASSERT_LE(of_row[k].feature, kLast);
        ASSERT_TRUE(k == 0 || of_row[k - 1].feature < of_row[k].feature);
        ASSERT_TRUE(of_row[k].samples >= 1 && of_row[k].samples <= parsed->rows()[row].samples);
      }
    }
  }
}

// A file of format version 1, written once, before there was style. It must be read for ever, and the same answers must
// give the same n-grams as long as the tokenizer's version stays.
TEST(Signature, ReadsTheFileOfVersionOne) {
  const auto read = Signature::Read(STEMMA_SOURCE_DIR "/tests/vectors/v1/signature.stemma");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->metadata(), Metadata());
  EXPECT_EQ(read->tokenizer_version(), 1U);
  EXPECT_EQ(ToHex(read->vocabulary_digest()), "3bdd25130bb0ab400e8cff0097aa106b");
  EXPECT_EQ(ToHex(read->digest()), "587f81cbfc7fe3c78dc5f7a894ab1b03");
  EXPECT_FALSE(read->has_style());
  ASSERT_EQ(read->rows().size(), 3U);
  EXPECT_EQ(read->responses(), 4U);
  const PromptRow& row = read->rows()[0];
  EXPECT_EQ(row.prompt, (Hash128{0, 9}));
  EXPECT_EQ(row.samples, 2U);
  EXPECT_EQ(row.tokens, 20U);
  EXPECT_EQ(row.code_points, 87U);
  EXPECT_EQ(read->Answers(row)[1], (AnswerDigest{4, base::Hash64("- Kingfishers dive.\n- Cormorants swim."), 0}));
  const std::vector<GramCount> grams = GramsOf(*read, 2);
  EXPECT_EQ(grams, (std::vector<GramCount>{{0x12D0F9, 1}, {0x6D940E, 1}, {0xCA8273, 1}}));
  if (kTokenizerVersion == 1) ExpectEqualNgramsAndAnswers(*read, Build(Answers()));
}

// Files of this format with features of style stay readable in every later version. With STEMMA_WRITE_VECTORS set the file
// is written anew, which is right only before a release.
TEST(Signature, ReadsTheFileOfVersionOneWithStyle) {
  const std::string path = STEMMA_SOURCE_DIR "/tests/vectors/v1/signature_style.stemma";
  const Signature now = Build(Answers());
  if (std::getenv("STEMMA_WRITE_VECTORS") != nullptr) {
    ASSERT_TRUE(now.Write(path).ok());
  }
  const auto read = Signature::Read(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->has_style());
  EXPECT_EQ(ToHex(read->digest()), "db26a1a1437c742c30437e8c7157585d");
  if (kTokenizerVersion == 1) {
    EXPECT_EQ(read->Serialize(), now.Serialize());
  }
}

// The same answers under the same vocabulary are the same signature, in every later version.
TEST(Signature, KeepsItsDigest) {
  if (kTokenizerVersion != 1) GTEST_SKIP();
  EXPECT_EQ(ToHex(Styled().digest()), "4e78ca3b1de9e6b018116d6d85358e0d");
  EXPECT_EQ(ToHex(Build(Answers()).digest()), "db26a1a1437c742c30437e8c7157585d");
}

}  // namespace
}  // namespace stemma
