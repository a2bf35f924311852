#include "stemma/makers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/mapped_file.h"
#include "stemma/vocabulary.h"

namespace stemma {
namespace {

TEST(Makers, AreReadFromLines) {
  const auto makers =
      ParseMakers("# who makes what\n\n Zeta Labs : zeta , zeta chat,\r\nAlpha: \xE9\x80\x9A\xE4\xB9\x89\n", "table");
  ASSERT_TRUE(makers.ok()) << makers.status();
  EXPECT_EQ(*makers,
            (std::vector<Maker>{{"Alpha", {"\xE9\x80\x9A\xE4\xB9\x89"}}, {"Zeta Labs", {"zeta", "zeta chat"}}}));
}

TEST(Makers, NameTheLineThatIsWrong) {
  const auto message = [](std::string_view text) { return std::string(ParseMakers(text, "table").status().message()); };
  EXPECT_EQ(message("A: a\nB b\n"), "table:2: must be \"MAKER: brand, brand\", got \"B b\"");
  EXPECT_EQ(message(": a\n"), "table:1: no maker stands before the colon");
  EXPECT_EQ(message("A: ,\n"), "table:1: A has no brand");
  EXPECT_EQ(message("A: a\n\nA: b\n"), "table:3: the maker A stood before");
  EXPECT_EQ(message("A: a\nB: a\n"), "table:2: the brand a stood before");
  EXPECT_EQ(message("# nobody\n"), "table: no maker");
}

TEST(Makers, AreReadFromAFileThatExists) {
  EXPECT_EQ(ReadMakers("no such file").status().code(), absl::StatusCode::kNotFound);
}

// A name that masking knows and the table does not could be claimed without being counted; one that only the table
// knows would be evidence that masking lets through.
TEST(Makers, OfTheShippedTableHaveAllShippedBrandsAndNoOthers) {
  const auto makers = ReadMakers(STEMMA_SOURCE_DIR "/data/makers.txt");
  ASSERT_TRUE(makers.ok()) << makers.status();
  std::set<std::string> of_makers;
  for (const Maker& maker : *makers) of_makers.insert(maker.brands.begin(), maker.brands.end());
  const auto file = base::MappedFile::Open(STEMMA_SOURCE_DIR "/data/brands.txt");
  ASSERT_TRUE(file.ok()) << file.status();
  const std::vector<std::string> brands = ParseBrandNames(file->bytes());
  EXPECT_EQ(of_makers, std::set<std::string>(brands.begin(), brands.end()));
  // Sorted by hand, so that a maker is found, and not entered twice.
  EXPECT_GT(makers->size(), 50U);
}

}  // namespace
}  // namespace stemma
