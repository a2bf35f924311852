// Takes the superuser's rights from the process for a while, so that tests of permissions work in containers too.
#ifndef STEMMA_TESTS_BASE_UNPRIVILEGED_H_
#define STEMMA_TESTS_BASE_UNPRIVILEGED_H_

#include <unistd.h>

#include <stdexcept>

namespace stemma::base {

class Unprivileged {
 public:
  Unprivileged() {
    if (before_ == 0 && ::seteuid(kNobody) != 0) throw std::runtime_error("cannot give up the superuser's rights");
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() {
    if (::seteuid(before_) != 0) ::_exit(1);
  }

 private:
  static constexpr uid_t kNobody = 65534;
  const uid_t before_ = ::geteuid();
};

}  // namespace stemma::base

#endif  // STEMMA_TESTS_BASE_UNPRIVILEGED_H_
