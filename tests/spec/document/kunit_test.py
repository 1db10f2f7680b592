#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Suites for KUnit: the kernel's own headers and the shim's take those of every shipped contract; on kernel-ref's shim
the unmodified heaps pass them, and a driver that is broken fails the tests that are named after what it broke.
kunit_test.py BUILD"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from compilers import kernel_compiler, shim_compiler
from tool import TOOL, contracts, run

BUILD = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev").resolve()
PATCHES = pathlib.Path("kernel-ref/drive/patches").resolve()
# Whose calls are the caller's to keep from, and what a static exporter does not have.
KEPT_FROM = "nothing in the kernel answers"
REASONS = (KEPT_FROM, "the exporter pins nothing", "the exporter's storage does not move", "the exporter makes no kernel mapping")


class Kunit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.files = {}
        for name in contracts():
            cls.files[name] = pathlib.Path(cls.folder.name) / f"{name}.c"
            cls.files[name].write_text(run("doc", name, "--format", "kunit"))

    def drive(self, driver, contract, *words):
        """The results by the names of the tests, with what was said of each."""
        file = self.files.get(contract, contract)
        done = subprocess.run([TOOL, "drive", driver, "--kunit", file, *words], capture_output=True, text=True, timeout=100,
                              check=False)
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:3], ["KTAP version 1", "1..1", "    KTAP version 1"])
        results = {}
        for how, number, name, skip in re.findall(r"^    (ok|not ok) (\d+) (\w+)(?: # SKIP (.*))?$", done.stdout, re.M):
            self.assertEqual(int(number), len(results) + 1)
            results[name] = ("skipped: " + skip) if skip else how
        self.assertIn(f"    1..{len(results)}", lines)
        failed = [name for name, how in results.items() if how == "not ok"]
        self.assertEqual(done.returncode, 1 if failed else 0)
        self.assertTrue(lines[-1].startswith("not ok 1 custody-" if failed else "ok 1 custody-"))
        return results, failed, done.stdout

    def test_the_kernels_headers_take_them(self):
        # Those of one contract more than three: what differs is data.
        for name in ("system-heap-6.1", "lazy", "udmabuf-after", "state-graph-2019"):
            done = kernel_compiler(self.files[name])
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_the_shim_takes_all(self):
        done = shim_compiler(BUILD, self.files.values())
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_compiler_would_complain(self):
        broken = pathlib.Path(self.folder.name) / "broken.c"
        broken.write_text(self.files["ion"].read_text().replace("custody_watch()", "custody_watched()", 1))
        self.assertNotEqual(shim_compiler(BUILD, [broken]).returncode, 0)
        self.assertNotEqual(kernel_compiler(broken).returncode, 0)

    def test_the_unmodified_drivers_pass(self):
        for driver, contract, passed in (("system_heap", "system-heap-6.1", 85), ("cma_heap", "system-heap-6.1", 85),
                                         ("udmabuf", "udmabuf-after", 75), ("ownership_heap", "vision-keep", 85)):
            results, failed, _ = self.drive(driver, contract)
            self.assertEqual(failed, [], driver)
            self.assertGreater(list(results.values()).count("ok"), passed)
            for name, how in results.items():
                self.assertTrue(how == "ok" or how.removeprefix("skipped: ").startswith(REASONS), f"{name}: {how}")
                self.assertTrue(how == "ok" or not name.startswith("clause_"), name)
            self.assertEqual(results, self.drive(driver, contract)[0], "twice the same")

    def test_what_is_legal_is_skipped_only_where_the_exporter_cannot(self):
        results, _, _ = self.drive("system_heap", "system-heap-6.1")
        legal = {name: how for name, how in results.items() if not re.search(r"_x\d+$", name)}
        self.assertEqual([name for name, how in legal.items() if KEPT_FROM in how], [])
        for name, how in legal.items():
            self.assertEqual(how != "ok", "pin" in name or "move" in name, f"{name}: {how}")
        self.assertEqual({results[f"{state}_end_end_x1"] for state in ("NonOwnedBacked", "DeviceOwned")}, {"ok"})

    def test_every_row_and_clause_of_a_contract_has_a_test(self):
        text = self.files["vision-release"].read_text()
        page = run("doc", "vision-release", "--format", "md")
        rows = {name.replace("\\", "") for name in re.findall(r"^### ([a-z][\w\\-]*\d)$", page, re.M)}
        self.assertGreater(len(rows), 40)
        missing = [row for row in rows if not re.search(rf"[\[ ]{re.escape(row)}[\],]", text)]
        # Other machines hear of a call beside: no call is answered by these rows.
        self.assertEqual(sorted(missing), ["attachment-move-1", "bracket-1", "bracket-2"])

    def test_a_broken_driver_fails_what_is_named_after_it(self):
        # Of end_end_x1 it is the begin behind that end that is looked at.
        for patch, driver, contract, names in (
                ("system-no-clean-at-end", "system_heap", "system-heap-6.1", r"CpuOwned_end_end_[12]_window_end_1|clause_end\w*"),
                ("system-sync-unmapped", "system_heap", "system-heap-6.1", r"clause_(begin|end)_spares_others"),
                ("cma-sync-unmapped", "cma_heap", "system-heap-6.1", r"clause_(begin|end)_spares_others"),
                ("system-skip-sync", "system_heap", "system-heap-6.1", r"\w+_(map|unmap)_\w+|clause_(map|unmap)"),
                ("udmabuf-no-sync-at-begin", "udmabuf", "udmabuf-after",
                 r"\w+_begin_begin_1_window_begin_1|\w+_end_end_x1|clause_begin(_first)?"),
                ("udmabuf-swapped-syncs", "udmabuf", "udmabuf-after",
                 r"CpuOwned_end_\w+|\w+_end_end_x1|\w+_begin_\w+|clause_(begin|end)\w*")):
            _, failed, text = self.drive(driver, contract, "--patch", PATCHES / "bad" / f"{patch}.patch")
            self.assertTrue(any(name.startswith("clause_") for name in failed), patch)
            for name in failed:
                self.assertRegex(name, f"^({names})$", patch)
                self.assertRegex(text, rf"    # {name}: (due and not made|made and not due): dma_", patch)

    def test_a_pass_that_is_left_out_fails_what_is_named_after_it(self):
        drivers = pathlib.Path("kernel-ref/drivers")
        for place, names in (("else if (!b->windows && b->device_owned)\n\t\tmaintain(b, false, true)",
                              r"\w+_begin_\w+|DeviceOwned_end_end_x1|clause_begin"),
                             ("else if (last && b->device_owned) {\n\t\tmaintain(b, true, false)", r"CpuOwned_end_\w+|clause_end"),
                             ("else if (!b->windows && !b->device_owned)\n\t\t\tmaintain(b, true, false)",
                              r"NonOwnedBacked_map_\w+|clause_(devices_take|map)")):
            source = (drivers / "ownership_heap.c").read_text()
            self.assertEqual(source.count(place), 1)
            path = pathlib.Path(self.folder.name) / "ownership_heap.c"
            path.write_text(source.replace(place, re.sub(r"maintain\(.*", "(void)0", place)))
            for header in ("heap_pages.h", "ownership_policy.h", "reference_drivers.h"):
                (path.parent / header).write_text((drivers / header).read_text())
            _, failed, text = self.drive(path, "vision-keep")
            self.assertTrue(any(name.startswith("clause_") for name in failed), place)
            for name in failed:
                self.assertRegex(name, f"^({names})$", place)
                self.assertRegex(text, rf"    # {name}: due and not made: (clean|invalidate) of the exporter's own device")

    def test_a_mapping_outside_of_a_window_is_what_the_helpers_of_2019_lack(self):
        _, failed, text = self.drive("heap_helpers_2019", "heap-helpers-2019")
        self.assertEqual(len(failed), 8)
        for name in failed:
            self.assertRegex(name, r"^(NonOwnedBacked|DeviceOwned)_v(un)?map_other_1_v(un)?map_[13]$")
            self.assertRegex(text, rf"    # {name}: BUG at dma-buf\.c:\d+: iosys_map_is_null\(&dmabuf->vmap_ptr\)")

    def test_a_driver_of_another_contract_fails(self):
        _, failed, _ = self.drive("udmabuf", "udmabuf-before")
        self.assertIn("clause_map", failed)
        self.assertIn("clause_begin_first", failed)

    def test_a_crash_fails_the_test_that_ran(self):
        results, failed, text = self.drive("system_heap", "system-heap-6.1", "--patch", PATCHES / "bad" / "system-null-vaddr.patch")
        self.assertIn("follows a NULL pointer, in system_heap", text)
        self.assertEqual(results["NonOwnedBacked_export_export_x1"], "ok")
        self.assertIn("clause_begin", failed)

    def test_patches_that_change_nothing_pass(self):
        for patch in ("system-sync-helper", "system-rename-struct"):
            self.assertEqual(self.drive("system_heap", "system-heap-6.1", "--patch", PATCHES / "equal" / f"{patch}.patch")[1], [])

    def test_what_is_no_suite_is_refused(self):
        for text, says in (("int x = ;\n", "kunit-suite.c does not compile"), (None, "no such file")):
            path = pathlib.Path(self.folder.name) / "none.c"
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text)
            done = subprocess.run([TOOL, "drive", "system_heap", "--kunit", path], capture_output=True, text=True, timeout=60,
                                  check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(says, done.stderr)

    def test_text_of_a_contract_stays_text(self):
        hostile = ('{"schema":"custody.contract/2","name":"*/x\\"","title":"*/ #error y /* \\\\","source":"s","base":"ion",'
                   '"clauses":{"*)}\\\"":{"on":"begin","do":"mapped:for_cpu","because":"*/ #error z\\n#error \\u202e","cite":"seed"},'
                   '"no":{"on":"map","if":"attached=some","refuse":"EBUSY","because":"b","cite":"seed"}}}')
        text = run("doc", "-", "--format", "kunit", stdin=hostile.encode())
        path = pathlib.Path(self.folder.name) / "hostile.c"
        path.write_text(text)
        done = shim_compiler(BUILD, [path])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("-EBUSY", text)

    def test_an_error_that_no_kernel_has_is_named(self):
        path = pathlib.Path(self.folder.name) / "odd.c"
        path.write_text(run("doc", "-", "--format", "kunit", stdin=b'{"schema":"custody.contract/2","name":"odd","title":"t",'
                            b'"source":"s","base":"ion","clauses":{"no":{"on":"map","refuse":"EODD","because":"b","cite":"seed"}}}'))
        done = shim_compiler(BUILD, [path])
        self.assertIn("the contract returns EODD, which this kernel does not have", done.stderr)


if __name__ == "__main__":
    unittest.main()
