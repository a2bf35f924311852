#include "stemma/response_set.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/hash.h"
#include "lib/corpus/response_set_reader.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/unprivileged.h"
#include "tests/corpus/compress.h"

namespace stemma {
namespace {

using base::TemporaryFolder;
using corpus::Gzip;
using corpus::Zstd;

constexpr std::size_t kWholeInput = std::size_t{1} << 20;

// A response with its own strings.
struct Kept {
  std::string model;
  Hash128 prompt_key;
  std::string prompt;
  std::uint32_t sample = 0;
  std::string answer;
  std::string reasoning;
  std::string system;
  std::string language;

  friend bool operator==(const Kept&, const Kept&) = default;
};

struct Outcome {
  absl::Status status;
  ResponseSet set;
  std::vector<Kept> responses;
};

Outcome Read(const std::vector<std::string>& paths, const ReadOptions& options = {},
             std::size_t chunk_bytes = kWholeInput) {
  Outcome outcome;
  const ResponseSet::Visitor visit = [&](const Response& r) {
    outcome.responses.push_back({std::string(r.model), r.prompt_key, std::string(r.prompt), r.sample,
                                 std::string(r.answer), std::string(r.reasoning), std::string(r.system),
                                 std::string(r.language)});
    return absl::OkStatus();
  };
  auto set = ResponseSetReader(options, visit, chunk_bytes).Read(paths);
  outcome.status = set.status();
  if (set.ok()) outcome.set = *std::move(set);
  return outcome;
}

class ResponseSetTest : public testing::Test {
 protected:
  Outcome ReadText(std::string_view text, const ReadOptions& options = {}, std::size_t chunk_bytes = kWholeInput) {
    return Read({folder_.Write("alder.jsonl", text)}, options, chunk_bytes);
  }

  // `FILE` in `message` stands for the file's path.
  void ExpectError(std::string_view text, absl::StatusCode code, std::string message) {
    for (const std::size_t chunk_bytes : {kWholeInput, std::size_t{1}, std::size_t{7}}) {
      const Outcome outcome = ReadText(text, {}, chunk_bytes);
      std::string expected = message;
      for (std::size_t at; (at = expected.find("FILE")) != std::string::npos;) {
        expected.replace(at, 4, folder_.File("alder.jsonl"));
      }
      EXPECT_EQ(outcome.status.code(), code) << text;
      EXPECT_EQ(std::string(outcome.status.message()), expected) << text;
    }
  }

  void ExpectInvalid(std::string_view text, std::string message) {
    ExpectError(text, absl::StatusCode::kInvalidArgument, std::move(message));
  }

  // A '@' in `marked` shows the place that the error must name, and is not part of the text.
  void ExpectMalformed(std::string_view marked, std::string_view reason) {
    std::string text(marked);
    const std::size_t at = text.find('@');
    text.erase(at, 1);
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    ExpectInvalid(text, absl::StrFormat("FILE:%d: byte %d: %s", line, at, reason));
  }

