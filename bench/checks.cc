#include "bench/checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "bench/fingerprint.h"
#include "bench/plain_text.h"
#include "lib/base/hash.h"
#include "stemma/ngram.h"
#include "stemma/panel.h"
#include "stemma/response.h"
#include "stemma/score.h"
#include "tests/oracle/centring.h"
#include "tests/oracle/cosines.h"
#include "tests/oracle/ngrams.h"
#include "tests/panel/made_world.h"

namespace stemma::bench {
namespace {

// Regular expressions are slow: some answers must do.
constexpr std::size_t kCheckedAnswers = 100;

std::vector<MadeAnswer> Some(const std::vector<MadeAnswer>& answers) {
  std::vector<MadeAnswer> some;
  const std::size_t step = std::max<std::size_t>(answers.size() / kCheckedAnswers, 1);
  for (std::size_t k = 0; k < answers.size(); k += step) some.push_back(answers[k]);
  return some;
}

// `hash_of` gives a symbol's hash.
template <typename HashOf>
std::vector<std::uint32_t> OracleGrams(const std::vector<std::string>& symbols, HashOf hash_of) {
  std::set<std::uint32_t> grams;
  for (const oracle::Gram& gram : oracle::NgramSet(symbols, kMinGramOrder, kMaxGramOrder)) {
    std::uint64_t hash = hash_of(gram.front());
    for (std::size_t k = 1; k < gram.size(); ++k) hash = ExtendNgram(hash, hash_of(gram[k]));
    grams.insert(static_cast<std::uint32_t>(hash >> (64 - kGramBits)));
  }
  return {grams.begin(), grams.end()};
}

// A model's similarities to the world's models, centred, by the definitions.
oracle::Centred OracleScores(const oracle::World& world, const oracle::AnswersByPrompt& candidate) {
  std::set<std::size_t> prompts;
  for (const std::size_t prompt : oracle::SharedPrompts(world)) {
    if (candidate.contains(prompt)) prompts.insert(prompt);
  }
  const auto compare = [&](const oracle::AnswersByPrompt& a, const oracle::AnswersByPrompt& b) {
    const oracle::Similarity similarity = oracle::Compare(world, prompts, a, b);
    return similarity.prompts > 0 ? std::optional(similarity.value) : std::nullopt;
  };
  oracle::Row row;
  std::vector<oracle::Row> matrix;
  std::vector<oracle::Standing> models;
  for (std::size_t a = 0; a < world.models.size(); ++a) {
    models.push_back({world.models[a].group, true});
    row.push_back(compare(candidate, world.answers[a]));
    matrix.emplace_back();
    for (std::size_t b = 0; b < world.models.size(); ++b) {
      matrix[a].push_back(a == b ? std::nullopt : compare(world.answers[a], world.answers[b]));
    }
  }
  return oracle::Centre(row, matrix, models, "", std::nullopt);
}

void CheckScores(const Panel& panel, const Signature& candidate, const oracle::Centred& expected) {
  // Rivals are no matter of the oracle.
  const Scorer scorer = ValueOf(Scorer::Create(
      panel, {.rival_weight_weights = 0, .rival_weight_distillation = 0, .rival_weight_ranking = 0, .threads = 1}));
  const CandidateScores scores = ValueOf(scorer.Score(candidate));
  // What the rounding of weights in a panel's file may move: see tests/score/scorer_test.cc.
  constexpr double kBound = 5e-3;
  for (std::size_t m = 0; m < scores.pairs.size(); ++m) {
    if (std::abs(scores.pairs[m].weights - expected.scores[m].value()) <= kBound) continue;
    Fail(absl::StrFormat("model %d scores %.6f, by the oracle %.6f", m, scores.pairs[m].weights, *expected.scores[m]));
  }
}

}  // namespace

void Fail(const std::string& what) {
  std::fprintf(stderr, "stemma_bench: %s\n", what.c_str());
  std::exit(1);
}

ModelMetadata Named(std::string model) {
  ModelMetadata metadata;
  metadata.model = std::move(model);
  return metadata;
}

void CheckTokens(const Tokenizer& tokenizer, const std::vector<MadeAnswer>& answers) {
  TokenStream stream;
  for (const MadeAnswer& answer : Some(answers)) {
    tokenizer.Tokenize(answer.text, stream);
    const std::vector<std::string> expected = PlainTokens(answer.text);
    const auto is_equal = [](const Token& token, const std::string& text) {
      return token.text == text && token.hash == base::Hash64(text);
    };
    if (!std::ranges::equal(stream.tokens(), expected, is_equal)) Fail("other tokens than defined:\n" + answer.text);
  }
}

void CheckFingerprints(const Tokenizer& tokenizer, const MaskList& mask, const std::set<std::string>& kept,
                       const std::vector<MadeAnswer>& answers) {
  TokenStream stream;
  Fingerprinter fingerprinter(mask);
  for (const MadeAnswer& answer : Some(answers)) {
    std::vector<std::string> symbols;
    for (const std::string& token : PlainTokens(answer.text)) symbols.push_back(PlainSymbol(token, kept));
    tokenizer.Tokenize(answer.text, stream);
    const auto expected = OracleGrams(symbols, [](const std::string& symbol) { return base::Hash64(symbol); });
    if (fingerprinter.Grams(stream.tokens()) != expected) Fail("other n-grams than by the oracle:\n" + answer.text);
  }
}

void CheckSignature(const Signature& signature, const Vocabulary& vocabulary, const std::vector<MadeAnswer>& answers) {
  TokenStream stream;
  std::vector<GramCount> grams;
  for (const MadeAnswer& answer : Some(answers)) {
    if (answer.model != signature.metadata().model) continue;
    vocabulary.tokenizer().Tokenize(answer.text, stream);
    // The vocabulary tells no word, so that the symbols' hashes stand for them.
    std::vector<std::string> symbols = {std::to_string(base::Hash64("<ANSWER>"))};
    for (const Token& token : stream.tokens()) symbols.push_back(std::to_string(vocabulary.fine_mask().Symbol(token)));
    symbols.push_back(std::to_string(base::Hash64("</ANSWER>")));
    const auto expected = OracleGrams(symbols, [](const std::string& symbol) { return std::stoull(symbol); });
    const auto row = signature.Find(PromptKey(answer.prompt));
    if (!row) Fail("a prompt is missing in the signature: " + answer.prompt);
    signature.Grams(signature.rows()[*row], grams);
    const auto is_equal = [](const GramCount& gram, std::uint32_t value) { return gram.gram == value; };
    if (!std::ranges::equal(grams, expected, is_equal)) Fail("other n-grams in the signature: " + answer.text);
  }
}

void CheckPanelAndScores(const std::string& path) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    oracle::World world = RandomWorld(seed, {.models = 11});
    const oracle::AnswersByPrompt answers = world.answers.back();
    world.answers.pop_back();
    world.models.pop_back();
    const Signature candidate = SignatureOf(answers, Named("candidate"));
    const oracle::Centred expected = OracleScores(world, answers);
    PanelOptions options;
    options.index_bytes_per_response = 0;
    const Panel panel = ValueOf(Panel::Build(SignaturesOf(world), MadeVocabulary(), options));
    CheckScores(panel, candidate, expected);
    if (const absl::Status status = panel.Write(path); !status.ok()) Fail(status.ToString());
    CheckScores(ValueOf(Panel::Open(path)), candidate, expected);
  }
}

}  // namespace stemma::bench
