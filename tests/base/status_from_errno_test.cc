#include "lib/base/status_from_errno.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

namespace stemma::base {
namespace {

TEST(StatusFromErrno, NamesActionPathAndReason) {
  const absl::Status status = StatusFromErrno(ENOENT, "cannot open", "a b.jsonl");
  EXPECT_EQ(std::string(status.message()), "cannot open a b.jsonl: No such file or directory");
}

TEST(StatusFromErrno, TellsCausesApart) {
  EXPECT_EQ(StatusFromErrno(ENOENT, "cannot open", "x").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(StatusFromErrno(ENOTDIR, "cannot open", "x").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(StatusFromErrno(EACCES, "cannot open", "x").code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(StatusFromErrno(EROFS, "cannot open", "x").code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(StatusFromErrno(EISDIR, "cannot open", "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(StatusFromErrno(ENOSPC, "cannot open", "x").code(), absl::StatusCode::kResourceExhausted);
}

TEST(StatusFromErrno, IsNeverOk) {
  for (int error = 1; error < 200; ++error) EXPECT_FALSE(StatusFromErrno(error, "cannot open", "x").ok()) << error;
}

}  // namespace
}  // namespace stemma::base