  const TemporaryFolder folder_;
};

constexpr std::string_view kJsonLines =
    "{\"model\": \"alder\", \"prompt\": \"add two and two\", \"response\": \"four\"}\n"
    "{\"model\": \"alder\", \"prompt\": \"name a tree\", \"response\": \"<think>which?</think>a \\\"birch\\\"\\\\\", "
    "\"sample\": 3}\n"
    "{\"model\": \"birch\", \"prompt_id\": 17, \"response\": \"caf\\u00e9 \\ud83d\\ude00 \xC3\xA9\", \"language\": "
    "\"fr\"}\n";

constexpr std::string_view kAlpacaEval =
    "[\n  {\"dataset\": \"d\", \"instruction\": \"add two and two\", \"output\": \"four [4], {4}\", \"generator\": "
    "\"alder\"},\n"
    "  {\"instruction\": \"name a tree\",\n   \"output\": \"a \\\"birch\\\"\\\\\", \"generator\": \"alder\", \"x\": "
    "[{\"y\": [1]}]}\n]\n";

constexpr std::string_view kChat =
    "{\"model\": \"alder\", \"messages\": [{\"role\": \"system\", \"content\": \"be brief\"}, "
    "{\"role\": \"user\", \"content\": \"add two and two\"}, {\"role\": \"assistant\", \"content\": \"four\"}]}\n"
    "{\"model\": \"alder\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"name a "
    "tree\"}]}, "
    "{\"role\": \"assistant\", \"content\": [{\"type\": \"text\", \"text\": \"birch\"}], \"reasoning_content\": "
    "\"which?\"}]}\n";

TEST_F(ResponseSetTest, ReadsJsonLines) {
  const Outcome outcome = ReadText(kJsonLines);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  const std::vector<Kept> expected = {
      {"alder", PromptKey("add two and two"), "add two and two", 0, "four", "", "", ""},
      {"alder", PromptKey("name a tree"), "name a tree", 3, "a \"birch\"\\", "which?", "", ""},
      {"birch", PromptIdKey("17"), "", 0, "caf\u00E9 \U0001F600 \u00E9", "", "", "fr"},
  };
  EXPECT_EQ(outcome.responses, expected);
  ASSERT_EQ(outcome.set.inputs().size(), 1U);
  const InputFile& input = outcome.set.inputs()[0];
  EXPECT_EQ(input.format, InputFormat::kJsonLines);
  EXPECT_EQ(input.compression, InputCompression::kNone);
  EXPECT_EQ(input.bytes, kJsonLines.size());
  EXPECT_EQ(input.decompressed_bytes, kJsonLines.size());
  EXPECT_EQ(input.digest, base::HashBytes128(kJsonLines));
  EXPECT_EQ(input.records, 3U);
  ASSERT_EQ(outcome.set.models().size(), 2U);
  const ModelSummary& alder = *outcome.set.FindModel("alder");
  EXPECT_EQ(alder.responses, 2U);
  EXPECT_EQ(alder.prompts, 2U);
  EXPECT_EQ(alder.max_samples, 1U);
  EXPECT_EQ(alder.with_reasoning, 1U);
  EXPECT_EQ(outcome.set.FindModel("cedar"), nullptr);
  EXPECT_EQ(outcome.set.responses(), 3U);
}

TEST_F(ResponseSetTest, ReadsAlpacaEval) {
  const Outcome outcome = ReadText(kAlpacaEval);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  const std::vector<Kept> expected = {
      {"alder", PromptKey("add two and two"), "add two and two", 0, "four [4], {4}", "", "", ""},
      {"alder", PromptKey("name a tree"), "name a tree", 0, "a \"birch\"\\", "", "", ""},
  };
  EXPECT_EQ(outcome.responses, expected);
  EXPECT_EQ(outcome.set.inputs()[0].format, InputFormat::kAlpacaEval);
}

TEST_F(ResponseSetTest, ReadsChat) {
  const Outcome outcome = ReadText(kChat);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  const std::vector<Kept> expected = {
      {"alder", PromptKey("add two and two"), "add two and two", 0, "four", "", "be brief", ""},
      {"alder", PromptKey("name a tree"), "name a tree", 0, "birch", "which?", "", ""},
  };
  EXPECT_EQ(outcome.responses, expected);
  EXPECT_EQ(outcome.set.inputs()[0].format, InputFormat::kChat);
}

TEST_F(ResponseSetTest, JoinsTurnsOfAChat) {
  const Outcome outcome = ReadText(
      R"([{"messages": [{"role": "developer", "content": "one"}, {"role": "user", "content": "a"},
      {"role": "assistant", "content": "b"}, {"role": "system", "content": "two"}, {"role": "user", "content": "c"},
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "d"},
      {"type": "output_text", "text": "e"}]}, {"role": "user", "content": "thanks"}], "system": "zero"}])");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  const std::string prompt = "user: a\n\nassistant: b\n\nuser: c";
  const std::vector<Kept> expected = {{"alder", PromptKey(prompt), prompt, 0, "d\ne", "hm", "zero\n\none\n\ntwo", ""}};
  EXPECT_EQ(outcome.responses, expected);
}

// Every format in every compression and at every small size of chunk gives what the whole plain text gives.
TEST_F(ResponseSetTest, DoesNotDependOnCompressionOrChunks) {
  const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  for (const std::string_view text : {kJsonLines, kAlpacaEval, kChat}) {
    const Outcome whole = ReadText(text);
    ASSERT_TRUE(whole.status.ok()) << whole.status;
    const std::size_t middle = text.size() / 2;
    const std::string_view first = text.substr(0, middle);
    const std::string_view second = text.substr(middle);
    const std::vector<std::pair<InputCompression, std::string>> stored = {
        {InputCompression::kNone, std::string(text)},
        {InputCompression::kNone, "\xEF\xBB\xBF \n" + std::string(text)},
        {InputCompression::kGzip, Gzip(text)},
        {InputCompression::kGzip, Gzip(first) + Gzip("") + Gzip(second) + std::string(5, '\0')},
        {InputCompression::kZstd, Zstd(text)},
        {InputCompression::kZstd, skippable + Zstd(first) + Zstd("") + skippable + Zstd(second)},
    };
    for (const auto& [compression, bytes] : stored) {
      for (std::size_t chunk_bytes = 1; chunk_bytes <= 64; ++chunk_bytes) {
        const Outcome outcome = ReadText(bytes, {}, chunk_bytes);
        ASSERT_TRUE(outcome.status.ok()) << outcome.status << chunk_bytes;
        ASSERT_EQ(outcome.responses, whole.responses);
        ASSERT_TRUE(std::ranges::equal(outcome.set.models(), whole.set.models()));
        const InputFile& input = outcome.set.inputs()[0];
        ASSERT_EQ(input.compression, compression);
        ASSERT_EQ(input.format, whole.set.inputs()[0].format);
        ASSERT_EQ(input.bytes, bytes.size());
        ASSERT_EQ(input.digest, base::HashBytes128(bytes));
        ASSERT_EQ(input.decompressed_bytes, compression == InputCompression::kNone ? bytes.size() : text.size());
      }
    }
  }
}

