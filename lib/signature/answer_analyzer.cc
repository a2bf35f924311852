#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "lib/base/hash.h"
#include "lib/signature/sorted_set.h"
#include "lib/signature/token_memo.h"
#include "stemma/ngram.h"
#include "stemma/signature.h"

namespace stemma {
namespace {

static_assert(kGramBits == signature::SetSorter::kValueBits);

// Symbols that stand for the borders of an answer; no token has such a text.
const std::uint64_t kAnswerStart = base::Hash64("<ANSWER>");
const std::uint64_t kAnswerEnd = base::Hash64("</ANSWER>");

std::uint64_t CountCodePoints(std::string_view text) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

struct AnswerAnalyzer::Workspace {
  explicit Workspace(const Vocabulary& vocabulary) : memo(vocabulary) {}

  // Fills `symbols` and `traits`; returns the hash of all tokens.
  std::uint64_t ReadTokens() {
    const std::span<const Token> tokens = stream.tokens();
    // How an answer opens and closes tells models apart, and an answer of one word still has n-grams.
    symbols.resize(tokens.size() + 2);
    symbols.front() = kAnswerStart;
    symbols.back() = kAnswerEnd;
    traits.resize(tokens.size());
    std::uint64_t hash = tokens.size();
    for (std::size_t k = 0; k < tokens.size(); ++k) {
      const signature::TokenMemo::Entry& entry = memo.Find(tokens[k]);
      symbols[k + 1] = entry.symbol;
      traits[k] = entry.style;
      hash = ExtendNgram(hash, tokens[k].hash);
    }
    return hash;
  }

  // Fills `grams` from `symbols`.
  void MakeGrams() {
    grams.resize(symbols.size() * (kMaxGramOrder - kMinGramOrder + 1));
    std::uint32_t* to = grams.data();
    ForEachNgram(symbols, kMinGramOrder, kMaxGramOrder,
                 [&](std::uint64_t gram) { *to++ = static_cast<std::uint32_t>(gram >> (64 - kGramBits)); });
    grams.resize(static_cast<std::size_t>(to - grams.data()));
    sorter.SortUnique(grams);
  }

  TokenStream stream;
  std::vector<std::uint64_t> symbols;
  std::vector<StyleTraits> traits;
  std::vector<std::uint32_t> grams;
  signature::TokenMemo memo;
  signature::SetSorter sorter;
};

AnswerAnalyzer::AnswerAnalyzer(const Vocabulary& vocabulary)
    : vocabulary_(vocabulary), workspace_(std::make_unique<Workspace>(vocabulary)) {}

AnswerAnalyzer::~AnswerAnalyzer() = default;

AnswerFeatures AnswerAnalyzer::Analyze(const Hash128& prompt, std::uint32_t sample, std::string_view answer) {
  Workspace& work = *workspace_;
  vocabulary_.tokenizer().Tokenize(answer, work.stream);
  const std::span<const Token> tokens = work.stream.tokens();
  const std::uint64_t token_hash = work.ReadTokens();
  work.MakeGrams();
  AnswerFeatures features;
  features.prompt = prompt;
  features.digest = {sample, base::Hash64(answer), tokens.size() < kMinCopyTokens ? 0 : token_hash};
  features.tokens = tokens.size();
  features.code_points = CountCodePoints(answer);
  features.grams.assign(work.grams.begin(), work.grams.end());
  vocabulary_.style_features().Extract(tokens, work.traits, features.style);
  return features;
}

}  // namespace stemma
