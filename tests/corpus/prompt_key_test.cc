#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "lib/base/hash.h"
#include "lib/text/white_space.h"
#include "stemma/response.h"

namespace stemma {
namespace {

std::string Encode(char32_t c) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::string Nfc(const std::string& text) {
  utf8proc_uint8_t* bytes = utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()));
  std::string out(reinterpret_cast<const char*>(bytes));
  std::free(bytes);
  return out;
}

TEST(PromptKey, TreatsWhiteSpaceAlike) {
  const Hash128 key = PromptKey("add two and two");
  EXPECT_EQ(PromptKey("  add two\n\tand  two\r\n"), key);
  EXPECT_EQ(PromptKey("add\u00A0two\u2003and\u3000\u2028two\u0085"), key);
  EXPECT_NE(PromptKey("addtwo and two"), key);
  EXPECT_NE(PromptKey("Add two and two"), key);
  EXPECT_NE(PromptKey("add two and\u200Btwo"), key);  // not White_Space
}

TEST(PromptKey, TreatsCanonicalEquivalentsAlike) {
  EXPECT_EQ(PromptKey("caf\u00E9"), PromptKey("cafe\u0301"));
  EXPECT_EQ(PromptKey("\u1112\u1161\u11AB"), PromptKey("\uD55C"));
  EXPECT_EQ(PromptKey("\uD558\u11AB"), PromptKey("\uD55C"));
  EXPECT_NE(PromptKey("\uFB01"), PromptKey("fi"));  // compatibility is not equivalence
}

TEST(PromptKey, StandsBesideIdentifiers) {
  EXPECT_NE(PromptKey("17"), PromptIdKey("17"));
  EXPECT_NE(PromptIdKey("17"), PromptIdKey(" 17"));
}

// Frozen: signatures on disk are keyed by them.
TEST(PromptKey, IsFrozen) {
  EXPECT_EQ(PromptKey("add two and two"), base::HashBytes128("add two and two", 0x70726f6d70742031ULL));
  EXPECT_EQ(PromptIdKey("17"), base::HashBytes128("17", 0x70726f6d70746964ULL));
}

TEST(PromptKey, TakesAnyBytes) {
  EXPECT_NE(PromptKey("\xFF"), PromptKey("\xFE"));
  EXPECT_EQ(PromptKey(""), PromptKey(" \n"));
  EXPECT_NE(PromptKey(std::string_view("a\0b", 3)), PromptKey("a"));
}

// Every code point alone, after a letter that takes accents, and after a Hangul syllable.
TEST(PromptKey, AgreesWithNormalisationForAllCodePoints) {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    for (const std::string_view before : {"", "e", "\uD558", "\u304B"}) {
      const std::string text = std::string(before) + Encode(c);
      ASSERT_EQ(PromptKey(text), PromptKey(Nfc(text))) << "U+" << std::hex << static_cast<unsigned>(c);
    }
  }
}

// Unicode 15, PropList.txt.
TEST(WhiteSpace, IsUnicodes) {
  const std::u32string spaces =
      U"\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
      U"\u200A\u2028\u2029\u202F\u205F\u3000";
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string bytes = Encode(c);
    const bool is_space = spaces.find(c) != std::u32string::npos;
    ASSERT_EQ(text::LeadingWhiteSpaceSize(bytes), is_space ? bytes.size() : 0)
        << "U+" << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(text::StripWhiteSpace(bytes).empty(), is_space) << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

TEST(WhiteSpace, IsStrippedAtBothEnds) {
  EXPECT_EQ(text::StripWhiteSpace("\n\u3000 a b\u00A0\u2029\n"), "a b");
  EXPECT_EQ(text::StripWhiteSpace("\xA0"), "\xA0");  // a continuation byte alone is no character
  std::string out = ">";
  text::AppendCollapsed("\u2003a\n\n b\u00E9\u3000\u3000c ", out);
  EXPECT_EQ(out, ">a b\u00E9 c");
}

}  // namespace
}  // namespace stemma
