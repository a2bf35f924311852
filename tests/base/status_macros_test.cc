#include "lib/base/status_macros.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace stemma::base {
namespace {

absl::Status ReturnIfError(const absl::Status& first, const absl::Status& second) {
  STEMMA_RETURN_IF_ERROR(first);
  STEMMA_RETURN_IF_ERROR(second);
  return absl::AlreadyExistsError("went on");
}

TEST(StatusMacros, ReturnsTheFirstErrorOrGoesOn) {
  const absl::Status one = absl::NotFoundError("one");
  const absl::Status two = absl::CancelledError("two");
  EXPECT_EQ(ReturnIfError(one, two), one);
  EXPECT_EQ(ReturnIfError(absl::OkStatus(), two), two);
  EXPECT_EQ(ReturnIfError(absl::OkStatus(), absl::OkStatus()), absl::AlreadyExistsError("went on"));
}

absl::StatusOr<int> AddBoth(absl::StatusOr<int> a, absl::StatusOr<std::unique_ptr<int>> b) {
  STEMMA_ASSIGN_OR_RETURN(const int first, std::move(a));
  STEMMA_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, std::move(b));
  return first + *second;
}

TEST(StatusMacros, AssignsValuesThatCanOnlyBeMoved) {
  const auto sum = AddBoth(1, std::make_unique<int>(2));
  ASSERT_TRUE(sum.ok());
  EXPECT_EQ(*sum, 3);
}

TEST(StatusMacros, ReturnsTheErrorInsteadOfAssigning) {
  EXPECT_EQ(AddBoth(absl::NotFoundError("one"), std::make_unique<int>(2)).status(), absl::NotFoundError("one"));
  EXPECT_EQ(AddBoth(1, absl::DataLossError("two")).status(), absl::DataLossError("two"));
}

TEST(StatusMacros, IsOneStatementForIf) {
  const auto run = [](bool condition) -> absl::Status {
    if (condition)
      STEMMA_RETURN_IF_ERROR(absl::NotFoundError("in the branch"));
    else
      return absl::CancelledError("in the other");
    return absl::OkStatus();
  };
  EXPECT_EQ(run(true), absl::NotFoundError("in the branch"));
  EXPECT_EQ(run(false), absl::CancelledError("in the other"));
}

}  // namespace
}  // namespace stemma::base
