#include "tests/oracle/cosines.h"

#include <algorithm>
#include <cmath>

namespace stemma::oracle {

std::size_t CountedGroups(const World& world) {
  std::set<std::string> groups;
  for (const Model& model : world.models) {
    if (!model.degenerate) groups.insert(model.group);
  }
  return groups.size();
}

double Weight(const World& world, std::size_t prompt, std::uint32_t gram) {
  std::set<std::string> users;
  for (std::size_t m = 0; m < world.models.size(); ++m) {
    if (world.models[m].degenerate || !world.answers[m].contains(prompt)) continue;
    if (world.answers[m].at(prompt).grams.contains(gram)) users.insert(world.models[m].group);
  }
  const double df = users.empty() ? 1 : static_cast<double>(users.size());
  return std::log((static_cast<double>(CountedGroups(world)) + 1) / df);
}

double SquaredWeight(const World& world, std::size_t prompt, std::uint32_t gram) {
  const double weight = Weight(world, prompt, gram);
  if (world.weight_steps == 0) return weight * weight;
  const double most = std::log(static_cast<double>(CountedGroups(world)) + 1);
  const double step = most * most / world.weight_steps;
  return std::round(weight * weight / step) * step;
}

Cosine CosineAt(const World& world, std::size_t prompt, const Answers& a, const Answers& b) {
  Cosine cosine;
  for (const auto& [gram, count] : a.grams) {
    const double squared_weight = SquaredWeight(world, prompt, gram);
    cosine.squared_norm_a += squared_weight * count * a.samples;
    cosine.plain_a += static_cast<double>(count) * a.samples;
    if (!b.grams.contains(gram)) continue;
    cosine.inner += squared_weight * count * b.grams.at(gram);
    cosine.plain_inner += static_cast<double>(count) * b.grams.at(gram);
  }
  for (const auto& [gram, count] : b.grams) {
    cosine.squared_norm_b += SquaredWeight(world, prompt, gram) * count * b.samples;
    cosine.plain_b += static_cast<double>(count) * b.samples;
  }
  cosine.value = cosine.inner == 0 ? 0 : cosine.inner / std::sqrt(cosine.squared_norm_a * cosine.squared_norm_b);
  return cosine;
}

Similarity Compare(const World& world, const std::set<std::size_t>& prompts, const AnswersByPrompt& a,
                   const AnswersByPrompt& b) {
  double sum = 0, sum_of_copies = 0;
  Similarity similarity;
  for (const std::size_t prompt : prompts) {
    if (!a.contains(prompt) || !b.contains(prompt)) continue;
    const Answers& first = a.at(prompt);
    const Answers& second = b.at(prompt);
    const bool copy =
        std::any_of(first.texts.begin(), first.texts.end(), [&](auto text) { return second.texts.contains(text); });
    const double cosine = CosineAt(world, prompt, first, second).value;
    if (copy) {
      ++similarity.copies;
      sum_of_copies += cosine;
    } else {
      ++similarity.prompts;
      sum += cosine;
    }
  }
  if (similarity.prompts < 10) {
    similarity.prompts += similarity.copies;
    sum += sum_of_copies;
  }
  if (similarity.prompts > 0) similarity.value = sum / static_cast<double>(similarity.prompts);
  return similarity;
}

std::set<std::size_t> SharedPrompts(const World& world) {
  std::map<std::size_t, int> models;
  for (const AnswersByPrompt& answers : world.answers) {
    for (const auto& [prompt, of_prompt] : answers) ++models[prompt];
  }
  std::set<std::size_t> shared;
  for (const auto& [prompt, count] : models) {
    if (count >= 2) shared.insert(prompt);
  }
  return shared;
}

}  // namespace stemma::oracle
