# SPDX-License-Identifier: BSD-2-Clause
"""The pages in spec/proposals are what `custody review` says today; `--update` writes them again.

CUSTODY_TOOL is the path of the executable `custody`.
"""
import functools
import json
import os
import pathlib
import subprocess
import sys
import unittest

TOOL = os.environ["CUSTODY_TOOL"]
FOLDER = pathlib.Path("spec/proposals")
INDEX = json.loads((FOLDER / "proposals.json").read_text())


def review(entry, form):
    """What is printed for an entry of the index, and the exit status."""
    proposal = entry["proposal"]
    if proposal.endswith(".json"):
        proposal = str(FOLDER / proposal)
    return printed(entry["base"], proposal, form)


@functools.cache
def printed(base, proposal, form):
    done = subprocess.run([TOOL, "review", "--format", form, base, proposal], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.stdout, done.returncode


def totals(document, side):
    costs = document["costs"]
    return sum(c[side]["operations"] for c in costs), sum(c[side]["missing"] for c in costs)


def overview():
    """The table of all proposals."""
    cells = len(json.loads(review(INDEX[0], "json")[0])["cells"])
    lines = ["# Proposals", "",
             "Changes to the contract of dma-buf that have been asked for since 2019, each reviewed against what it "
             "changes: `custody review BASE PROPOSAL`. Regressions and mended are cells of client x architecture x "
             f"devices, of {cells}, that go from safe to unsafe and back; operations and missing syncs are those of "
             "the standard workloads, before -> after. `./dev doc` writes this page and the others from "
             "[proposals.json](proposals.json).", "",
             "| question | base | proposal | regressions | mended | operations | missing |", "|---|---|---|---|---|---|---|"]
    answers = []
    for entry in INDEX:
        document = json.loads(review(entry, "json")[0])
        (before, missed), (after, misses) = totals(document, "first"), totals(document, "second")
        page = f"{entry['name']}.md"
        proposal = entry["proposal"]
        shown = f"[{proposal}]({proposal})" if proposal.endswith(".json") else f"`{proposal}`"
        lines.append(f"| [{entry['question']}]({page}) | `{entry['base']}` | {shown} | {document['regressions']} "
                     f"| {document['mended']} | {before} -> {after} | {missed} -> {misses} |")
        answers.append(f"- **{entry['question']}** {entry['answer']}")
    return "\n".join(lines + [""] + answers) + "\n"


def pages(entries=None):
    """Every generated file by its name; the pages of these entries, of all without."""
    out = {f"{entry['name']}.md": review(entry, "markdown")[0] for entry in INDEX if entries is None or entry in entries}
    return {**out, "README.md": overview()}


class Proposals(unittest.TestCase):
    maxDiff = None

    def test_pages_are_fresh(self):
        # Searches are slow under the sanitizers: each proposal is reviewed there once, and a few are rendered.
        fresh = pages(INDEX[::6] if os.environ.get("CUSTODY_SANITIZED") else None)
        if len(fresh) > len(INDEX):
            self.assertEqual({p.name for p in FOLDER.glob("*.md")}, set(fresh), "run ./dev doc")
        for name, text in fresh.items():
            self.assertEqual((FOLDER / name).read_text(), text, f"{name}: run ./dev doc")

    def test_every_proposal_is_in_the_index(self):
        listed = {e["proposal"] for e in INDEX if e["proposal"].endswith(".json")}
        self.assertEqual(listed, {p.name for p in FOLDER.glob("*.json")} - {"proposals.json"})
        self.assertEqual(len({e["name"] for e in INDEX}), len(INDEX))

    def test_the_exit_status_says_whether_something_regresses(self):
        for entry in INDEX:
            text, status = review(entry, "json")
            self.assertEqual(status, 1 if json.loads(text)["regressions"] else 0, entry["name"])


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for file, content in pages().items():
            (FOLDER / file).write_text(content)
    else:
        unittest.main()
