// Small signed integers, packed into as few bits each as the largest of them needs.
//
// Shape: one byte, the number of bits; then the integers in two's complement of so many bits, the lowest bit first, and
// zeros to the end of the byte.
// Errors: `UnpackIntegers` returns false for bytes that no integers pack to.
#ifndef STEMMA_LIB_SIGNATURE_PACKED_INTEGERS_H_
#define STEMMA_LIB_SIGNATURE_PACKED_INTEGERS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/byte_io.h"

namespace stemma::signature {

inline constexpr unsigned kMaxPackedBits = 32;

// Of two's complement.
inline unsigned BitsFor(std::span<const std::int32_t> values) {
  unsigned bits = 1;
  for (const std::int32_t value : values) {
    const auto magnitude = static_cast<std::uint32_t>(value < 0 ? ~value : value);
    bits = std::max(bits, static_cast<unsigned>(std::bit_width(magnitude)) + 1);
  }
  return bits;
}

inline std::size_t PackedSize(std::size_t values, unsigned bits) { return (values * bits + 7) / 8; }

// Without the byte that says how many bits.
inline void AppendBits(std::string& out, std::span<const std::int32_t> values, unsigned bits) {
  std::uint64_t pending = 0;
  unsigned held = 0;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (const std::int32_t value : values) {
    pending |= (static_cast<std::uint64_t>(static_cast<std::int64_t>(value)) & mask) << held;
    for (held += bits; held >= 8; held -= 8, pending >>= 8) out += static_cast<char>(pending & 0xFFU);
  }
  if (held > 0) out += static_cast<char>(pending & 0xFFU);
}

// `bytes` has `PackedSize` bytes. Returns false where the bits behind the last integer are not zero.
inline bool ReadBits(std::string_view bytes, unsigned bits, std::span<std::int32_t> out) {
  std::uint64_t pending = 0;
  unsigned held = 0;
  std::size_t next = 0;
  for (std::int32_t& value : out) {
    for (; held < bits; held += 8) pending |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[next++])) << held;
    // The sign bit is moved to the top of 64 bits and brought back, which fills the bits above with it.
    value = static_cast<std::int32_t>(static_cast<std::int64_t>(pending << (64 - bits)) >> (64 - bits));
    pending >>= bits;
    held -= bits;
  }
  return pending == 0;
}

inline void PackIntegers(std::string& out, std::span<const std::int32_t> values) {
  const unsigned bits = BitsFor(values);
  base::AppendU8(out, static_cast<std::uint8_t>(bits));
  AppendBits(out, values, bits);
}

// Fills `out`.
inline bool UnpackIntegers(base::ByteReader& reader, std::span<std::int32_t> out) {
  std::uint8_t bits = 0;
  std::string_view bytes;
  return reader.ReadU8(bits) && bits >= 1 && bits <= kMaxPackedBits &&
         reader.ReadBytes(PackedSize(out.size(), bits), bytes) && ReadBits(bytes, bits, out) && BitsFor(out) == bits;
}

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_PACKED_INTEGERS_H_
