#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Figures of every shipped contract: Graphviz draws them, nothing overlaps, and the text is large enough to read."""
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree

import tool
from drawing import draw
from tool import TOOL, contracts

SMALLEST = 9.0  # points
PIXELS = 800
EDGE = re.compile(r"^  (\w+) -> (\w+) \[", re.M)


def run(*args, path=None):
    environment = dict(os.environ, PATH=path) if path is not None else None
    return subprocess.run([TOOL, "doc", *args], capture_output=True, text=True, timeout=100, check=False, env=environment)


def output(*args):
    return tool.run("doc", *args)


class Figures(unittest.TestCase):
    def test_nothing_overlaps_and_all_can_be_read(self):
        for name in contracts():
            for figure in ("complete", "owners"):
                with self.subTest(name=name, figure=figure):
                    drawing = draw(output(name, "--format", "dot", "--figure", figure))
                    self.assertEqual(drawing.overlaps(), [])
                    self.assertGreaterEqual(drawing.points_at(PIXELS), SMALLEST)
                    self.assertGreaterEqual(len(drawing.edge_texts), 7)

    def test_the_figure_of_all_policies_can_be_read_at_twice_the_width(self):
        drawing = draw(output("system-heap-6.1", "--format", "dot", "--all-policies"))
        self.assertEqual(drawing.overlaps(), [])
        self.assertGreaterEqual(drawing.points_at(2 * PIXELS), SMALLEST)

    def test_what_overlaps_is_seen(self):
        drawing = draw('digraph { node [shape=box]; a [pos="0,0!" label="one text"]; b [pos="0,0!" label="another"]; }'
                       .replace("digraph {", 'digraph { layout=neato;'))
        self.assertEqual(len(drawing.overlaps()), 1)

    def test_edges_are_those_of_the_matrix(self):
        edges = EDGE.findall(output("system-heap-6.1", "--format", "dot"))
        self.assertEqual(sorted(edges), sorted([
            ("Unborn", "NonOwnedBacked"), ("NonOwnedBacked", "DeviceOwned"), ("NonOwnedBacked", "CpuOwned"),
            ("NonOwnedBacked", "Freed"), ("CpuOwned", "NonOwnedBacked"), ("CpuOwned", "DeviceOwned"),
            ("DeviceOwned", "NonOwnedBacked"), ("DeviceOwned", "CpuOwned")]))
        mermaid = re.findall(r"^  (\w+) --> (\w+) : (.*)$", output("system-heap-6.1", "--format", "mermaid"), re.M)
        self.assertEqual(sorted({(a, b) for a, b, _ in mermaid}), sorted(edges))
        self.assertIn(("DeviceOwned", "CpuOwned", "begin / mapped:for_cpu"), mermaid)

    def test_mermaid_has_a_note_and_a_group_for_each_state(self):
        for name in contracts():
            text = output(name, "--format", "mermaid")
            states = set(re.findall(r"^    (\w+) : \1$", text, re.M))
            self.assertGreaterEqual(len(states), 5)
            self.assertEqual(set(re.findall(r"^    note right of (\w+)$", text, re.M)), states)
            self.assertEqual(text.count("    end note\n"), len(states))
            self.assertEqual(text.count(" {\n"), text.count("\n  }\n"))
            self.assertEqual(len(text.split("\n")), len([line for line in text.split("\n") if re.fullmatch(
                r"|%% .*|stateDiagram-v2|  state \"[\w ]+\" as \w+ \{|  \}|    \w+ : .*|    note right of \w+|      refused, .*|"
                r"    end note|  \w+ --> \w+ : .*", line)]))

    def test_svg_is_drawn_by_graphviz_and_missed_without_it(self):
        svg = output("system-heap-6.1", "--format", "svg")
        self.assertTrue(xml.etree.ElementTree.fromstring(svg).tag.endswith("svg"))
        self.assertIn("DeviceOwned", svg)
        done = run("system-heap-6.1", "--format", "svg", path="/nowhere")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Graphviz's program dot, which is not there", done.stderr)
        self.assertEqual(run("system-heap-6.1", "--format", "dot", path="/nowhere").returncode, 0)


if __name__ == "__main__":
    unittest.main()
