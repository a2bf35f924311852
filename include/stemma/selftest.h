// Published and independently recomputed numbers of the statistics of evidence, computed anew by this build.
//
// For those who want to know that the library on their machine, made by their compiler, counts as it was meant to. Each
// number is compared at its own tolerance, which is small enough that an expectation moved by 1e-3 no longer holds.
//
// Determinism: the same numbers on every machine; what is drawn has fixed seeds.
// Complexity: about a second on one core.
#ifndef STEMMA_SELFTEST_H_
#define STEMMA_SELFTEST_H_

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace stemma {

struct SelfTestCheck {
  std::string_view subject = {};  // checks of one subject follow each other
  std::string id = {};            // unique, without spaces
  std::string what = {};
  std::string_view source = {};
  double expected = 0;  // infinite or NaN where that is what must come out
  double tolerance = 0;
  double computed = std::numeric_limits<double>::quiet_NaN();
  // Where the source gives a bound, a range, a rounded number or the outcome of a simulation of its own: the middle of
  // what it allows, and how far to either side a right one may be. `expected` is then exact, or what these draws gave
  // when they were first made; both must hold.
  double published = std::numeric_limits<double>::quiet_NaN();
  double published_tolerance = 0;

  // Whether it would hold if the expectation, and what was published, were larger by `expected_shift`. One that is not
  // finite moves to `expected_shift` itself.
  bool Holds(double expected_shift = 0) const;
};

std::vector<SelfTestCheck> RunSelfTest();

}  // namespace stemma

#endif  // STEMMA_SELFTEST_H_
