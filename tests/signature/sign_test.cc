#include "stemma/sign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "stemma/response.h"
#include "tests/base/temporary_folder.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma {
namespace {

using base::TemporaryFolder;

struct Record {
  std::string model;
  std::string prompt;
  std::string response;
};

// A few hundred answers by three models.
std::vector<Record> Records() {
  std::vector<Record> records;
  for (int p = 0; p < 80; ++p) {
    for (const std::string model : {"owl", "wren", "tit"}) {
      std::string answer = "The " + model + " is at prompt " + std::to_string(p) + ".";
      for (int k = 0; k < p % 7; ++k) answer += "\n- It can be item " + std::to_string(k * p) + ", said Claude.";
      records.push_back({model, "What of " + std::to_string(p) + "?", answer});
    }
  }
  return records;
}

std::string Lines(const std::vector<Record>& records) {
  std::string lines;
  for (const Record& record : records) {
    nlohmann::json json = {{"prompt", record.prompt}, {"response", record.response}};
    if (!record.model.empty()) json["model"] = record.model;
    lines += json.dump() + "\n";
  }
  return lines;
}

std::vector<Signature> Sign(const std::vector<std::string>& paths, const SignOptions& options = {}) {
  auto inputs = SignResponses(paths, MadeVocabulary(), options);
  EXPECT_TRUE(inputs.ok()) << inputs.status();
  return inputs.ok() ? std::move(inputs->signatures) : std::vector<Signature>();
}

std::vector<std::string> NamesOf(const std::vector<Signature>& signatures) {
  std::vector<std::string> names;
  for (const Signature& signature : signatures) names.push_back(signature.metadata().model);
  return names;
}

std::string BytesOf(const std::vector<Signature>& signatures) {
  std::string bytes;
  for (const Signature& signature : signatures) bytes += signature.Serialize();
  return bytes;
}

TEST(Sign, GivesASignatureForEachModel) {
  const TemporaryFolder folder;
  const auto inputs = SignResponses(std::vector{folder.Write("all.jsonl", Lines(Records()))}, MadeVocabulary(), {});
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  EXPECT_EQ(NamesOf(inputs->signatures), (std::vector<std::string>{"owl", "tit", "wren"}));
  for (const Signature& signature : inputs->signatures) {
    EXPECT_EQ(signature.responses(), 80U);
    EXPECT_EQ(signature.vocabulary_digest(), MadeVocabulary().digest());
    EXPECT_TRUE(signature.Find(PromptKey("What of 7?")).has_value());
  }
  EXPECT_EQ(inputs->responses.responses(), 240U);
}

TEST(Sign, SpreadsAModelOverFiles) {
  const TemporaryFolder folder;
  const std::vector<Record> records = Records();
  const auto half = records.begin() + 119;
  const std::string whole = folder.Write("whole.jsonl", Lines(records));
  const std::string first = folder.Write("first.jsonl", Lines({records.begin(), half}));
  const std::string second = folder.Write("second.jsonl", Lines({half, records.end()}));
  EXPECT_EQ(BytesOf(Sign({second, first})), BytesOf(Sign({whole})));
}

TEST(Sign, TakesANameOverWhatRecordsSay) {
  const TemporaryFolder folder;
  std::vector<Record> records = Records();
  std::erase_if(records, [](const Record& record) { return record.model != "owl"; });
  SignOptions options;
  options.read.name = "candidate";
  EXPECT_EQ(NamesOf(Sign({folder.Write("a.jsonl", Lines(records))}, options)), std::vector<std::string>{"candidate"});
  options = {};
  options.read.name_by_file = true;
  EXPECT_EQ(NamesOf(Sign({folder.Write("some-bird.jsonl", Lines(records))}, options)), std::vector<std::string>{"some-bird"});
}

TEST(Sign, TakesMetadataFromTheTable) {
  const TemporaryFolder folder;
  SignOptions options;
  ASSERT_TRUE(options.metadata.Add("model\torganisation\nowl\tAviary\nother\tZoo\n", "t").ok());
  const std::vector<Signature> signatures = Sign({folder.Write("all.jsonl", Lines(Records()))}, options);
  EXPECT_EQ(signatures[0].metadata().organisation, "Aviary");
  EXPECT_EQ(signatures[1].metadata().organisation, "");
}

TEST(Sign, GivesEqualBytesForAnyNumberOfThreads) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("all.jsonl", Lines(Records()));
  SignOptions options;
  options.threads = 1;
  const std::string bytes = BytesOf(Sign({path}, options));
  for (const int threads : {2, 7}) {
    options.threads = threads;
    EXPECT_EQ(BytesOf(Sign({path}, options)), bytes) << threads;
  }
}

