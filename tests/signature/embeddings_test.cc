#include "stemma/embeddings.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "lib/signature/npy.h"
#include "tests/base/temporary_folder.h"

namespace stemma {
namespace {

const EmbedderId kId = {"made-up", {1, 2}};

std::vector<double> RowOf(const Embeddings& embeddings, std::size_t row) {
  std::vector<double> out(embeddings.dims());
  embeddings.Row(row, out);
  return out;
}

std::string ErrorOf(const std::vector<double>& values, const EmbeddingLayout& layout) {
  const auto embeddings = Embeddings::View(values, layout, kId);
  if (embeddings.ok()) return "no error";
  EXPECT_EQ(embeddings.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(embeddings.status().message());
}

TEST(Embeddings, ViewsFloatsAndDoubles) {
  const std::vector<float> narrow = {1, 2, 3, 4, 0.5, 6};
  const auto embeddings = Embeddings::View(narrow, {.responses = 2, .dims = 3}, kId);
  ASSERT_TRUE(embeddings.ok()) << embeddings.status();
  EXPECT_EQ(embeddings->responses(), 2U);
  EXPECT_EQ(embeddings->dims(), 3U);
  EXPECT_EQ(embeddings->embedder(), kId);
  EXPECT_EQ(RowOf(*embeddings, 1), (std::vector<double>{4, 0.5, 6}));
  const std::vector<double> wide = {1e-300, 0, 0, 1e300};
  const auto doubles = Embeddings::View(wide, {.responses = 2, .dims = 2, .row_stride = 2, .column_stride = 1}, kId);
  ASSERT_TRUE(doubles.ok()) << doubles.status();
  EXPECT_EQ(RowOf(*doubles, 1), (std::vector<double>{0, 1e300}));
}

// What the header tells users of Eigen.
TEST(Embeddings, ViewsMatricesOfEigenThatLieRowByRow) {
  const auto view = [](const auto& m) {
    const EmbeddingLayout layout = {.responses = static_cast<std::size_t>(m.rows()),
                                    .dims = static_cast<std::size_t>(m.cols()),
                                    .row_stride = m.rowStride(),
                                    .column_stride = m.colStride()};
    return Embeddings::View(std::span<const float>(m.data(), static_cast<std::size_t>(m.size())), layout, kId);
  };
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_row(2, 3);
  by_row << 1, 2, 3, 4, 5, 6;
  const auto embeddings = view(by_row);
  ASSERT_TRUE(embeddings.ok()) << embeddings.status();
  EXPECT_EQ(RowOf(*embeddings, 1), (std::vector<double>{4, 5, 6}));
  const Eigen::MatrixXf by_column = by_row;
  EXPECT_EQ(view(by_column).status().message(),
            "embeddings must be C-contiguous: 3 elements from row to row and 1 from column to column, got 1 and 2");
  const auto block = by_row.leftCols(2);
  EXPECT_EQ(view(block).status().message(),
            "embeddings must be C-contiguous: 2 elements from row to row and 1 from column to column, got 3 and 1");
}

TEST(Embeddings, NamesRowColumnAndValueOfWhatItRefuses) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const EmbeddingLayout layout = {.responses = 2, .dims = 2};
  EXPECT_EQ(ErrorOf({1, 2, 3, nan}, layout), "row 1, column 1: nan; an embedding's numbers must be finite");
  EXPECT_EQ(ErrorOf({1, -inf, 3, 4}, layout), "row 0, column 1: -inf; an embedding's numbers must be finite");
  EXPECT_EQ(ErrorOf({1, 2, 0, -0.0}, layout),
            "row 1: all 2 numbers are 0; an embedding must have a direction (leave the response out)");
  EXPECT_EQ(ErrorOf({1, 2, 3}, layout), "shape [2, 2] needs 4 values, got 3");
  EXPECT_EQ(ErrorOf({}, {.responses = 0, .dims = 2}),
            "embeddings must have at least 1 response and 1 to 65536 dimensions, got shape [0, 2]");
  EXPECT_EQ(ErrorOf({}, {.responses = 2, .dims = 0}),
            "embeddings must have at least 1 response and 1 to 65536 dimensions, got shape [2, 0]");
  EXPECT_EQ(ErrorOf({1}, {.responses = 1, .dims = 65537}),
            "embeddings must have at least 1 response and 1 to 65536 dimensions, got shape [1, 65537]");
}

TEST(Embeddings, ReadNpyFilesOfBothTypes) {
  const base::TemporaryFolder folder;
  const std::string narrow = folder.Write("f.npy", signature::SerializeNpy(std::vector<float>{1, 2, 3, 4}, 2));
  const std::string wide = folder.Write("d.npy", signature::SerializeNpy(std::vector<double>{1, 2, 3, 0.1}, 2));
  EXPECT_EQ(RowOf(*Embeddings::Read(narrow, kId), 1), (std::vector<double>{3, 4}));
  // The values outlive the object that they were read into.
  auto read = Embeddings::Read(wide, kId);
  ASSERT_TRUE(read.ok()) << read.status();
  const Embeddings copy = *read;
  read = absl::CancelledError("");
  EXPECT_EQ(RowOf(copy, 1), (std::vector<double>{3, 0.1}));
  const std::string bad = folder.Write("b.npy", signature::SerializeNpy(std::vector<double>{1, 2, 0, 0}, 2));
  EXPECT_EQ(Embeddings::Read(bad, kId).status().message(),
            bad + ": row 1: all 2 numbers are 0; an embedding must have a direction (leave the response out)");
}

}  // namespace
}  // namespace stemma
