// A file descriptor that is closed once.
#ifndef STEMMA_LIB_BASE_FILE_DESCRIPTOR_H_
#define STEMMA_LIB_BASE_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace stemma::base {

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() { Close(); }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

  // Returns false where the system reports that earlier writes failed; errno tells why.
  bool Close() {
    const int descriptor = std::exchange(descriptor_, -1);
    return descriptor < 0 || ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_FILE_DESCRIPTOR_H_
