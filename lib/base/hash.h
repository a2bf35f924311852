// XXH3 hashing; hash.cc is the only file that includes xxhash.h.
#ifndef STEMMA_LIB_BASE_HASH_H_
#define STEMMA_LIB_BASE_HASH_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "stemma/hash.h"

namespace stemma::base {

std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed = 0);
Hash128 HashBytes128(std::string_view bytes, std::uint64_t seed = 0);

// Bytes that come in pieces: `Finish` equals `HashBytes128` of the whole.
class Hasher128 {
 public:
  explicit Hasher128(std::uint64_t seed = 0);
  ~Hasher128();
  Hasher128(Hasher128&&) noexcept;
  Hasher128& operator=(Hasher128&&) noexcept;

  void Update(std::string_view bytes);
  Hash128 Finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of parts in their order: the hash of their hashes, which knows where each part ends.
class PartsHasher {
 public:
  void Add(std::string_view part);
  Hash128 Finish() const { return hashes_.Finish(); }

 private:
  Hasher128 hashes_;
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_HASH_H_
