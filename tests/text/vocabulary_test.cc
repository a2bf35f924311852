#include "stemma/vocabulary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/hash.h"
#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/base/temporary_folder.h"
#include "tests/text/made_style_space.h"

namespace stemma {
namespace {

// The k-th of many words that no suffix class fits and that are longer than four letters: masked, each is "W".
std::string MadeWord(std::size_t k) {
  std::string word = "qu";
  for (int digit = 0; digit < 3; ++digit, k /= 20) word += "bcdfghjklmnpqrtvwxyz"[k % 20];
  return word + "a";
}

struct Answer {
  std::string model;
  Hash128 prompt;
  std::string text;
};

// At prompt 1, words 0..409 are used by three models and words 500..599 by two; at prompts 2 and 3, words 0..9 by three.
std::vector<Answer> Corpus() {
  std::string common, rare, few;
  for (std::size_t k = 0; k < 410; ++k) common += MadeWord(k) + " ";
  for (std::size_t k = 500; k < 600; ++k) rare += MadeWord(k) + " ";
  for (std::size_t k = 0; k < 10; ++k) few += MadeWord(k) + " ";
  std::vector<Answer> answers = {{"a", {0, 1}, common + rare + rare}, {"b", {0, 1}, common + rare}, {"c", {0, 1}, common}};
  // One model alone, however often; two models at one prompt and another at a second: never three at one.
  answers.push_back({"d", {0, 2}, rare + rare + rare});
  for (const char* model : {"a", "b", "c"}) {
    answers.push_back({model, {0, 2}, few});
    answers.push_back({model, {0, 3}, few});
  }
  return answers;
}

absl::StatusOr<Vocabulary> Fit(const std::vector<Answer>& answers) {
  VocabularyFitter fitter({"claude", "open ai"});
  for (const Answer& answer : answers) fitter.Add(answer.model, answer.prompt, answer.text);
  return fitter.Fit();
}

bool Keeps(const MaskList& mask, const std::string& word) {
  const Token token{base::Hash64(word), word, static_cast<std::uint32_t>(word.size()), TokenKind::kWord, false};
  return mask.Symbol(token) == token.hash;
}

std::vector<std::uint64_t> MadeHashes(std::size_t count = kFineMaskWords) {
  std::vector<std::uint64_t> hashes;
  for (std::size_t k = 0; k < count; ++k) hashes.push_back(base::Hash64(MadeWord(k)));
  return hashes;
}

TEST(VocabularyFitter, KeepsWordsThatThreeModelsUseAtOnePrompt) {
  const auto vocabulary = Fit(Corpus());
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.status();
  const auto kept = [&](std::size_t first, std::size_t end) {
    std::size_t count = 0;
    for (std::size_t k = first; k < end; ++k) count += Keeps(vocabulary->fine_mask(), MadeWord(k));
    return count;
  };
  EXPECT_EQ(kept(0, 10), 10U);     // the most widely used come first
  EXPECT_EQ(kept(0, 410), 400U);   // ties are cut off
  EXPECT_EQ(kept(500, 600), 0U);   // two models are too few
}

TEST(VocabularyFitter, CountsWordsThatAreNoBrandsAndHoldNoDigit) {
  std::vector<Answer> answers = Corpus();
  for (const char* model : {"a", "b", "c"}) {
    for (std::uint64_t p = 1; p <= 3; ++p) answers.push_back({model, {0, p}, "Claude x86 42 ! open AI"});
  }
  const auto vocabulary = Fit(answers);
  ASSERT_TRUE(vocabulary.ok());
  for (const char* word : {"claude", "x86", "42", "open", "<BRAND>"}) {
    EXPECT_FALSE(Keeps(vocabulary->fine_mask(), word)) << word;
  }
}

TEST(VocabularyFitter, DoesNotDependOnTheOrder) {
  std::vector<Answer> answers = Corpus();
  const std::string bytes = Fit(answers)->Serialize();
  base::Random random(7);
  for (int round = 0; round < 3; ++round) {
    random.Shuffle(std::span(answers));
    EXPECT_EQ(Fit(answers)->Serialize(), bytes);
  }
}

TEST(VocabularyFitter, RefusesTooFewWords) {
  EXPECT_EQ(Fit({}).status().code(), absl::StatusCode::kFailedPrecondition);
  std::vector<Answer> two_models = Corpus();
  std::erase_if(two_models, [](const Answer& answer) { return answer.model == "c"; });
  const absl::Status status = Fit(two_models).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "a vocabulary needs 400 words that 3 models use at the same prompt; these responses have 0");
}

TEST(Vocabulary, RefusesTooFewWords) {
  const absl::Status status = Vocabulary::Create({}, MadeHashes(399)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "a vocabulary needs at least 400 words, got 399");
}

// A name that a file would give back otherwise would change the digest.
TEST(Vocabulary, RefusesNamesThatItsFileCannotHold) {
  for (const std::string name : {"", " a", "a ", "#a", "a\nb", "a\r"}) {
    EXPECT_EQ(Vocabulary::Create({"ok", name}, MadeHashes()).status().code(), absl::StatusCode::kInvalidArgument)
        << testing::PrintToString(name);
  }
}

TEST(Vocabulary, ComesBackFromItsFile) {
  const auto vocabulary = Vocabulary::Create({"claude", "open ai", "\u767e\u5ea6"}, MadeHashes(450));
  ASSERT_TRUE(vocabulary.ok());
  const base::TemporaryFolder folder;
  const std::string path = folder.File("v.stemma");
  ASSERT_TRUE(vocabulary->Write(path).ok());
  const auto read = Vocabulary::Read(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->digest(), vocabulary->digest());
  EXPECT_EQ(read->brands(), vocabulary->brands());
  EXPECT_EQ(read->Serialize(), vocabulary->Serialize());
  EXPECT_TRUE(Keeps(read->fine_mask(), MadeWord(399)));
  EXPECT_FALSE(Keeps(read->fine_mask(), MadeWord(400)));
}

TEST(Vocabulary, HasADigestOfBrandsAndWords) {
  const Hash128 digest = Vocabulary::Create({"claude"}, MadeHashes())->digest();
  EXPECT_EQ(Vocabulary::Create({"claude"}, MadeHashes(401))->digest(), digest);  // the rest is cut off
  EXPECT_NE(Vocabulary::Create({"gemini"}, MadeHashes())->digest(), digest);
  std::vector<std::uint64_t> other = MadeHashes();
  ++other[399];
  EXPECT_NE(Vocabulary::Create({"claude"}, other)->digest(), digest);
}

TEST(Vocabulary, RefusesEveryChangedByte) {
  const auto vocabulary = Vocabulary::Create({"claude"}, MadeHashes());
  const std::string bytes = vocabulary->Serialize();
  std::size_t refused = 0;
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    for (const char change : {'\x01', '\x80'}) {
      std::string changed = bytes;
      changed[k] = static_cast<char>(changed[k] ^ change);
      const auto parsed = Vocabulary::Parse(changed, "v");
      refused += !parsed.ok();
      // Only padding between sections may go unnoticed.
      ASSERT_TRUE(!parsed.ok() || parsed->digest() == vocabulary->digest()) << k;
    }
  }
  EXPECT_GE(refused, 2 * bytes.size() - 2 * 5 * 8);  // at most seven bytes of padding before each of five sections
}

