// SPDX-License-Identifier: BSD-2-Clause
// Text of people and of traces inside the languages that outputs are written in: it stays text, and nothing of it acts
// on a terminal, a page or a tool. One function a language; every folder writes some, so they are here.
#pragma once

#include <string>
#include <string_view>

namespace custody::model {

/// What no output holds as it is: control characters (C0, DEL, C1), what ends a line or turns the direction of writing
/// (Unicode's Bidi_Control), U+FFFE and U+FFFF, which XML forbids, and bytes that are no UTF-8. Each function below
/// says what becomes of these.

/// For a terminal and for plain text: such characters become \u and four digits, below U+0080 and single bytes \x and
/// two. A backslash stays itself.
[[nodiscard]] std::string escape_text(std::string_view text);

/// Appends the inside of a JSON string; such characters are \u escapes, bytes that are no UTF-8 become U+FFFD.
void append_json(std::string& out, std::string_view text);
/// The same for a whole document, UTF-8, in which a library has escaped what JSON itself demands.
[[nodiscard]] std::string escape_json_document(std::string json);

/// For GitHub's Markdown, inline text at the beginning of a block or inside it, also in a cell of a table. Blanks that
/// lead are left out.
[[nodiscard]] std::string escape_markdown(std::string_view text);

/// For inline text of reStructuredText as docutils reads it, at the beginning of a block or of a line too.
[[nodiscard]] std::string escape_rst(std::string_view text);

/// For a label or a comment of a diagram of Mermaid.
[[nodiscard]] std::string escape_mermaid(std::string_view text);

/// For text and attributes of XML and of HTML. Line ends stay.
[[nodiscard]] std::string escape_xml(std::string_view text);

/// For the inside of a comment as C, Promela and Murphi have it: neither ends it nor begins another one.
[[nodiscard]] std::string escape_comment(std::string_view text);

/// For the text of a message of SARIF 2.1.0 (3.11.5, 3.11.6): no placeholder, no link. Bytes are not escaped: the
/// document is.
[[nodiscard]] std::string escape_sarif(std::string_view text);

/// A path as a relative or absolute reference of RFC 3986: all but unreserved characters and slashes as %XX. It names
/// no scheme and no host.
[[nodiscard]] std::string uri_of_path(std::string_view path);

/// One word of a POSIX shell, in single quotes where it needs them.
[[nodiscard]] std::string shell_word(std::string_view text);

/// For a line of a language without escapes: `instead` stands for each such character or byte.
[[nodiscard]] std::string plain_line(std::string_view text, char instead);
/// There is none of them in `text`.
[[nodiscard]] bool is_plain_line(std::string_view text);

}  // namespace custody::model
