# SPDX-License-Identifier: BSD-2-Clause
"""Threads share a search, and what it says is the same. The preset `tsan` runs this under the thread sanitizer."""
import json
import unittest

from faults import FaultTest

# One that holds, one that is violated, one that syncs ranges.
CONTRACTS = ("system-heap-6.1", "vision-keep", "udmabuf-after")


class Threads(FaultTest):
    def test_two_threads_say_what_one_says(self):
        for contract in CONTRACTS:
            found = []
            for threads in (1, 2):
                args = ["check", "-q", "--format", "json", "--devices", 5, "--no-symmetry", "--threads", threads, contract]
                status, out, err = self.run_tool(args)
                self.assertEqual(err, "")
                report = json.loads(out)
                self.assertTrue(report["complete"])
                found.append((status, {**report, "seconds": 0, "stored_bytes": 0}))
            self.assertEqual(*found)
            self.assertGreater(found[0][1]["states"], 10_000, contract)


if __name__ == "__main__":
    unittest.main()