TEST_F(ResponseSetTest, AcceptsLineEndsOfAllKindsAndBlankLines) {
  const Outcome outcome =
      ReadText("\r\n\n  {\"prompt\": \"a\", \"response\": \"b\"}\t\r\n\r\n \n{\"prompt\": \"c\", \"response\": \"d\"}");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses.size(), 2U);
}

TEST_F(ResponseSetTest, AcceptsRecordsOfMixedKinds) {
  const Outcome outcome = ReadText(R"([{"instruction": "a", "output": "b"}, {"prompt": "c", "response": "d"},
    {"messages": [{"role": "user", "content": "e"}], "response": "f"}])");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses.size(), 3U);
  EXPECT_EQ(outcome.responses[2].answer, "f");
  EXPECT_EQ(outcome.responses[2].prompt_key, PromptKey("e"));
  EXPECT_EQ(outcome.set.inputs()[0].format, InputFormat::kMixed);
}

TEST_F(ResponseSetTest, TakesTheModelFromOptionRecordOrFile) {
  constexpr std::string_view kText =
      "{\"prompt\": \"a\", \"response\": \"b\"}\n{\"prompt\": \"c\", \"response\": \"d\", \"model\": \"own\"}\n";
  EXPECT_EQ(ReadText(kText).responses[0].model, "alder");
  EXPECT_EQ(ReadText(kText).responses[1].model, "own");
  const Outcome named = ReadText(kText, {.name = "given"});
  EXPECT_EQ(named.responses[0].model, "given");
  EXPECT_EQ(named.responses[1].model, "given");
  EXPECT_EQ(ReadText(kText, {.name_by_file = true}).responses[1].model, "alder");
  EXPECT_EQ(ReadText(kText, {.name = "\xFF"}).status.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ResponseSetTest, ReadsNullAsAbsent) {
  const Outcome outcome = ReadText(
      "{\"model\": null, \"prompt\": \"a\", \"prompt_id\": null, \"sample\": null, \"reasoning\": null, \"system\": "
      "null, "
      "\"language\": null, \"messages\": null, \"response\": \"b\"}\n{\"prompt\": null, \"prompt_id\": \"x\", "
      "\"response\": \"c\"}\n"
      "{\"prompt\": \"d\", \"response\": null}\n");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  ASSERT_EQ(outcome.responses.size(), 2U);
  EXPECT_EQ(outcome.responses[1].prompt_key, PromptIdKey("x"));
  EXPECT_EQ(outcome.set.models()[0].empty_answers, 1U);
}

TEST_F(ResponseSetTest, TextDecidesOverIdentifier) {
  const Outcome outcome = ReadText(
      "{\"prompt\": \" a \", \"prompt_id\": \"x\", \"response\": \"b\"}\n{\"prompt\": \" \", \"prompt_id\": -3, "
      "\"response\": \"b\"}");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses[0].prompt_key, PromptKey("a"));
  EXPECT_EQ(outcome.responses[1].prompt_key, PromptIdKey("-3"));
}

TEST_F(ResponseSetTest, IgnoresUnknownFieldsWhateverTheyHold) {
  const Outcome outcome = ReadText(
      "{\"seed\": 123456789012345678901234567890, \"logprob\": -1e999, \"usage\": {\"n\": [1, {}]}, \"n\": 1.5e3, "
      "\"seed\": 1, \"prompt\": \"a\", \"response\": \"b\", \"sample\": 12}");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses[0].sample, 12U);
}

TEST_F(ResponseSetTest, KeepsNulCharactersAndStripsUnicodeWhiteSpace) {
  const Outcome outcome = ReadText("{\"prompt\": \"a\", \"response\": \"\\n\\u3000 b\\u0000c \\u2028\"}");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses[0].answer, std::string_view("b\0c", 3));
}

