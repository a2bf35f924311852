#include "lib/score/rivals.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "tests/oracle/rivals.h"

namespace stemma::score {
namespace {

// Few organisations, ties, missing scores, ineligible models: the shortcut over the two best organisations is exact.
TEST(BestRivals, AgreeWithTheOracle) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  base::Random random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<double> scores;
    std::vector<std::optional<double>> oracle_scores;
    std::vector<std::string> organisations;
    std::vector<bool> eligible;
    const std::size_t models = random.Below(9);
    const std::size_t makers = 1 + random.Below(5);
    for (std::size_t m = 0; m < models; ++m) {
      organisations.push_back(std::string(1, static_cast<char>('a' + random.Below(makers))));
      eligible.push_back(random.Below(5) != 0);
      scores.push_back(static_cast<double>(random.Below(6)) - 3);
      oracle_scores.push_back(scores.back());
      if (random.Below(6) != 0) continue;
      scores.back() = kNaN;
      oracle_scores.back() = std::nullopt;
    }
    const std::string candidate(1, static_cast<char>('a' + random.Below(makers + 1)));
    const std::vector<double> rivals = BestRivals(scores, organisations, eligible, candidate);
    ASSERT_EQ(rivals.size(), models);
    for (std::size_t m = 0; m < models; ++m) {
      ASSERT_EQ(rivals[m], oracle::BestRival(oracle_scores, organisations, eligible, candidate, m)) << round << " " << m;
    }
  }
}

}  // namespace
}  // namespace stemma::score
