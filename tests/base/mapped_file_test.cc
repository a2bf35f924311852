#include "lib/base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "tests/base/temporary_folder.h"
#include "tests/base/unprivileged.h"

namespace stemma::base {
namespace {

static_assert(!std::is_copy_constructible_v<MappedFile>);

TEST(MappedFile, GivesTheBytesOfTheFile) {
  const TemporaryFolder folder;
  const std::string content = std::string("a\0b\n", 4) + std::string(100000, 'x');
  const auto file = MappedFile::Open(folder.Write("file", content));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes(), content);
}

TEST(MappedFile, TakesAnEmptyFile) {
  const TemporaryFolder folder;
  const auto file = MappedFile::Open(folder.Write("file", ""));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, KeepsItsBytesWhenMoved) {
  const TemporaryFolder folder;
  for (const std::string& content : {std::string("short"), std::string(5000, 'y')}) {
    auto opened = MappedFile::Open(folder.Write("file", content));
    ASSERT_TRUE(opened.ok());
    const char* const where = opened->bytes().data();
    MappedFile moved = *std::move(opened);
    EXPECT_EQ(moved.bytes(), content);
    EXPECT_EQ(moved.bytes().data(), where);
    auto other = MappedFile::Open(folder.Write("other", "z"));
    ASSERT_TRUE(other.ok());
    *other = std::move(moved);
    EXPECT_EQ(other->bytes(), content);
  }
}

TEST(MappedFile, StaysReadableWhenTheFileIsRemoved) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "content");
  const auto file = MappedFile::Open(path);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_EQ(file->bytes(), "content");
}

TEST(MappedFile, ReadsAPipeToItsEnd) {
  const TemporaryFolder folder;
  const std::string path = folder.File("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string content(200000, 'p');  // more than a pipe holds
  std::thread writer([&] { folder.Write("pipe", content); });
  const auto file = MappedFile::Open(path);
  writer.join();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->bytes(), content);
}

TEST(MappedFile, ReadsFilesThatStateNoSize) {
  const auto file = MappedFile::Open("/proc/self/status");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_NE(file->bytes().find("Pid:"), std::string_view::npos);
}

TEST(MappedFile, SaysWhichFileIsNotThere) {
  const TemporaryFolder folder;
  const std::string path = folder.File("nothing");
  const auto file = MappedFile::Open(path);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(file.status().message()), "cannot open " + path + ": No such file or directory");
}

TEST(MappedFile, RefusesAFolder) {
  const TemporaryFolder folder;
  const auto file = MappedFile::Open(folder.File("."));
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(file.status().message()).find("Is a directory"), std::string::npos);
}

TEST(MappedFile, RefusesAFileThatMayNotBeRead) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "content");
  ASSERT_EQ(::chmod(folder.File(".").c_str(), 0777), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  const Unprivileged unprivileged;
  const auto file = MappedFile::Open(path);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kPermissionDenied) << file.status();
  EXPECT_NE(std::string(file.status().message()).find(path), std::string::npos);
}

}  // namespace
}  // namespace stemma::base
