# SPDX-License-Identifier: BSD-2-Clause
"""The Debian packages: what is in them, what lintian says, and that the tool runs from what was unpacked."""
import gzip
import os
import pathlib
import shutil
import tempfile
import unittest

from installed import BUILD, run

DOC = "usr/share/doc/"


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # Compressed in a hurry: nobody mails these.
        done = run("cpack", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", "--config", BUILD.resolve() / "CPackConfig.cmake", "-B", cls.folder, cwd=cls.folder, timeout=300)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        cls.debs = {deb.name.split("_")[0]: deb for deb in cls.folder.glob("*.deb")}
        cls.root = cls.folder / "root"
        for deb in cls.debs.values():
            run("dpkg-deb", "--extract", deb, cls.root)

    def files(self, package):
        lines = run("dpkg-deb", "--contents", self.debs[package]).stdout.splitlines()
        return {line.split()[5].removeprefix("./"): line.split()[:2] for line in lines if not line.startswith("d")}

    def field(self, package, name):
        return run("dpkg-deb", "--field", self.debs[package], name).stdout.strip()

    def test_there_is_a_package_for_the_tool_and_two_for_the_library(self):
        self.assertEqual(set(self.debs), {"custody", "libcustody0.1", "libcustody-dev"})
        version = self.field("custody", "Version")
        self.assertTrue(self.field("custody", "Description").startswith("check who has custody of a dma-buf"))
        self.assertEqual(self.field("libcustody-dev", "Depends"), f"libcustody0.1 (= {version})")
        self.assertRegex(self.field("libcustody0.1", "Depends"), r"libfmt9 .*libstdc\+\+6")
        self.assertNotIn("libcustody", self.field("custody", "Depends"))
        self.assertRegex(self.field("custody", "Depends"), r"libarchive13.*libprotobuf")

    def test_each_file_is_where_debian_looks_for_it(self):
        tool = self.files("custody")
        for name in ("usr/bin/custody", "usr/share/man/man1/custody.1.gz", "usr/share/man/man1/custody-replay.1.gz",
                     "usr/share/bash-completion/completions/custody", "usr/share/zsh/vendor-completions/_custody",
                     "usr/share/fish/vendor_completions.d/custody.fish", "usr/share/custody/contracts/lazy.json",
                     "usr/share/custody/schemas/contract.schema.json", "usr/share/custody/exporters.json"):
            self.assertIn(name, tool)
        for name in tool:
            self.assertRegex(name, r"^usr/(bin|share)/")
        arch = run("dpkg-architecture", "-q", "DEB_HOST_MULTIARCH").stdout.strip()
        self.assertIn(f"usr/lib/{arch}/libcustody.so.0.1", self.files("libcustody0.1"))
        self.assertLessEqual({"usr/include/custody/custody.hpp", f"usr/lib/{arch}/libcustody.so",
                              f"usr/lib/{arch}/pkgconfig/custody.pc"}, set(self.files("libcustody-dev")))
        for package in self.debs:
            self.assertLessEqual({f"{DOC}{package}/copyright", f"{DOC}{package}/changelog.gz"}, set(self.files(package)))
            for name, (mode, owner) in self.files(package).items():
                self.assertEqual(owner, "root/root", name)
                self.assertRegex(mode, r"^(-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$", name)

    def test_no_file_is_in_two_packages(self):
        seen = [name for package in self.debs for name in self.files(package)]
        self.assertEqual(len(seen), len(set(seen)))

    def test_the_tool_runs_from_what_was_unpacked(self):
        done = run(self.root / "usr/bin/custody", "check", "-q", self.root / "usr/share/custody/contracts/udmabuf-after.json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertIn("states", done.stdout)

    def test_the_changelog_has_the_version_and_a_date(self):
        text = gzip.decompress((self.root / DOC / "custody/changelog.gz").read_bytes()).decode()
        self.assertIn(f"custody ({self.field('custody', 'Version')})", text)
        self.assertRegex(text, r"\n -- .* <.*>  \w{3}, \d{2} \w{3} \d{4} 00:00:00 \+0000\n$")

    def test_lintian_says_nothing(self):
        done = run("lintian", "--allow-root", "--fail-on", "error,warning", "--display-level", ">=warning", "--tag-display-limit", "0",
                   *self.debs.values(), env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=300)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_nobody_packs_without_saying_who_answers_for_it(self):
        outside = {key: value for key, value in os.environ.items() if not key.startswith("DEB")}
        script = ("cmake", "-DCUSTODY_PACKAGES=ON", "-P", "checker/packaging/maintainer.cmake")
        for said, works in (({}, False), ({"DEBEMAIL": "a@example.org"}, False), ({"DEBFULLNAME": "A B"}, False),
                            ({"DEBFULLNAME": "A B", "DEBEMAIL": "a@example.org"}, True)):
            done = run(*script, env={**outside, **said})
            self.assertEqual(done.returncode == 0, works, (said, done.stderr))
            self.assertEqual("set DEBFULLNAME and DEBEMAIL" in " ".join(done.stderr.split()), not works, done.stderr)

    def test_lintian_sees_what_is_wrong(self):
        bad, name = self.folder / "bad", "libcustody-dev"
        run("dpkg-deb", "--raw-extract", self.debs[name], bad)
        (bad / DOC / name / "copyright").unlink()
        run("dpkg-deb", "--build", "--root-owner-group", bad, self.folder / "bad.deb.file")
        done = run("lintian", "--allow-root", "--fail-on", "error,warning", self.folder / "bad.deb.file", timeout=300)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
