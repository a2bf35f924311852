#include "lib/score/sample_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/sum.h"
#include "lib/evidence/beta.h"

namespace stemma::score {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Estimate OverPrompts(std::size_t prompts, double level, const char* method) {
  return {.value = kUnknown, .level = level, .n = prompts, .unit_of_n = "prompts", .method = method};
}

double ValueAfter(std::uint8_t label, double if_a, double if_b) { return label != 0 ? if_a : if_b; }

Row Difference(const Row& x, const Row& y, double scale) {
  Row difference;
  auto at_x = x.begin(), at_y = y.begin();
  while (at_x != x.end() || at_y != y.end()) {
    if (at_y == y.end() || (at_x != x.end() && at_x->index < at_y->index)) {
      difference.push_back({at_x->index, scale * at_x->value});
      ++at_x;
    } else if (at_x == x.end() || at_y->index < at_x->index) {
      difference.push_back({at_y->index, -scale * at_y->value});
      ++at_y;
    } else {
      if (at_x->value != at_y->value) difference.push_back({at_x->index, scale * (at_x->value - at_y->value)});
      ++at_x, ++at_y;
    }
  }
  return difference;
}

void Scale(Row& row, double by) {
  for (RowEntry& entry : row) entry.value *= by;
}

// Student's limits around `estimate.value`, of which `standard_error` is known.
void SetLimits(Estimate& estimate, double standard_error) {
  const double degrees = static_cast<double>(estimate.n) - 1;
  const double reach = evidence::StudentQuantile((1 + estimate.level) / 2, degrees) * standard_error;
  estimate.lower = estimate.value - reach;
  estimate.upper = estimate.value + reach;
}

// Tukey's: from what the estimate is without each unit in turn.
double JackknifeError(std::span<const double> without) {
  const double n = static_cast<double>(without.size());
  const double mean = base::Sum(without) / n;
  base::FixedOrderSum squares;
  for (const double value : without) squares.Add((value - mean) * (value - mean));
  return std::sqrt(squares.value() * (n - 1) / n);
}

}  // namespace

double StandardError(std::span<const double> values, double mean) {
  const double n = static_cast<double>(values.size());
  base::FixedOrderSum squares;
  for (const double value : values) squares.Add((value - mean) * (value - mean));
  return std::sqrt(squares.value() / (n - 1) / n);
}

Estimate MeanOverPrompts(std::span<const double> values, double level) {
  Estimate estimate = OverPrompts(values.size(), level, "Student's t over prompts");
  if (values.empty()) return estimate;
  estimate.value = base::Sum(values) / static_cast<double>(values.size());
  if (values.size() >= 2) SetLimits(estimate, StandardError(values, estimate.value));
  return estimate;
}

AcrossPrompts::AcrossPrompts(std::vector<PromptRows> prompts, SameKernel kernel) {
  KeepRecurring(prompts, kernel);
  std::size_t first_answer = 0;
  for (PromptRows& prompt : prompts) {
    AddPrompt(prompt, first_answer);
    first_answer += prompt.rows.size();
  }
  for (const Prompt& prompt : prompts_) {
    for (const Term& term : prompt.terms) {
      if (!term.row.empty()) dims_ = std::max<std::size_t>(dims_, term.row.back().index + 1);
    }
  }
}

// Divided by how far two of its answers lie apart, a prompt counts as much as any other, however long its answers are.
// Prompts whose answers are all the same have nothing to say under any dealing.
void AcrossPrompts::AddPrompt(const PromptRows& prompt, std::size_t first_answer) {
  const double distance = Gram(prompt.rows, Dot).MeanSquaredDistance();
  if (!(distance > 0)) return;
  const double scale = 1 / std::sqrt(distance);
  std::vector<Row> rows = prompt.rows;
  for (Row& row : rows) Scale(row, scale);
  Prompt added{{prompt.of_a, rows.size()}, first_answer, {}, Gram(rows, Dot)};
  if (rows.size() == 2) {
    added.terms.push_back({first_answer, 1, -1, Difference(prompt.rows[0], prompt.rows[1], scale)});
  } else {
    const double if_a = WeightInDifference(added.dealt, 1);
    const double if_b = WeightInDifference(added.dealt, 0);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      added.terms.push_back({first_answer + k, if_a, if_b, std::move(rows[k])});
    }
  }
  prompts_.push_back(std::move(added));
}

std::vector<double> AcrossPrompts::Direction(const Labels& labels) const {
  std::vector<double> direction(dims_);
  for (const Prompt& prompt : prompts_) {
    for (const Term& term : prompt.terms) {
      const double weight = ValueAfter(labels[term.answer], term.if_a, term.if_b);
      for (const RowEntry& entry : term.row) direction[entry.index] += weight * entry.value;
    }
  }
  return direction;
}