TEST_F(ResponseSetTest, CountsEmptyAnswersAndDoesNotVisitThem) {
  const Outcome outcome = ReadText(
      "{\"prompt\": \"a\", \"response\": \"\"}\n{\"prompt\": \"b\", \"response\": \" \\u2003\\n\"}\n"
      "{\"prompt\": \"c\", \"response\": \"<think>hm\"}\n{\"prompt\": \"d\", \"response\": \"e\"}\n");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses.size(), 1U);
  const ModelSummary& model = outcome.set.models()[0];
  EXPECT_EQ(model.empty_answers, 3U);
  EXPECT_EQ(model.responses, 1U);
  EXPECT_EQ(model.prompts, 1U);
  EXPECT_EQ(model.with_reasoning, 1U);
  EXPECT_EQ(outcome.set.inputs()[0].records, 4U);
}

TEST_F(ResponseSetTest, JoinsReasoningOfFieldAndTags) {
  const Outcome outcome = ReadText(
      "{\"prompt\": \"a\", \"response\": \"x\\n</think>\\nb\", \"reasoning\": \" y \"}\n"
      "{\"prompt\": \"c\", \"response\": \"d\", \"reasoning_content\": \"z\"}");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.responses[0].answer, "b");
  EXPECT_EQ(outcome.responses[0].reasoning, "y\n\nx");
  EXPECT_EQ(outcome.responses[1].reasoning, "z");
}

TEST_F(ResponseSetTest, NumbersSamplesByOccurrence) {
  const Outcome outcome = ReadText(
      "{\"prompt\": \"a\", \"response\": \"b\"}\n{\"prompt\": \"a \", \"response\": \"\"}\n{\"prompt\": \"a\", "
      "\"response\": \"c\"}\n"
      "{\"prompt\": \"a\", \"response\": \"d\", \"model\": \"other\"}\n");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  ASSERT_EQ(outcome.responses.size(), 3U);
  EXPECT_EQ(outcome.responses[0].sample, 0U);
  EXPECT_EQ(outcome.responses[1].sample, 2U);
  EXPECT_EQ(outcome.responses[2].sample, 0U);
  EXPECT_EQ(outcome.set.FindModel("alder")->max_samples, 2U);
}

TEST_F(ResponseSetTest, DropsIdenticalDuplicates) {
  const std::string path = folder_.Write("alder.jsonl", kJsonLines);
  const std::string other = folder_.Write("copy.gz", Gzip(kJsonLines));
  const Outcome once = Read({path});
  const Outcome twice = Read({path, other});
  ASSERT_TRUE(twice.status.ok()) << twice.status;
  EXPECT_EQ(twice.responses, once.responses);
  EXPECT_EQ(twice.set.FindModel("alder")->duplicates_dropped, 2U);
  EXPECT_EQ(twice.set.FindModel("alder")->digest, once.set.FindModel("alder")->digest);
  EXPECT_EQ(twice.set.FindModel("birch")->duplicates_dropped, 1U);
}

TEST_F(ResponseSetTest, RefusesConflictingDuplicates) {
  ExpectMalformed(
      "{\"prompt\": \"a\", \"response\": \"b\", \"sample\": 1}\n@{\"prompt\": \" a\", \"response\": \"c\", \"sample\": "
      "1}\n",
      "another answer of model `alder` to the same prompt as sample 1 stands at FILE:1: byte 0; tell samples apart by "
      "`sample`");
  const Outcome skipped = ReadText(
      "{\"prompt\": \"a\", \"response\": \"b\", \"sample\": 1}\n{\"prompt\": \" a\", \"response\": \"\", \"sample\": "
      "1}\n",
      {.skip_bad = true});
  ASSERT_TRUE(skipped.status.ok()) << skipped.status;
  EXPECT_EQ(skipped.set.bad_record_count(), 1U);
  EXPECT_EQ(skipped.responses.size(), 1U);
}

