// What the parts of the self-test share: how a check is written down, and the samples that several of them look at.
#ifndef STEMMA_LIB_EVIDENCE_SELFTEST_SUBJECT_H_
#define STEMMA_LIB_EVIDENCE_SELFTEST_SUBJECT_H_

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "stemma/labelled_sample.h"
#include "stemma/selftest.h"

namespace stemma::evidence {

// Whole numbers, and shares of them that double holds.
inline constexpr double kExactly = 0;
// Beyond what sums and logarithms of a right program differ by.
inline constexpr double kDigits = 1e-9;

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Appends the checks of one subject.
class SelfTestSubject {
 public:
  SelfTestSubject(std::string_view name, std::string_view source, std::vector<SelfTestCheck>& checks)
      : name_(name), source_(source), checks_(checks) {}

  SelfTestCheck& Expect(std::string id, std::string what, double computed, double expected,
                        double tolerance = kDigits) {
    return checks_.emplace_back(SelfTestCheck{.subject = name_,
                                              .id = std::move(id),
                                              .what = std::move(what),
                                              .source = source_,
                                              .expected = expected,
                                              .tolerance = tolerance,
                                              .computed = computed});
  }

  // One check for each value, called id.1, id.2, ...; what is missing is NaN.
  void ExpectEach(const std::string& id, const std::string& what, std::span<const double> computed,
                  std::span<const double> expected, double tolerance = kDigits) {
    for (std::size_t k = 0; k < expected.size(); ++k) {
      Expect(absl::StrFormat("%s.%d", id, k + 1), absl::StrFormat("%s, value %d", what, k + 1),
             k < computed.size() ? computed[k] : kNaN, expected[k], tolerance);
    }
  }

 private:
  std::string_view name_;
  std::string_view source_;
  std::vector<SelfTestCheck>& checks_;
};

// A number that could not be had holds for no expectation but NaN.
inline double OrNaN(const absl::StatusOr<double>& value) { return value.value_or(kNaN); }

void CheckLikelihoodRatios(std::vector<SelfTestCheck>& checks);  // Cllr, PAV of LRs, devPAV
void CheckBounds(std::vector<SelfTestCheck>& checks);            // ELUB, IV, zero errors among n
void CheckScores(std::vector<SelfTestCheck>& checks);            // PAV, AUC, EER
void CheckTests(std::vector<SelfTestCheck>& checks);             // sign flips, Holm, Benjamini and Hochberg
void CheckBootstrap(std::vector<SelfTestCheck>& checks);         // BCa, two levels
void CheckEProcess(std::vector<SelfTestCheck>& checks);          // medians and levels of the bettors

// Of eight pairs: .61 - .52, .72 - .70, .55 - .50, .81 - .69, .66 - .68, .70 - .61, .58 - .57, .77 - .60.
inline constexpr double kPairDifferences[] = {.61 - .52, .72 - .70, .55 - .50, .81 - .69,
                                              .66 - .68, .70 - .61, .58 - .57, .77 - .60};

LabelledSample Llrs(std::vector<double> h1, std::vector<double> h2);
LabelledSample LlrsFromLrs(std::vector<double> h1, std::vector<double> h2);

// Breath analysers: LR `high` for 90 of 100 under H1 and for 10 of 1,000 under H2, else LR .101.
LabelledSample BreathLlrs(double high);

// Natural LLRs of means +-d^2/2 and variance d^2, as weights on a grid in steps of d/100 that reaches 15 d to either
// side: sums over it are integrals to all digits, but for what depends on where a threshold lies within a step.
LabelledSample NormalLlrs(double d);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_SELFTEST_SUBJECT_H_