TEST(Sign, IgnoresOrderAndOuterWhiteSpace) {
  const TemporaryFolder folder;
  std::vector<Record> records = Records();
  const std::string bytes = BytesOf(Sign({folder.Write("a.jsonl", Lines(records))}));
  base::Random random(11);
  random.Shuffle(std::span(records));
  for (Record& record : records) {
    record.response = "\n  " + record.response + " \t\r\n";
    record.prompt = " " + record.prompt + "\n";
  }
  EXPECT_EQ(BytesOf(Sign({folder.Write("b.jsonl", Lines(records))})), bytes);
}

TEST(Sign, SeesNoBrand) {
  const TemporaryFolder folder;
  std::vector<Record> records = Records();
  const std::vector<Signature> before = Sign({folder.Write("a.jsonl", Lines(records))});
  for (Record& record : records) {
    for (std::size_t at = record.response.find("Claude"); at != std::string::npos; at = record.response.find("Claude")) {
      record.response.replace(at, 6, "Open AI GPT-4");
    }
  }
  const std::vector<Signature> after = Sign({folder.Write("b.jsonl", Lines(records))});
  std::vector<GramCount> first, second;
  for (std::size_t s = 0; s < before.size(); ++s) {
    EXPECT_NE(before[s].digest(), after[s].digest());  // the answers did change
    for (std::size_t k = 0; k < before[s].rows().size(); ++k) {
      before[s].Grams(before[s].rows()[k], first);
      after[s].Grams(after[s].rows()[k], second);
      ASSERT_EQ(first, second) << k;
    }
  }
}

TEST(Sign, ReportsWhatCannotBeRead) {
  const TemporaryFolder folder;
  const auto status = [&](const std::string& path) { return SignResponses(std::vector{path}, MadeVocabulary(), {}).status(); };
  EXPECT_EQ(status(folder.File("none")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status(folder.Write("bad.jsonl", "{\"model\": 1")).code(), absl::StatusCode::kInvalidArgument);
}

TEST(ReadOrSign, TakesSignaturesAndResponses) {
  const TemporaryFolder folder;
  const std::vector<Signature> signatures = Sign({folder.Write("all.jsonl", Lines(Records()))});
  ASSERT_TRUE(signatures[0].Write(folder.File("owl.stemma")).ok());
  std::vector<Record> rest = Records();
  std::erase_if(rest, [](const Record& record) { return record.model == "owl"; });
  SignOptions options;
  ASSERT_TRUE(options.metadata.Add("model\torganisation\nowl\tAviary\n", "t").ok());
  const auto inputs = ReadOrSign(std::vector{folder.File("owl.stemma"), folder.Write("rest.jsonl", Lines(rest))},
                                 MadeVocabulary(), options);
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  EXPECT_EQ(NamesOf(inputs->signatures), (std::vector<std::string>{"owl", "tit", "wren"}));
  EXPECT_EQ(inputs->signatures[0].digest(), signatures[0].digest());
  EXPECT_EQ(inputs->signatures[0].metadata().organisation, "Aviary");
}

TEST(ReadOrSign, RefusesAModelThatComesTwice) {
  const TemporaryFolder folder;
  const std::string responses = folder.Write("all.jsonl", Lines(Records()));
  ASSERT_TRUE(Sign({responses})[2].Write(folder.File("wren.stemma")).ok());
  const absl::Status status =
      ReadOrSign(std::vector{folder.File("wren.stemma"), responses}, MadeVocabulary(), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "model wren comes from two of the inputs");
}

// What is signed in memory can stand in for a file.
TEST(Sign, RecordsInMemoryGiveTheSignaturesOfAFileParallel) {
  TemporaryFolder folder;
  const std::vector<Record> records = Records();
  std::size_t next = 0;
  const RecordSource source = [&](ResponseRecord& out) -> absl::StatusOr<bool> {
    if (next == records.size()) return false;
    out.model = records[next].model;
    out.prompt = records[next].prompt;
    out.response = records[next++].response;
    return true;
  };
  SignOptions options;
  options.threads = 2;
  const auto in_memory = SignRecords("table", source, MadeVocabulary(), options);
  ASSERT_TRUE(in_memory.ok()) << in_memory.status();
  const std::vector<Signature> from_file = Sign({folder.Write("all.jsonl", Lines(records))});
  ASSERT_EQ(in_memory->signatures.size(), from_file.size());
  for (std::size_t m = 0; m < from_file.size(); ++m) {
    EXPECT_EQ(in_memory->signatures[m].Serialize(), from_file[m].Serialize());
  }
}

}  // namespace
}  // namespace stemma
