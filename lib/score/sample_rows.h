// Answers as sparse rows of numbers, one kind a kernel, and their inner products.
#ifndef STEMMA_LIB_SCORE_SAMPLE_ROWS_H_
#define STEMMA_LIB_SCORE_SAMPLE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stemma/answer_samples.h"
#include "stemma/same_model.h"

namespace stemma::score {

struct RowEntry {
  std::uint32_t index = 0;
  double value = 0;
};
using Row = std::vector<RowEntry>;  // sorted by index

// Whether any answer has features of style, or all have embeddings; n-grams are always there.
bool HasKernel(std::span<const SharedPrompt> prompts, SameKernel kernel);

Row RowOf(const SampledAnswer& answer, SameKernel kernel);

double Dot(const Row& x, const Row& y);
// 0 for an empty row.
double Cosine(const Row& x, const Row& y);

// The inner products of one prompt's rows, A's first.
class Gram {
 public:
  template <typename Product>
  Gram(std::span<const Row> rows, const Product& product) : size_(rows.size()), values_(rows.size() * rows.size()) {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        values_[i * size_ + j] = values_[j * size_ + i] = product(rows[i], rows[j]);
      }
    }
  }

  std::size_t size() const { return size_; }
  double operator()(std::size_t i, std::size_t j) const { return values_[i * size_ + j]; }
  // The mean of the squared distances of two different rows.
  double MeanSquaredDistance() const;

 private:
  std::size_t size_;
  std::vector<double> values_;
};

// One prompt's rows, A's first.
struct PromptRows {
  std::size_t of_a = 0;
  std::vector<Row> rows;
};

// All rows as they are.
std::vector<PromptRows> AllRows(std::span<const SharedPrompt> prompts, SameKernel kernel);

// Keeps the numbers that can differ in the same way at several prompts: sets are cut down to the `kMostRecurring` members
// that the most answers hold, leaving out those of fewer than three answers and of all. Whose answers they are does not
// matter here, so dealings stay exchangeable.
void KeepRecurring(std::vector<PromptRows>& prompts, SameKernel kernel);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_SAMPLE_ROWS_H_
