#include "stemma/selftest.h"

#include <cmath>

#include "lib/evidence/selftest_subject.h"

namespace stemma {

bool SelfTestCheck::Holds(double expected_shift) const {
  if (!std::isfinite(expected) && expected_shift == 0) {
    return std::isnan(expected) ? std::isnan(computed) : computed == expected;
  }
  const double moved = std::isfinite(expected) ? expected + expected_shift : expected_shift;
  if (!(std::fabs(computed - moved) <= tolerance)) return false;
  return std::isnan(published) || std::fabs(computed - (published + expected_shift)) <= published_tolerance;
}

std::vector<SelfTestCheck> RunSelfTest() {
  std::vector<SelfTestCheck> checks;
  evidence::CheckLikelihoodRatios(checks);
  evidence::CheckBounds(checks);
  evidence::CheckScores(checks);
  evidence::CheckTests(checks);
  evidence::CheckBootstrap(checks);
  evidence::CheckEProcess(checks);
  return checks;
}

}  // namespace stemma
