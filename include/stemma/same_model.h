// Do two sets of answers come from one model under one setting? For whoever pays for a model and asks what serves it.
//
// H0: at each prompt it makes no difference which answers are called A's and which B's. All ways of dealing them anew
// within their prompts are then as likely as the one observed, so p is exact, whatever answers look like.
//
// Each kernel makes numbers of an answer. D is the mean of A's answers to a prompt less that of B's, divided by how far
// any two of the prompt's answers lie apart.
// - Across prompts: the sum of <D_p, D_q> over p != q. It asks whether A and B differ in the same way at one prompt as
//   at the next, and changes where labels are swapped within a prompt: the one thing that a single sample a side can
//   tell. A distance between the two answers to a prompt would not change, and every p made of it would be 1.
// - Within prompts, where a side has several samples: how much nearer a side's answers lie to each other than to the
//   other side's (maximum mean discrepancy).
// Each statistic is standardised by its own spread over all dealings (median and quantiles), and the largest of them is
// compared with the largest under each dealing: one test of all kernels, needing no correction for their number.
//
// `kSameWithinMargin` is another question, asked only where A has several samples: by how much is B less like A than A
// is like itself? Unlikeness is measured in units of what separates A's answers to one prompt from its answers to
// another (0: as a rerun of A; 1: as if it had answered another prompt). Two one-sided tests must both put it within
// the margin, by n-grams and by embeddings where there are any, and for each side that has several samples.
//
// What neither test says: that other prompts would show the same. Both are about these two sets of answers, so prompts
// are the units here, unlike everywhere else in stemma.
//
// Errors: kInvalidArgument for no shared prompt, alpha or margin outside (0, 1), or no draws;
// kCancelled (progress said stop).
// Determinism: the same result for any number of threads and any order of prompts; each dealing has a random stream of
// its own. Samples are dealt, so their order does not count.
// Complexity: dealings times non-zero numbers of all answers, about 2 seconds for 805 prompts on one core.
// Source: Gretton et al. 2012, "A kernel two-sample test"; Phipson and Smyth 2010 (p is never 0); Westfall and Young
// 1993, "Resampling-based multiple testing" (the largest statistic); Schuirmann 1987, "A comparison of the two
// one-sided tests procedure and the power approach".
#ifndef STEMMA_SAME_MODEL_H_
#define STEMMA_SAME_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/answer_samples.h"
#include "stemma/estimate.h"
#include "stemma/permutation_test.h"
#include "stemma/progress.h"

namespace stemma {

// Of what `kSameWithinMargin` allows by default; see docs/same.md for what it is measured from.
inline constexpr double kSameMargin = 0.1;
// Fewer say too little of the spread between prompts for an equivalence test.
inline constexpr std::size_t kMinEquivalencePrompts = 10;
inline constexpr std::array<std::size_t, 4> kPowerPrompts = {10, 50, 100, 400};

struct SameOptions {
  double alpha = 0.05;
  double margin = kSameMargin;
  std::uint64_t draws = 9'999;
  std::uint64_t max_exact = 1 << 14;  // dealings up to which all are looked at
  std::uint64_t seed = 1;
  int threads = 0;  // 0: as many as the machine has
  Progress progress = {};  // not kept by the result
};

enum class SameVerdict : std::uint8_t { kSameWithinMargin, kDifferent, kInconclusive };
enum class SameKernel : std::uint8_t { kNgrams, kStyle, kEmbedding };
enum class SameDesign : std::uint8_t { kAcrossPrompts, kWithinPrompts };
// Why the verdict is not another one.
enum class SameReason : std::uint8_t {
  kDifferenceFound,     // p <= alpha
  kWithinMargin,        // and no difference found
  kAllCopies,           // every answer of B is, word for word, one that A gave
  kOneSampleOfA,        // no equivalence test without a rerun of A
  kFewPrompts,          // fewer than the equivalence test needs
  kNotWithinMargin,     // the equivalence test left it open
  kAlphaUnreachable,    // so few dealings that no p can be as small as alpha
};

// "same_within_margin", "different", "inconclusive".
std::string_view NameOf(SameVerdict verdict);
// "n-grams", "style", "embedding".
std::string_view NameOf(SameKernel kernel);
// "across prompts", "within prompts".
std::string_view NameOf(SameDesign design);
// "difference_found", ...
std::string_view NameOf(SameReason reason);

struct SameStatistic {
  SameKernel kernel = SameKernel::kNgrams;
  SameDesign design = SameDesign::kAcrossPrompts;
  double standardised = 0;  // in deviations over all dealings
  // Across prompts: the mean cosine of two prompts' differences, weighed by their lengths. 0: no common direction; 1:
  // A and B differ in the same way everywhere. Within prompts: the mean gap between likeness to the own side and to the
  // other, for kernels whose likeness is a cosine.
  Estimate effect = {};
  // The least effect that a sample of `kPowerPrompts` prompts like these would find four times out of five.
  std::array<double, kPowerPrompts.size()> detectable = {};
};

// By how much one side is less like the other than like itself, in the header's unit.
struct SameUnlikeness {
  SameKernel kernel = SameKernel::kNgrams;
  bool to_a = true;      // else B's own samples are the measure
  double own = 0;        // mean cosine of two of the side's own answers to a prompt: the ceiling
  double other = 0;      // of an answer of A with one of B
  double elsewhere = 0;  // of two of the side's own answers to different prompts: the floor
  Estimate unlikeness = {};  // its interval has level 1 - 2 alpha: within the margin if both tests reject
  double p_value = 1;    // the larger of both tests'
};

struct SameCopies {
  std::size_t prompts = 0;       // at which an answer of B is, text for text, one of A's
  std::size_t long_prompts = 0;  // of them, those with one of at least `kMinCopyTokens`
  std::size_t own_prompts = 0;   // at which two of A's own answers are the same
  std::size_t compared_own = 0;  // at which A has two
};

struct SameResult {
  SameVerdict verdict = SameVerdict::kInconclusive;
  SameReason reason = SameReason::kNotWithinMargin;
  double p_value = 1;
  double statistic = 0;  // the largest standardised one
  PermutationMethod method = PermutationMethod::kExact;
  std::uint64_t dealings = 0;  // looked at
  double smallest_p = 1;       // that these answers could have given
  std::size_t n_prompts = 0;
  std::size_t n_informative = 0;  // where two answers differ
  std::size_t samples_a = 0;      // answers to shared prompts
  std::size_t samples_b = 0;
  SameCopies copies;
  std::vector<SameStatistic> statistics;
  std::vector<SameUnlikeness> equivalence;  // empty where it could not be tested
  bool within_margin = false;
  SameOptions options;
};

absl::StatusOr<SameResult> CompareSamples(std::span<const SharedPrompt> prompts, const SameOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_SAME_MODEL_H_
