# SPDX-License-Identifier: BSD-2-Clause
# Lays a recorded capture out again as mails, pages, logs and other clocks show it.
import html
import json
import quopri
import re

import layouts
from layouts import keep

DIRECTIONS = ("BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE")
POINTER = re.compile(r"=0x([0-9a-f]{8,16})\b")


def in_ticks(text):
    """As `trace_clock` x86-tsc and counter print times, a thousand ticks a microsecond."""
    def count(m):
        return f" {(int(m[1]) * 10**6 + int(m[2])) * 1000}: "
    return keep(text, lambda line: re.sub(r" (\d+)\.(\d{6}): ", count, line, count=1))


def typographic(text):
    quotes = iter("\u201c\u201d" * text.count('"'))
    return re.sub('"', lambda _: next(quotes), text)


def directions(write):
    return lambda text: re.sub(r"\bdir=(\d)", lambda m: "dir=" + write(m[1], DIRECTIONS[int(m[1])]), text)


def numbered(text, mark):
    return "".join(f"{n:6d}{mark}{line}\n" for n, line in enumerate(text.splitlines(), 1))


def group_of(m):
    if "IOMMU:" in m["rest"]:
        return "iommu"
    if m["event"].startswith(("dma_buf_", "dma_fence_")):
        return "_".join(m["event"].split("_")[:2])
    return "dma" if "(" != m["rest"][0] else "custody"


def perf_script(text):
    return layouts.each(text, lambda m: layouts.perf_script(m, group=group_of(m)))


def table(text, cells):
    """A row a line, all of one width, as tools print tables."""
    rows = [re.sub(r"^(\s*\S+) +(\[\d+\]) (\S+) +(\S+:) ", r"\1 | \2 | \3 | \4 | ", line) if cells else line
            for line in text.splitlines()]
    width = max(map(len, rows))
    border = "+" + "-" * (width + 2) + "+\n"
    return border + "".join(f"| {row:{width}} |\n" for row in rows) + border


def in_json(text):
    """One object a line, as programs write logs."""
    entry = {"time": "2026-11-26T20:51:50.123Z", "level": "info", "host": "box", "pid": 123}
    return keep(text, lambda line: json.dumps({**entry, "message": line}))


def before(prefix):
    return lambda text: keep(text, lambda line: prefix + line)


PASTED = {
    "ticks": in_ticks,
    "ticks of trace-cmd": lambda t: in_ticks(layouts.each(t, layouts.trace_cmd, "cpus=1\n")),
    "ticks of perf script": lambda t: in_ticks(perf_script(t)),
    "perf script with groups": perf_script,
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
    "quoted-printable mail": lambda t: "Subject: trace; x=1\nContent-Transfer-Encoding: quoted-printable\n\n" +
                                       quopri.encodestring(t.encode()).decode(),
    "quoted-printable markup": lambda t: quopri.encodestring(
        keep(t, lambda l: html.escape(l) + "<br>").encode()).decode(),
    "br": lambda t: keep(t, lambda l: l + "<br>"),
    "br without lines": lambda t: t.replace("\n", "<br />"),
    "paragraphs": lambda t: keep(t, lambda l: "<p>" + html.escape(l) + "</p>"),
    "pre": lambda t: "<pre>\n" + html.escape(t) + "</pre>\n",
    "typographic quotes": typographic,
    "returns alone": lambda t: t.replace("\n", "\r"),
    "no width": lambda t: keep(t, lambda l: "\u200b" + l),
    "pointers without 0x": lambda t: POINTER.sub(r"=\1", t),
    "capital pointers without 0x": lambda t: POINTER.sub(lambda m: "=" + m[1].upper(), t),
    "0X": lambda t: POINTER.sub(lambda m: "=0X" + m[1].upper(), t),
    "directions twice": directions(lambda n, word: f"{word}({n})"),
    "directions twice, words last": directions(lambda n, word: f"{n} (DMA_{word})"),
    "directions in small letters": directions(lambda n, word: word.lower()),
    "cat -n": lambda t: numbered(t, "\t"),
    "cat -n with blanks": lambda t: numbered(t, "  "),
    "table": before("| "),
    "table with closing bars": lambda t: table(t, False),
    "table of cells": lambda t: table(t, True),
    "table of Markdown in a mail": lambda t: "|---|\n" + keep(t, lambda l: f"> | {l} |"),
    "JSON a line": in_json,
    "JSON in a member": lambda t: json.dumps({"name": "capture", "systemTraceEvents": t, "cpus": 4}, indent=1),
    "JSON in a list of lines": lambda t: json.dumps(t.splitlines()),
    "JSON of one string": lambda t: json.dumps(t),
    "a name and >": before("JS> "),
    "diff": before("+"),
    "logcat tag": before("I/atrace: "),
    "logcat process": lambda t: keep(t, lambda l: f"I( 1234) {l}  (atrace)"),
    "logcat thread": before("I( 1234: 1235) "),
    "logcat year": before("2026-11-26 20:51:50.123  1234  1234 I atrace  : "),
    "syslog tag": before("Nov 26 20:51:50 host trace[123]: "),
    "syslog without tag": before("Nov 26 20:51:50 "),
    "syslog with priority": before("<6>Nov 26 20:51:50 host kernel: "),
    "syslog of RFC 5424": before("<14>1 2026-11-26T20:51:50.123456+01:00 host trace 123 - - "),
    "dmesg -x": before("kern  :info  : [   12.345678] "),
    "dmesg -T": before("[Thu Nov 26 20:51:50 2026] "),
    "docker": before("container_1  | "),
    **{f"wrapped at {column}": lambda t, c=column: layouts.wrapped(t, c) for column in (72, 78, 100, 132, 160)},
    "wrapped mail": lambda t: keep(layouts.wrapped(t, 78), lambda l: "> " + l),
}
