#include "lib/evidence/selftest_subject.h"
#include "stemma/multiple_testing.h"
#include "stemma/permutation_test.h"

namespace stemma::evidence {
namespace {

void CheckSignFlips(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("sign flips", "Fisher 1935, section 21; all 256 counted", checks);
  const absl::StatusOr<PermutationTest> test = SignFlipTest(kPairDifferences);
  if (!test.ok()) {
    subject.Expect("sign_flips.p", "one-sided p of eight pairs", kNaN, .015625, kExactly);
    return;
  }
  subject.Expect("sign_flips.p", "one-sided p of eight pairs", test->p, .015625, kExactly);
  subject.Expect("sign_flips.at_least", "arrangements that reach the observed mean",
                 static_cast<double>(test->at_least), 4, kExactly);
  subject.Expect("sign_flips.arrangements", "arrangements", static_cast<double>(test->arrangements), 256, kExactly);
  subject.Expect("sign_flips.mean", "mean difference", test->difference, .06625);
}

constexpr double kPValues[] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};

void CheckHolm(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("Holm", "Holm 1979; values as statsmodels gives them", checks);
  constexpr double kExpected[] = {.01, .072, .312, .312, .312, .312, .312, .615, .615, .615};
  subject.ExpectEach("holm", "adjusted p", HolmAdjusted(kPValues).value_or(std::vector<double>()), kExpected);
}

void CheckBenjaminiHochberg(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("Benjamini and Hochberg",
                          "Benjamini and Hochberg 1995; values as statsmodels gives them", checks);
  constexpr double kSeventh = .74 / 7;  // .1057, to the digits given
  constexpr double kExpected[] = {.01, .04, .084, .084, .084, .1, kSeventh, .216, .216, .216};
  subject.ExpectEach("bh", "adjusted p", BenjaminiHochbergAdjusted(kPValues).value_or(std::vector<double>()),
                     kExpected);
}

}  // namespace

void CheckTests(std::vector<SelfTestCheck>& checks) {
  CheckSignFlips(checks);
  CheckHolm(checks);
  CheckBenjaminiHochberg(checks);
}

}  // namespace stemma::evidence
