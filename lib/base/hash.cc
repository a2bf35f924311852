#include "lib/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string>

#include "lib/base/byte_io.h"

namespace stemma {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kDigitsPerHalf = 16;

void AppendHex(std::uint64_t value, std::string& out) {
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 0xFU];
}

std::optional<std::uint64_t> HalfFromHex(std::string_view hex) {
  std::uint64_t value = 0;
  for (const char c : hex) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace

std::string ToHex(const Hash128& value) {
  std::string out;
  out.reserve(2 * kDigitsPerHalf);
  AppendHex(value.high, out);
  AppendHex(value.low, out);
  return out;
}

std::optional<Hash128> Hash128FromHex(std::string_view hex) {
  if (hex.size() != 2 * kDigitsPerHalf) return std::nullopt;
  const auto high = HalfFromHex(hex.substr(0, kDigitsPerHalf));
  const auto low = HalfFromHex(hex.substr(kDigitsPerHalf));
  if (!high || !low) return std::nullopt;
  return Hash128{*high, *low};
}

namespace base {

std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 HashBytes128(std::string_view bytes, std::uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {hash.high64, hash.low64};
}

struct Hasher128::State {
  XXH3_state_t xxh3;
};

Hasher128::Hasher128(std::uint64_t seed) : state_(std::make_unique<State>()) {
  XXH3_128bits_reset_withSeed(&state_->xxh3, seed);
}
Hasher128::~Hasher128() = default;
Hasher128::Hasher128(Hasher128&&) noexcept = default;
Hasher128& Hasher128::operator=(Hasher128&&) noexcept = default;

void Hasher128::Update(std::string_view bytes) { XXH3_128bits_update(&state_->xxh3, bytes.data(), bytes.size()); }

Hash128 Hasher128::Finish() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh3);
  return {hash.high64, hash.low64};
}

void PartsHasher::Add(std::string_view part) {
  const Hash128 hash = HashBytes128(part);
  std::string bytes;
  AppendU64(bytes, hash.high);
  AppendU64(bytes, hash.low);
  hashes_.Update(bytes);
}

}  // namespace base
}  // namespace stemma
