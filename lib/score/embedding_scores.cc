#include "stemma/embedding_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/panel/fixed_point_cosine.h"
#include "lib/panel/panel_sums.h"
#include "lib/panel/prompt_pairs.h"
#include "lib/score/centring.h"
#include "lib/score/cohort.h"
#include "lib/score/vectors.h"
#include "stemma/pair_sum.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A prompt that the candidate shares, where it stands in each of the four.
struct SharedPrompt {
  std::size_t embeddings = 0;
  std::size_t vectors = 0;                 // row
  std::optional<std::size_t> panel;        // nothing where the panel of n-grams lacks it: then no copy is known
  std::optional<std::size_t> signature;    // row
};

std::vector<SharedPrompt> SharedPrompts(const Panel& panel, const Signature& signature, const EmbeddingPanel& embeddings,
                                        const EmbeddingSignature& vectors) {
  std::vector<SharedPrompt> shared;
  for (std::size_t p = 0; p < embeddings.prompts().size(); ++p) {
    const Hash128& prompt = embeddings.prompts()[p];
    if (const auto row = vectors.Find(prompt)) shared.push_back({p, *row, panel.FindPrompt(prompt), signature.Find(prompt)});
  }
  return shared;
}

// A response without a known word has no vector, so that there may be fewer vectors; a vector without its response is of others.
absl::Status CheckSameResponses(const Signature& signature, const EmbeddingSignature& vectors) {
  for (std::size_t k = 0; k < vectors.rows().size(); ++k) {
    const Hash128& prompt = vectors.rows()[k].prompt;
    const std::optional<std::size_t> row = signature.Find(prompt);
    for (const std::uint32_t sample : vectors.Samples(k)) {
      if (row && std::ranges::count(signature.Answers(signature.rows()[*row]), sample, &AnswerDigest::sample) > 0) continue;
      return absl::InvalidArgumentError(
          absl::StrFormat("the embeddings of %s are of other responses than its signature, which lacks sample %d of prompt %s",
                          vectors.metadata().model, sample, ToHex(prompt)));
    }
  }
  return absl::OkStatus();
}

// The panel's directions at the shared prompts, with the reciprocals of their lengths. In 16 bits, of which compilers multiply
// and add eight at once on any x86-64.
class Directions {
 public:
  Directions(const EmbeddingPanel& embeddings, std::span<const SharedPrompt> shared)
      : dims_(embeddings.dims()), prompts_(shared.size()) {
    const std::size_t models = embeddings.models().size();
    codes_.reserve(models * prompts_ * dims_);
    reciprocals_.reserve(models * prompts_);
    for (std::size_t m = 0; m < models; ++m) {
      for (const SharedPrompt& prompt : shared) {
        const std::span<const std::int8_t> codes = embeddings.Direction(m, prompt.embeddings);
        codes_.insert(codes_.end(), codes.begin(), codes.end());
        const std::span<const std::int16_t> own = std::span(codes_).last(dims_);
        const std::int32_t square = Product(own, own);
        reciprocals_.push_back(square > 0 ? 1 / std::sqrt(static_cast<double>(square)) : 0);
      }
    }
  }

  // Models that did not answer, or lie on the centre, have no direction.
  bool Has(std::size_t model, std::size_t k) const { return Reciprocal(model, k) > 0; }
  double Reciprocal(std::size_t model, std::size_t k) const { return reciprocals_[model * prompts_ + k]; }
  std::span<const std::int16_t> Codes(std::size_t model, std::size_t k) const {
    return std::span(codes_).subspan((model * prompts_ + k) * dims_, dims_);
  }
  double Cosine(std::size_t a, std::size_t b, std::size_t k) const {
    return Product(Codes(a, k), Codes(b, k)) * Reciprocal(a, k) * Reciprocal(b, k);
  }

 private:
  // Codes' products are whole numbers and exact.
  static std::int32_t Product(std::span<const std::int16_t> a, std::span<const std::int16_t> b) {
    std::int32_t product = 0;
    for (std::size_t d = 0; d < a.size(); ++d) product += a[d] * b[d];
    return product;
  }

  std::size_t dims_;
  std::size_t prompts_;
  std::vector<std::int16_t> codes_;  // by model, shared prompt, dimension
  std::vector<double> reciprocals_;  // by model, shared prompt; 0 for no direction
};

