// Answers of made-up models: invented and English function words, markdown, numbers; the same bytes on every run.
#ifndef STEMMA_BENCH_MADE_TEXT_H_
#define STEMMA_BENCH_MADE_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

namespace stemma::bench {

struct MadeAnswer {
  std::string model;
  std::string prompt;
  std::string text;
};

// Answer p of model m stands at `m * prompts + p`. Models share the words of a prompt and differ in their habits.
std::vector<MadeAnswer> MakeAnswers(std::size_t models, std::size_t prompts);

std::size_t TextBytes(const std::vector<MadeAnswer>& answers);

// Writes {model, prompt, response} a line. Ends the program where it cannot.
void WriteJsonLines(const std::vector<MadeAnswer>& answers, const std::string& path);

}  // namespace stemma::bench

#endif  // STEMMA_BENCH_MADE_TEXT_H_
