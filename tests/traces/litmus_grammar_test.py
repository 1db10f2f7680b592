#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The forms that `custody list litmus` prints are a grammar: every line of every litmus file has one of them, every form
is that of some line, and what is out of order has none."""
import json
import os
import pathlib
import re
import subprocess
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
NUMBER = r"-?(?:0x[0-9a-f]+|\d+[KMG]?)"
FILLED = {"NUMBER": NUMBER, "SIZE": NUMBER, "BYTES": NUMBER, "N": NUMBER, "M": NUMBER, "-ERRNO": r"-(?:E[A-Z0-9]+|\d+)|0",
          "OFFSET+LENGTH": rf"{NUMBER}\+{NUMBER}", "PLACE": r'(?:\d+|"(?:[^"\\]|\\.)*"(?:\s+#\d+)?)', "M[->N]": rf"{NUMBER}(?:->{NUMBER})?",
          "TASK": r"[^\s\[\]#\"]+"}


def pattern_of(form):
    """A form as a regular expression, word by word; blanks stand before each word but the first."""
    words, depth = [], 0
    for part in re.findall(r"M\[->N\]|[\[\]]|[^\s\[\]]+", form):
        if part in "[]":
            words.append("(?:" if part == "[" else ")?")
            depth += 1 if part == "[" else -1
        elif part in FILLED:
            words.append(r"\s+(?:" + FILLED[part] + ")")
        elif part.isupper() and "|" not in part:
            words.append(r"\s+(?!\{)[^\s=]+")
        else:
            words.append(r"\s+(?:" + "|".join(re.escape(word) for word in part.split("|")) + ")")
    if depth != 0:
        raise ValueError(form)
    return re.compile("".join(words))


def without_comment(line):
    return re.sub(r'("(?:[^"\\]|\\.)*"(?:\s+#\d+)?)|(?:^|\s)#.*', lambda m: m.group(1) or "", line).rstrip()


class Grammar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([TOOL, "list", "--format", "json", "litmus"], capture_output=True, check=True, timeout=20)
        rows = json.loads(done.stdout)["entries"]
        cls.forms = {part: {r["form"]: pattern_of(r["form"]) for r in rows if r["part"] == part} for part in ("header", "event")}

    def form_of(self, part, line):
        return [form for form, pattern in self.forms[part].items() if pattern.fullmatch(" " + line)]

    def lines(self):
        for path in sorted(pathlib.Path("traces/litmus").glob("*.litmus")):
            title, *rest = path.read_text(encoding="utf-8").splitlines()
            self.assertTrue(title.startswith("custody litmus: "), path)
            part = "header"
            for number, whole in enumerate(rest, 2):
                if not whole.strip():
                    part = "event"
                line = re.sub(r"^\s*\[[^\]]*\]", "", without_comment(whole)).strip() if part == "event" else without_comment(whole).strip()
                line = re.sub(r"\s*\{(\s*\})?$", "", line) if part == "event" else line
                if line and not re.fullmatch(r"\}(\s*=\s*-\w+)?", line):
                    yield f"{path}:{number}", part, line

    def test_every_line_has_a_form_and_every_form_a_line(self):
        used, count = set(), 0
        for place, part, line in self.lines():
            found = self.form_of(part, line)
            self.assertTrue(found, f"{place}: {line}")
            used.update((part, form) for form in found)
            count += 1
        self.assertGreater(count, 4000)
        unused = {form.split()[0] for part, forms in self.forms.items() for form in forms if (part, form) not in used}
        # Other spellings of words, and what only captures have: tests of the reader have them.
        self.assertLessEqual(unused, {"munmap", "kmap", "contract", "bounce_in", "bounce_out", "cache_clean_invalidate", "lost",
                                      "flush_vmap", "begin_cpu_access", "end_cpu_access"})

    def test_what_is_out_of_order_has_none(self):
        for part, line in (("event", "map b FROM D"), ("event", "export b"), ("event", "attach b D = EBUSY"), ("event", "begin b FROM nents 3"),
                           ("header", "device"), ("header", "trust both"), ("header", "expect M3 proved at 4"), ("header", "older a b")):
            self.assertEqual(self.form_of(part, line), [], line)


if __name__ == "__main__":
    unittest.main()
