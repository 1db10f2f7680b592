// SPDX-License-Identifier: BSD-2-Clause
// Text as mails and pages carry it, in pieces of any size.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/traces/input_support.hpp"
#include "traces/input/markup.hpp"
#include "traces/input/quoted_printable.hpp"

namespace custody::traces::test {
namespace {

template <typename Decoder>
std::string decoded(const std::string& text) {
  std::string first;
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
    Decoder decoder(std::make_unique<Pieces>(text, size));
    const std::string all = all_bytes(decoder);
    if (size == 1) first = all;
    EXPECT_EQ(all, first) << "in pieces of " << size;
  }
  return first;
}

TEST(QuotedPrintable, JoinsLinesAndResolvesCodes) {
  using input::QuotedPrintable;
  EXPECT_EQ(decoded<QuotedPrintable>("a=3D1 b=\r\n=3D2=20\nc=  \nd=E2=80=9C\n"), "a=1 b=2 \ncd\xe2\x80\x9c\n");
  EXPECT_EQ(decoded<QuotedPrintable>("a=b =3d =zz = x=3"), "a=b =3d =zz = x=3");
  EXPECT_EQ(decoded<QuotedPrintable>("last="), "last=");
  EXPECT_EQ(decoded<QuotedPrintable>(""), "");
}

TEST(QuotedPrintable, IsToldFromATrace) {
  EXPECT_TRUE(input::is_quoted_printable("dmabuf=3D0xa0 dir=3D2 att=\nach"));
  EXPECT_FALSE(input::is_quoted_printable("dmabuf=3D0xa0"));
  EXPECT_FALSE(input::is_quoted_printable("dmabuf=0xa0 size=3D4 ino=3D"));
  EXPECT_FALSE(input::is_quoted_printable("a=3D1 b=3D2 dir=2 c"));
  EXPECT_TRUE(input::is_quoted_printable("x=y\ncontent-transfer-ENCODING: quoted-printable\n\na=3D1 b=3D2"));
  EXPECT_FALSE(input::is_quoted_printable("Content-Transfer-Encoding: quoted-printable\n\nnothing"));
}

TEST(QuotedPrintable, GivesWhatWasThereBeforeDamage) {
  std::string text(200, 'a');
  text.append("=3D");
  input::QuotedPrintable decoder(std::make_unique<Pieces>(text, 1000, "cut"));
  char into[300];
  EXPECT_EQ(decoder.read(into, sizeof into), 200U);
  EXPECT_THROW(static_cast<void>(decoder.read(into, sizeof into)), input::Damage);
}

TEST(Markup, TakesTagsOffAndEndsLines) {
  using input::Markup;
  EXPECT_EQ(decoded<Markup>("a<br>b<BR />c<br/>\nd"), "a\nb\nc\nd");
  EXPECT_EQ(decoded<Markup>("<p class=\"x\">a</p>\n<div>b<br></div><tr><td>c</td></tr>"), "a\nb\nc\n");
  EXPECT_EQ(decoded<Markup>("<idle>-0 <...>-12 (a <- b) <brk> <p\n> x<"), "<idle>-0 <...>-12 (a <- b) <brk> <p\n> x<");
  EXPECT_EQ(decoded<Markup>("a &lt;br&gt;\nb"), "a &lt;br&gt;\nb");
}

TEST(Markup, ReadsNoTagThatHasNoEnd) {
  EXPECT_EQ(input::tag_at("<br", 0).name, "");
  EXPECT_EQ(input::tag_at("<br " + std::string(2000, 'x') + ">", 0).name, "");
  EXPECT_EQ(input::tag_at("x<br >", 1).end, 6U);
  EXPECT_TRUE(input::tag_at("</P>", 0).ends_line);
  EXPECT_FALSE(input::tag_at("<span>", 0).ends_line);
}

}  // namespace
}  // namespace custody::traces::test
