#include <cmath>

#include "lib/evidence/selftest_subject.h"
#include "stemma/discrimination.h"
#include "stemma/lr_metrics.h"

namespace stemma::evidence {
namespace {

void CheckCllr(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("Cllr", "Brümmer and du Preez 2006; recomputed independently", checks);
  const auto expect = [&](std::string id, std::string what, std::vector<double> h2, std::vector<double> h1,
                          double expected) {
    subject.Expect("cllr." + id, "LRs " + what, Cllr(LlrsFromLrs(std::move(h1), std::move(h2))), expected);
  };
  const double third = 1 / 3.0;
  expect("neutral", "1, 1 under H2; 1, 1 under H1", {1, 1}, {1, 1}, 1);
  expect("misleading", "3, 3; 1/3, 1/3", {3, 3}, {third, third}, 2);
  expect("right", "1/3, 1/3; 3, 3", {third, third}, {3, 3}, 0.4150374992788437);
  expect("half_neutral", "1/3, 1/3; 1", {third, third}, {1}, 0.7075187496394219);
  expect("both_two", "2; 2, 2", {2}, {2, 2}, 1.0849625007211563);
  expect("both_eight", "8; 8, 8", {8}, {8, 8}, 1.6699250014423126);
  const std::pair<int, double> of_hundreds[] = {
      {0, 0.507177646488535}, {1, 0.5400680236656377}, {2, 0.5723134914863265}, {6, 0.6952113122368764}};
  for (const auto& [hundreds, expected] : of_hundreds) {
    std::vector<double> h2(100, 0.01);
    h2.insert(h2.end(), static_cast<std::size_t>(hundreds), 100);
    expect(absl::StrFormat("hundreds_%d", hundreds), absl::StrFormat("100 times .01 and %d times 100; 1", hundreds), h2,
           {1}, expected);
  }
}

void CheckCllrAtTheEnds(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("Cllr of infinite and missing LRs", "its definition", checks);
  const auto expect = [&](std::string id, std::string what, const LabelledSample& llrs, double expected) {
    subject.Expect("cllr." + id, std::move(what), Cllr(llrs), expected);
  };
  expect("infinite_h2", "an infinite LR under H2", Llrs({1}, {0, kInfinity}), kInfinity);
  expect("zero_h1", "an LR of 0 under H1", Llrs({-kInfinity, 3}, {0}), kInfinity);
  expect("perfect", "infinite LRs, all right", Llrs({kInfinity, kInfinity}, {-kInfinity, -kInfinity}), 0);
  expect("nan_h1", "an LR under H1 that is not a number", Llrs({kNaN, 1}, {0}), kNaN);
  expect("nan_h2", "an LR under H2 that is not a number", Llrs({1}, {kNaN}), kNaN);
  expect("no_h1", "no LR under H1", Llrs({}, {0}), kNaN);
  expect("no_h2", "no LR under H2", Llrs({1}, {}), kNaN);
}

void CheckNormal(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("normal LLRs", "integrals over N(+-d^2/2, d^2); AUC = Phi(d/sqrt 2), EER = Phi(-d/2)",
                          checks);
  constexpr double kCllr[] = {0.8392527802, 0.5140558459, 0.2400209922, 0.0871777142};
  constexpr double kAuc[] = {.7602, .9214, .9831, .9977};
  constexpr double kEer[] = {.3085, .1587, .0668, .0228};
  // Half of the last digit given, and what the grid's step adds.
  constexpr double kFourDigits = 5.2e-5;
  for (int d = 1; d <= 4; ++d) {
    const LabelledSample llrs = NormalLlrs(d);
    const std::string at = absl::StrFormat(" at d = %d", d);
    subject.Expect(absl::StrFormat("normal.cllr.%d", d), "Cllr" + at, Cllr(llrs), kCllr[d - 1]);
    subject.Expect(absl::StrFormat("normal.auc.%d", d), "AUC" + at, Auc(llrs), kAuc[d - 1], kFourDigits);
    subject.Expect(absl::StrFormat("normal.eer.%d", d), "EER" + at, Eer(llrs), kEer[d - 1], kFourDigits);
  }
}

void CheckBreath(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("breath data", "Vergeer et al. 2016 (the data); recomputed independently", checks);
  subject.Expect("breath.cllr.1000", "Cllr, high LRs stated as 1000", Cllr(BreathLlrs(1000)), .2915175453);
  subject.Expect("breath.cllr.90", "Cllr, high LRs stated as 90", Cllr(BreathLlrs(90)), .2807451936);
  for (const double high : {1000.0, 90.0}) {
    const std::string stated = absl::StrFormat(", high LRs stated as %g", high);
    const LabelledSample llrs = BreathLlrs(high);
    subject.Expect(absl::StrFormat("breath.cllr_min.%g", high), "least Cllr" + stated, CllrMin(llrs), .2807451933);
    std::vector<double> lrs;
    if (const auto curve = PavCurve(llrs); curve.ok()) {
      for (const PavPoint& point : *curve) lrs.push_back(std::pow(10, point.pav_llr_log10));
    }
    subject.Expect(absl::StrFormat("breath.pav_low.%g", high), "low LR by PAV" + stated, lrs.empty() ? kNaN : lrs[0],
                   .1010101, 5e-8);
    subject.Expect(absl::StrFormat("breath.pav_high.%g", high), "high LR by PAV" + stated,
                   lrs.size() == 2 ? lrs[1] : kNaN, 90);
  }
}

void CheckDevPav(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("devPAV", "Vergeer, van Schaik and Sjerps 2021", checks);
  const auto deviation = [](std::vector<double> h1, std::vector<double> h2) {
    return OrNaN(DevPav(LlrsFromLrs(std::move(h1), std::move(h2))));
  };
  subject.Expect("devpav.all_two", "LRs all 2, five of each class", deviation({2, 2, 2, 2, 2}, {2, 2, 2, 2, 2}),
                 0.3010299956639812);  // log10 2
  subject.Expect("devpav.one_wrong", "LRs 5, 5, 5, .2 under H1; 5, .2, .2, .2 under H2",
                 deviation({5, 5, 5, .2}, {5, .2, .2, .2}), 0.1109243748081781);  // (log10 5 - log10 3) / 2
  subject.Expect("devpav.crossed", "LRs .1, 100; .01, 10", deviation({.1, 100}, {.01, 10}), .5);
  subject.Expect("devpav.infinite_h2", "an infinite LR under H2", deviation({10, 100}, {1, kInfinity}), kInfinity);
  subject.Expect("devpav.zero_h1", "an LR of 0 under H1", deviation({10, 0}, {1, .1}), kInfinity);
  const bool refused = DevPav(Llrs({1, 2}, {})).status().code() == absl::StatusCode::kInvalidArgument;
  subject.Expect("devpav.one_class", "one class alone is refused (1 is yes)", refused ? 1 : 0, 1, kExactly);
}

}  // namespace

void CheckLikelihoodRatios(std::vector<SelfTestCheck>& checks) {
  CheckCllr(checks);
  CheckCllrAtTheEnds(checks);
  CheckNormal(checks);
  CheckBreath(checks);
  CheckDevPav(checks);
}

}  // namespace stemma::evidence
