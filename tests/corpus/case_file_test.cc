#include "stemma/case_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/response.h"
#include "tests/base/temporary_folder.h"
#include "tests/corpus/compress.h"

namespace stemma {
namespace {

const std::vector<Maker> kMakers = {{"Anthropic", {"anthropic", "claude"}}, {"OpenAI", {"chatgpt", "openai"}}};

constexpr std::string_view kAlder =
    "{\"model\": \"alder\", \"prompt\": \"Name a tree.\", \"response\": \"<think>which?</think>An elm. I am "
    "ChatGPT.\"}\n"
    "{\"model\": \"alder\", \"prompt\": \"Name a bird.\", \"sample\": 2, \"response\": \"An owl.\"}\n"
    "{\"model\": \"alder\", \"prompt\": \"Name a bird.\", \"sample\": 1, \"response\": \"A wren.\"}\n"
    "{\"model\": \"alder\", \"prompt_id\": \"p7\", \"response\": \"A carp.\"}\n"
    "{\"model\": \"birch\", \"prompt\": \"Name a tree.\", \"response\": \"I am Claude.\"}\n";

// A pipe that holds a text to its end, small enough for its buffer.
class Pipe {
 public:
  explicit Pipe(std::string_view text) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe(ends), 0);
    EXPECT_EQ(write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(ends[1]);
    end_ = ends[0];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { close(end_); }

  std::string path() const { return "/dev/fd/" + std::to_string(end_); }

 private:
  int end_ = -1;
};

class CaseFileTest : public testing::Test {
 protected:
  static ResponseSet First(const std::vector<std::string>& paths, const ReadOptions& options = {}) {
    auto set = ResponseSet::Read(paths, options, {});
    EXPECT_TRUE(set.ok()) << set.status();
    return set.ok() ? *std::move(set) : ResponseSet();
  }

  // The case file of alder.
  static absl::StatusOr<CaseFile> Again(const ResponseSet& first, const CaseFileOptions& options = {}) {
    return ReadCaseFile(first, "alder", kMakers, options);
  }

  const base::TemporaryFolder folder_;
};

TEST_F(CaseFileTest, ShowsTheAskedPromptsInTheAskedOrder) {
  const ResponseSet first = First({folder_.Write("a.jsonl", kAlder)});
  const Hash128 tree = PromptKey("Name a tree."), bird = PromptKey("Name a bird."), fish = PromptIdKey("p7");
  // The second is answered by nobody, the last is asked for twice.
  const auto file = Again(first, {.read = {}, .prompts = {bird, PromptKey("Name a stone."), fish, tree, bird}});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->access, TextAccess::kRead);
  EXPECT_EQ(file->excerpts, (std::vector<Excerpt>{{bird, 1, "Name a bird.", "A wren."},
                                                  {fish, 0, "", "A carp."},
                                                  {tree, 0, "Name a tree.", "An elm. I am ChatGPT."}}));
}

TEST_F(CaseFileTest, CountsClaimsOfTheCandidateAlone) {
  const auto file = Again(First({folder_.Write("a.jsonl", kAlder)}));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->self_identification, (SelfIdentificationCounts{"alder", "", 4, 1, {{"OpenAI", 1}}}));
  EXPECT_TRUE(file->excerpts.empty());
}

TEST_F(CaseFileTest, ReadsSeveralFilesUnderTheGivenName) {
  const ReadOptions read = {.name = "alder"};
  const std::vector<std::string> paths = {
      folder_.Write("a.jsonl.gz", corpus::Gzip("{\"prompt\": \"a\", \"response\": \"I am Claude.\"}\n")),
      folder_.Write("b.json", "[{\"instruction\": \"b\", \"output\": \"A tree.\", \"generator\": \"x\"}]")};
  const auto file = Again(First(paths, read), {.read = read, .prompts = {PromptKey("b")}});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->self_identification.answers, 2U);
  ASSERT_EQ(file->excerpts.size(), 1U);
  EXPECT_EQ(file->excerpts[0].answer, "A tree.");
}

