#include <algorithm>
#include <string>

#include "lib/base/byte_io.h"
#include "lib/base/hash.h"
#include "lib/signature/sorted_set.h"
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

std::uint64_t HashForCopies(std::span<const Token> tokens) {
  if (tokens.size() < kMinCopyTokens) return 0;
  std::uint64_t hash = tokens.size();
  for (const Token& token : tokens) hash = ExtendNgram(hash, token.hash);
  return hash;
}

}  // namespace

AnswerAnalyzer::AnswerAnalyzer(const Vocabulary& vocabulary)
    : vocabulary_(vocabulary), sorter_(std::make_unique<signature::SetSorter>()) {}

AnswerAnalyzer::~AnswerAnalyzer() = default;

AnswerFeatures AnswerAnalyzer::Analyze(const Hash128& prompt, std::uint32_t sample, std::string_view answer) {
  vocabulary_.tokenizer().Tokenize(answer, tokens_);
  vocabulary_.fine_mask().Apply(tokens_.tokens(), symbols_);
  // How an answer opens and closes tells models apart, and an answer of one word still has n-grams.
  symbols_.insert(symbols_.begin(), kAnswerStart);
  symbols_.push_back(kAnswerEnd);
  grams_.clear();
  grams_.reserve(symbols_.size() * (kMaxGramOrder - kMinGramOrder + 1));
  ForEachNgram(symbols_, kMinGramOrder, kMaxGramOrder, [&](std::uint64_t gram) {
    grams_.push_back(static_cast<std::uint32_t>(gram >> (64 - kGramBits)));
  });
  sorter_->SortUnique(grams_);
  AnswerFeatures features;
  features.prompt = prompt;
  features.digest = {sample, base::Hash64(answer), HashForCopies(tokens_.tokens())};
  features.tokens = tokens_.tokens().size();
  features.code_points = CountCodePoints(answer);
  features.grams.assign(grams_.begin(), grams_.end());
  vocabulary_.style_features().Extract(tokens_.tokens(), features.style);
  return features;
}

}  // namespace stemma
