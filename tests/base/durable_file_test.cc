#include "lib/base/durable_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/temporary_folder.h"
#include "tests/base/unprivileged.h"

namespace stemma::base {
namespace {

using Names = std::vector<std::string>;

mode_t ModeOf(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(WriteFileDurably, WritesThePartsInOrder) {
  const TemporaryFolder folder;
  const std::array<std::string_view, 3> parts = {"one ", "", "two"};
  const absl::Status status = WriteFileDurably(folder.File("file"), parts);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(folder.Read("file"), "one two");
  EXPECT_EQ(folder.Names(), Names{"file"});
}

TEST(WriteFileDurably, WritesAnEmptyFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteFileDurably(folder.File("file"), "").ok());
  EXPECT_EQ(folder.Read("file"), "");
}

TEST(WriteFileDurably, GivesNewFilesTheModeOfTheUmask) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  const absl::Status status = WriteFileDurably(folder.File("file"), "x");
  ::umask(before);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(ModeOf(folder.File("file")), 0640U);
}

TEST(WriteFileDurably, ReplacesAFileAndKeepsItsPermissions) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "old and longer");
  ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
  ASSERT_TRUE(WriteFileDurably(path, "new").ok());
  EXPECT_EQ(folder.Read("file"), "new");
  EXPECT_EQ(ModeOf(path), 0604U);
}

TEST(WriteFileDurably, LeavesOpenReadersTheOldContent) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "old");
  std::ifstream reader(path);
  ASSERT_TRUE(WriteFileDurably(path, "new").ok());
  std::string content;
  reader >> content;
  EXPECT_EQ(content, "old");
}

TEST(WriteFileDurably, FollowsSymbolicLinks) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.File("inner"));
  std::filesystem::create_symlink("inner/file", folder.File("link"));
  std::filesystem::create_symlink(folder.File("link"), folder.File("link_to_link"));
  for (const std::string content : {"first", "second"}) {  // without a file, then with one
    ASSERT_TRUE(WriteFileDurably(folder.File("link_to_link"), content).ok());
    EXPECT_TRUE(std::filesystem::is_symlink(folder.File("link_to_link")));
    EXPECT_TRUE(std::filesystem::is_symlink(folder.File("link")));
    EXPECT_EQ(folder.Read("inner/file"), content);
  }
}

TEST(WriteFileDurably, RefusesLinksInACircle) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("b", folder.File("a"));
  std::filesystem::create_symlink("a", folder.File("b"));
  EXPECT_EQ(WriteFileDurably(folder.File("a"), "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(folder.Names(), (Names{"a", "b"}));
}

TEST(WriteFileDurably, SaysThatTheFolderIsNotThere) {
  const TemporaryFolder folder;
  const std::string path = folder.File("nowhere/file");
  const absl::Status status = WriteFileDurably(path, "x");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(status.message()), "cannot write " + path + ": No such file or directory");
}

TEST(WriteFileDurably, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(WriteFileDurably(folder.File("."), "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(folder.Names(), Names{});
}

TEST(WriteFileDurably, LeavesTheOldFileAndNoOtherWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "old");
  // A limit on the size of files stands for a full disk: write stops in the middle with EFBIG.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = WriteFileDurably(path, std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(folder.Read("file"), "old");
  EXPECT_EQ(folder.Names(), Names{"file"});
}

TEST(WriteFileDurably, RefusesAWriteProtectedFile) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("file", "old");
  ASSERT_EQ(::chmod(folder.File(".").c_str(), 0777), 0);  // where the file could be replaced
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  {
    const Unprivileged unprivileged;
    EXPECT_EQ(WriteFileDurably(path, "new").code(), absl::StatusCode::kPermissionDenied);
    EXPECT_TRUE(WriteFileDurably(folder.File("other"), "new").ok());
  }
  EXPECT_EQ(folder.Read("file"), "old");
}

TEST(WriteFileDurably, TakesNamesAsLongAsTheyGet) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  const absl::Status status = WriteFileDurably(folder.File(name), "x");
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(WriteFileDurably(folder.File(name + "n"), "x").code(), absl::StatusCode::kInvalidArgument);
}

TEST(WriteFileDurably, WritesIntoAPipe) {
  const TemporaryFolder folder;
  const std::string path = folder.File("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string content(200000, 'p');
  std::string received;
  std::thread reader([&] { received = folder.Read("pipe"); });
  const absl::Status status = WriteFileDurably(path, content);
  reader.join();
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(received, content);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
}

TEST(WriteFileDurably, ContinuesWhereADescriptorStands) {
  const TemporaryFolder folder;
  const int descriptor = ::open(folder.Write("file", "").c_str(), O_WRONLY);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(::write(descriptor, "before ", 7), 7);
  const absl::Status status = WriteFileDurably("/dev/fd/" + std::to_string(descriptor), "content");
  ASSERT_EQ(::write(descriptor, " after", 6), 6);
  ::close(descriptor);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(folder.Read("file"), "before content after");
  EXPECT_EQ(folder.Names(), Names{"file"});
}

TEST(WriteFileDurably, ManyThreadsMayWriteOneFile) {
  const TemporaryFolder folder;
  std::vector<std::jthread> writers;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    writers.emplace_back([&folder, letter] {
      for (int k = 0; k < 20; ++k) EXPECT_TRUE(WriteFileDurably(folder.File("file"), std::string(3000, letter)).ok());
    });
  }
  writers.clear();
  const std::string content = folder.Read("file");
  EXPECT_EQ(content, std::string(3000, content.at(0)));
  EXPECT_EQ(folder.Names(), Names{"file"});
}

}  // namespace
}  // namespace stemma::base