PairSum SumOfPair(const Panel& panel, std::span<const SharedPrompt> shared, const Directions& directions, std::size_t a,
                  std::size_t b) {
  const bool some_copies = panel.pair_sums()[a * panel.models().size() + b].copies > 0;
  PairSum sum;
  for (std::size_t k = 0; k < shared.size(); ++k) {
    if (!directions.Has(a, k) || !directions.Has(b, k)) continue;
    const std::optional<std::size_t> prompt = shared[k].panel;
    const bool copy =
        some_copies && prompt && panel::ShareCopy(panel.AnswerHashes(*prompt, a), panel.AnswerHashes(*prompt, b));
    sum.Add(panel::FixedPoint(directions.Cosine(a, b, k)), copy);
  }
  return sum;
}

// All pairs of the panel's models: a symmetric matrix of mean cosines, row by row.
absl::StatusOr<std::vector<double>> PanelCosines(const Panel& panel, std::span<const SharedPrompt> shared,
                                                 const Directions& directions, int threads) {
  const std::size_t models = panel.models().size();
  std::vector<PairSum> sums(models * models);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(models, threads, [&](std::size_t a) {
    for (std::size_t b = a; b < models; ++b) sums[a * models + b] = SumOfPair(panel, shared, directions, a, b);
    return absl::OkStatus();
  }));
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = a + 1; b < models; ++b) sums[b * models + a] = sums[a * models + b];
  }
  return panel::MeanCosines(sums);
}

std::vector<PairSum> CandidateSums(const Panel& panel, const Signature& signature, const EmbeddingPanel& embeddings,
                                   const EmbeddingSignature& vectors, std::span<const SharedPrompt> shared,
                                   const Directions& directions) {
  std::vector<PairSum> sums(panel.models().size());
  std::vector<double> own, other(embeddings.dims());
  for (std::size_t k = 0; k < shared.size(); ++k) {
    const SharedPrompt& prompt = shared[k];
    embeddings.DirectionOf(vectors, prompt.vectors, prompt.embeddings, own);
    if (!score::Normalise(own)) continue;
    std::vector<std::uint32_t> hashes;
    if (prompt.signature) hashes = panel::TokenHashes(signature, signature.rows()[*prompt.signature]);
    for (std::size_t m = 0; m < sums.size(); ++m) {
      if (!directions.Has(m, k)) continue;
      std::ranges::copy(directions.Codes(m, k), other.begin());
      const bool copy = prompt.panel && panel::ShareCopy(hashes, panel.AnswerHashes(*prompt.panel, m));
      sums[m].Add(panel::FixedPoint(score::Dot(own, other) * directions.Reciprocal(m, k)), copy);
    }
  }
  return sums;
}

// All NaN where there are too few groups.
std::vector<double> Standardised(std::span<const double> row, std::span<const double> matrix, const score::Cohort& cohort,
                                 std::optional<std::size_t> group, std::optional<std::size_t> self) {
  std::vector<double> scores =
      score::Centre(row, matrix, cohort, group, self).value_or(std::vector<double>(row.size(), kNaN));
  if (self) scores[*self] = kNaN;
  return scores;
}

}  // namespace

absl::StatusOr<EmbeddingScores> ScoreEmbeddings(const Panel& panel, const Signature& signature, const CandidateScores& candidate,
                                                const EmbeddingPanel& embeddings, const EmbeddingSignature& vectors, int threads) {
  STEMMA_RETURN_IF_ERROR(embeddings.CheckBeside(panel));
  STEMMA_RETURN_IF_ERROR(CheckComparable(embeddings.space(), vectors.space()));
  STEMMA_RETURN_IF_ERROR(CheckSameResponses(signature, vectors));
  const std::vector<SharedPrompt> shared = SharedPrompts(panel, signature, embeddings, vectors);
  const Directions directions(embeddings, shared);
  const score::Cohort cohort = score::CohortOf(panel);
  const std::size_t models = panel.models().size();
  STEMMA_ASSIGN_OR_RETURN(const std::vector<double> matrix, PanelCosines(panel, shared, directions, threads));
  const std::vector<PairSum> sums = CandidateSums(panel, signature, embeddings, vectors, shared, directions);
  EmbeddingScores out;
  out.shared_prompts = shared.size();
  out.cosines = panel::MeanCosines(sums);
  for (const PairSum& sum : sums) out.n_prompts.push_back(sum.used_prompts());
  out.scores = Standardised(out.cosines, matrix, cohort, candidate.group, candidate.self);
  out.panel_scores.resize(models * models);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(models, threads, [&](std::size_t m) {
    const std::span<const double> row = std::span(matrix).subspan(m * models, models);
    const std::vector<double> scores = Standardised(row, matrix, cohort, cohort.groups[m], m);
    std::ranges::copy(scores, out.panel_scores.begin() + static_cast<std::ptrdiff_t>(m * models));
    return absl::OkStatus();
  }));
  return out;
}

}  // namespace stemma
