// An inverted index of one prompt's sampled n-grams, packed into half-bytes.
//
// Shape: for each n-gram, by ascending key: the gap to the previous key, the number of models that use it, and those
// models as gaps, or, where more than a quarter of all models use it, as a bitmap; behind each model that has several
// answers, how many of them hold the n-gram. Numbers are varints of three bits a half-byte.
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

// About what an n-gram that `users` of `models` models use takes, in half-bytes.
double EstimatedNibbles(std::size_t users, std::size_t models);

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_POSTING_CODEC_H_
