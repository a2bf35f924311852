// Evidence that a player wins more than half of its pairings, which may be looked at after every one of them.
//
// Someone bets on each win a share of what they have; under H0 (each win has probability at most 1/2, whatever came
// before) their wealth is not expected to grow, and the chance that it ever reaches 1/alpha is at most alpha. So
// sampling may stop for any reason. All shares from 0 to 1 are bet side by side with equal stakes: the e-value depends
// on the numbers of wins and losses alone, not on their order.
//
// Units: log10 of the e-value. Pairings must be taken one at a time as they come; ties are not bet on.
// Complexity: some sqrt(n) steps a pairing.
// Source: Ville 1939; Ramdas, Grünwald, Vovk and Shafer 2023, "Game-theoretic statistics and safe anytime-valid
// inference", section 3; Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting",
// section 4; Robbins 1970, "Statistical methods related to the law of the iterated logarithm" (the mixture).
#ifndef STEMMA_E_PROCESS_H_
#define STEMMA_E_PROCESS_H_

#include <cstdint>

namespace stemma {

// 2^(n+1) times the integral from 1/2 to 1 of p^wins (1 - p)^losses dp, n = wins + losses: the mean over win
// probabilities p above 1/2 of their likelihood ratios against 1/2.
double PairedWinsELog10(std::uint64_t wins, std::uint64_t losses);

class PairedWins {
 public:
  void Add(bool win);
  void AddTie() { ++ties_; }

  std::uint64_t wins() const { return wins_; }
  std::uint64_t losses() const { return losses_; }
  std::uint64_t ties() const { return ties_; }

  double e_value_log10() const { return e_value_log10_; }
  double max_e_value_log10() const { return max_e_value_log10_; }
  // 1 / the largest e-value so far: below any alpha with probability at most alpha, whenever it is looked at.
  double p_value() const;

 private:
  std::uint64_t wins_ = 0;
  std::uint64_t losses_ = 0;
  std::uint64_t ties_ = 0;
  double e_value_log10_ = 0;
  double max_e_value_log10_ = 0;
};

}  // namespace stemma

#endif  // STEMMA_E_PROCESS_H_
