# SPDX-License-Identifier: BSD-2-Clause
"""What Graphviz makes of a figure: where its texts and boxes lie, and how large the text is on a page."""
import json
import subprocess
from dataclasses import dataclass

POINTS_PER_PIXEL = 0.75  # 96 pixels an inch


@dataclass(frozen=True)
class Box:
    what: str
    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other, slack=0.5):
        return (self.left + slack < other.right and other.left + slack < self.right and
                self.bottom + slack < other.top and other.bottom + slack < self.top)


@dataclass(frozen=True)
class Drawing:
    width: float  # points
    smallest: float  # points of a font
    texts: list
    nodes: list
    edge_texts: list

    def points_at(self, pixels):
        """The size of the smallest text where the figure is shrunk to so many pixels, if it is wider."""
        return self.smallest * min(1.0, pixels * POINTS_PER_PIXEL / self.width)

    def overlaps(self):
        """Pairs of texts that overlap, and texts of edges over nodes."""
        pairs = [(a, b) for i, a in enumerate(self.texts) for b in self.texts[i + 1:] if a.overlaps(b)]
        return pairs + [(a, b) for a in self.edge_texts for b in self.nodes if a.overlaps(b)]


def texts_of(thing):
    """Boxes of the pieces of text, and the sizes of their fonts."""
    size = 0.0
    for op in thing.get("_ldraw_", []):
        if op["op"] == "F":
            size = op["size"]
        elif op["op"] == "T" and op["text"].strip():
            (x, y), width = op["pt"], op["width"]
            left = x if op["align"] == "l" else x - width if op["align"] == "r" else x - width / 2
            yield Box(op["text"], left, y - 0.2 * size, left + width, y + 0.75 * size), size


def draw(dot):
    done = subprocess.run(["dot", "-Tjson"], input=dot.encode(), capture_output=True, timeout=20, check=True)
    if done.stderr:
        raise AssertionError(done.stderr.decode())
    graph = json.loads(done.stdout)
    left, bottom, right, top = (float(x) for x in graph["bb"].split(","))
    nodes, texts, sizes, edge_texts = [], [], [], []
    for thing in graph.get("objects", []):
        if "pos" in thing:
            x, y = (float(v) for v in thing["pos"].split(","))
            w, h = float(thing["width"]) * 72, float(thing["height"]) * 72
            nodes.append(Box(thing["name"], x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    for thing in graph.get("objects", []) + graph.get("edges", []):
        for box, size in texts_of(thing):
            texts.append(box)
            sizes.append(size)
            if "tail" in thing:
                edge_texts.append(box)
    return Drawing(right - left, min(sizes), texts, nodes, edge_texts)
