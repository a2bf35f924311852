// Times tokenise, fingerprint, sign, embed, panel load and score on made-up text, after checking what they give.
//
//   stemma_bench [--text_only=FILE] [Google Benchmark's options]
//
// --text_only writes the made-up answers as JSON Lines, for the peers, and ends.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "bench/checks.h"
#include "bench/fingerprint.h"
#include "bench/made_text.h"
#include "lib/base/hash.h"
#include "stemma/embedder.h"
#include "stemma/panel.h"
#include "stemma/response.h"
#include "stemma/score.h"
#include "stemma/sign.h"

namespace stemma::bench {
namespace {

// As many megabytes as half a dozen models on AlpacaEval, in a second or so of the peers' time.
constexpr std::size_t kModels = 8;
constexpr std::size_t kPrompts = 500;

const std::string kShippedPanel = STEMMA_SOURCE_DIR "/data/panel.stemma";
const std::string kShippedEmbedder = STEMMA_SOURCE_DIR "/data/embedder.stemma";
const std::string kShippedCandidate = STEMMA_SOURCE_DIR "/data/demo/claude2-alpaca-13b.stemma";

// Those that peers/features.py keeps, too.
const std::set<std::string> kKept = {"the", "of",  "and", "to",   "a",  "in",  "is",   "that", "it",  "for",
                                     "on",  "with", "as", "are",  "be", "by",  "from", "or",   "an",  "at",
                                     "can", "have", "not", "you", "we", "they", "will", "if",   "don't"};

// A folder of this run's own, removed at the end.
class Workspace {
 public:
  Workspace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stemma_bench.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) Fail("cannot make the folder " + pattern);
    folder_ = pattern;
  }
  ~Workspace() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::string File(std::string_view name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

// What all benchmarks work on; made and checked once.
struct World {
  World() : mask(Hashes(kKept)) {
    WriteJsonLines(answers, responses);
    CheckTokens(tokenizer, answers);
    CheckFingerprints(tokenizer, mask, kKept, answers);
    CheckPanelAndScores(workspace.File("panel.stemma"));
    for (std::size_t k = 0; k < answers.size(); ++k) tokenizer.Tokenize(answers[k].text, tokens[k]);
    signatures = Sign(1);
    for (const Signature& signature : signatures) CheckSignature(signature, vocabulary, answers);
    const std::vector<Signature> by_two = Sign(2);
    for (std::size_t k = 0; k < signatures.size(); ++k) {
      if (signatures[k].Serialize() != by_two[k].Serialize()) Fail("two threads sign otherwise than one");
    }
    made_panel = std::make_unique<Panel>(ValueOf(
        Panel::Build(std::span(signatures).subspan(1), vocabulary, {.index_bytes_per_response = 0})));
  }

  static std::vector<std::uint64_t> Hashes(const std::set<std::string>& words) {
    std::vector<std::uint64_t> hashes;
    for (const std::string& word : words) hashes.push_back(base::Hash64(word));
    return hashes;
  }

  std::vector<Signature> Sign(int threads) const {
    SignOptions options;
    options.threads = threads;
    return ValueOf(SignResponses(std::span(&responses, 1), vocabulary, options)).signatures;
  }

  Workspace workspace;
  std::vector<MadeAnswer> answers = MakeAnswers(kModels, kPrompts);
  std::size_t bytes = TextBytes(answers);
  std::string responses = workspace.File("responses.jsonl");
  Tokenizer tokenizer{std::vector<std::string>{}};
  MaskList mask;
  std::vector<TokenStream> tokens = std::vector<TokenStream>(answers.size());
  // The shipped panel's, so that what is timed is what users run.
  Vocabulary vocabulary = ValueOf(Panel::Open(kShippedPanel)).vocabulary();
  std::vector<Signature> signatures;
  std::unique_ptr<Panel> made_panel;  // of all models but the first
};

const World& TheWorld() {
  static const World world;
  return world;
}

void ReportText(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["text_bytes"] = static_cast<double>(bytes);  // an iteration's
}

void Tokenise(benchmark::State& state) {
  const World& world = TheWorld();
  TokenStream stream;
  for (auto _ : state) {
    for (const MadeAnswer& answer : world.answers) {
      world.tokenizer.Tokenize(answer.text, stream);
      benchmark::DoNotOptimize(stream.tokens().data());
    }
  }
  ReportText(state, world.bytes);
}
BENCHMARK(Tokenise)->Unit(benchmark::kMillisecond);

void Fingerprint(benchmark::State& state) {
  const World& world = TheWorld();
  Fingerprinter fingerprinter(world.mask);
  for (auto _ : state) {
    for (const TokenStream& stream : world.tokens) {
      benchmark::DoNotOptimize(fingerprinter.Grams(stream.tokens()).data());
    }
  }
  ReportText(state, world.bytes);
}
BENCHMARK(Fingerprint)->Unit(benchmark::kMillisecond);

void Sign(benchmark::State& state) {
  const World& world = TheWorld();
  for (auto _ : state) benchmark::DoNotOptimize(world.Sign(static_cast<int>(state.range(0))));
  ReportText(state, world.bytes);
}
BENCHMARK(Sign)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void Embed(benchmark::State& state) {
  const World& world = TheWorld();
  const Embedder embedder = ValueOf(Embedder::Read(kShippedEmbedder));
  TextEmbedder texts(embedder);
  std::vector<float> vector(embedder.dims());
  for (auto _ : state) {
    for (const MadeAnswer& answer : world.answers) {
      texts.Embed(answer.text, vector);
      benchmark::DoNotOptimize(vector.data());
    }
  }
  ReportText(state, world.bytes);
}
BENCHMARK(Embed)->Unit(benchmark::kMillisecond);

void PanelOpen(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ValueOf(Panel::Open(kShippedPanel)));
}
BENCHMARK(PanelOpen)->Unit(benchmark::kMillisecond);

// One candidate's signature against the shipped panel, all in: both files read, nothing kept from before.
void ScoreShipped(benchmark::State& state) {
  for (auto _ : state) {
    const Scorer scorer = ValueOf(Scorer::Create(ValueOf(Panel::Open(kShippedPanel)), {.threads = 1}));
    benchmark::DoNotOptimize(ValueOf(scorer.Score(ValueOf(Signature::Read(kShippedCandidate)))));
  }
}
BENCHMARK(ScoreShipped)->Unit(benchmark::kMillisecond);

// One candidate's text against a panel in memory of the other made-up models, as peers/features.py does it.
void ScoreMade(benchmark::State& state) {
  const World& world = TheWorld();
  const std::size_t answers = world.answers.size() / kModels;
  std::size_t bytes = 0;
  for (std::size_t k = 0; k < answers; ++k) bytes += world.answers[k].text.size();
  for (auto _ : state) {
    SignatureBuilder builder(world.vocabulary);
    AnswerAnalyzer analyzer(world.vocabulary);
    for (std::size_t k = 0; k < answers; ++k) {
      const MadeAnswer& answer = world.answers[k];
      if (!builder.Add(analyzer.Analyze(PromptKey(answer.prompt), 0, answer.text)).ok()) Fail("a prompt came twice");
    }
    const Scorer scorer = ValueOf(Scorer::Create(*world.made_panel, {.threads = 1}));
    benchmark::DoNotOptimize(ValueOf(scorer.Score(ValueOf(builder.Build(Named("candidate"))))));
  }
  ReportText(state, bytes);
}
BENCHMARK(ScoreMade)->Unit(benchmark::kMillisecond);

int Main(int argc, char** argv) {
  constexpr std::string_view kTextOnly = "--text_only=";
  if (argc == 2 && std::string_view(argv[1]).starts_with(kTextOnly)) {
    WriteJsonLines(MakeAnswers(kModels, kPrompts), argv[1] + kTextOnly.size());
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  TheWorld();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace stemma::bench

int main(int argc, char** argv) { return stemma::bench::Main(argc, argv); }
