#include "lib/score/sample_rows.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "lib/base/sum.h"

namespace stemma::score {
namespace {

// On the panels of docs/same.md 500 found fewer differences of decoding, and no weighting of features found more.
constexpr std::size_t kMostRecurring = 2'000;
constexpr std::uint64_t kFewestAnswers = 3;

template <typename Member>
Row FromSet(std::span<const Member> members) {
  Row row;
  row.reserve(members.size());
  for (const Member member : members) row.push_back({member, 1});
  return row;
}

Row FromEmbedding(std::span<const float> values) {
  Row row;
  row.reserve(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) row.push_back({static_cast<std::uint32_t>(k), values[k]});
  return row;
}

using Counts = absl::flat_hash_map<std::uint32_t, std::uint64_t>;

Counts CountHolders(std::span<const PromptRows> prompts) {
  Counts holders;
  for (const PromptRows& prompt : prompts) {
    for (const Row& row : prompt.rows) {
      for (const RowEntry& entry : row) ++holders[entry.index];
    }
  }
  return holders;
}

// The member's new index, or nothing where it goes.
using Places = absl::flat_hash_map<std::uint32_t, std::uint32_t>;

Places MostRecurring(const Counts& holders, std::uint64_t answers) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (const auto& [index, count] : holders) {
    if (count >= kFewestAnswers && count < answers) order.emplace_back(answers - count, index);
  }
  std::ranges::sort(order);
  order.resize(std::min(order.size(), kMostRecurring));
  std::vector<std::uint32_t> kept;
  for (const auto& [rest, index] : order) kept.push_back(index);
  std::ranges::sort(kept);
  Places places;
  for (std::size_t k = 0; k < kept.size(); ++k) places.emplace(kept[k], static_cast<std::uint32_t>(k));
  return places;
}

bool HasNumbers(const SampledAnswer& answer, SameKernel kernel) {
  switch (kernel) {
    case SameKernel::kNgrams:
      return true;
    case SameKernel::kStyle:
      return !answer.style.empty();
    case SameKernel::kEmbedding:
      return !answer.embedding.empty();
  }
  return false;
}

}  // namespace

// Whose the answers are must not matter: a kernel that depended on it would not leave all dealings equally likely.
bool HasKernel(std::span<const SharedPrompt> prompts, SameKernel kernel) {
  std::size_t answers = 0, with = 0;
  for (const SharedPrompt& prompt : prompts) {
    for (const std::span<const SampledAnswer> side : {std::span(prompt.a), std::span(prompt.b)}) {
      answers += side.size();
      with += static_cast<std::size_t>(
          std::ranges::count_if(side, [&](const SampledAnswer& answer) { return HasNumbers(answer, kernel); }));
    }
  }
  return kernel == SameKernel::kStyle ? with > 0 : with == answers;
}

Row RowOf(const SampledAnswer& answer, SameKernel kernel) {
  switch (kernel) {
    case SameKernel::kNgrams:
      return FromSet(std::span<const std::uint32_t>(answer.grams));
    case SameKernel::kStyle:
      return FromSet(std::span<const std::uint16_t>(answer.style));
    case SameKernel::kEmbedding:
      return FromEmbedding(answer.embedding);
  }
  return {};
}

double Dot(const Row& x, const Row& y) {
  base::FixedOrderSum sum;
  for (auto at_x = x.begin(), at_y = y.begin(); at_x != x.end() && at_y != y.end();) {
    if (at_x->index == at_y->index) {
      sum.Add(at_x++->value * at_y++->value);
    } else {
      ++(at_x->index < at_y->index ? at_x : at_y);
    }
  }
  return sum.value();
}

double Cosine(const Row& x, const Row& y) {
  const double squares = Dot(x, x) * Dot(y, y);
  return squares > 0 ? Dot(x, y) / std::sqrt(squares) : 0;
}

double Gram::MeanSquaredDistance() const {
  base::FixedOrderSum sum;
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum.Add((*this)(i, i) + (*this)(j, j) - 2 * (*this)(i, j));
  }
  return size_ < 2 ? 0 : std::max(0.0, 2 * sum.value() / static_cast<double>(size_ * (size_ - 1)));
}

std::vector<PromptRows> AllRows(std::span<const SharedPrompt> prompts, SameKernel kernel) {
  std::vector<PromptRows> out;
  out.reserve(prompts.size());
  for (const SharedPrompt& prompt : prompts) {
    PromptRows& rows = out.emplace_back();
    rows.of_a = prompt.a.size();
    for (const SampledAnswer& answer : prompt.a) rows.rows.push_back(RowOf(answer, kernel));
    for (const SampledAnswer& answer : prompt.b) rows.rows.push_back(RowOf(answer, kernel));
  }
  return out;
}

void KeepRecurring(std::vector<PromptRows>& prompts, SameKernel kernel) {
  if (kernel == SameKernel::kEmbedding) return;
  std::uint64_t answers = 0;
  for (const PromptRows& prompt : prompts) answers += prompt.rows.size();
  const Places places = MostRecurring(CountHolders(prompts), answers);
  for (PromptRows& prompt : prompts) {
    for (Row& row : prompt.rows) {
      std::erase_if(row, [&](const RowEntry& entry) { return !places.contains(entry.index); });
      for (RowEntry& entry : row) entry.index = places.at(entry.index);
    }
  }
}

}  // namespace stemma::score
