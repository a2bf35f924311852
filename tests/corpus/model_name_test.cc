#include "lib/corpus/model_name.h"

#include <gtest/gtest.h>

namespace stemma::corpus {
namespace {

TEST(ModelName, LeavesEndingsOut) {
  EXPECT_EQ(ModelNameOf("alder-7b.json"), "alder-7b");
  EXPECT_EQ(ModelNameOf("alder-7b.jsonl"), "alder-7b");
  EXPECT_EQ(ModelNameOf("runs/3/alder-7b.jsonl.gz"), "alder-7b");
  EXPECT_EQ(ModelNameOf("/alder-7b.json.zst"), "alder-7b");
  EXPECT_EQ(ModelNameOf("alder-7b.zst"), "alder-7b");
  EXPECT_EQ(ModelNameOf("ALDER.JSONL.GZ"), "ALDER");
}

TEST(ModelName, KeepsTheRest) {
  EXPECT_EQ(ModelNameOf("alder-1.5"), "alder-1.5");
  EXPECT_EQ(ModelNameOf("alder.json.json"), "alder.json");
  EXPECT_EQ(ModelNameOf("alder.gz.json"), "alder.gz");
  EXPECT_EQ(ModelNameOf("alder.txt"), "alder.txt");
  EXPECT_EQ(ModelNameOf(".json"), ".json");
}

TEST(ModelName, IsUtf8) {
  EXPECT_EQ(ModelNameOf("caf\xC3\xA9.json"), "caf\u00E9");
  EXPECT_EQ(ModelNameOf("caf\xE9.json"), "caf\uFFFD");
  EXPECT_EQ(ToUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(ModelName, StandardInputHasNone) { EXPECT_EQ(ModelNameOf("-"), ""); }

}  // namespace
}  // namespace stemma::corpus
