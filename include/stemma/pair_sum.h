// What two models' responses have in common, summed over prompts.
//
// Units: cosines in fixed point, so that sums are exact.
// Determinism: sums of integers commute: any order and any number of threads gives the same.
#ifndef STEMMA_PAIR_SUM_H_
#define STEMMA_PAIR_SUM_H_

#include <cstdint>

namespace stemma {

struct PairSum {
  static constexpr double kOne = 1 << 30;  // room for 2^33 prompts
  // The least number of prompts without an exact copy on which a similarity still stands; below it the copies stay in.
  static constexpr std::uint32_t kMinPromptsBesideCopies = 10;

  std::int64_t cosine_sum = 0;       // of prompts without an exact copy
  std::int64_t copy_cosine_sum = 0;  // of prompts where an answer of one is a copy of an answer of the other
  std::uint32_t prompts = 0;
  std::uint32_t copies = 0;

  void Add(std::int64_t cosine, bool copy) {
    (copy ? copy_cosine_sum : cosine_sum) += cosine;
    ++(copy ? copies : prompts);
  }

  bool shared() const { return prompts + copies > 0; }
  bool copies_left_out() const { return copies == 0 || prompts >= kMinPromptsBesideCopies; }
  std::uint32_t used_prompts() const { return copies_left_out() ? prompts : prompts + copies; }

  // Mean cosine, in [0, 1]. Precondition: shared().
  double mean() const {
    const std::int64_t sum = copies_left_out() ? cosine_sum : cosine_sum + copy_cosine_sum;
    return static_cast<double>(sum) / kOne / static_cast<double>(used_prompts());
  }

  PairSum& operator+=(const PairSum& other) {
    cosine_sum += other.cosine_sum;
    copy_cosine_sum += other.copy_cosine_sum;
    prompts += other.prompts;
    copies += other.copies;
    return *this;
  }

  // As if `part` had been added so many times.
  void Add(const PairSum& part, std::uint32_t times) {
    cosine_sum += part.cosine_sum * times;
    copy_cosine_sum += part.copy_cosine_sum * times;
    prompts += part.prompts * times;
    copies += part.copies * times;
  }

  // Takes back what was added.
  PairSum& operator-=(const PairSum& other) {
    cosine_sum -= other.cosine_sum;
    copy_cosine_sum -= other.copy_cosine_sum;
    prompts -= other.prompts;
    copies -= other.copies;
    return *this;
  }

  friend bool operator==(const PairSum&, const PairSum&) = default;
};

}  // namespace stemma

#endif  // STEMMA_PAIR_SUM_H_
