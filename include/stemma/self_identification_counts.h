// How many answers of a model claim to be by whom, and how often public models make such claims.
//
// Counts alone are kept, no text. They enter no score: see self_identification.h.
#ifndef STEMMA_SELF_IDENTIFICATION_COUNTS_H_
#define STEMMA_SELF_IDENTIFICATION_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/makers.h"
#include "stemma/response.h"
#include "stemma/self_identification.h"

namespace stemma {

struct MakerClaims {
  std::string maker;
  std::uint64_t answers = 0;

  friend bool operator==(const MakerClaims&, const MakerClaims&) = default;
};

struct SelfIdentificationCounts {
  std::string model;
  std::string organisation;   // of the model; empty where it is not known
  std::uint64_t answers = 0;  // that were read; empty ones are none
  std::uint64_t answers_with_claim = 0;
  std::vector<MakerClaims> makers;  // most answers first, then by name; an answer may claim two

  friend bool operator==(const SelfIdentificationCounts&, const SelfIdentificationCounts&) = default;
};

class SelfIdentificationCounter {
 public:
  explicit SelfIdentificationCounter(std::vector<Maker> makers) : finder_(std::move(makers)) {}

  void Add(const Response& response);

  // One entry a model, sorted by name; organisations are not known here.
  std::vector<SelfIdentificationCounts> Counts() const;

 private:
  struct Tally {
    std::uint64_t answers = 0;
    std::uint64_t with_claim = 0;
    std::map<std::string, std::uint64_t, std::less<>> by_maker;
  };

  SelfIdentificationFinder finder_;
  std::map<std::string, Tally, std::less<>> models_;
};

// Counts of several models as JSON, with the version of the patterns; one model a line.
std::string SelfIdentificationToJson(std::span<const SelfIdentificationCounts> models);

// The inverse. Errors: kInvalidArgument naming `source` (malformed JSON, a member that is missing or of the wrong kind,
// a model that comes twice, counts that contradict each other), kFailedPrecondition (counts by other patterns).
absl::StatusOr<std::vector<SelfIdentificationCounts>> SelfIdentificationFromJson(std::string_view json,
                                                                                 std::string_view source);

// Errors: those of opening a file, and of `SelfIdentificationFromJson`.
absl::StatusOr<std::vector<SelfIdentificationCounts>> ReadSelfIdentification(const std::string& path);

// How many models make a claim at all, in at least one answer.
struct ClaimRate {
  std::size_t models = 0;
  std::size_t with_claim = 0;
  std::size_t with_foreign_claim = 0;  // to be by somebody else than their organisation, where that is known
};

// `maker`: of claims to be by this maker; empty: of claims to be by anybody.
ClaimRate RateOfClaims(std::span<const SelfIdentificationCounts> models, std::string_view maker = {});

// Whether an organisation, as a table of models calls it, is the maker or has its name as whole words: "THUDM/Zhipu" is
// Zhipu. Upper and lower case are alike.
bool IsByMaker(std::string_view organisation, std::string_view maker);

}  // namespace stemma

#endif  // STEMMA_SELF_IDENTIFICATION_COUNTS_H_
