#include <cmath>
#include <cstdint>

#include "lib/evidence/selftest_subject.h"
#include "stemma/error_rate_bound.h"
#include "stemma/lr_bounds.h"

namespace stemma::evidence {
namespace {

// Half of the last of seven digits.
constexpr double kSevenDigits = 5e-8;

LrBounds OrNone(const absl::StatusOr<LrBounds>& bounds) { return bounds.value_or(LrBounds{kNaN, kNaN}); }

void ExpectLrs(SelfTestSubject& subject, const std::string& id, const std::string& what, const LrBounds& bounds,
               double lower, double upper) {
  subject.Expect(id + ".lower", what + ", lower LR", std::pow(10, bounds.lower_log10), lower, kSevenDigits);
  subject.Expect(id + ".upper", what + ", upper LR", std::pow(10, bounds.upper_log10), upper, kSevenDigits);
}

void ExpectLlrs(SelfTestSubject& subject, const std::string& id, const std::string& what, const LrBounds& bounds,
                double lower, double upper) {
  subject.Expect(id + ".lower", what + ", lower LLR", bounds.lower_log10, lower);
  subject.Expect(id + ".upper", what + ", upper LLR", bounds.upper_log10, upper);
}

struct Case {
  const char* id;
  const char* what;
  LabelledSample llrs;
};

std::vector<Case> SmallCases() {
  return {{"extremes", "infinite LRs x 3 under H1, 0 x 3 under H2",
           LlrsFromLrs({kInfinity, kInfinity, kInfinity}, {0, 0, 0})},
          {"three_two", "LRs 1, 10, 100; .01, .1", LlrsFromLrs({1, 10, 100}, {.01, .1})},
          {"two_three", "LRs 10, 100; .01, .1, 1", LlrsFromLrs({10, 100}, {.01, .1, 1})}};
}

void CheckElub(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("ELUB", "Vergeer et al. 2016; recomputed independently", checks);
  constexpr LrBounds kLrs[] = {{.3388442, 2.9512092}, {.3801894, 1.4791084}, {.6760830, 2.6302680}};
  const std::vector<Case> cases = SmallCases();
  for (std::size_t k = 0; k < cases.size(); ++k) {
    ExpectLrs(subject, std::string("elub.") + cases[k].id, cases[k].what, OrNone(ElubBounds(cases[k].llrs)),
              kLrs[k].lower_log10, kLrs[k].upper_log10);
  }
  const LabelledSample upside_down = LlrsFromLrs({.01, .1, 1}, {10, 100});
  ExpectLrs(subject, "elub.upside_down", "LRs .01, .1, 1; 10, 100", OrNone(ElubBounds(upside_down)), 1, 1);
  for (const double high : {1000.0, 90.0}) {
    ExpectLrs(subject, absl::StrFormat("elub.breath_%g", high),
              absl::StrFormat("breath data, high LRs stated as %g", high), OrNone(ElubBounds(BreathLlrs(high))),
              .1122018, 79.4328235);
  }
}

void CheckIv(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("IV bounds", "Alberink et al. 2025; recomputed independently", checks);
  constexpr LrBounds kLlrs[] = {{-.845, .845}, {-.823, .574}, {-.574, .823}};
  const std::vector<Case> cases = SmallCases();
  for (std::size_t k = 0; k < cases.size(); ++k) {
    ExpectLlrs(subject, std::string("iv.") + cases[k].id, cases[k].what, OrNone(IvBounds(cases[k].llrs)),
               kLlrs[k].lower_log10, kLlrs[k].upper_log10);
  }
  for (const double high : {1000.0, 90.0}) {
    ExpectLrs(subject, absl::StrFormat("iv.breath_%g", high),
              absl::StrFormat("breath data, high LRs stated as %g", high), OrNone(IvBounds(BreathLlrs(high))),
              .1052741, 85.3731634);
  }
}

// What is published is a rounded percentage.
void CheckZeroErrors(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("no error among n", "1 - .05^(1/n); Clopper and Pearson 1934", checks);
  struct Bound {
    std::uint64_t n;
    double rate;
    double rounded;
  };
  constexpr Bound kBounds[] = {
      {19, 0.14586850331224344, .146}, {59, 0.049507609888226944, .050}, {99, 0.029806673773350896, .030}};
  for (const Bound& bound : kBounds) {
    SelfTestCheck& check = subject.Expect(absl::StrFormat("zero_errors.%d", bound.n),
                                          absl::StrFormat("largest rate, 95 %%, none among %d", bound.n),
                                          OrNaN(ErrorRateUpperBound(0, bound.n)), bound.rate);
    check.published = bound.rounded;
    check.published_tolerance = 5e-4;
  }
}

}  // namespace

void CheckBounds(std::vector<SelfTestCheck>& checks) {
  CheckElub(checks);
  CheckIv(checks);
  CheckZeroErrors(checks);
}

}  // namespace stemma::evidence
