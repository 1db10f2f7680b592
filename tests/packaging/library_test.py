# SPDX-License-Identifier: BSD-2-Clause
"""The installed library: another CMake project and a plain compiler build its example, and it shows no more than its
header says."""
import os
import pathlib
import re
import shutil
import unittest

from installed import BUILD, Installed, run

EXAMPLE = pathlib.Path("checker/packaging/examples/embed/embed.cpp")
# What the shared object needs of others. Sources that are joined bring the readers of files with them.
NEEDED = {"libc.so.6", "libfmt.so.9", "libgcc_s.so.1", "libm.so.6", "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
READERS = {"libarchive.so.13", "libbpf.so.1", "libprotobuf.so.32", "libtraceevent.so.1", "libz.so.1", "libzstd.so.1"}
IS_JOINED = re.search(r"^CMAKE_UNITY_BUILD:\w+=ON$", (BUILD / "CMakeCache.txt").read_text(), re.M) is not None


class Library(Installed):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pc = next(cls.prefix.rglob("custody.pc"))
        cls.lib = cls.pc.parent.parent
        cls.object = next(cls.lib.glob("libcustody.so.*.*.*"))
        cls.env = {**os.environ, "PKG_CONFIG_PATH": str(cls.pc.parent), "LD_LIBRARY_PATH": str(cls.lib)}

    def says(self, program):
        """What the example prints is what the tool says of the same calls."""
        out = self.ran(program, env=self.env)
        litmus = self.prefix / "frame.litmus"
        litmus.write_text("custody litmus: the example\ndevice cam.0\n\nexport frame 1M system\nattach frame cam.0\n"
                          "map frame cam.0 FROM\n  dma_map cam.0 FROM\n    cache_none\nbegin frame FROM\n"
                          "cpu_read frame\nend frame FROM\n")
        told = run(self.tool, "replay", "--all", "--brief", litmus).stdout
        findings = re.findall(r"(?:error|warning|note): (.*) \[(\w+)\]", told)
        self.assertTrue(findings, told)
        for text, rule in findings:
            self.assertIn(f"{rule}: {text}", out)
        self.assertEqual(len(re.findall("^event ", out, re.M)), len(findings), out)
        self.assertEqual(out.splitlines()[-1], told.splitlines()[-1])
        return out

    def test_another_project_builds_the_example_with_cmake(self):
        source, build = self.prefix / "source", self.prefix / "build"
        shutil.copytree(EXAMPLE.parent, source)
        self.ran("cmake", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
                 "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
        self.ran("cmake", "--build", build)
        self.assertIn("M3", self.says(build / "embed"))

    def test_a_compiler_builds_it_with_pkg_config(self):
        flags = self.ran("pkg-config", "--cflags", "--libs", "custody", env=self.env).split()
        program = self.prefix / "embed"
        self.ran("g++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-o", program,
                 EXAMPLE, *flags)
        self.assertIn("M3", self.says(program))
        version = self.ran("pkg-config", "--modversion", "custody", env=self.env).strip()
        self.assertIn(f"custody {version} ", self.ran(self.tool, "--version"))

    def test_another_version_is_not_taken(self):
        source = self.prefix / "later"
        source.mkdir()
        text = (EXAMPLE.parent / "CMakeLists.txt").read_text()
        (source / "CMakeLists.txt").write_text(text.replace("find_package(custody 0.1", "find_package(custody 0.2"))
        done = run("cmake", "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("0.2", done.stderr)

    def test_the_example_is_short(self):
        lines = EXAMPLE.read_text().split("int main", 1)[1].count("\n")
        self.assertLessEqual(lines, 30)

    def test_the_header_shows_neither_boost_nor_json(self):
        headers = list((self.prefix / "include").rglob("*.hpp"))
        self.assertEqual([h.name for h in headers], ["custody.hpp"])
        included = re.findall(r"#include (\S+)", headers[0].read_text())
        self.assertEqual(included, ["<cstddef>", "<cstdint>", "<stdexcept>", "<string>", "<utility>", "<vector>"])

    def test_the_object_shows_what_the_header_says_and_no_more(self):
        lines = self.ran("nm", "-D", "--defined-only", "--demangle", self.object).splitlines()
        shown = {line.split(" ", 2)[2].split("@@")[0] for line in lines}
        shown = {re.sub(r"\[abi:cxx11\]|\(.*", "", name) for name in shown} - {"CUSTODY_0.1"}
        self.assertEqual(shown, {"custody::version", "custody::replay", "custody::check", "custody::Error::Error",
                                 "custody::Error::~Error", "typeinfo for custody::Error", "typeinfo name for custody::Error",
                                 "vtable for custody::Error"})

    def test_the_object_needs_little(self):
        dynamic = self.ran("readelf", "-d", self.object)
        self.assertLessEqual(set(re.findall(r"NEEDED.*\[(.*)\]", dynamic)), NEEDED | (READERS if IS_JOINED else set()))
        self.assertRegex(dynamic, r"SONAME.*\[libcustody\.so\.0\.1\]")


if __name__ == "__main__":
    unittest.main()
