// Evidence that a player wins more than half of its pairings, which may be looked at after every one of them.
//
// Someone bets on each win a share of what they have; under H0 (each win has probability at most 1/2, whatever came
// before) their wealth is not expected to grow, and the chance that it ever reaches 1/alpha is at most alpha. So
// sampling may stop for any reason. `PairedWins` bets all shares from 0 to 1 side by side with equal stakes: its
// e-value depends on the numbers of wins and losses alone, not on their order.
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

// A bettor that learns: it bets twice what the win probability, as estimated from the pairings so far with half a win
// and half a loss more, exceeds 1/2 by, but no less than nothing and no more than 3/4 of what it has.
//
// What it wins depends on the order of the pairings: the same wins and losses shuffled have another e-value. So audits
// use `PairedWins`, which also needs fewer of them (to e >= 100 in the median, at win probabilities of .6, .7, .8, .9:
// 265, 58, 24, 14 against some 287, 66, 28, 14 here). This one is here because it is the kind that published medians
// are of.
// Complexity: O(1) a pairing.
// Source: Krichevsky and Trofimov 1981, "The performance of universal encoding" (the estimate); Waudby-Smith and Ramdas
// 2024, section 4 (bets below all that one has).
class LearnedWins {
 public:
  void Add(bool win);

  double e_value_log10() const { return e_value_log10_; }
  double max_e_value_log10() const { return max_e_value_log10_; }
  double p_value() const;  // as for PairedWins

 private:
  double wins_ = 0;
  double pairings_ = 0;
  double e_value_log10_ = 0;
  double max_e_value_log10_ = 0;
};

}  // namespace stemma

#endif  // STEMMA_E_PROCESS_H_
