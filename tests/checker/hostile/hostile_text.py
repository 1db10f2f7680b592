# SPDX-License-Identifier: BSD-2-Clause
"""Text that would be more than text where an output does not escape it, and what is asked of every output."""
import os
import re
import subprocess

TOOL = os.path.abspath(os.environ["CUSTODY_TOOL"])

# Of titles, reasons, sources: any text that JSON can hold.
TEXTS = [
    '*/ c_code { system("touch PWNED"); } /*',
    "*/\n#define active\n/*",
    "*\\\n/ init { assert(false) } /*",
    "*??/\n/",
    "ends with a backslash \\",
    "-- \n rule true ==> begin end; --",
    "/* // /*",
    "<!-- --> ]]> <![CDATA[",
    "</title></pre><script>alert(1)</script>",
    "&amp; &#60;b&#62; <b> & \" '",
    "| a | b |\n| --- | --- |",
    "`code` ```\nfence\n``` ~~struck~~ ~~~",
    "[a](javascript:x) ![i](y) [^1] <http://h> *b* _i_ $x^2$ \\* \\",
    "# head #",
    "1. item",
    "- item\n\n- item\n\n---\n===",
    "    indented",
    "{0} {} {{}} %s %n",
    "$(touch PWNED) `touch PWNED` ;touch PWNED",
    "\x1b[31mred\x1b]0;title\x07 \x9b31m \x85 \x00 \x7f \b\r",
    "\u202eesrever\u202c \u2066isolated\u2069 \u200f \u061c \u2028 \u2029",
    "\ufffe \uffff \ufeff \U0001f4f7 \u00e9",
]
# Of contracts and clauses: printable ASCII without blanks.
NAMES = ["*/c_code{assert(0)}/*", "--", "`$(touch${IFS}PWNED)`", "<b>&|\"'\\", "[x](y)", "]]>", "-->", "#", "1.", "-",
         "+", "***", "===", "|", "{0}", "~~x~~", "!["]
# Of devices, exporters, tasks and files: any bytes.
BYTES = [text.encode().replace(b"\0", b"") for text in TEXTS] + [b"\xff\xfe\x80\xc0\xaf", b"\xed\xa0\x80 \xf5"]

ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


def run(*args, stdin=b"", cwd=None):
    return subprocess.run([TOOL, *args], input=stdin, capture_output=True, timeout=100, check=False, cwd=cwd)


def harmless(data):
    """The text of an output, in which nothing acts on who reads it: it is UTF-8 without controls but line ends."""
    text = data.decode("utf-8")
    found = ACTING.search(text)
    if found:
        raise AssertionError(f"{found.group(0)!r} in {text[max(0, found.start() - 60):found.start() + 20]!r}")
    return text


def shown(text):
    """The text as plain text, pages and comments have it."""
    def one(match):
        code = ord(match.group(0))
        return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"
    return re.sub(ACTING.pattern[:-1] + "\n]", one, text)


def squeezed(text):
    """Without differences of blanks: pages break lines, and renderers join them."""
    return " ".join(text.split())
