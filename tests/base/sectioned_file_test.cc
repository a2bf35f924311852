#include "lib/base/sectioned_file.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/base/byte_io.h"
#include "lib/base/hash.h"

namespace stemma::base {
namespace {

constexpr std::string_view kSource = "x.panel";

// Header, two table entries and the checksum of both; "numbers" has 8 bytes, so that no padding precedes "text".
constexpr std::size_t kTableEnd = 24 + 2 * 32;

std::string TwoSections() {
  SectionedFileWriter writer(FileKind::kPanel);
  writer.Add("numbers", "12345678");
  writer.Add("text", "some text");
  return writer.Finish();
}

// The bytes with a header changed by `edit` and its checksum made to fit: what a newer writer or an attacker makes.
template <typename Edit>
std::string WithHeader(std::string bytes, Edit edit) {
  edit(bytes);
  std::string checksum;
  AppendU64(checksum, Hash64(std::string_view(bytes).substr(0, kTableEnd)));
  return bytes.replace(kTableEnd, checksum.size(), checksum);
}

void SetU64(std::string& bytes, std::size_t at, std::uint64_t value) {
  std::string encoded;
  AppendU64(encoded, value);
  bytes.replace(at, encoded.size(), encoded);
}

absl::Status ParseStatus(std::string_view bytes) {
  return SectionedFile::Parse(bytes, FileKind::kPanel, kSource).status();
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(SectionedFile, ReadsWhatWasWritten) {
  const std::string bytes = TwoSections();
  const auto file = SectionedFile::Parse(bytes, FileKind::kPanel, kSource);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->Section("numbers").value(), "12345678");
  EXPECT_EQ(file->Section("text").value(), "some text");
  EXPECT_TRUE(file->Has("text"));
  EXPECT_FALSE(file->Has("tex"));
  EXPECT_EQ(file->version(), std::pair(kFormatMajor, kFormatMinor));
  ASSERT_EQ(file->sections().size(), 2U);
  EXPECT_EQ(file->sections()[0].name, "numbers");
}

TEST(SectionedFile, StartsEachSectionAtAMultipleOfEight) {
  SectionedFileWriter writer(FileKind::kSignature);
  for (const std::string_view content : {"", "1", "1234567", "12345678", "123456789"}) {
    writer.Add("s" + std::to_string(content.size()), std::string(content));
  }
  const std::string bytes = writer.Finish();
  const auto file = SectionedFile::Parse(bytes, FileKind::kSignature, kSource);
  ASSERT_TRUE(file.ok()) << file.status();
  for (const auto& section : file->sections()) EXPECT_EQ((section.bytes.data() - bytes.data()) % 8, 0) << section.name;
}

TEST(SectionedFile, TakesAFileWithoutSections) {
  const std::string bytes = SectionedFileWriter(FileKind::kVocabulary).Finish();
  const auto file = SectionedFile::Parse(bytes, FileKind::kVocabulary, kSource);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->sections().empty());
}

TEST(SectionedFile, NamesTheSectionThatIsMissing) {
  const std::string bytes = TwoSections();
  const auto file = SectionedFile::Parse(bytes, FileKind::kPanel, kSource);
  ASSERT_TRUE(file.ok());
  const absl::Status status = file->Section("models").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(Message(status).find("models"), std::string::npos);
  EXPECT_NE(Message(status).find(kSource), std::string::npos);
}

TEST(SectionedFile, RefusesOtherFiles) {
  for (const std::string_view bytes : {"", "{}", "\x89STM\n\n\x1a\n..................."}) {
    EXPECT_EQ(ParseStatus(bytes).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(SectionedFile::HasMagic(bytes));
  }
}

TEST(SectionedFile, RefusesAnotherKindAndNamesBoth) {
  const absl::Status status = SectionedFile::Parse(TwoSections(), FileKind::kSignature, kSource).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(Message(status).find("panel file"), std::string::npos) << status;
  EXPECT_NE(Message(status).find("signature"), std::string::npos) << status;
}

TEST(SectionedFile, RefusesANewerMajorVersionAndReadsANewerMinorOne) {
  const std::string newer = WithHeader(TwoSections(), [](std::string& bytes) { bytes[8] = kFormatMajor + 1; });
  EXPECT_EQ(ParseStatus(newer).code(), absl::StatusCode::kUnimplemented);
  const std::string minor = WithHeader(TwoSections(), [](std::string& bytes) { bytes[10] = kFormatMinor + 1; });
  EXPECT_TRUE(ParseStatus(minor).ok()) << ParseStatus(minor);
}

TEST(SectionedFile, FindsEveryFileThatIsCutOff) {
  const std::string bytes = TwoSections();
  ASSERT_TRUE(ParseStatus(bytes).ok());
  for (std::size_t size = 8; size < bytes.size(); ++size) {
    EXPECT_EQ(ParseStatus(std::string_view(bytes).substr(0, size)).code(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST(SectionedFile, FindsEveryChangedBit) {
  const std::string bytes = TwoSections();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_FALSE(ParseStatus(changed).ok()) << "byte " << at << ", bit " << bit;
    }
  }
}

TEST(SectionedFile, RefusesSectionsOutsideTheFile) {
  constexpr std::size_t kOffset = 24 + 8;  // of the first entry's fields
  constexpr std::size_t kSize = kOffset + 8;
  for (const std::uint64_t value : {std::uint64_t{1000}, ~std::uint64_t{0}, ~std::uint64_t{0} - 90}) {
    for (const std::size_t field : {kOffset, kSize}) {
      const std::string bad = WithHeader(TwoSections(), [&](std::string& bytes) { SetU64(bytes, field, value); });
      EXPECT_EQ(ParseStatus(bad).code(), absl::StatusCode::kDataLoss) << field << " is " << value;
    }
  }
}

TEST(SectionedFile, RefusesMoreSectionsThanThereIsRoomFor) {
  for (const char count : {'\x03', '\x7f', '\xff'}) {
    const std::string bad = WithHeader(TwoSections(), [&](std::string& bytes) { bytes[16] = bytes[19] = count; });
    EXPECT_EQ(ParseStatus(bad).code(), absl::StatusCode::kDataLoss);
  }
}

TEST(SectionedFile, TellsTheKindOfAFile) {
  EXPECT_EQ(SectionedFile::KindOf(TwoSections()), FileKind::kPanel);
  EXPECT_EQ(SectionedFile::KindOf("{}"), std::nullopt);
  EXPECT_EQ(SectionedFile::KindOf(TwoSections().substr(0, 12)), std::nullopt);
  EXPECT_EQ(NameOf(FileKind::kPanel), "panel");
}

}  // namespace
}  // namespace stemma::base
