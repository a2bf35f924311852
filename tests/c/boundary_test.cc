// What C must never see: whatever is thrown becomes a status, and its words the message of the thread.
#include "c/boundary.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>

#include "absl/status/status.h"

namespace stemma::c {
namespace {

TEST(Boundary, ReportsWhatIsThrown) {
  EXPECT_EQ(Guard([]() -> absl::Status { throw std::bad_alloc(); }), STEMMA_RESOURCE_EXHAUSTED);
  EXPECT_STREQ(LastError(), "out of memory");
  EXPECT_EQ(Guard([]() -> absl::Status { throw std::logic_error("never so"); }), STEMMA_INTERNAL);
  EXPECT_STREQ(LastError(), "never so");
  EXPECT_EQ(Guard([]() -> absl::Status { throw 7; }), STEMMA_INTERNAL);
  EXPECT_STREQ(LastError(), "an exception of unknown type");
}

// A caller's switch has a case for each status that it can get.
TEST(Boundary, HasNoStatusBesideThoseOfTheHeader) {
  for (int code = 0; code <= 16; ++code) {
    const stemma_status status = Finish(absl::Status(static_cast<absl::StatusCode>(code), "words"));
    EXPECT_STRNE(stemma_status_name(status), "UNKNOWN") << code;
    EXPECT_EQ(status == STEMMA_OK, code == 0) << code;
  }
  EXPECT_EQ(Finish(absl::UnknownError("of the system")), STEMMA_INTERNAL);
}

TEST(Boundary, SuccessKeepsTheMessage) {
  Finish(absl::NotFoundError("lost"));
  EXPECT_EQ(Guard([] { return absl::OkStatus(); }), STEMMA_OK);
  EXPECT_STREQ(LastError(), "lost");
}

TEST(Boundary, ThrowingMakersLeaveNothing) {
  const char* const stale = "stale";
  char* bytes = const_cast<char*>(stale);
  std::size_t size = 5;
  const auto make = []() -> absl::StatusOr<std::string> { throw std::bad_alloc(); };
  EXPECT_EQ(MakeBytes(&bytes, "bytes", &size, make), STEMMA_RESOURCE_EXHAUSTED);
  EXPECT_EQ(bytes, nullptr);
  EXPECT_EQ(size, 0U);
}

// Bytes may hold zeros; one stands behind them.
TEST(Boundary, CopiesBytesWithAnEnd) {
  char* bytes = nullptr;
  std::size_t size = 0;
  ASSERT_TRUE(CopyOut(std::string_view("a\0b", 3), &bytes, &size).ok());
  EXPECT_EQ(std::string(bytes, size + 1), std::string("a\0b\0", 4));
  stemma_string_free(bytes);
  ASSERT_TRUE(CopyOut("", &bytes, nullptr).ok());
  EXPECT_STREQ(bytes, "");
  stemma_string_free(bytes);
}

}  // namespace
}  // namespace stemma::c
