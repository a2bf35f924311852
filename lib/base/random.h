// Random numbers computed from a counter: any draw of any stream can be had without the draws before it.
//
// A loop whose iterations each use a stream of their own draws the same numbers for any number of threads.
//
// Units: a stream has 2^64 blocks of 128 bits.
// Determinism: integers only, but for `Uniform`, whose result is exact; equal on every platform.
// Complexity: ten rounds of two 32-bit multiplications for each 128 bits.
// Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3
// (Philox4x32-10); `Below`: Lemire 2019, "Fast random integer generation in an interval", algorithm 5.
#ifndef STEMMA_LIB_BASE_RANDOM_H_
#define STEMMA_LIB_BASE_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace stemma::base {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// The block cipher that Philox4x32-10 is: distinct counters give distinct blocks.
constexpr PhiloxCounter Philox4x32(PhiloxCounter counter, PhiloxKey key) {
  constexpr int kRounds = 10;
  constexpr std::uint64_t kMultiplier0 = 0xD2511F53;  // the paper's table 2
  constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
  constexpr std::uint32_t kWeyl1 = 0xBB67AE85;  // square root of 3, less 1
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

// One stream of draws. Streams of equal seed and different number are independent of each other.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  std::uint32_t Next32() {
    if (used_ == block_.size()) {
      block_ =
          Philox4x32({Low(block_number_), High(block_number_), Low(stream_), High(stream_)}, {Low(seed_), High(seed_)});
      ++block_number_;
      used_ = 0;
    }
    return block_[used_++];
  }

  std::uint64_t Next64() {
    const std::uint64_t low = Next32();
    return static_cast<std::uint64_t>(Next32()) << 32 | low;
  }

  // In [0, 1): a multiple of 2^-53.
  double Uniform() { return static_cast<double>(Next64() >> 11) * 0x1p-53; }

  // In [0, bound), each value as likely as any other. Precondition: `bound` > 0.
  std::uint64_t Below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    Wide product = static_cast<Wide>(Next64()) * bound;
    // Of the 2^64 draws, 2^64 mod `bound` are too many for equal shares; those are drawn again.
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t excess = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < excess) product = static_cast<Wide>(Next64()) * bound;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  // Each order of the items as likely as any other (Fisher and Yates), as far as the stream can tell them apart.
  template <typename T>
  void Shuffle(std::span<T> items) {
    for (std::size_t rest = items.size(); rest > 1; --rest) {
      using std::swap;
      swap(items[rest - 1], items[static_cast<std::size_t>(Below(rest))]);
    }
  }

 private:
  static constexpr std::uint32_t Low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
  static constexpr std::uint32_t High(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t block_number_ = 0;
  PhiloxCounter block_ = {};
  std::size_t used_ = 4;  // of `block_`
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_RANDOM_H_
