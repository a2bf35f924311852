#include "stemma/selftest.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace stemma {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Made once: it takes a second.
const std::vector<SelfTestCheck>& Checks() {
  static const std::vector<SelfTestCheck> checks = RunSelfTest();
  return checks;
}

// The reference numbers of EVIDENCE.md section 6, each at its tolerance.
TEST(SelfTest, EveryReferenceNumberHolds) {
  EXPECT_GE(Checks().size(), 60U);
  for (const SelfTestCheck& check : Checks()) {
    EXPECT_TRUE(check.Holds()) << check.id << ": " << check.computed << " is not " << check.expected << " +- "
                               << check.tolerance;
  }
}

// No check is so loose that it holds for whatever comes.
TEST(SelfTest, NoNumberHoldsWhereItsExpectationIsMoved) {
  for (const SelfTestCheck& check : Checks()) {
    for (const double shift : {1e-3, -1e-3}) EXPECT_FALSE(check.Holds(shift)) << check.id << " moved by " << shift;
  }
}

TEST(SelfTest, EachSubjectIsThereOnceWithAllItsNumbers) {
  std::map<std::string_view, int> count;
  std::set<std::string> ids;
  std::string_view last;
  for (const SelfTestCheck& check : Checks()) {
    EXPECT_TRUE(check.subject == last || !count.contains(check.subject)) << check.subject << " is in two places";
    last = check.subject;
    ++count[check.subject];
    EXPECT_TRUE(ids.insert(check.id).second) << check.id << " is there twice";
    EXPECT_EQ(check.id.find(' '), std::string::npos) << check.id;
    EXPECT_FALSE(check.what.empty()) << check.id;
    EXPECT_FALSE(check.source.empty()) << check.id;
  }
  const std::map<std::string_view, int> expected = {{"Cllr", 10},
                                                    {"Cllr of infinite and missing LRs", 7},
                                                    {"normal LLRs", 12},
                                                    {"breath data", 8},
                                                    {"devPAV", 6},
                                                    {"ELUB", 12},
                                                    {"IV bounds", 10},
                                                    {"no error among n", 3},
                                                    {"PAV", 6},
                                                    {"AUC", 1},
                                                    {"sign flips", 4},
                                                    {"Holm", 10},
                                                    {"Benjamini and Hochberg", 10},
                                                    {"BCa", 3},
                                                    {"two-level bootstrap", 2},
                                                    {"bettor that learns", 5},
                                                    {"bets on paired wins", 6}};
  EXPECT_EQ(count, expected);
}

TEST(SelfTestCheck, HoldsWithinItsTolerance) {
  const SelfTestCheck check = {.expected = 2, .tolerance = 1e-4, .computed = 2.00005};
  EXPECT_TRUE(check.Holds());
  EXPECT_TRUE(check.Holds(1e-4));
  EXPECT_FALSE(check.Holds(2e-4));
  EXPECT_FALSE(check.Holds(-1e-4));
  EXPECT_FALSE((SelfTestCheck{.expected = 2, .tolerance = 1, .computed = kNaN}).Holds());
  EXPECT_FALSE((SelfTestCheck{.expected = 2, .tolerance = 1, .computed = kInfinity}).Holds());
  EXPECT_FALSE((SelfTestCheck{.expected = 2, .tolerance = 1}).Holds());  // nothing was computed
}

// What must come out infinite or not a number does so exactly, and no finite expectation holds for it.
TEST(SelfTestCheck, HoldsForWhatIsNotFinite) {
  for (const double value : {kInfinity, -kInfinity, kNaN}) {
    const SelfTestCheck check = {.expected = value, .tolerance = 1e-9, .computed = value};
    EXPECT_TRUE(check.Holds());
    EXPECT_FALSE(check.Holds(1e-3));
    EXPECT_FALSE(check.Holds(-1e-3));
    for (const double other : {0.0, 1e-3, kInfinity, -kInfinity, kNaN}) {
      if (other == value || (std::isnan(other) && std::isnan(value))) continue;
      EXPECT_FALSE((SelfTestCheck{.expected = value, .tolerance = 1e-9, .computed = other}).Holds());
    }
  }
}

// A number of our own and a published one must both hold, each at its tolerance.
TEST(SelfTestCheck, HoldsForWhatIsPublishedToo) {
  SelfTestCheck check = {.expected = 5, .computed = 5, .published = 5.5, .published_tolerance = 0.5};
  EXPECT_TRUE(check.Holds());
  check.published = 5.6;
  EXPECT_FALSE(check.Holds());
  check.published = 5.5;
  check.computed = 5.1;
  EXPECT_FALSE(check.Holds());
}

}  // namespace
}  // namespace stemma
