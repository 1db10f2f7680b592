#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Drives the drivers' sources: what is known of the unmodified ones, and patches that are known to be good or bad.

drive_test.py CUSTODY TOPIC. Bounds are small, so that the whole stays short: what needs more says so."""

import base64
import json
import os
import pathlib
import quopri
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema

TOOL = sys.argv[1]
PATCHES = pathlib.Path("kernel-ref/drive/patches").resolve()
SCHEMAS = {kind: json.loads(pathlib.Path(f"spec/{kind}_report.schema.json").read_text())
           for kind in ("drive", "drive_review")}
SMALL = ["--depth", "4", "--failures", "2", "--interleave", "1"]


def custody(*words, **options):
    return subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True, timeout=300, check=False, **options)


def source_of(patch):
    return {"system": "system_heap", "cma": "cma_heap", "udmabuf": "udmabuf", "helpers": "heap_helpers_2019",
            "ownership": "ownership_heap", "core": "drivers/dma-buf/dma-buf.c"}[patch.name.split("-")[0]]


def driven(source, *words):
    done = custody("drive", "-q", "--format", "json", *words, source)
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMAS["drive"])
    return done.returncode, report


def keys(report, client="legal"):
    return {f["key"] for f in report["findings"] if f["client"] == client}


class Known(unittest.TestCase):
    def test_system_heap_forgets_the_second_map(self):  # T06
        status, report = driven("drivers/dma-buf/heaps/system_heap.c", "--depth", "5", "--failures", "0", "--interleave", "0",
                                "--client", "maps-twice", "--mix", "plain")
        found = [f for f in report["findings"] if f["rule"] == "M3"]
        self.assertEqual(status, 1)
        self.assertEqual(found[0]["calls"], ["export", "attach cam", "map cam BIDIRECTIONAL", "map cam BIDIRECTIONAL",
                                             "unmap cam BIDIRECTIONAL", "begin_cpu_access BIDIRECTIONAL"])
        self.assertIn("dma_map", found[0]["litmus"])

    def test_system_heap_syncs_what_is_unmapped_beside_it(self):  # T07
        _, report = driven("system_heap", "--depth", "2", "--failures", "0", "--interleave", "2", "--mix", "plain", "--client",
                           "legal")
        found = [f for f in report["findings"] if f["rule"] == "L1"]
        self.assertEqual({f["key"] for f in found}, {"rule L1 of begin_cpu_access beside unmap"})
        self.assertEqual(len(found[0]["together"]), 2)
        self.assertTrue(any("task 2" in line for line in found[0]["schedule"]))

    def test_the_overlapping_client_of_the_matrix_is_driven_where_it_is_named(self):
        words = ["--depth", "4", "--failures", "0", "--interleave", "0", "--mix", "plain"]
        _, report = driven("system_heap", *words, "--client", "overlapping")
        self.assertEqual({e["client"] for e in report["explored"]}, {"overlapping"})
        legal = keys(driven("system_heap", *words, "--client", "legal")[1])
        self.assertTrue(keys(report, "overlapping") - legal, report["findings"])
        _, without = driven("system_heap", *words)
        self.assertNotIn("overlapping", {e["client"] for e in without["explored"]})

    def test_clients_that_are_named_are_told_of_one_by_one_legal_first(self):
        words = ["--depth", "5", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "vmap", "--client",
                 "never-brackets", "--client", "unpaired", "--client", "legal"]
        _, report = driven("system_heap", *words)
        self.assertEqual([e["client"] for e in report["explored"] if e["configuration"] == "plain"],
                         ["legal", "unpaired", "never-brackets", "vmap"])
        # As `custody check` says of the contract: only who accesses while devices are mapped meets them.
        self.assertLessEqual({"M1", "M2", "M3"}, {f["rule"] for f in report["findings"] if f["client"] == "vmap"})
        for client in ("unpaired", "never-brackets"):
            self.assertFalse([f for f in report["findings"] if f["client"] == client and f["rule"].startswith("M")], client)
        found = next(f for f in report["findings"] if f["client"] == "vmap" and f["rule"] == "M3")
        self.assertEqual(found["calls"][-2:], ["vmap", "read by the CPU"])
        text = custody("drive", "-q", *words, "system_heap").stdout
        places = [text.index(f"Client {c},") for c in ("legal", "unpaired", "never-brackets", "vmap")]
        self.assertEqual(places, sorted(places))
        done = custody("drive", "-q", "--client", "lega", "system_heap")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("never-brackets, vmap", done.stderr)

    def test_a_client_of_the_matrix_meets_what_the_contract_of_udmabuf_lacks(self):
        _, report = driven("udmabuf", "--depth", "5", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "never-brackets")
        self.assertIn("M3", {f["rule"] for f in report["findings"]})

    def test_udmabuf_leaks_a_table_of_two_first_begins(self):  # T16
        _, report = driven("udmabuf", "--depth", "1", "--failures", "0", "--interleave", "1", "--mix", "plain", "--client",
                           "legal")
        self.assertIn("leak of begin_cpu_access beside begin_cpu_access", keys(report))
        self.assertIn("race of begin_cpu_access beside begin_cpu_access", keys(report))

    def test_udmabuf_hands_over_dirty_lines(self):  # T14
        _, report = driven("udmabuf", "--depth", "2", "--failures", "0", "--interleave", "0", "--mix", "plain")
        found = [f for f in report["findings"] if f["key"] == "M1 in map"]
        self.assertEqual(found[0]["calls"][:2], ["export", "attach cam"])
        self.assertEqual(len(found[0]["calls"]), 3)

    def test_heap_helpers_sync_what_was_never_mapped_and_lose_count(self):  # T01, T08
        _, report = driven("heap_helpers_2019", "--depth", "4", "--failures", "0", "--interleave", "0", "--mix", "plain")
        self.assertIn("L1 in begin_cpu_access at sync_for_cpu", keys(report))
        self.assertTrue(any(k.startswith("crash in vunmap: BUG") for k in keys(report, "ends-twice")))

    def test_dma_sg_invalidates_the_zeroes_of_its_pages(self):
        status, report = driven("drivers/media/common/videobuf2/videobuf2-dma-sg.c", *SMALL, "--client", "legal", "--mix", "plain")
        found = {f["key"]: f["calls"] for f in report["findings"]}
        self.assertEqual((status, found["M10 in begin_cpu_access at sync_for_cpu"]),
                         (1, ["export", "begin_cpu_access BIDIRECTIONAL"]))
        self.assertNotIn("M3 in begin_cpu_access", found)
        self.assertFalse([k for k in found if k.startswith(("leak", "crash", "L", "M1 ", "M2 "))])

    def test_dma_sg_of_an_output_queue_never_invalidates(self):
        _, report = driven("videobuf2-dma-sg-output", *SMALL, "--client", "legal", "--mix", "plain")
        self.assertIn("M3 in begin_cpu_access", keys(report))

    def test_dma_contig_owes_nothing_of_coherent_memory_and_all_of_other(self):
        words = [*SMALL, "--client", "legal", "--mix", "plain"]
        _, coherent = driven("drivers/media/common/videobuf2/videobuf2-dma-contig.c", *words)
        self.assertEqual(keys(coherent), {"WARN_ON(!buf->sgt_base) in export, after a failure"})
        status, cached = driven("videobuf2-dma-contig-non_coherent", *words)
        self.assertEqual(status, 1)
        self.assertLessEqual({"M1 in map", "M2 in map", "M3 in begin_cpu_access", "M1 in end_cpu_access"}, keys(cached))

    def test_drm_says_which_interfaces_are_lacking(self):
        for name, lacking in (("drm_prime", "drm_gem_object_get,"), ("drm_gem_shmem_helper", "drm_gem_get_pages,")):
            with self.subTest(name):
                done = custody("drive", "-q", f"drivers/gpu/drm/{name}.c")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(f"{name}.c does not compile", done.stderr)
                self.assertIn("Interfaces of the kernel that the shim lacks", done.stderr)
                self.assertIn(lacking, done.stderr)

    def test_the_same_twice(self):
        first = custody("drive", "-q", *SMALL, "system_heap")
        self.assertEqual(first.stdout, custody("drive", "-q", *SMALL, "system_heap").stdout)
        self.assertIn("Explored:", first.stdout)

    def test_random_calls_go_beyond_the_depth(self):
        words = ["--depth", "1", "--failures", "0", "--interleave", "0", "--client", "legal", "--mix", "plain", "--random",
                 "2000"]
        _, one = driven("udmabuf", *words, "--seed", "3")
        _, same = driven("udmabuf", *words, "--seed", "3")
        self.assertEqual(one, same)
        self.assertGreaterEqual(one["random_calls"], 2000)
        self.assertIn("M1 in map", keys(one))


class Patches(unittest.TestCase):
    # Which finding a bad patch brings, by a part of its key; and what more depth it needs.
    BAD = {
        "cma-no-null-check": "crash in attach: follows a NULL", "cma-release-short": "leak after",
        "core-lock-kept": "deadlock in attach", "system-lock-order": "deadlock in begin_cpu_access beside map",
        "udmabuf-page-not-put": "leak after", "udmabuf-wrong-direction": "L3 in release",
        "cma-sync-unmapped": "L1 in begin_cpu_access", "cma-vmap-outside-lock": "race of begin_cpu_access beside vunmap", "system-begin-without-lock": "race of",
        "system-double-free": "memory in detach: frees twice", "system-endless": "loop in begin_cpu_access",
        "system-leak-on-detach": "leak after", "system-leak-on-error": "leak after a failure, attach",
        "system-lock-not-dropped": "deadlock in", "system-lock-twice": "deadlock in detach",
        "system-no-clean-at-end": "M1 in end_cpu_access", "system-null-vaddr": "crash in begin_cpu_access: follows a NULL",
        "system-skip-sync": "M1 in map", "system-sync-unmapped": "L1 in begin_cpu_access",
        "system-use-after-free": "memory in detach: use after free", "udmabuf-merged-nents": "L14 in begin_cpu_access",
        "udmabuf-no-sync-at-begin": "M3 in begin_cpu_access", "udmabuf-swapped-syncs": "M3 in begin_cpu_access",
    }

    def review(self, patch, *words):
        done = custody("review", source_of(patch), patch, "--format", "json", *SMALL, *words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMAS["drive_review"])
        return done.returncode, report

    def test_what_breaks_is_found(self):
        self.assertEqual(set(self.BAD), {p.stem for p in (PATCHES / "bad").glob("*.patch")})
        for name, key in self.BAD.items():
            with self.subTest(name):
                more = ["--interleave", "2"] if "vmap-outside" in name else []
                status, report = self.review(PATCHES / "bad" / f"{name}.patch", *more)
                self.assertEqual(status, 1, report["differences"][:3])
                text = json.dumps([f["key"] for f in report["new"]] + [d["added"] for d in report["differences"]])
                self.assertIn(key, text)

    def test_what_changes_nothing_is_equal(self):
        patches = sorted((PATCHES / "equal").glob("*.patch"))
        self.assertGreaterEqual(len(patches), 15)
        for patch in patches:
            with self.subTest(patch.name):
                status, report = self.review(patch)
                self.assertEqual((status, report["equal"]), (0, True), report["differences"][:3])

    def test_a_crash_takes_nothing_off_what_was_wrong_before(self):
        _, report = self.review(PATCHES / "bad/system-null-vaddr.patch")
        self.assertEqual(report["gone"], [])

    def test_a_crash_says_where_it_is_and_stands_once_for_all_alike(self):
        text = custody("review", "cma_heap", PATCHES / "bad/cma-no-null-check.patch", *SMALL, "-q").stdout
        self.assertNotIn("unknown code", text)
        text = custody("review", "udmabuf", PATCHES / "bad/udmabuf-page-not-put.patch", *SMALL, "-q").stdout
        self.assertEqual(text.split("What it mends")[0].count("[leak]"), 2, text)
        self.assertIn("also: leak after", text)

    def test_what_mends_breaks_nothing(self):
        mends = {"system-count-maps": "M3 in begin_cpu_access", "system-lock-at-unmap": "race of begin_cpu_access beside unmap",
                 "udmabuf-lock-begin": "leak of begin_cpu_access beside begin_cpu_access"}
        for name, key in mends.items():
            with self.subTest(name):
                status, report = self.review(PATCHES / "good" / f"{name}.patch", "--depth", "5", "--failures", "0",
                                             "--interleave", "2")
                self.assertEqual((status, report["new"]), (0, []))
                self.assertIn(key, {f["key"] for f in report["gone"]})


class Input(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_a_mailbox_is_read_whole(self):
        one, other = ((PATCHES / "equal" / f"system-{n}.patch").read_text() for n in ("rename-init", "comments"))
        box = self.file("series.mbox", f"From one\nTo: a@example.org\n{one}\n-- \n2.39\n\nFrom other\n{other}\n")
        done = custody("review", "system_heap", box, *SMALL, "--depth", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("equal", done.stdout)

    def test_every_form_of_a_mail_is_the_same_patch(self):
        patch = (PATCHES / "bad/system-skip-sync.patch").read_text()
        name = "drivers/dma-buf/heaps/system_heap.c"
        header = "From 1 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\nMIME-Version: 1.0\n"
        said = f"Words, and a line\n--- \nof dashes.\n---\n {name} | 1 -\n\n{patch}-- \n2.39\n\n"
        quoted, coded = quopri.encodestring(said.encode()).decode(), base64.encodebytes(said.encode()).decode()
        cover = f"{header}\nWhat it is about.\n\n{name} | 1 -\n-- \n2.39\n\n"
        forms = {"quoted": f"{cover}{header}Content-Transfer-Encoding: quoted-printable\n\n{quoted}",
                 "base64": f"{cover}{header}Content-Transfer-Encoding: base64\n\n{coded}\n",
                 "crlf": f"{header}\n{said}".replace("\n", "\r\n"), "p0": patch.replace(" a/", " ").replace(" b/", " "),
                 "base": patch.replace("a/drivers/dma-buf/heaps/", "").replace("b/drivers/dma-buf/heaps/", ""),
                 "renamed": patch.replace(f"b/{name}", "b/drivers/dma-buf/heaps/sys_heap.c"),
                 "offset": re.sub(r"@@ -(\d+)", lambda m: f"@@ -{int(m[1]) + 31}", patch),
                 "attached": f"{header}Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n\nhi\n--B\n"
                             f"Content-Transfer-Encoding: base64\n\n{coded}\n--B--\n"}
        found = {}
        for form, text in [("plain", patch), *forms.items()]:
            path = self.folder / f"{form}.patch"
            path.write_bytes(text.encode())
            done = custody("review", "-q", "--format", "json", "system_heap", path, "--depth", "2", "--failures", "0", "--interleave", "0",
                           "--mix", "plain", "--client", "legal")
            with self.subTest(form):
                self.assertEqual(done.stderr, "")
                found[form] = json.loads(done.stdout)["differences"]
                self.assertTrue(found[form])
                self.assertEqual(found[form], found["plain"])

    def test_what_exports_nothing_is_not_called_equal(self):
        nothing = self.file("nothing.c", "#include <linux/module.h>\n")
        done = custody("review", "-q", *SMALL, nothing, self.file("other.c", "#include <linux/module.h>\n\n"))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("neither side exports a buffer", done.stderr)

    def test_the_second_side_can_be_a_file(self):
        home = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf/heaps/system_heap.c"
        text = home.read_text()
        same = self.file("system_heap.c", text)
        worse = self.file("worse.c", text.replace("\ta->mapped = false;\n\tdma_unmap", "\tdma_unmap"))
        self.assertEqual(custody("review", "system_heap", same, *SMALL).returncode, 0)
        done = custody("review", "system_heap", worse, *SMALL)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)

    def test_any_file_that_registers_an_exporter_is_driven(self):
        home = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf"
        for source, key in (("heaps/system_heap.c", "race of begin_cpu_access beside map"), ("udmabuf.c", "M1 in map")):
            with self.subTest(source):
                status, report = driven(self.file("my_exporter.c", (home / source).read_text()), *SMALL)
                self.assertEqual(status, 1)
                self.assertIn(key, keys(report))
        _, report = driven(self.file("nothing.c", "#include <linux/module.h>\n"), *SMALL)
        self.assertIn("registers no heap", report["findings"][0]["says"])

    def test_a_source_is_reviewed_against_a_contract(self):
        home = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf/heaps/system_heap.c"
        same = self.file("my_heap.c", home.read_text())
        worse = self.file("worse.c", re.sub(r"dma_sync_sgtable_for_device\([^;]*;", ";", home.read_text()))
        for words, status in (("system-heap-6.1", same), 0), ((same, "system-heap-6.1"), 0), (("system-heap-6.1", worse), 1):
            with self.subTest(words):
                done = custody("review", "-q", "--format", "json", *words)
                self.assertEqual(done.returncode, status, done.stderr)
                jsonschema.validate(json.loads(done.stdout), json.loads(pathlib.Path("spec/review_report.schema.json").read_text()))
        self.assertEqual(custody("diff", "system-heap-6.1", same).returncode, 0)
        self.assertEqual(custody("diff", "system-heap-6.1", worse).returncode, 1)

    def test_what_no_contract_says_of_a_driver_is_in_its_review(self):
        home = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf/heaps/system_heap.c"
        schema = json.loads(pathlib.Path("spec/review_report.schema.json").read_text())
        heap = home.read_text()
        leaks = self.file("leaks.c", heap.replace("\tkfree(a->table);\n\tkfree(a);\n}\n\nstatic struct sg_table *system", 
                                                  "\tkfree(a->table);\n}\n\nstatic struct sg_table *system"))
        self.assertNotEqual(pathlib.Path(leaks).read_text(), heap)
        words = ["review", "-q", "--format", "json", *SMALL]
        done = custody(*words, "system-heap-6.1", leaks)
        report = json.loads(done.stdout)
        jsonschema.validate(report, schema)
        self.assertEqual((done.returncode, report["regressions"]), (1, 0), "the contracts are equal, the leak is not in them")
        found = report["driven"][0]
        self.assertEqual((found["driver"], found["side"]), ("leaks.c", "second"))
        self.assertIn("leak", {f["kind"] for f in found["findings"]})
        self.assertIn("race", {f["kind"] for f in found["findings"]})
        first = custody(*words, leaks, "system-heap-6.1")
        self.assertEqual((first.returncode, json.loads(first.stdout)["driven"][0]["side"]), (0, "first"))
        text = custody("review", "-q", *SMALL, "system-heap-6.1", leaks).stdout
        self.assertIn("What the exploration of leaks.c found", text)
        self.assertIn("[leak]", text)

    def test_a_crash_against_a_contract_is_a_finding_and_no_bad_input(self):
        home = pathlib.Path(TOOL).parent / "libexec/custody/linux/drivers/dma-buf/heaps/system_heap.c"
        crashes = self.file("crashes.c", home.read_text().replace("\ta->mapped = true;", "\ta = NULL;\n\ta->mapped = true;"))
        done = custody("review", "-q", "--format", "json", *SMALL, "system-heap-6.1", crashes)
        self.assertEqual(done.returncode, 1, done.stderr)
        found = [f for f in json.loads(done.stdout)["driven"][0]["findings"] if f["kind"] == "crash"]
        self.assertEqual(found[0]["calls"], ["export", "attach cam", "map cam BIDIRECTIONAL"])

    def test_policies_stand_behind_the_name(self):
        words = ["--depth", "3", "--failures", "0", "--interleave", "0", "--mix", "plain", "--client", "legal"]
        end_sync, lazy = (driven(f"ownership_heap-{p}", *words)[1]["costs"] for p in ("end_sync", "lazy"))
        self.assertNotEqual(end_sync, lazy)
        home = pathlib.Path(TOOL).parent / "libexec/custody/drivers/ownership_heap.c"
        policy = "struct ownership_policy ownership_heap_policy"
        own = self.file("ownership_heap.c", home.read_text().replace(f"{policy};", f"{policy} = {{ .lazy = 1 }};"))
        self.assertEqual(driven(own, *words)[1]["costs"], lazy)
        done = custody("drive", "-q", "ownership_heap-eager")
        self.assertEqual(done.returncode, 2)
        self.assertIn("-until_last_detach", done.stderr)

    def test_what_does_not_compile_is_said_with_what_is_lacking(self):
        patch = (PATCHES / "equal" / "system-comments.patch").read_text().replace("+\ta->mapped = true;", "+\ta->mapped = no_such_interface(a);")
        done = custody("review", "system_heap", self.file("broken.patch", patch), *SMALL)
        self.assertEqual(done.returncode, 2)
        self.assertIn("drivers/dma-buf/heaps/system_heap.c:", done.stderr)
        self.assertIn("lacks, or that are misspelt: no_such_interface", done.stderr)

    def test_what_does_not_apply_is_said(self):
        patch = (PATCHES / "equal" / "system-comments.patch").read_text().replace("bool mapped;", "bool mopped;")
        done = custody("drive", "system_heap", "-q", "--patch", self.file("stale.patch", patch))
        self.assertEqual(done.returncode, 2)
        self.assertIn("does not apply", done.stderr)
        self.assertEqual(custody("review", "system_heap", self.file("none.patch", "no diff\n")).returncode, 2)
        self.assertEqual(custody("drive", "-q", "no_such.c").returncode, 2)

    def test_without_the_program_it_says_what_to_install(self):
        done = custody("drive", "-q", "system_heap", env=os.environ | {"CUSTODY_DRIVE_HOME": str(self.folder)})
        self.assertEqual(done.returncode, 2)
        self.assertIn("linux-source-6.1", done.stderr)

    def test_findings_come_with_litmus_files_and_schedules(self):
        done = custody("drive", "-q", *SMALL, "--litmus", self.folder / "out", "udmabuf")
        self.assertEqual(done.returncode, 1)
        schedules = list((self.folder / "out").glob("*.schedule"))
        self.assertTrue(schedules)
        litmus = sorted((self.folder / "out").glob("*-M1.litmus"))[0]
        self.assertIn("M1", custody("replay", litmus).stdout)


class Schedules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def schedules(self, *words):
        """Those of what is found, by their key."""
        custody("drive", "-q", *SMALL, "--litmus", self.folder, *words)
        files = sorted(self.folder.glob("*.schedule"))
        return {re.search("^finding (.*)$", f.read_text(), re.M).group(1): f for f in files}

    def played(self, file, *words):
        done = custody("drive", "-q", "--format", "json", "--schedule", file, *words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMAS["drive"])
        return done.returncode, report["findings"]

    def test_each_finding_is_found_again_in_the_same_way(self):
        bad = PATCHES / "bad"
        for words in (["system_heap"], ["udmabuf"], ["heap_helpers_2019"], ["system_heap", "--patch", bad / "system-use-after-free.patch"],
                      ["system_heap", "--patch", bad / "system-lock-not-dropped.patch"],
                      ["system_heap", "--patch", bad / "system-leak-on-error.patch"],
                      ["cma_heap", "--patch", bad / "cma-vmap-outside-lock.patch", "--interleave", "2"]):
            with self.subTest(words):
                _, report = driven(words[0], *SMALL, *words[1:])
                _ = [f.unlink() for f in self.folder.iterdir()]
                schedules = self.schedules(*words)
                self.assertEqual(set(schedules), {f["key"] for f in report["findings"]})
                alone = [w for w in words if w not in ("--interleave", "2")]
                for file in schedules.values():
                    text = file.read_text()
                    key, where, client = (re.search(f"^{w} (.*)$", text, re.M).group(1) for w in ("finding", "configuration", "client"))
                    was = next(f for f in report["findings"] if (f["key"], f["configuration"], f["client"]) == (key, where, client))
                    status, found = self.played(file, *alone)
                    again = [f for f in found if f["key"] == key]
                    self.assertEqual(len(again), 1, file.read_text())
                    self.assertEqual(status, 1 if any(f["severity"] == "error" for f in found) else 0)
                    for part in ("says", "calls", "litmus", "schedule", "choices"):
                        self.assertEqual(again[0].get(part), was.get(part), key)

    def test_a_mended_driver_does_not_show_it(self):
        file = self.schedules("system_heap")["race of begin_cpu_access beside map"]
        done = custody("drive", "-q", "--schedule", file, "--patch", PATCHES / "good/system-lock-at-unmap.patch", "system_heap")
        self.assertIn("does not show it: race of begin_cpu_access beside map", " ".join(done.stdout.split()))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_calls_that_cannot_be_made_are_said(self):
        head = "custody schedule 1\nfinding x\nconfiguration plain\narch arm64-6.1\nclient legal\nwindows 2\ndevice cam\n"
        file = self.folder / "x.schedule"
        for calls, says in (("call unmap cam TO_DEVICE\n", "came out otherwise: unmap cam TO_DEVICE"),
                            ("call detach cam\n", "detach cam"),
                            ("together map cam TO_DEVICE | vmap\nchoices 01\n", "side by side")):
            with self.subTest(calls):
                file.write_text(head + calls)
                done = custody("drive", "-q", "--schedule", file, "system_heap")
                self.assertIn(says, " ".join(done.stdout.split()))

    def test_what_is_no_schedule_is_refused_with_its_line(self):
        head = "custody schedule 1\narch arm64-6.1\ndevice cam\n"
        file = self.folder / "x.schedule"
        for text, says in (("no schedule\n", ":1: expected \"custody schedule 1\""), ("", ":0: expected"), (head + "call fly\n", ":4: "),
                           (head + "call map gpu TO_DEVICE\n", ":4: "), ("custody schedule 1\narch z80\n", ":2: "),
                           (head + "together attach cam\n", ":4: "), (head + "choices 012\n", ":4: "),
                           (head + "together attach cam | attach cam\n", "expected choices"), ("custody schedule 1\n", "expected an arch"),
                           (head + "device x\x1b flies\n", ":4: ")):
            with self.subTest(text):
                file.write_text(text)
                done = custody("drive", "-q", "--schedule", file, "system_heap")
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stdout)
                self.assertIn(says, done.stderr)
                self.assertNotIn("\x1b", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
