# SPDX-License-Identifier: BSD-2-Clause
"""The picture of one cache line against a cache that is written down here once more."""
import re
import unittest

from tool import run

NEWEST, OLD = "newest", "old"


def moves(memory, line):
    """What a state becomes: `line` is None, or whether it is dirty and what data it has."""
    dirty, data = line or (False, memory)
    written = (data, (False, data)) if dirty else (memory, line)
    by_itself = written if dirty else (memory, None) if line else (memory, (False, memory))
    return {"CPU writes": (OLD, (True, NEWEST)), "device writes": (NEWEST, (dirty, OLD) if line else None),
            "clean": written, "invalidate": (memory, None), "": by_itself}


def state_of(label):
    memory, line = re.fullmatch(r"memory: (\w+) data\\ncache: (.*)", label).groups()
    if line == "no line":
        return memory, None
    kind, data = re.fullmatch(r"(\w+) line, (\w+) data", line).groups()
    return memory, (kind == "dirty", data)


class LineFigure(unittest.TestCase):
    def test_it_has_every_state_and_move_and_no_other(self):
        text = run("doc", "--figure", "line", "--format", "dot")
        nodes = {name: state_of(label) for name, label in re.findall(r'^  (s\d+) \[label="([^"]*)"', text, re.M)}
        drawn = set()
        for source, target, how in re.findall(r"^  (s\d+) -> (s\d+) \[(.*)\];$", text, re.M):
            label = re.search(r'label="([^"]*)"', how)
            for word in label[1].split(", ") if label else [""]:
                drawn.add((nodes[source], word, nodes[target]))
        expected, open_ = set(), [(OLD, (True, NEWEST))]
        seen = set(open_)
        while open_:
            state = open_.pop()
            for word, after in moves(*state).items():
                if after != state:
                    expected.add((state, word, after))
                if after not in seen:
                    seen.add(after)
                    open_.append(after)
        self.assertEqual(set(nodes.values()), seen)
        self.assertEqual(drawn, expected)

    def test_the_colour_says_who_reads_old_data(self):
        colours = {}
        for label, colour in re.findall(r'label="(memory[^"]*)", fillcolor="([^"]*)"', run("doc", "--figure", "line", "--format", "dot")):
            memory, line = state_of(label)
            colours.setdefault((memory == OLD, (line[1] if line else memory) == OLD), set()).add(colour)
        self.assertEqual(len(colours), 4)
        self.assertEqual(len(set.union(*colours.values())), 4)


if __name__ == "__main__":
    unittest.main()