double AcrossPrompts::SquaredLength(const Prompt& prompt, const Labels& labels) const {
  if (prompt.dealt.answers == 2) return 1;
  const double if_a = WeightInDifference(prompt.dealt, 1);
  const double if_b = WeightInDifference(prompt.dealt, 0);
  const auto weight = [&](std::size_t k) { return ValueAfter(labels[prompt.first_answer + k], if_a, if_b); };
  base::FixedOrderSum sum;
  for (std::size_t i = 0; i < prompt.dealt.answers; ++i) {
    for (std::size_t j = 0; j < prompt.dealt.answers; ++j) sum.Add(weight(i) * weight(j) * prompt.gram(i, j));
  }
  return std::max(0.0, sum.value());
}

double AcrossPrompts::AlongDirection(const Prompt& prompt, const Labels& labels,
                                     std::span<const double> direction) const {
  base::FixedOrderSum sum;
  for (const Term& term : prompt.terms) {
    const double weight = ValueAfter(labels[term.answer], term.if_a, term.if_b);
    for (const RowEntry& entry : term.row) sum.Add(weight * entry.value * direction[entry.index]);
  }
  return sum.value();
}

double AcrossPrompts::Value(const Labels& labels) const {
  base::FixedOrderSum sum;
  for (const double along : Direction(labels)) sum.Add(along * along);
  for (const Prompt& prompt : prompts_) sum.Add(-SquaredLength(prompt, labels));
  return sum.value();
}

double AcrossPrompts::EffectScale(const Labels& labels) const {
  base::FixedOrderSum lengths;
  for (const Prompt& prompt : prompts_) lengths.Add(SquaredLength(prompt, labels));
  return lengths.value() * (static_cast<double>(prompts_.size()) - 1);
}

Estimate AcrossPrompts::Effect(const Labels& labels, double level) const {
  Estimate effect = OverPrompts(prompts_.size(), level, "jackknife over prompts");
  if (prompts_.size() < 3) return effect;
  const double value = Value(labels);
  const double scale = EffectScale(labels);
  const std::vector<double> direction = Direction(labels);
  const double n = static_cast<double>(prompts_.size());
  std::vector<double> without;
  without.reserve(prompts_.size());
  for (const Prompt& prompt : prompts_) {
    const double length = SquaredLength(prompt, labels);
    const double with_others = AlongDirection(prompt, labels, direction) - length;
    without.push_back((value - 2 * with_others) / ((scale / (n - 1) - length) * (n - 2)));
  }
  effect.value = value / scale;
  SetLimits(effect, JackknifeError(without));
  return effect;
}

WithinPrompts::WithinPrompts(std::span<const PromptRows> prompts) {
  std::size_t first_answer = 0;
  for (const PromptRows& prompt : prompts) {
    const std::size_t answers = prompt.rows.size();
    if (answers > 2) {
      prompts_.push_back({{prompt.of_a, answers}, first_answer, Gram(prompt.rows, Cosine)});
      applies_ = true;
    }
    first_answer += answers;
  }
  used_ = prompts_.size();
}

double WithinPrompts::ValueAt(const Prompt& prompt, const Labels& labels) {
  base::FixedOrderSum own_a, own_b, other;
  for (std::size_t i = 0; i < prompt.dealt.answers; ++i) {
    const bool first = labels[prompt.first_answer + i] != 0;
    for (std::size_t j = 0; j < i; ++j) {
      const bool second = labels[prompt.first_answer + j] != 0;
      (first != second ? other : first ? own_a : own_b).Add(prompt.gram(i, j));
    }
  }
  const double a = static_cast<double>(prompt.dealt.of_a);
  const double b = static_cast<double>(prompt.dealt.answers) - a;
  const double mean_other = other.value() / (a * b);
  double gap = 0;
  if (a > 1) gap += own_a.value() / (a * (a - 1) / 2) - mean_other;
  if (b > 1) gap += own_b.value() / (b * (b - 1) / 2) - mean_other;
  return a > 1 && b > 1 ? gap / 2 : gap;
}

double WithinPrompts::Value(const Labels& labels) const {
  base::FixedOrderSum sum;
  for (const Prompt& prompt : prompts_) sum.Add(ValueAt(prompt, labels));
  return sum.value();
}

Estimate WithinPrompts::Effect(const Labels& labels, double level) const {
  std::vector<double> values;
  for (const Prompt& prompt : prompts_) values.push_back(ValueAt(prompt, labels));
  return MeanOverPrompts(values, level);
}

}  // namespace stemma::score
