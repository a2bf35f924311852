// Little-endian numbers, varints and strings appended to a byte string, and read back from untrusted bytes.
//
// Shape: numbers as their little-endian bytes, floating point as its IEEE 754 bits; a varint is LEB128, seven bits a
// byte from the lowest on; a string is its length as a varint, then its bytes.
// Errors: a read that would pass the end, or a varint of more than 64 bits or in a longer form than it needs, returns
// false and leaves the reader and the output as they were.
// Determinism: equal bytes on every platform.
#ifndef STEMMA_LIB_BASE_BYTE_IO_H_
#define STEMMA_LIB_BASE_BYTE_IO_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace stemma::base {

static_assert(std::numeric_limits<double>::is_iec559 && std::numeric_limits<float>::is_iec559);

template <std::unsigned_integral T>
void AppendLittleEndian(std::string& out, T value) {
  for (std::size_t k = 0; k < sizeof(T); ++k) out += static_cast<char>((value >> (8 * k)) & 0xFFU);
}

inline void AppendU8(std::string& out, std::uint8_t value) { AppendLittleEndian(out, value); }
inline void AppendU16(std::string& out, std::uint16_t value) { AppendLittleEndian(out, value); }
inline void AppendU32(std::string& out, std::uint32_t value) { AppendLittleEndian(out, value); }
inline void AppendU64(std::string& out, std::uint64_t value) { AppendLittleEndian(out, value); }
inline void AppendI64(std::string& out, std::int64_t value) { AppendU64(out, static_cast<std::uint64_t>(value)); }
inline void AppendF32(std::string& out, float value) { AppendU32(out, std::bit_cast<std::uint32_t>(value)); }
inline void AppendF64(std::string& out, double value) { AppendU64(out, std::bit_cast<std::uint64_t>(value)); }

inline void AppendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

// Writes the varint of a value below 2^28 and returns its size; up to `kLongestShortVarint` bytes are written over. No
// branch depends on the value: how large a gap between hashes is, no processor foresees.
inline constexpr std::size_t kLongestShortVarint = 4;
inline std::size_t WriteShortVarint(std::uint32_t value, char* to) {
  const std::size_t more =
      std::size_t{value >= 1U << 7} + std::size_t{value >= 1U << 14} + std::size_t{value >= 1U << 21};
  const std::uint64_t marks = 0x808080U & ((std::uint64_t{1} << (8 * more)) - 1);
  const std::uint64_t bytes = marks | (value & 0x7FU) | (value & 0x3F80U) << 1 | (value & 0x1FC000U) << 2 |
                              (value & 0xFE00000U) << 3;
  for (std::size_t k = 0; k < kLongestShortVarint; ++k) to[k] = static_cast<char>((bytes >> (8 * k)) & 0xFFU);
  return 1 + more;
}

inline void AppendString(std::string& out, std::string_view value) {
  AppendVarint(out, value.size());
  out += value;
}

// A cursor over bytes that outlive it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return position_ == bytes_.size(); }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  bool ReadU8(std::uint8_t& value) { return ReadLittleEndian(value); }
  bool ReadU16(std::uint16_t& value) { return ReadLittleEndian(value); }
  bool ReadU32(std::uint32_t& value) { return ReadLittleEndian(value); }
  bool ReadU64(std::uint64_t& value) { return ReadLittleEndian(value); }
  bool ReadI64(std::int64_t& value) { return ReadBits<std::uint64_t>(value); }
  bool ReadF32(float& value) { return ReadBits<std::uint32_t>(value); }
  bool ReadF64(double& value) { return ReadBits<std::uint64_t>(value); }

  bool ReadVarint(std::uint64_t& value) {
    std::uint64_t result = 0;
    for (std::size_t k = 0; k < kMaxVarintSize && k < remaining(); ++k) {
      const auto byte = static_cast<unsigned char>(bytes_[position_ + k]);
      result |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * k);
      if (byte >= 0x80U) continue;
      // One form for each value: else two files with equal content could differ in their digests.
      if (byte == 0 && k > 0) return false;
      if (k + 1 == kMaxVarintSize && byte > 1) return false;
      position_ += k + 1;
      value = result;
      return true;
    }
    return false;
  }

  // A view into the bytes that are read.
  bool ReadBytes(std::uint64_t size, std::string_view& value) {
    if (size > remaining()) return false;
    value = bytes_.substr(position_, static_cast<std::size_t>(size));
    position_ += static_cast<std::size_t>(size);
    return true;
  }

  bool ReadString(std::string_view& value) {
    const std::size_t start = position_;
    std::uint64_t size = 0;
    if (ReadVarint(size) && ReadBytes(size, value)) return true;
    position_ = start;
    return false;
  }

  bool ReadString(std::string& value) {
    std::string_view view;
    if (!ReadString(view)) return false;
    value.assign(view);
    return true;
  }

 private:
  static constexpr std::size_t kMaxVarintSize = 10;  // ceil(64 / 7)

  template <std::unsigned_integral T>
  bool ReadLittleEndian(T& value) {
    if (sizeof(T) > remaining()) return false;
    std::uint64_t result = 0;
    for (std::size_t k = 0; k < sizeof(T); ++k) {
      result |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[position_ + k])) << (8 * k);
    }
    position_ += sizeof(T);
    value = static_cast<T>(result);
    return true;
  }

  template <std::unsigned_integral Bits, typename T>
  bool ReadBits(T& value) {
    Bits bits = 0;
    if (!ReadLittleEndian(bits)) return false;
    value = std::bit_cast<T>(bits);
    return true;
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_BYTE_IO_H_