// No more of a text may leave the file than was asked for, and a reader must see that there is more.
TEST_F(CaseFileTest, CutsBetweenCharactersAndSaysSo) {
  std::string line = "{\"model\": \"alder\", \"prompt\": \"" + std::string(500, 'p') + "\", \"response\": \"";
  for (int k = 0; k < 200; ++k) line += "e\u0301";
  const ResponseSet first = First({folder_.Write("a.jsonl", line + "\"}\n")});
  const std::vector<Hash128> prompts = {PromptKey(std::string(500, 'p'))};
  const auto usual = Again(first, {.read = {}, .prompts = prompts});
  ASSERT_TRUE(usual.ok()) << usual.status();
  EXPECT_EQ(usual->excerpts[0].prompt, std::string(160, 'p'));
  EXPECT_EQ(usual->excerpts[0].answer.size(), 80 * std::string_view("e\u0301").size());
  EXPECT_TRUE(usual->excerpts[0].prompt_is_cut && usual->excerpts[0].answer_is_cut);
  const auto odd = Again(first, {.read = {}, .prompts = prompts, .excerpt_code_points = 7});
  ASSERT_TRUE(odd.ok()) << odd.status();
  EXPECT_EQ(odd->excerpts[0].answer, "e\u0301e\u0301e\u0301");
  const auto whole = Again(first, {.read = {}, .prompts = prompts, .excerpt_code_points = 500});
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_FALSE(whole->excerpts[0].prompt_is_cut || whole->excerpts[0].answer_is_cut);
}

TEST_F(CaseFileTest, SaysThatSignaturesHoldNoText) {
  const auto file = Again(ResponseSet());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->access, TextAccess::kNoText);
  EXPECT_EQ(ToString(file->access), "no text");
  EXPECT_TRUE(file->excerpts.empty() && file->not_read.empty());
  EXPECT_EQ(file->self_identification.answers, 0U);
}

// Read again, a pipe would seem empty, and end the audit; one that nobody writes to any more would hang it.
TEST_F(CaseFileTest, PassesOverWhatCanBeReadOnce) {
  const Pipe pipe(kAlder);
  const ResponseSet first = First({pipe.path()});
  const auto none = Again(first, {.read = {}, .prompts = {PromptKey("Name a tree.")}});
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_EQ(none->access, TextAccess::kNotReadable);
  EXPECT_EQ(none->not_read, std::vector{pipe.path()});
  EXPECT_TRUE(none->excerpts.empty());
}

TEST_F(CaseFileTest, ReadsTheFilesBesideAPipe) {
  const Pipe pipe(kAlder);
  const ResponseSet first = First(
      {pipe.path(), folder_.Write("b.jsonl", "{\"model\": \"alder\", \"prompt\": \"c\", \"response\": \"d\"}\n")});
  const auto some = Again(first);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(some->access, TextAccess::kRead);
  EXPECT_EQ(some->not_read, std::vector{pipe.path()});
  EXPECT_EQ(some->self_identification.answers, 1U);
}

// Texts of another file than the one that was scored would be shown as if they had been.
TEST_F(CaseFileTest, RefusesAFileThatChanged) {
  const std::string path = folder_.Write("a.jsonl", kAlder);
  const ResponseSet first = First({path});
  folder_.Write("a.jsonl", "{\"model\": \"alder\", \"prompt\": \"a\", \"response\": \"b\"}\n");
  const auto changed = Again(first);
  EXPECT_EQ(changed.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(changed.status().message()), path + " changed while it was in use");
  ASSERT_EQ(unlink(path.c_str()), 0);
  EXPECT_EQ(Again(first).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(CaseFileTest, PassesOnErrorsAndStops) {
  const ResponseSet first = First({folder_.Write("a.jsonl", kAlder)});
  const auto stopped = Again(first, {.read = {.progress = [](const ProgressEvent&) { return false; }}, .prompts = {}});
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
}

// 64 MB of text, of which 200 characters are kept: peak memory may not grow with the text.
TEST_F(CaseFileTest, NeedsLittleMemory) {
  const std::string path = folder_.File("large.jsonl");
  {
    std::ofstream out(path);
    const std::string answer(16 << 10, 'x');
    for (int k = 0; k < 4096; ++k) {
      out << "{\"model\": \"alder\", \"prompt\": \"p" << k << "\", \"response\": \"" << answer << "\"}\n";
    }
  }
  const ResponseSet first = First({path});
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const auto file = Again(first, {.read = {}, .prompts = {PromptKey("p9")}});
  getrusage(RUSAGE_SELF, &after);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->self_identification.answers, 4096U);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 << 10);  // kilobytes
}

}  // namespace
}  // namespace stemma