TEST(Vocabulary, RefusesEveryTruncation) {
  const std::string bytes = Vocabulary::Create({"claude"}, MadeHashes())->Serialize();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(Vocabulary::Parse(std::string_view(bytes).substr(0, size), "v").ok()) << size;
  }
}

TEST(Vocabulary, RefusesOtherFiles) {
  EXPECT_EQ(Vocabulary::Parse("some text", "v").status().code(), absl::StatusCode::kInvalidArgument);
  const std::string signature = base::SectionedFileWriter(base::FileKind::kSignature).Finish();
  const absl::Status status = Vocabulary::Parse(signature, "x.stemma").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "x.stemma: a signature file where a vocabulary was expected");
  EXPECT_EQ(Vocabulary::Read(base::TemporaryFolder().File("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST(Vocabulary, RefusesAnotherTokenizerVersion) {
  std::string options;
  base::AppendU32(options, kTokenizerVersion + 1);
  base::SectionedFileWriter writer(base::FileKind::kVocabulary);
  writer.Add("OPTIONS", options);
  writer.Add("BRANDS", "");
  writer.Add("WORDS", "");
  writer.Add("STYLEWRD", "");
  writer.Add("STYLEOPN", "");
  const absl::Status status = Vocabulary::Parse(writer.Finish(), "v").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(status.message(), "v: made for tokenizer version 2; this program has version 1");
}

TEST(Vocabulary, RefusesANewerFormat) {
  std::string bytes = Vocabulary::Create({}, MadeHashes())->Serialize();
  bytes[8] = 2;  // the major version
  EXPECT_EQ(Vocabulary::Parse(bytes, "v").status().code(), absl::StatusCode::kUnimplemented);
}

// Each answer opens a line with one of five words.
std::vector<Answer> CorpusOfStyles() {
  std::vector<Answer> answers = Corpus();
  for (std::size_t k = 0; k < 60; ++k) {
    answers.push_back({"a", {9, k % 10}, MadeWord(700 + k % 5) + " " + MadeWord(k) + ". " + MadeWord(700) + "."});
  }
  return answers;
}

TEST(VocabularyFitter, FitsTheFeaturesOfStyle) {
  const auto vocabulary = Fit(CorpusOfStyles());
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.status();
  StyleFeatureFitter fitter;
  const Tokenizer tokenizer(vocabulary->brands());
  TokenStream stream;
  for (const Answer& answer : CorpusOfStyles()) {
    tokenizer.Tokenize(answer.text, stream);
    fitter.Add(answer.prompt, stream.tokens());
  }
  const StyleFeatures expected = fitter.Fit();
  EXPECT_TRUE(std::ranges::equal(vocabulary->style_features().words(), expected.words()));
  EXPECT_TRUE(std::ranges::equal(vocabulary->style_features().openings(), expected.openings()));
  EXPECT_GE(expected.words().size(), 2U);  // the first of the five words, and the full stop
  EXPECT_GE(expected.openings().size(), 1U);
  EXPECT_EQ(vocabulary->style_space(), nullptr);
}

StyleFeatures MadeStyle() { return StyleFeatures({11, 22, 33}, {44, 55}); }

MadeStyleSpace MadeSpace(std::uint64_t seed = 1) { return RandomStyleSpace(seed, {3, 2}, {2, 2}, 2); }

Vocabulary Styled() { return Vocabulary::Create({"claude"}, MadeHashes(), MadeStyle()).value(); }

TEST(Vocabulary, ComesBackFromItsFileWithItsStyle) {
  const Vocabulary with_features = Styled();
  const Vocabulary with_space = with_features.WithStyleSpace(MadeSpace().space()).value();
  for (const Vocabulary& vocabulary : {with_features, with_space}) {
    const base::TemporaryFolder folder;
    ASSERT_TRUE(vocabulary.Write(folder.File("v")).ok());
    const auto read = Vocabulary::Read(folder.File("v"));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->Serialize(), vocabulary.Serialize());
    EXPECT_EQ(read->digest(), vocabulary.digest());
    EXPECT_TRUE(std::ranges::equal(read->style_features().words(), MadeStyle().words()));
    EXPECT_TRUE(std::ranges::equal(read->style_features().openings(), MadeStyle().openings()));
    ASSERT_EQ(read->style_space() == nullptr, vocabulary.style_space() == nullptr);
    if (read->style_space() == nullptr) continue;
    EXPECT_EQ(read->style_space()->Serialize(), MadeSpace().space().Serialize());
  }
}

// Signatures depend on the features and not on the space, which is fitted to signatures: to refit it must not make
// those of old useless.
TEST(Vocabulary, HasADigestOfTheFeaturesOfStyleAndNotOfTheSpace) {
  const Vocabulary styled = Styled();
  for (std::uint64_t seed = 1; seed < 3; ++seed) {
    const auto with = styled.WithStyleSpace(MadeSpace(seed).space());
    ASSERT_TRUE(with.ok());
    EXPECT_EQ(with->digest(), styled.digest());
    EXPECT_EQ(Vocabulary::Parse(with->Serialize(), "v")->digest(), styled.digest());
  }
  EXPECT_NE(styled.WithStyleSpace(MadeSpace(1).space())->Serialize(), styled.WithStyleSpace(MadeSpace(2).space())->Serialize());
  EXPECT_NE(Vocabulary::Create({"claude"}, MadeHashes())->digest(), styled.digest());
  EXPECT_NE(Vocabulary::Create({"claude"}, MadeHashes(), StyleFeatures({11, 22, 34}, {44, 55}))->digest(), styled.digest());
  // A word is no opening.
  EXPECT_NE(Vocabulary::Create({"claude"}, MadeHashes(), StyleFeatures({11, 22}, {33, 44, 55}))->digest(), styled.digest());
  EXPECT_EQ(Vocabulary::Create({"claude"}, MadeHashes(), StyleFeatures({33, 22, 11}, {55, 44}))->digest(), styled.digest());
}

TEST(Vocabulary, RefusesASpaceOfOtherFeatures) {
  const Vocabulary styled = Styled();
  const absl::Status status = styled.WithStyleSpace(RandomStyleSpace(1, {3, 3}, {2, 2}, 2).space()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "the style space is of 6 features; the vocabulary has 5");
  EXPECT_EQ(styled.style_space(), nullptr);
}

// What a checksum cannot see.
TEST(Vocabulary, RefusesSectionsOfStyleThatNoWriterMade) {
  const std::string bytes = Styled().WithStyleSpace(MadeSpace().space())->Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kVocabulary, "v");
  ASSERT_TRUE(file.ok());
  const auto code_with = [&](std::string_view section, const std::string& content) {
    base::SectionedFileWriter writer(base::FileKind::kVocabulary);
    for (const auto& entry : file->sections()) {
      writer.Add(entry.name, entry.name == section ? content : std::string(entry.bytes));
    }
    return Vocabulary::Parse(writer.Finish(), "v").status().code();
  };
  const std::string words(file->Section("STYLEWRD").value());
  const std::string openings(file->Section("STYLEOPN").value());
  const std::string space(file->Section("STYLESPC").value());
  ASSERT_EQ(code_with("STYLEWRD", words), absl::StatusCode::kOk);
  EXPECT_EQ(code_with("STYLEWRD", words.substr(1)), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with("STYLEOPN", openings + "x"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with("STYLEWRD", std::string(8 * (StyleFeatures::kMaxWords + 1), 'x')), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with("STYLEOPN", std::string(8 * (StyleFeatures::kMaxOpenings + 1), 'x')), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with("STYLESPC", space.substr(1)), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with("STYLESPC", ""), absl::StatusCode::kDataLoss);
  // A space for other features than the file's own.
  EXPECT_NE(code_with("STYLESPC", RandomStyleSpace(1, {7}, {2}, 2).space().Serialize()), absl::StatusCode::kOk);
}

TEST(ParseBrandNames, SkipsCommentsAndEmptyLines) {
  EXPECT_EQ(ParseBrandNames("# names\n\n claude \r\nopen ai\n\t#x\nlast"),
            (std::vector<std::string>{"claude", "open ai", "last"}));
  EXPECT_TRUE(ParseBrandNames("").empty());
}

}  // namespace
}  // namespace stemma
