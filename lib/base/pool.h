// Things that one thread uses at a time and that are worth keeping for the next: whoever takes one returns it.
//
// Determinism: which of them a thread gets differs from run to run, so no result may depend on what one remembers.
#ifndef STEMMA_LIB_BASE_POOL_H_
#define STEMMA_LIB_BASE_POOL_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace stemma::base {

template <typename T>
class Pool {
 public:
  // `make` is called where none is idle.
  explicit Pool(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}

  std::unique_ptr<T> Take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return make_();
    std::unique_ptr<T> one = std::move(idle_.back());
    idle_.pop_back();
    return one;
  }

  void Return(std::unique_ptr<T> one) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(one));
  }

 private:
  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_POOL_H_
