// Names of things by content: 64- and 128-bit hashes as they stand in files and reports.
//
// Units: `Hash128` prints as 32 hexadecimal digits, high half first.
// Determinism: XXH3 over little-endian bytes; equal on every platform.
// Source: xxHash specification, XXH3 (Collet). The hashes identify, they do not authenticate.
#ifndef STEMMA_HASH_H_
#define STEMMA_HASH_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stemma {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;

  // For unordered containers: the value is already uniform.
  template <typename H>
  friend H AbslHashValue(H state, const Hash128& value) {
    return H::combine(std::move(state), value.high, value.low);
  }
};

// A bijective mixer of 64 bits.
// Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", Figure 15 (Stafford's variant 13).
constexpr std::uint64_t Mix64(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// 32 lower-case hexadecimal digits.
std::string ToHex(const Hash128& value);

// The inverse of `ToHex`; nothing for any other text.
std::optional<Hash128> Hash128FromHex(std::string_view hex);

}  // namespace stemma

#endif  // STEMMA_HASH_H_
