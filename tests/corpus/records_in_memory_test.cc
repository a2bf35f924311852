// Records in memory are taken as those of a file are: the same summaries, sample numbers and reasoning; and what is wrong
// with one is told by its number.
#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "stemma/response_set.h"
#include "tests/base/temporary_folder.h"

namespace stemma {
namespace {

struct Visit {
  std::string model;
  Hash128 prompt_key;
  std::uint32_t sample = 0;
  std::string answer;
  std::string reasoning;

  friend bool operator==(const Visit&, const Visit&) = default;
};

struct Outcome {
  absl::StatusOr<ResponseSet> set;
  std::vector<Visit> visits;
};

ResponseSet::Visitor Keep(std::vector<Visit>& visits) {
  return [&visits](const Response& r) {
    visits.push_back({std::string(r.model), r.prompt_key, r.sample, std::string(r.answer), std::string(r.reasoning)});
    return absl::OkStatus();
  };
}

Outcome InMemory(const std::vector<ResponseRecord>& records, const ReadOptions& options = {}) {
  std::vector<Visit> visits;
  std::size_t next = 0;
  const RecordSource source = [&](ResponseRecord& record) -> absl::StatusOr<bool> {
    if (next == records.size()) return false;
    record = records[next++];
    return true;
  };
  auto set = ResponseSet::ReadRecords("table", source, options, Keep(visits));
  return {std::move(set), std::move(visits)};
}

std::string Lines(const std::vector<ResponseRecord>& records) {
  std::string lines;
  for (const ResponseRecord& record : records) {
    nlohmann::json json = {{"model", record.model}, {"response", record.response}, {"reasoning", record.reasoning}};
    if (!record.prompt.empty()) json["prompt"] = record.prompt;
    if (!record.prompt_id.empty()) json["prompt_id"] = record.prompt_id;
    if (record.sample) json["sample"] = *record.sample;
    lines += json.dump() + "\n";
  }
  return lines;
}

ResponseRecord Record(std::string_view model, std::string_view prompt, std::string_view response) {
  ResponseRecord record;
  record.model = model;
  record.prompt = prompt;
  record.response = response;
  return record;
}

// Samples stated and counted, a copy of a record, an empty answer, tagged reasoning, an identifier in place of a text.
std::vector<ResponseRecord> Everything() {
  std::vector<ResponseRecord> records = {
      Record("alder", "What?", "This."), Record("alder", "What?", " That. "),  Record("birch", "What?", "Neither."),
      Record("alder", "Why?", "  "),     Record("birch", "Why?", "Since it is so."),
      Record("birch", "How?", "<think>Let me see.</think>So.")};
  records.push_back(Record("alder", "Who?", "I."));
  records.back().sample = 7;
  records.push_back(records.back());
  records.push_back(Record("alder", "", "By number."));
  records.back().prompt_id = "17";
  return records;
}

void ExpectProblem(const ResponseRecord& bad, const std::string& reason) {
  const std::vector<ResponseRecord> records = {Record("alder", "What?", "This."), bad};
  const Outcome strict = InMemory(records);
  EXPECT_EQ(strict.set.status(), absl::InvalidArgumentError("record 2 of table: " + reason));
  const Outcome lenient = InMemory(records, {.skip_bad = true});
  ASSERT_TRUE(lenient.set.ok()) << lenient.set.status();
  ASSERT_EQ(lenient.set->bad_records().size(), 1U);
  EXPECT_EQ(lenient.set->bad_records()[0].line, 2U);
  EXPECT_EQ(lenient.set->bad_records()[0].reason, reason);
}

TEST(RecordsInMemory, AreTakenAsThoseOfAFile) {
  base::TemporaryFolder folder;
  std::vector<Visit> visits;
  const std::vector<std::string> paths = {folder.Write("alder.jsonl", Lines(Everything()))};
  const auto from_file = ResponseSet::Read(paths, {}, Keep(visits));
  ASSERT_TRUE(from_file.ok()) << from_file.status();
  const Outcome outcome = InMemory(Everything());
  ASSERT_TRUE(outcome.set.ok()) << outcome.set.status();
  EXPECT_EQ(outcome.visits, visits);
  ASSERT_EQ(outcome.set->models().size(), 2U);
  for (std::size_t m = 0; m < 2; ++m) EXPECT_EQ(outcome.set->models()[m], from_file->models()[m]);
}

TEST(RecordsInMemory, AreDescribedAsOneInput) {
  const Outcome outcome = InMemory(Everything());
  ASSERT_TRUE(outcome.set.ok()) << outcome.set.status();
  const InputFile& input = outcome.set->inputs()[0];
  EXPECT_EQ(input.path, "table");
  EXPECT_EQ(ToString(input.format), "memory");
  EXPECT_EQ(input.records, Everything().size());
  auto moved = Everything();
  // The same text, parted elsewhere.
  moved[0].prompt = "What?T";
  moved[0].response = "his.";
  const Outcome other = InMemory(moved);
  ASSERT_TRUE(other.set.ok()) << other.set.status();
  EXPECT_EQ(other.set->inputs()[0].bytes, input.bytes);
  EXPECT_NE(other.set->inputs()[0].digest, input.digest);
}

TEST(RecordsInMemory, AreRefusedByNumber) {
  ExpectProblem(Record("alder", " ", "x"), "no prompt in the record: no `prompt_id`, and no text in `prompt`");
  ExpectProblem(Record("alder", "p", "\xC3("), "`response` is not UTF-8");
  ExpectProblem(Record("", "p", "x"), "no `model` in the record, and table has no name to take instead: give one");
  ResponseRecord twice = Record("alder", "What?", "Another.");
  twice.sample = 0;
  ExpectProblem(twice,
                "another answer of model `alder` to the same prompt as sample 0 stands at record 1 of table; tell samples "
                "apart by `sample`");
}

TEST(RecordsInMemory, MustBeThere) {
  EXPECT_EQ(InMemory({}).set.status(), absl::InvalidArgumentError("table: there is no record"));
  EXPECT_EQ(InMemory({Record("alder", "p", " ")}).set.status(),
            absl::InvalidArgumentError("no usable response in 1 file(s): 1 empty answer(s), 0 malformed record(s)"));
}

TEST(RecordsInMemory, HandOnTheSourcesError) {
  const RecordSource source = [](ResponseRecord&) -> absl::StatusOr<bool> { return absl::AbortedError("mine"); };
  EXPECT_EQ(ResponseSet::ReadRecords("table", source, {}, nullptr).status(), absl::AbortedError("mine"));
}

TEST(RecordsInMemory, StopWhenToldTo) {
  const ReadOptions options = {.progress = [](const ProgressEvent&) { return false; }};
  EXPECT_EQ(InMemory(Everything(), options).set.status(), absl::CancelledError("stopped while reading table"));
}

}  // namespace
}  // namespace stemma