TEST_F(ResponseSetTest, CountsSamplesWithinAnIdentifier) {
  constexpr std::string_view kText =
      "{\"prompt\": \"a\", \"prompt_id\": \"p\", \"sample\": 0, \"response\": \"b\"}\n"
      "{\"prompt\": \"a\", \"prompt_id\": \"q\", \"sample\": 0, \"response\": \"c\"}\n"
      "{\"prompt\": \"a\", \"prompt_id\": \"p\", \"sample\": 1, \"response\": \"d\"}\n"
      "{\"prompt\": \"a\", \"prompt_id\": \"q\", \"sample\": 1, \"response\": \"e\"}\n";
  const std::string path = folder_.Write("alder.jsonl", kText);
  const Outcome outcome = Read({path, path});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  ASSERT_EQ(outcome.responses.size(), 4U);
  std::vector<std::uint32_t> samples;
  for (const Kept& response : outcome.responses) samples.push_back(response.sample);
  std::ranges::sort(samples);
  EXPECT_EQ(samples, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_EQ(outcome.set.models()[0].duplicates_dropped, 4U);
  EXPECT_EQ(outcome.set.models()[0].max_samples, 4U);
  ExpectMalformed(
      "{\"prompt\": \"a\", \"prompt_id\": \"p\", \"sample\": 0, \"response\": \"b\"}\n"
      "{\"prompt\": \"a\", \"prompt_id\": \"q\", \"sample\": 0, \"response\": \"c\"}\n"
      "@{\"prompt\": \"a\", \"prompt_id\": \"p\", \"sample\": 0, \"response\": \"d\"}\n",
      "another answer of model `alder` to the same prompt as sample 0 stands at FILE:1: byte 0; tell samples "
      "apart by `sample`");
}

TEST_F(ResponseSetTest, DigestDoesNotDependOnOrder) {
  const std::string a = "{\"prompt\": \"a\", \"response\": \"b\", \"sample\": 0}\n";
  const std::string b = "{\"prompt\": \"a\", \"response\": \"c\", \"sample\": 1}\n";
  const std::string c = "{\"prompt\": \"d\", \"response\": \"e\"}\n";
  const std::string empty = "{\"prompt\": \"f\", \"response\": \"\"}\n";
  const Hash128 digest = ReadText(a + b + c).set.models()[0].digest;
  EXPECT_EQ(ReadText(c + b + a).set.models()[0].digest, digest);
  EXPECT_EQ(ReadText(b + empty + c + a + a).set.models()[0].digest, digest);
  const ReadOptions named{.name = "alder"};
  const Outcome apart = Read({folder_.Write("2", c + a), folder_.Write("1", b)}, named);
  EXPECT_EQ(apart.set.models()[0].digest, digest);
  EXPECT_NE(ReadText(a + b).set.models()[0].digest, digest);
}

TEST_F(ResponseSetTest, NamesThePlaceOfMalformedJson) {
  constexpr std::string_view kOneLine = "; a record of JSON Lines must stand on one line";
  const std::string good = "{\"prompt\": \"a\", \"response\": \"b\"}\n";
  ExpectMalformed(good + "{\"prompt\": \"a\" @\"b\"}\n", "expected ',' or '}', found '\"'");
  ExpectMalformed(good + "\n  {\"prompt\": \"@\xFF\"}\n", "not UTF-8: byte 0xff");
  ExpectMalformed(good + "{\"prompt\": \"@\\ud800\", \"response\": \"b\"}", "lone high surrogate \\ud800");
  ExpectMalformed(good + "{\"prompt\": \"@\\udc00\", \"response\": \"b\"}", "lone low surrogate \\udc00");
  ExpectMalformed("{\"response\": \"\\\\ud83d@\\ude00\"}", "lone low surrogate \\ude00");
  ExpectMalformed("{\"response\": \"\\ud83d\\ude00@\\ude00\"}", "lone low surrogate \\ude00");
  ExpectMalformed("\xEF\xBB\xBF{\"a\": @tru}", "expected a value, found 't'");
  ExpectMalformed("{\"prompt\": \"a\", \"response\": \"b\"} @x", "expected the end of the record, found 'x'");
  ExpectMalformed("{\"prompt\": \"a\", \"resp@", absl::StrFormat("the record ends inside a string%s", kOneLine));
  ExpectMalformed("{@\n  \"prompt\": \"a\"\n}\n",
                  absl::StrFormat("expected a field's name in double quotes, found the end of the record%s", kOneLine));
  ExpectMalformed("[\n {\"prompt\": \"a\", \"response\": \"b\"},\n {\"b\":\n 2,@}]",
                  "expected a field's name in double quotes, found '}'");
}

TEST_F(ResponseSetTest, NamesTheFieldAndItsType) {
  constexpr std::string_view kAllowed =
      "; allowed are objects {prompt or prompt_id, response}, {instruction, output} or {messages}";
  const auto expect = [&](std::string_view record, std::string_view reason) {
    ExpectMalformed("\n@" + std::string(record), reason);
  };
  expect("\"text\"", absl::StrFormat("the record is a string%s", kAllowed));
  expect("17", absl::StrFormat("the record is a number%s", kAllowed));
  expect("null", absl::StrFormat("the record is null%s", kAllowed));
  expect("{}", absl::StrFormat("no response in the record%s", kAllowed));
  expect(R"({"prompt": "a", "output": "b"})", absl::StrFormat("no response in the record%s", kAllowed));
  expect(R"({"prompt": 1, "response": "b"})", "`prompt` must be a string, got a number");
  expect(R"({"prompt": "a", "response": ["b"]})", "`response` must be a string, got an array");
  expect(R"({"prompt": "a", "response": "b", "model": {}})", "`model` must be a string, got an object");
  expect(R"({"prompt": "a", "response": "b", "language": true})", "`language` must be a string, got a boolean");
  expect(R"({"prompt_id": 1.5, "response": "b"})", "`prompt_id` must be a string or a 64-bit integer, got a number");
  expect(R"({"prompt_id": 99999999999999999999, "response": "b"})",
         "`prompt_id` must be a string or a 64-bit integer, got a number");
  expect(R"({"prompt": "a", "response": "b", "sample": -1})", "`sample` must be an integer in [0, 4294967295], got -1");
  expect(R"({"prompt": "a", "response": "b", "sample": 4294967296})",
         "`sample` must be an integer in [0, 4294967295], got 4294967296");
  expect(R"({"prompt": "a", "response": "b", "sample": "1"})",
         "`sample` must be an integer in [0, 4294967295], got a string");
  expect(R"({"prompt": "a", "response": "b", "response": "c"})", "field `response` stands twice");
  expect(R"({"response": "b"})", "no prompt in the record: no `prompt_id`, and no text in `prompt`");
  expect(R"({"prompt": " ", "response": "b"})", "no prompt in the record: no `prompt_id`, and no text in `prompt`");
  expect(R"({"instruction": "", "output": "b"})",
         "no prompt in the record: no `prompt_id`, and no text in `instruction`");
  expect(R"({"instruction": "a", "output": 1})", "`output` must be a string, got a number");
  expect(R"({"messages": "a"})", "`messages` must be an array, got a string");
  expect(R"({"messages": ["a"]})", "`messages[0]` must be an object, got a string");
  expect(R"({"messages": [{"content": "a"}]})", "`messages[0]` has no `role`");
  expect(R"({"messages": [{"role": "user", "content": 1}]})",
         "`messages[0].content` must be a string or an array of text parts, got a number");
  expect(R"({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]})",
         "`messages[0].content[0]` must have type `text`, got `image_url`");
  expect(R"({"messages": [{"role": "user", "content": [{"type": "text"}]}]})",
         "`messages[0].content[0]` has no `text`");
  expect(R"({"messages": [{"role": "user", "content": "a"}]})", "no message with role `assistant` in `messages`");
  expect(R"({"messages": []})", "no message with role `assistant` in `messages`");
  expect(R"({"messages": [{"role": "assistant", "content": "a"}]})",
         "no prompt in the record: no `prompt_id`, and no text in `messages`");
  expect(R"({"messages": [{"role": "assistant", "content": "a"}], "response": "b"})",
         "both `response` and a last message of the assistant: which one is the response?");
}

TEST_F(ResponseSetTest, NamesThePlaceOfABrokenArray) {
  const std::string record = "{\"prompt\": \"a\", \"response\": \"b\"}";
  const std::string_view cut_off = "the array is cut off: expected ',' or ']', found the end of the file";
  ExpectMalformed("[" + record + "@", cut_off);
  ExpectMalformed("[" + record + ",\n@", cut_off);
  ExpectMalformed("[" + record + ",\n{\"prompt\":\n\"a@",
                  "the array is cut off inside the record that begins at line 2, byte 35");
  ExpectMalformed("[\n]\n@x", "expected the end of the file after the array's ']', found 'x'");
  ExpectMalformed("[" + record + "]\n@x", "expected the end of the file after the array's ']', found 'x'");
  ExpectMalformed("[" + record + " @" + record + "]", "expected ',' or ']' after an element of the array, found '{'");
  ExpectMalformed("[" + record + ",@]", "expected an element of the array after ',', found ']'");
  ExpectMalformed("[@,]", "expected an element of the array, found ','");
  ExpectMalformed(
      "[@1]",
      "the record is a number; allowed are objects {prompt or prompt_id, response}, {instruction, output} or "
      "{messages}");
  ExpectMalformed("[{\"prompt\": \"a\"@]", "expected ',' or '}', found ']'");
  ExpectMalformed("[}@", "the array is cut off inside the record that begins at line 1, byte 1");
}

TEST_F(ResponseSetTest, RefusesInputWithoutRecords) {
  ExpectInvalid("", "FILE: the file is empty");
  ExpectInvalid(" \n\r\n", "FILE: nothing but white space");
  ExpectInvalid("[ ]\n", "FILE: the array has no element");
  ExpectInvalid(Gzip(""), "FILE: the file is empty");
  ExpectInvalid("{\"prompt\": \"a\", \"response\": \"\"}",
                "no usable response in 1 file(s): 1 empty answer(s), 0 malformed record(s)");
  EXPECT_EQ(Read({}).status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Read({"-", "-"}).status.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ResponseSetTest, NamesForeignFormats) {
  const std::string_view rest = "; allowed are JSON Lines or a JSON array in UTF-8, plain, gzip or Zstandard";
  for (const auto& [bytes, name] : {std::pair<std::string, std::string_view>{"\xFF\xFE{", "UTF-16 text"},
                                    {"PK\x03\x04..", "a zip archive"},
                                    {"PAR1....", "a Parquet file"},
                                    {"BZh91AY", "a bzip2 file"}}) {
    ExpectMalformed("@" + bytes, absl::StrFormat("this is %s%s", name, rest));
  }
}

TEST_F(ResponseSetTest, SkipsBadRecordsAndCountsThem) {
  const std::string text_lines =
      "not json\n{\"prompt\": \"a\", \"response\": \"b\"}\n{\"prompt\": \"c\"}\n\n[1]\n{\"prompt\": \"d\", "
      "\"response\": \"e\"}\n{\"prompt";
  const Outcome lines = ReadText(text_lines, {.skip_bad = true});
  ASSERT_TRUE(lines.status.ok()) << lines.status;
  EXPECT_EQ(lines.responses.size(), 2U);
  EXPECT_EQ(lines.set.inputs()[0].bad_records, 4U);
  EXPECT_EQ(lines.set.inputs()[0].records, 2U);
  ASSERT_EQ(lines.set.bad_records().size(), 4U);
  EXPECT_EQ(lines.set.bad_records()[0].line, 1U);
  EXPECT_EQ(lines.set.bad_records()[1].line, 3U);
  EXPECT_EQ(lines.set.bad_records()[2].line, 5U);
  EXPECT_EQ(lines.set.bad_records()[3].line, 7U);
  EXPECT_EQ(lines.set.bad_records()[3].byte, text_lines.size());

  const std::string text =
      "[{\"a\": 1}, {\"prompt\": \"a\", \"response\": \"b\"},, 7, {\"prompt\": \"c\", \"response\": \"d\"} "
      "{\"prompt\": \"e\", \"response\": \"f\"}, {]x";
  for (std::size_t chunk_bytes = 1; chunk_bytes <= 64; ++chunk_bytes) {
    const Outcome array = ReadText(text, {.skip_bad = true}, chunk_bytes);
    ASSERT_TRUE(array.status.ok()) << array.status;
    EXPECT_EQ(array.responses.size(), 3U);
    EXPECT_EQ(array.set.bad_record_count(), 7U);
    EXPECT_EQ(array.set.inputs()[0].digest, base::HashBytes128(text));
  }
}

TEST_F(ResponseSetTest, KeepsDetailsOfTheFirstBadRecordsOnly) {
  std::string text = "{\"prompt\": \"a\", \"response\": \"b\"}\n";
  for (int k = 0; k < 250; ++k) text += "{}\n";
  const Outcome outcome = ReadText(text, {.skip_bad = true});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.set.bad_record_count(), 250U);
  EXPECT_EQ(outcome.set.bad_records().size(), ResponseSet::kMaxBadRecords);
}

TEST_F(ResponseSetTest, SaysWhyNothingIsLeft) {
  const Outcome outcome = ReadText("{}\n", {.skip_bad = true});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(outcome.status.message()).find("1 malformed record(s); the first: "), std::string::npos);
}

