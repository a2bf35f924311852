// Weighted cosines between models, in doubles and without an index.
//
// An n-gram's weight at a prompt is ln((G + 1) / max(1, df)): G the groups that have a model which is not degenerate, df
// those of them that use the n-gram there. An answer's vector holds the weights of its n-grams; two models' cosine at a
// prompt is the mean inner product of an answer of the one and an answer of the other, divided by the root of the product
// of both models' mean squared norms. Models are compared by the plain mean of the cosines over the prompts that both
// answered. Prompts at which one gives a copy of the other's answer are left out if at least ten others remain.
#ifndef STEMMA_TESTS_ORACLE_COSINES_H_
#define STEMMA_TESTS_ORACLE_COSINES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace stemma::oracle {

// A model's answers to one prompt.
struct Answers {
  int samples = 1;
  std::map<std::uint32_t, int> grams;  // how many of the answers hold it, at least 1
  std::set<std::uint32_t> texts;       // of answers long enough to be somebody's copy
};

struct Model {
  std::string group;
  bool degenerate = false;
};

using AnswersByPrompt = std::map<std::size_t, Answers>;

struct World {
  std::vector<Model> models;
  std::vector<AnswersByPrompt> answers;  // by model
  // Squared weights are rounded to so many steps below the largest, ln(G + 1)^2, as panel files hold them; 0: they are
  // taken as they are.
  int weight_steps = 0;
};

// What one cosine is made of: sums over all pairs of answers.
struct Cosine {
  double value = 0;
  double inner = 0;
  double squared_norm_a = 0;
  double squared_norm_b = 0;
  // The same three sums with every weight 1: what an error in the squared weights is multiplied with.
  double plain_inner = 0;
  double plain_a = 0;
  double plain_b = 0;
};

std::size_t CountedGroups(const World& world);

double Weight(const World& world, std::size_t prompt, std::uint32_t gram);

double SquaredWeight(const World& world, std::size_t prompt, std::uint32_t gram);

Cosine CosineAt(const World& world, std::size_t prompt, const Answers& a, const Answers& b);

struct Similarity {
  double value = 0;
  std::size_t prompts = 0;  // that it is a mean of; 0: no prompt is shared
  std::size_t copies = 0;
};

// `prompts`: those that may count.
Similarity Compare(const World& world, const std::set<std::size_t>& prompts, const AnswersByPrompt& a,
                   const AnswersByPrompt& b);

// Prompts that at least two of the world's models answered.
std::set<std::size_t> SharedPrompts(const World& world);

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_COSINES_H_
