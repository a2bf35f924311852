#include "lib/signature/npy.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/base/byte_io.h"
#include "tests/base/temporary_folder.h"

namespace stemma::signature {
namespace {

// A file with any dictionary, of any version.
std::string FileOf(const std::string& dictionary, const std::string& numbers, int major = 1) {
  std::string out = "\x93NUMPY";
  base::AppendU8(out, static_cast<std::uint8_t>(major));
  base::AppendU8(out, 0);
  if (major == 1) {
    base::AppendU16(out, static_cast<std::uint16_t>(dictionary.size()));
  } else {
    base::AppendU32(out, static_cast<std::uint32_t>(dictionary.size()));
  }
  return out + dictionary + numbers;
}

std::string Numbers(const std::vector<float>& values) {
  std::string out;
  for (const float value : values) base::AppendF32(out, value);
  return out;
}

struct Contents {
  NpyHeader header;
  std::vector<double> values;
};

absl::StatusOr<Contents> ReadBytes(const std::string& bytes) {
  const base::TemporaryFolder folder;
  auto reader = NpyReader::Open(folder.Write("v.npy", bytes));
  if (!reader.ok()) return reader.status();
  Contents contents = {reader->header(), {}};
  std::vector<double> row(contents.header.columns);
  for (std::uint64_t k = 0; k < contents.header.rows; ++k) {
    if (const absl::Status status = reader->NextRow(row); !status.ok()) return status;
    contents.values.insert(contents.values.end(), row.begin(), row.end());
  }
  if (const absl::Status status = reader->Finish(); !status.ok()) return status;
  return contents;
}

// What the message says behind the path.
std::string ErrorOf(const std::string& bytes) {
  const auto contents = ReadBytes(bytes);
  if (contents.ok()) return "no error";
  const std::string message(contents.status().message());
  return message.substr(message.find("v.npy: ") + 7);
}

const char kGood[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
const std::vector<double> kValues = {1, -2, 3, 0.5, 0, 6};

TEST(Npy, ReadsWhatItWrites) {
  const auto narrow = ReadBytes(SerializeNpy(std::vector<float>{1, -2, 3, 0.5, 0, 6}, 3));
  ASSERT_TRUE(narrow.ok()) << narrow.status();
  EXPECT_EQ(narrow->header.type, NpyType::kFloat32);
  EXPECT_EQ(narrow->values, kValues);
  const std::string wide_file = SerializeNpy(std::vector<double>{0.1, 1e300}, 1);
  const auto wide = ReadBytes(wide_file);
  ASSERT_TRUE(wide.ok()) << wide.status();
  EXPECT_EQ(wide->header.type, NpyType::kFloat64);
  EXPECT_EQ(wide->header.rows, 2U);
  EXPECT_EQ(wide->values, (std::vector<double>{0.1, 1e300}));
  EXPECT_EQ(wide_file.size(), 128U + 16U);  // as NumPy aligns it
}

TEST(Npy, ReadsEveryVersionAndOrderOfKeys) {
  const std::string numbers = Numbers({1, -2, 3, 0.5, 0, 6});
  for (const int version : {1, 2, 3}) {
    for (const char* dictionary :
         {kGood, "{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}\n",
          "{'fortran_order': False, 'shape': ( 2 , 3 , ) , 'descr': '<f4',}          \n"}) {
      const auto read = ReadBytes(FileOf(dictionary, numbers, version));
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(read->values, kValues);
    }
  }
}

// More rows than the buffer holds, with one that spans two of its fillings.
TEST(Npy, ReadsFilesLargerThanItsBuffer) {
  constexpr std::size_t kColumns = 1001;
  std::vector<float> values(kColumns * 300);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<float>(k);
  const auto read = ReadBytes(SerializeNpy(values, kColumns));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->values, std::vector<double>(values.begin(), values.end()));
}

TEST(Npy, NamesTheByteOfWhatItRefuses) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }",
       "byte 20: an array of type '>f4' (big-endian; allowed are '<f4' and '<f8')"},
      {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }",
       "byte 20: an array of type '|O' (Python objects; allowed are '<f4' and '<f8')"},
      {"{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }",
       "byte 20: an array of type '<f2' (allowed are '<f4' and '<f8')"},
      {"{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 3), }",
       "byte 20: an array of records; allowed are '<f4' and '<f8'"},
      {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
       "byte 44: the array lies column by column (Fortran order); allowed is C order (numpy.ascontiguousarray)"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }",
       "byte 60: an array of 1 dimensions; allowed are two, responses and numbers of a vector"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
       "byte 60: an array of 0 dimensions; allowed are two, responses and numbers of a vector"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }",
       "byte 60: an array of 3 dimensions; allowed are two, responses and numbers of a vector"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }",
       "byte 10: shape (0, 3); allowed are at least 1 response and 1 to 65536 dimensions"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 65537), }",
       "byte 10: shape (2, 65537); allowed are at least 1 response and 1 to 65536 dimensions"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 99999999999999999999), }",
       "byte 64: a number too large for a shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }",
       "byte 64: \"-\" where a number of the shape or \")\" was expected"},
      {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }", "byte 44: \"0\" where False was expected"},
      {"{'descr': '<f4', 'fortran_order': False, }", "byte 10: the header has no key 'shape'"},
      {"{'descr': '<f4', 'shape': (2, 3)}", "byte 10: the header has no key 'fortran_order'"},
      {"{'shape': (2, 3), 'fortran_order': False}", "byte 10: the header has no key 'descr'"},
      {"{'descr': '<f4', 'descr': '<f4'}", "byte 27: the key 'descr' is there twice"},
      {"{'dtype': '<f4'}", "byte 11: the key 'dtype' where 'descr', 'fortran_order' or 'shape' was expected"},
      {"{'descr': '<f4' 'shape': (2, 3)}", "byte 26: \"'\" where \",\" or \"}\" was expected"},
      {"{'descr': '<f4", "byte 20: a string without an end"},
      {"{'descr': '<f4'", "byte 25: the header ends where \",\" or \"}\" was expected"},
      {"[]", "byte 10: \"[\" where \"{\" was expected"},
      {std::string(kGood) + "\x01", "byte 69: byte 0x01 where nothing behind \"}\" but spaces and the end of the line was expected"},
      {"", "byte 10: the header ends where \"{\" was expected"},
  };
  for (const auto& [dictionary, message] : cases) EXPECT_EQ(ErrorOf(FileOf(dictionary, "")), message) << dictionary;
}