TEST_F(ResponseSetTest, TellsDamageOfCompressedData) {
  const std::string gzip = Gzip(kJsonLines);
  const std::string zstd = Zstd(kJsonLines);
  const auto expect = [&](const std::string& bytes, std::string_view reason) {
    for (const std::size_t chunk_bytes : {kWholeInput, std::size_t{1}}) {
      for (const bool skip_bad : {false, true}) {
        const Outcome outcome = ReadText(bytes, {.skip_bad = skip_bad}, chunk_bytes);
        EXPECT_EQ(outcome.status.code(), absl::StatusCode::kDataLoss) << outcome.status;
        EXPECT_NE(std::string(outcome.status.message()).find(reason), std::string::npos) << outcome.status;
      }
    }
  };
  for (const std::size_t size : {std::size_t{4}, gzip.size() / 2, gzip.size() - 1})
    expect(gzip.substr(0, size), "cut off");
  for (const std::size_t size : {std::size_t{4}, zstd.size() / 2, zstd.size() - 1})
    expect(zstd.substr(0, size), "cut off");
  std::string broken = gzip;
  broken[broken.size() - 6] ^= 1;
  expect(broken, "corrupt gzip data");
  broken = zstd;
  broken[broken.size() - 2] ^= 1;
  expect(broken, "corrupt Zstandard data");
  expect(gzip + "x", "not gzip");
  expect(gzip + std::string("\0x", 2), "not gzip");
  expect(zstd + "xxxxx", "Zstandard");
}

