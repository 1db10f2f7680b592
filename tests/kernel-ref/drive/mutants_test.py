#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Mutants of the drivers' sources: there are of every class, none that is driven survives, and the score can fail.

mutants_test.py CUSTODY. Of the mutants a sample, always the same; all of them by what kernel-ref/drive/DRIVE.md says."""

import dataclasses
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path("kernel-ref/drive/mutants").resolve()))
import mutate  # noqa: E402
import operators  # noqa: E402
import score  # noqa: E402
from c_source import Source  # noqa: E402

TOOL = sys.argv[1]
SAMPLE = 100
# What takes more than the replay's rules to be found: each by its expected rule.
ALWAYS = ("ownership_heap:drop-mapped-test:release", "ownership_heap:map-to-device:release", "ownership_heap:invert-test:vmap",
          "system_heap:first-only:begin_cpu_access", "udmabuf:drop-state:begin_cpu_access", "udmabuf:invert-test:end_cpu_access",
          "udmabuf:drop-error-test:get_sg_table:3")
DRIVER = """static int some_begin(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
\tmutex_lock(&b->lock);
\tlist_for_each_entry(a, &b->attachments, list) {
\t\tif (!a->mapped)
\t\t\tcontinue;
\t\tdma_sync_sgtable_for_cpu(a->dev, a->table, dir);
\t}
\tmutex_unlock(&b->lock);
\treturn 0;
}

static const struct dma_buf_ops some_ops = { .begin_cpu_access = some_begin, };
"""


class Generator(unittest.TestCase):
    def test_an_operator_is_applied_at_each_of_its_sites(self):
        mutants = {m.id: m.text for m in mutate.mutants_of(Source("some", DRIVER))}
        self.assertNotIn("dma_sync", mutants["some:drop-sync:begin_cpu_access"])
        self.assertIn("for_device(a->dev", mutants["some:swap-sync:begin_cpu_access"])
        self.assertIn("a->table, DMA_TO_DEVICE", mutants["some:sync-to-device:begin_cpu_access"])
        self.assertNotIn("mapped", mutants["some:drop-mapped-test:begin_cpu_access"])
        self.assertIn("if (a->mapped)", mutants["some:invert-mapped-test:begin_cpu_access"])
        self.assertNotIn("mutex", mutants["some:lose-lock:begin_cpu_access"])
        self.assertIn("dir);\n\t\tbreak;\n", mutants["some:first-only:begin_cpu_access"])
        self.assertIn("mutex_unlock(&b->lock);\n\tlist_for_each", mutants["some:early-unlock:begin_cpu_access"])

    def test_the_drivers_have_mutants_of_every_class_and_no_two_are_equal(self):
        mutants = score.all_mutants(TOOL)
        self.assertGreaterEqual(len(mutants), 60)
        self.assertEqual(len({(m.source.name, m.text) for m in mutants}), len(mutants))
        self.assertEqual({m.operator.name for m in mutants}, {o.name for o in operators.OPERATORS})

    def test_what_is_named_is_a_mutant(self):
        self.assertLessEqual({*score.exceptions(), *ALWAYS}, {m.id for m in score.all_mutants(TOOL)})


class Score(unittest.TestCase):
    def test_no_mutant_survives(self):
        every = score.all_mutants(TOOL)
        sample = score.sample_of(every, SAMPLE)
        sample += [m for m in every if m.id in ALWAYS and m not in sample]
        self.assertEqual(score.score(TOOL, sample, score.exceptions()), 0)

    def test_what_changes_nothing_survives_and_what_breaks_is_not_equal(self):
        mutant = next(m for m in score.all_mutants(TOOL) if m.id == "system_heap:drop-sync:end_cpu_access")
        same = dataclasses.replace(mutant, id="same", text=mutant.source.text + "\n")
        with tempfile.TemporaryDirectory() as folder:
            tool = score.Tool(TOOL, pathlib.Path(folder))
            self.assertEqual(score.verdict_of(tool, mutant, {})[0], "killed")
            self.assertEqual(score.verdict_of(tool, same, {})[0], "survives")
            for wrong in ("equal", "mends", "undriven"):
                self.assertEqual(score.verdict_of(tool, mutant, {mutant.id: {"is": wrong, "why": "-"}})[0], "survives")
            unexpected = dataclasses.replace(mutant, expected=frozenset({"leak"}))
            self.assertEqual(score.verdict_of(tool, unexpected, {})[0], "survives")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
