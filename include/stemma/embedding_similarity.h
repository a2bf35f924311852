// How alike two models' responses are as vectors: row by row, as configurations, and as clouds of points.
//
// Shape: points stand row by row. Prompt-centred cosines and linear CKA compare rows that belong together, such as two
// models' vectors of one prompt; MMD and energy distance compare clouds and need no such pairs.
// None of these knows what unrelated models have in common: they are measures, not evidence.
// Errors: kInvalidArgument for sizes that do not fit, values that are not finite, too few rows, and points that do not
// differ where a measure would divide by their spread; those of CheckComparable.
// Determinism: fixed-order sums on one thread.
// Complexity: of n and m rows of d numbers: n d for cosines, n d^2 for CKA, (n + m)^2 d for MMD and energy distance; the
// median of distances keeps all of them, 8 bytes a pair.
// Source: linear CKA: Kornblith, Norouzi, Lee and Hinton 2019, "Similarity of neural network representations revisited",
// section 3; MMD: Gretton, Borgwardt, Rasch, Schoelkopf and Smola 2012, "A kernel two-sample test", equation 3 of Lemma 6,
// the bandwidth: section 8; energy distance: Szekely and Rizzo 2013, "Energy statistics", section 2.
#ifndef STEMMA_EMBEDDING_SIMILARITY_H_
#define STEMMA_EMBEDDING_SIMILARITY_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embedding_panel.h"
#include "stemma/embedding_signature.h"

namespace stemma {

// Row by row; the values must outlive the object.
struct Points {
  std::span<const double> values;
  std::size_t dims = 0;

  std::size_t rows() const { return dims == 0 ? 0 : values.size() / dims; }
  std::span<const double> row(std::size_t k) const { return values.subspan(k * dims, dims); }
};

// Every two models' mean, over the prompts that both answered, of the cosine of their vectors less the prompt's centre:
// `[a * models + b]`, NaN where no prompt is left. The centre is the weighted mean of the models that answered the prompt;
// a model of weight 0, such as a candidate, has no say in it. Prompts where a model lies on the centre are left out.
// `models`: a row a prompt, the same prompts for all; NaN in a row's first number where the model did not answer.
// `weights`: not negative; those of one group share the weight of one model.
absl::StatusOr<std::vector<double>> PromptCentredCosines(std::span<const Points> models, std::span<const double> weights);

// The same of a panel file: by the centres and rounded vectors that it holds.
std::vector<double> PromptCentredCosines(const EmbeddingPanel& panel);
// Of a candidate at each of the panel's prompts with each model: `[model * prompts + prompt]`, NaN where one of both did not
// answer. For who leaves prompts out (copies, parts, resampling) before taking means.
absl::StatusOr<std::vector<double>> CosinesByPrompt(const EmbeddingPanel& panel, const EmbeddingSignature& candidate);
// Their means over prompts, by model.
absl::StatusOr<std::vector<double>> PromptCentredCosines(const EmbeddingPanel& panel, const EmbeddingSignature& candidate);

// In [0, 1]: 1 for configurations that a rotation and a scale bring together.
absl::StatusOr<double> LinearCka(const Points& x, const Points& y);

// The median distance of two points of both clouds together: the bandwidth where none is given. 0 where most are equal.
absl::StatusOr<double> MedianDistance(const Points& x, const Points& y);

// The squared maximum mean discrepancy under the kernel exp(-|a - b|^2 / (2 bandwidth^2)), without bias: about 0, and as
// often below, for samples of one distribution. Needs two rows of each.
absl::StatusOr<double> MmdSquared(const Points& x, const Points& y, double bandwidth);

// sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|) of the empirical distributions: 0 for equal ones, the scale of the points. For
// single numbers it is `scipy.stats.energy_distance`.
absl::StatusOr<double> EnergyDistance(const Points& x, const Points& y);

// Two models' signatures in one embedding space.
struct EmbeddingComparison {
  std::size_t shared_prompts = 0;
  double mean_cosine = 0;  // of both models' vectors of a prompt, not centred
  double linear_cka = 0;   // over the shared prompts
  double bandwidth = 0;    // the median distance
  double mmd_squared = 0;  // over all prompts of each
  double energy_distance = 0;
};

// Errors: kInvalidArgument where fewer than two prompts are shared.
absl::StatusOr<EmbeddingComparison> CompareEmbeddings(const EmbeddingSignature& a, const EmbeddingSignature& b);

}  // namespace stemma

#endif  // STEMMA_EMBEDDING_SIMILARITY_H_
