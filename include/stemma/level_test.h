// Does p keep its promise? How often candidates that are unrelated to a reference get a p of at most alpha, where
// nothing that scores them has seen them or their groups.
//
// Ranks of a panel's own models inside it are uniform for any score and test nothing. So the panel's groups are dealt
// at random into a reference half and a candidate half, many times over. What the panel file lets us refit is refitted
// to the reference half alone: how rare n-grams are, their values, norms, typicality, standard deviation and rivals.
// Each model of the other half is then scored as a stranger and ranked among the reference half's groups as an audit
// would, whose models are each left out as a candidate is.
//
// Limits: the panel file holds models' styles as points alone, so the space of styles stays the whole panel's, and
// points are those of all prompts; only their centring is that of the half. That part of distillation's scores has seen
// the candidate. `LevelDesign::kStrangers` has not: there the panel's stored scores of strangers, whose whole group was
// left out of vocabulary and space too, are ranked among the whole panel's frozen scores. Exact copies are treated as
// elsewhere, but for the style, which keeps them. Where a candidate lacks answers, the others keep theirs. Half a panel
// has half the groups: small alphas cannot be reached by many trials. Unrelated is what nobody documented otherwise;
// undisclosed relatives show as false accusations.
//
// Units: shares in [0, 1]. Each group of candidates weighs the same, in it each model, of a model each reference; n
// counts groups of candidates, which are what is resampled. Expected is what a candidate gets that is exchangeable with
// the groups that it is ranked among. A group votes by its best member, a candidate stands alone: p may well be
// conservative (`kBelow`). What it must not be is `kAbove`.
// Errors: kFailedPrecondition for a panel of too few groups; kInvalidArgument for options out of range.
// Determinism: the same for any number of threads; a split is the seed's and its number's alone.
// Complexity: linear in splits and prompts; 200 splits of 142 models and 805 prompts take some 40 seconds of one core.
// Source: Vovk, Gammerman and Shafer 2005, sections 2.2 and 4.1 (validity of conformal p-values, and of split ones).
#ifndef STEMMA_LEVEL_TEST_H_
#define STEMMA_LEVEL_TEST_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/estimate.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/score.h"

namespace stemma {

// What is ranked. The last is no score of ours: minus the log of the candidate's mean length, whatever the reference. A
// test that does not catch it would catch nothing.
enum class LevelScore : std::uint8_t { kWeights, kDistillation, kLengthControl };
std::string_view NameOf(LevelScore score);  // "weights", "distillation", "length_control"

// Who is scored by what; see above.
enum class LevelDesign : std::uint8_t { kHalves, kStrangers };
std::string_view NameOf(LevelDesign design);  // "halves", "strangers"

// The reference was named in advance (RankAmong), or the best of all unrelated ones was found by search (RankOfBest).
enum class LevelQuestion : std::uint8_t { kNamed, kScreening };
std::string_view NameOf(LevelQuestion question);  // "named", "screening"

// Which candidates: all, or thirds of them by mean length of answers or by release date; those without a date are in no
// third of dates.
enum class LevelStratum : std::uint8_t {
  kAll,
  kShortAnswers,
  kMiddlingAnswers,
  kLongAnswers,
  kEarlyRelease,
  kMiddlingRelease,
  kLateRelease
};
std::string_view NameOf(LevelStratum stratum);  // "all", "short_answers", ..., "late_release"

enum class LevelVerdict : std::uint8_t {
  kInside,    // the band holds what is expected
  kAbove,     // the band lies above it: false accusations
  kBelow,     // the band lies below it: p is conservative
  kUntested,  // no trial could reach alpha, or there are too few groups for a band
};
std::string_view NameOf(LevelVerdict verdict);  // "inside", "above", "below", "untested"

struct LevelOptions {
  std::size_t splits = 200;
  std::uint64_t seed = 1;
  // The largest shows what the small ones are too rare to show in half a panel.
  std::vector<double> alphas = {0.05, 0.10, 0.20};
  // Nested, in the order of the prompts' hashes. Those above the panel's number are dropped; all prompts always come
  // last.
  std::vector<std::size_t> prompt_counts = {50, 105, 400};
  std::size_t draws = 1'999;  // of the bootstrap behind a band
  ScoreOptions score = {};    // shares of rivals, and threads
  Progress progress = {};
};

// One share of false accusations. Trials that could never reach alpha are left out.
struct LevelCell {
  LevelScore score = LevelScore::kWeights;
  LevelDesign design = LevelDesign::kHalves;
  LevelQuestion question = LevelQuestion::kNamed;
  LevelStratum stratum = LevelStratum::kAll;
  std::size_t prompts = 0;
  double alpha = 0;
  Estimate share;  // of trials with p <= alpha; its limits are the band; n: groups of candidates
  // Mean of floor(alpha (G + 1)) / (G + 1) over the same trials.
  double expected = std::numeric_limits<double>::quiet_NaN();
  LevelVerdict verdict = LevelVerdict::kUntested;
  std::uint64_t trials = 0;
  std::uint64_t unreachable = 0;  // trials left out
};

// Whether more prompts make more false accusations: they must not, since the unit is the model.
struct LevelRise {
  LevelScore score = LevelScore::kWeights;
  LevelQuestion question = LevelQuestion::kNamed;
  double alpha = 0;
  std::size_t fewest_prompts = 0;
  std::size_t highest_prompts = 0;  // where the share is largest among the larger numbers of prompts
  Estimate rise;                    // that share less that at the fewest prompts; paired by groups
  bool rises = false;               // the whole interval is above 0
  // The verdict there: while it is `kBelow`, a rise takes from a margin and does not break the promise.
  LevelVerdict at_highest = LevelVerdict::kUntested;
};

struct LevelTest {
  std::size_t splits = 0;
  std::uint64_t seed = 0;
  std::size_t reference_groups = 0;  // of each split
  std::size_t candidate_groups = 0;
  std::size_t models = 0;  // that count; all are dealt
  std::vector<double> alphas;
  std::vector<std::size_t> prompt_counts;  // that were tested, all prompts last
  bool with_style = false;                 // distillation is scored by styles too
  // By score, design, question, prompts, stratum, alpha, in this order; the control and the strangers at all prompts
  // only, the strangers where the panel holds their scores.
  std::vector<LevelCell> cells;
  std::vector<LevelRise> rises;
  // The control is above what is expected in the third of short answers, at one alpha at least.
  bool control_caught = false;
};

absl::StatusOr<LevelTest> TestLevel(const Panel& panel, const LevelOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_LEVEL_TEST_H_
