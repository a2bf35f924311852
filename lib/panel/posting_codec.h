// An inverted index of one prompt's sampled n-grams, packed into bits.
//
// Shape: the number of n-grams; then for each, by ascending key: the gap to the previous key (Rice code), the number of
// models that use it (Elias gamma code), and those models as gaps (Rice code), or, where more than half of all models
// use it, as a bitmap; behind the models, for each that has several answers, how many of them hold the n-gram (gamma).
// Source: Golomb 1966, Rice 1979; Elias 1975 (gamma code); as used for inverted files in Witten, Moffat and Bell 1999,
// "Managing Gigabytes", section 3.3.
#ifndef STEMMA_LIB_PANEL_POSTING_CODEC_H_
#define STEMMA_LIB_PANEL_POSTING_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "stemma/panel.h"

namespace stemma::panel {

// `samples_of_model`: how many answers each model has.
std::string EncodePostings(const PostingLists& lists, std::span<const std::uint16_t> samples_of_model);

// Returns false for bytes that no encoder wrote.
bool DecodePostings(std::string_view bytes, std::span<const std::uint16_t> samples_of_model, PostingLists& out);

// About what an n-gram that `users` of `models` models use takes, in bits.
double EstimatedBits(std::size_t users, std::size_t models);

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_POSTING_CODEC_H_