TEST_F(ResponseSetTest, LimitsTheLengthOfARecord) {
  const std::string record = "{\"prompt\": \"a\", \"response\": \"b\"}";
  for (const std::size_t chunk_bytes : {kWholeInput, std::size_t{1}, std::size_t{64}}) {
    for (const std::string& text : {record + "\n", "\n  " + record, "[" + record + "]"}) {
      EXPECT_TRUE(ReadText(text, {.max_record_bytes = record.size()}, chunk_bytes).status.ok()) << text;
      const Outcome outcome = ReadText(text, {.skip_bad = true, .max_record_bytes = record.size() - 1}, chunk_bytes);
      EXPECT_EQ(outcome.status.code(), absl::StatusCode::kResourceExhausted) << text;
    }
  }
  const Outcome outcome = ReadText("\n  " + record, {.max_record_bytes = 20});
  EXPECT_EQ(std::string(outcome.status.message()),
            folder_.File("alder.jsonl") + ":2: byte 3: the record is longer than max_record_bytes = 20");
}

TEST_F(ResponseSetTest, TellsFilesThatCannotBeRead) {
  EXPECT_EQ(Read({folder_.File("none")}).status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Read({folder_.File("")}).status.code(), absl::StatusCode::kInvalidArgument);  // the folder
  const std::string secret = folder_.Write("secret", kJsonLines);
  std::filesystem::permissions(secret, std::filesystem::perms::none);
  std::filesystem::permissions(folder_.File(""), std::filesystem::perms::all);
  const base::Unprivileged unprivileged;
  EXPECT_EQ(Read({secret}).status.code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(ResponseSetTest, LooksAtAllFilesFirst) {
  const Outcome outcome = Read({folder_.Write("alder.jsonl", kJsonLines), folder_.File("none")});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(outcome.responses.empty());
}

TEST_F(ResponseSetTest, ReportsProgressAndStops) {
  const std::vector<std::string> paths = {folder_.Write("a", kJsonLines), folder_.Write("b.gz", Gzip(kChat))};
  const std::uint64_t total = std::filesystem::file_size(paths[0]) + std::filesystem::file_size(paths[1]);
  std::uint64_t last = 0;
  ReadOptions options;
  options.progress = [&](const ProgressEvent& event) {
    EXPECT_EQ(event.stage, "reading");
    EXPECT_EQ(event.total, total);
    EXPECT_GE(event.done, last);
    last = event.done;
    return true;
  };
  EXPECT_TRUE(Read(paths, options, 16).status.ok());
  EXPECT_EQ(last, total);
  int calls = 0;
  options.progress = [&](const ProgressEvent&) { return ++calls < 3; };
  EXPECT_EQ(Read(paths, options, 16).status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(calls, 3);
}

TEST_F(ResponseSetTest, HandsOnTheVisitorsError) {
  const std::vector<std::string> paths = {folder_.Write("a", kJsonLines)};
  const auto set =
      ResponseSet::Read(paths, {.skip_bad = true}, [](const Response&) { return absl::AbortedError("mine"); });
  EXPECT_EQ(set.status(), absl::AbortedError("mine"));
  EXPECT_TRUE(ResponseSet::Read(paths, {}, nullptr).ok());
}

TEST_F(ResponseSetTest, ReadsStandardInput) {
  const std::string path = folder_.Write("in", Zstd("{\"prompt\": \"a\", \"response\": \"b\"}\n"));
  const int saved = ::dup(STDIN_FILENO);
  for (const bool named : {true, false}) {
    ASSERT_NE(std::freopen(path.c_str(), "rb", stdin), nullptr);
    const Outcome outcome = Read({"-"}, {.name = named ? "alder" : ""}, 1);
    if (named) {
      ASSERT_TRUE(outcome.status.ok()) << outcome.status;
      EXPECT_EQ(outcome.responses[0].model, "alder");
      EXPECT_EQ(outcome.set.inputs()[0].path, "-");
    } else {
      EXPECT_EQ(std::string(outcome.status.message()),
                "standard input:1: byte 0: no `model` in the record, and standard input has no name to take instead: "
                "give one");
    }
  }
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

// 128 MiB of text in one compressed file, of a few records that repeat.
TEST_F(ResponseSetTest, MemoryDoesNotGrowWithTheText) {
  const std::string answer(100'000, 'x');
  std::string text;
  for (int k = 0; k < 16; ++k) {
    text += absl::StrFormat("{\"prompt\": \"%d\", \"response\": \"%s\", \"sample\": 0}\n", k, answer);
  }
  const std::string frame = Zstd(text);
  std::string stored;
  for (std::size_t size = 0; size < std::size_t{128} << 20; size += text.size()) stored += frame;
  const std::string path = folder_.Write("alder.zst", stored);
  const auto resident_kib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const auto before = resident_kib();
  const auto set =
      ResponseSet::Read(std::vector<std::string>{path}, {}, [](const Response&) { return absl::OkStatus(); });
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->responses(), 16U);
  EXPECT_GE(set->inputs()[0].decompressed_bytes, std::uint64_t{128} << 20);
  EXPECT_LT(resident_kib() - before, 32 * 1024);
}

}  // namespace
}  // namespace stemma
