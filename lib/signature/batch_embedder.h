// Embeds many texts at a time, by several threads, each of which remembers the words that it met.
//
// Determinism: the same vectors for any number of threads.
#ifndef STEMMA_LIB_SIGNATURE_BATCH_EMBEDDER_H_
#define STEMMA_LIB_SIGNATURE_BATCH_EMBEDDER_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/parallel.h"
#include "lib/base/pool.h"
#include "lib/base/status_macros.h"
#include "stemma/embedder.h"

namespace stemma::signature {

class BatchEmbedder {
 public:
  // `threads`: 0 for as many as the machine has.
  BatchEmbedder(const Embedder& embedder, int threads)
      : dims_(embedder.dims()),
        threads_(threads),
        embedders_([embedder] { return std::make_unique<TextEmbedder>(embedder); }) {}

  // Vectors [items, dims], row by row. `text_of` gives an item's text.
  template <typename Item, typename TextOf>
  absl::StatusOr<std::vector<float>> Embed(const std::vector<Item>& items, TextOf text_of) {
    std::vector<float> vectors(items.size() * dims_);
    const std::size_t tasks = (items.size() + kTextsPerTask - 1) / kTextsPerTask;
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(tasks, threads_, [&](std::size_t task) {
      std::unique_ptr<TextEmbedder> texts = embedders_.Take();
      const std::size_t first = task * kTextsPerTask;
      for (std::size_t k = first; k < std::min(first + kTextsPerTask, items.size()); ++k) {
        texts->Embed(text_of(items[k]), std::span(vectors).subspan(k * dims_, dims_));
      }
      embedders_.Return(std::move(texts));
      return absl::OkStatus();
    }));
    return vectors;
  }

 private:
  // Texts that one thread takes at a time.
  static constexpr std::size_t kTextsPerTask = 64;

  std::size_t dims_;
  int threads_;
  base::Pool<TextEmbedder> embedders_;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_BATCH_EMBEDDER_H_
