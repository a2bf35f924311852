#include "stemma/stranger_scores.h"

#include <cmath>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"

namespace stemma {
namespace {

bool ReadMatrix(base::ByteReader& reader, std::size_t cells, std::vector<float>& matrix) {
  if (reader.remaining() < cells * sizeof(float)) return false;
  matrix.resize(cells);
  for (float& score : matrix) {
    if (!reader.ReadF32(score) || std::isinf(score)) return false;
  }
  return true;
}

}  // namespace

std::string StrangerScores::Serialize() const {
  std::string out;
  base::AppendF64(out, rival_weight_weights);
  base::AppendF64(out, rival_weight_distillation);
  base::AppendF64(out, rival_weight_ranking);
  base::AppendU8(out, vocabulary_refitted);
  for (const std::vector<float>* matrix : {&weights, &distillation, &ranking}) {
    for (const float score : *matrix) base::AppendF32(out, score);
  }
  return out;
}

absl::StatusOr<StrangerScores> StrangerScores::Parse(std::string_view bytes, std::size_t models, std::string_view source) {
  base::ByteReader reader(bytes);
  StrangerScores scores;
  std::uint8_t refitted = 0;
  bool good = true;
  for (double* share : {&scores.rival_weight_weights, &scores.rival_weight_distillation, &scores.rival_weight_ranking}) {
    good = good && reader.ReadF64(*share) && *share >= 0 && *share <= 1;
  }
  good = good && reader.ReadU8(refitted) && refitted <= 1;
  for (std::vector<float>* matrix : {&scores.weights, &scores.distillation, &scores.ranking}) {
    good = good && ReadMatrix(reader, models * models, *matrix);
  }
  if (!good || !reader.done()) {
    return absl::DataLossError(absl::StrFormat("%s: the scores of strangers contradict themselves", source));
  }
  scores.vocabulary_refitted = refitted == 1;
  return scores;
}

}  // namespace stemma
