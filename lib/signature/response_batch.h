// Copies of responses that come one after another, until there are enough for several threads.
#ifndef STEMMA_LIB_SIGNATURE_RESPONSE_BATCH_H_
#define STEMMA_LIB_SIGNATURE_RESPONSE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "stemma/hash.h"
#include "stemma/response.h"

namespace stemma::signature {

class ResponseBatch {
 public:
  struct Item {
    std::string model;
    Hash128 prompt;
    std::uint32_t sample;
    std::string answer;
  };

  void Add(const Response& response) {
    items_.push_back({std::string(response.model), response.prompt_key, response.sample, std::string(response.answer)});
    bytes_ += response.answer.size();
  }

  void Clear() {
    items_.clear();
    bytes_ = 0;
  }

  bool IsFull() const { return bytes_ >= kBytes; }
  const std::vector<Item>& items() const { return items_; }

 private:
  // Enough to keep the threads busy between two waits for the reader.
  static constexpr std::size_t kBytes = std::size_t{4} << 20;

  std::vector<Item> items_;
  std::size_t bytes_ = 0;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_RESPONSE_BATCH_H_
