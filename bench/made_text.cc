#include "bench/made_text.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/random.h"

namespace stemma::bench {
namespace {

constexpr std::uint64_t kSeed = 1;

constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"the", "of", "and", "to", "a", "in", "is", "that", "it", "for", "on", "with", "as", "are", "this", "be", "by",
     "from", "or", "an", "at", "which", "can", "have", "not", "you", "your", "we", "they", "will", "more", "if", "when",
     "one", "all", "about", "how", "some", "such", "these", "their", "into", "has", "its", "than", "don't", "it's"});
constexpr auto kOnsets = std::to_array<std::string_view>(
    {"b", "br", "c", "ch", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v"});
constexpr auto kVowels = std::to_array<std::string_view>({"a", "e", "i", "o", "u", "ai", "ea"});
constexpr auto kEndings = std::to_array<std::string_view>(
    {"n", "r", "st", "m", "ck", "nd", "ing", "ed", "ly", "tion", "ment", "ness", "able", "ous", "ive", "er", "al",
     "s"});
constexpr auto kNumbers = std::to_array<std::string_view>({"7", "42", "100", "1999", "3.14", "1,000", "5th"});
constexpr std::size_t kWords = 4000;
constexpr std::size_t kWordsOfPrompt = 60;

template <typename Items>
const auto& OneOf(const Items& items, base::Random& random) {
  return items[random.Below(items.size())];
}

std::vector<std::string> MakeWords() {
  base::Random random(kSeed);
  std::vector<std::string> words;
  for (std::size_t k = 0; k < kWords; ++k) {
    std::string word;
    for (std::uint64_t syllables = 1 + random.Below(2); syllables > 0; --syllables) {
      word += OneOf(kOnsets, random);
      word += OneOf(kVowels, random);
    }
    word += OneOf(kOnsets, random);
    word += OneOf(kEndings, random);
    words.push_back(std::move(word));
  }
  return words;
}

// One answer's writer. The habits of its model are drawn from the model's number.
class Writer {
 public:
  Writer(const std::vector<std::string>& words, std::size_t model, std::size_t prompt)
      : words_(words), first_word_(prompt * kWordsOfPrompt), random_(kSeed, ((model + 1) << 32) + prompt) {
    base::Random habits(kSeed, model + 1);
    bullet_ = OneOf(std::to_array<std::string_view>({"- ", "* ", "1. ", ""}), habits);
    lists_ = 0.5 * habits.Uniform();
    bold_ = 0.3 * habits.Uniform();
    paragraphs_ = 3 + habits.Below(5);
  }

  std::string Write() {
    if (random_.Uniform() < 0.3) {
      text_ += "## ";
      AppendWords(4);
      text_ += "\n\n";
    }
    const std::size_t paragraphs = paragraphs_ + random_.Below(4);
    for (std::size_t k = 0; k < paragraphs; ++k) {
      if (k > 0) text_ += "\n\n";
      random_.Uniform() < lists_ ? AppendList() : AppendSentences(2 + random_.Below(3));
    }
    return std::move(text_);
  }

 private:
  void AppendList() {
    for (std::uint64_t items = 3 + random_.Below(4); items > 0; --items) {
      text_ += bullet_;
      if (random_.Uniform() < bold_) {
        text_ += "**";
        AppendWords(2);
        text_ += "**: ";
      }
      AppendSentences(1);
      if (items > 1) text_ += '\n';
    }
  }

  void AppendSentences(std::uint64_t count) {
    for (std::uint64_t k = 0; k < count; ++k) {
      if (k > 0) text_ += ' ';
      const std::size_t start = text_.size();
      AppendWords(5 + random_.Below(6));
      text_ += OneOf(std::to_array<std::string_view>({", ", ", ", " \u2014 ", " (", "; "}), random_);
      AppendWords(4 + random_.Below(6));
      text_ += OneOf(std::to_array<std::string_view>({".", ".", ".", "!", "?", ":"}), random_);
      if (text_[start] >= 'a' && text_[start] <= 'z') text_[start] = static_cast<char>(text_[start] - ('a' - 'A'));
    }
  }

  void AppendWords(std::uint64_t count) {
    for (std::uint64_t k = 0; k < count; ++k) {
      if (k > 0) text_ += ' ';
      const double kind = random_.Uniform();
      if (kind < 0.5) {
        text_ += OneOf(kFunctionWords, random_);
      } else if (kind < 0.97) {
        text_ += words_[(first_word_ + random_.Below(kWordsOfPrompt)) % words_.size()];
      } else {
        text_ += OneOf(kNumbers, random_);
      }
      if (kind > 0.48 && kind < 0.5) text_ += "\u2019s";
    }
  }

  const std::vector<std::string>& words_;
  std::size_t first_word_;
  base::Random random_;
  std::string_view bullet_;
  double lists_ = 0;
  double bold_ = 0;
  std::size_t paragraphs_ = 0;
  std::string text_;
};

}  // namespace

std::vector<MadeAnswer> MakeAnswers(std::size_t models, std::size_t prompts) {
  const std::vector<std::string> words = MakeWords();
  std::vector<MadeAnswer> answers;
  for (std::size_t m = 0; m < models; ++m) {
    for (std::size_t p = 0; p < prompts; ++p) {
      std::string text = Writer(words, m, p).Write();
      answers.push_back({absl::StrFormat("made-%02d", m), absl::StrFormat("Question %d?", p), std::move(text)});
    }
  }
  return answers;
}

std::size_t TextBytes(const std::vector<MadeAnswer>& answers) {
  std::size_t bytes = 0;
  for (const MadeAnswer& answer : answers) bytes += answer.text.size();
  return bytes;
}

void WriteJsonLines(const std::vector<MadeAnswer>& answers, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (const MadeAnswer& answer : answers) {
    const nlohmann::json record = {{"model", answer.model}, {"prompt", answer.prompt}, {"response", answer.text}};
    file << record.dump() << '\n';
  }
  if (file.flush()) return;
  std::fprintf(stderr, "stemma_bench: cannot write %s\n", path.c_str());
  std::exit(1);
}

}  // namespace stemma::bench
