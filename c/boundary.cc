#include "c/boundary.h"

#include <cstdlib>
#include <cstring>

#include "absl/strings/str_format.h"

namespace stemma::c {
namespace {

// `text` is what callers read: the literal where there was no memory to keep the message in.
struct Message {
  std::string storage;
  const char* text = "";
};

Message& LastMessage() {
  thread_local Message message;
  return message;
}

stemma_status CodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kDataLoss:
      return static_cast<stemma_status>(code);
    default:
      return STEMMA_INTERNAL;
  }
}

static_assert(STEMMA_OK == static_cast<int>(absl::StatusCode::kOk));
static_assert(STEMMA_CANCELLED == static_cast<int>(absl::StatusCode::kCancelled));
static_assert(STEMMA_INVALID_ARGUMENT == static_cast<int>(absl::StatusCode::kInvalidArgument));
static_assert(STEMMA_NOT_FOUND == static_cast<int>(absl::StatusCode::kNotFound));
static_assert(STEMMA_PERMISSION_DENIED == static_cast<int>(absl::StatusCode::kPermissionDenied));
static_assert(STEMMA_RESOURCE_EXHAUSTED == static_cast<int>(absl::StatusCode::kResourceExhausted));
static_assert(STEMMA_FAILED_PRECONDITION == static_cast<int>(absl::StatusCode::kFailedPrecondition));
static_assert(STEMMA_UNIMPLEMENTED == static_cast<int>(absl::StatusCode::kUnimplemented));
static_assert(STEMMA_INTERNAL == static_cast<int>(absl::StatusCode::kInternal));
static_assert(STEMMA_DATA_LOSS == static_cast<int>(absl::StatusCode::kDataLoss));

}  // namespace

stemma_status Finish(const absl::Status& status) noexcept {
  if (status.ok()) return STEMMA_OK;
  Message& last = LastMessage();
  try {
    last.storage = std::string(status.message());
    last.text = last.storage.c_str();
  } catch (const std::exception&) {
    last.text = "no memory to tell what failed";
  }
  return CodeOf(status.code());
}

const char* LastError() noexcept { return LastMessage().text; }

absl::Status NotNull(const void* pointer, std::string_view parameter) {
  if (pointer != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must not be NULL", parameter));
}

absl::Status CopyOut(std::string_view bytes, char** out, std::size_t* size) {
  char* const copy = static_cast<char*>(std::malloc(bytes.size() + 1));
  if (copy == nullptr) return absl::ResourceExhaustedError(absl::StrFormat("no memory for %d bytes", bytes.size() + 1));
  if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
  copy[bytes.size()] = '\0';
  *out = copy;
  if (size != nullptr) *size = bytes.size();
  return absl::OkStatus();
}

}  // namespace stemma::c

const char* stemma_last_error(void) { return stemma::c::LastError(); }

void stemma_string_free(char* string) { std::free(string); }