TEST(Npy, RefusesOtherFilesAndVersions) {
  EXPECT_EQ(ErrorOf("PK\x03\x04"), "byte 0: not a .npy file (it would begin with \\x93NUMPY)");
  EXPECT_EQ(ErrorOf(""), "byte 0: not a .npy file (it would begin with \\x93NUMPY)");
  EXPECT_EQ(ErrorOf(FileOf(kGood, "", 4)), "byte 6: format version 4.0; allowed are 1.0, 2.0 and 3.0");
  std::string huge = FileOf(kGood, "", 2);
  huge[11] = 1;
  EXPECT_EQ(ErrorOf(huge), "byte 8: a header of 16777275 bytes; allowed are at most 1048576");
  EXPECT_EQ(NpyReader::Open(base::TemporaryFolder().File("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST(Npy, RefusesEveryTruncationAndMoreBytes) {
  const std::string bytes = FileOf(kGood, Numbers({1, -2, 3, 0.5, 0, 6}));
  for (std::size_t size = 0; size < bytes.size(); ++size) ASSERT_NE(ErrorOf(bytes.substr(0, size)), "no error") << size;
  EXPECT_EQ(ErrorOf(bytes.substr(0, bytes.size() - 1)), "cut off at byte 92, in row 1 of 2");
  EXPECT_EQ(ErrorOf(bytes.substr(0, 9)), "cut off at byte 9, in the header");
  EXPECT_EQ(ErrorOf(bytes + "x"), "byte 93: more bytes than the 2 rows of the header take");
}

}  // namespace
}  // namespace stemma::signature
