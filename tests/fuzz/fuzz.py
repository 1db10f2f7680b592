#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the targets of libFuzzer from the corpora in corpus/, and says what each did.

  fuzz.py FOLDER --minutes 30           each target so long; what it finds is kept in FOLDER/findings
  fuzz.py FOLDER --seconds 10           the same, for tests
  fuzz.py FOLDER --keep                 puts what FOLDER/corpus grew to, minimised, into corpus/

FOLDER has the executables fuzz.TARGET. A corpus is one archive, corpus/TARGET.tar.xz, as it is some hundred small files.
"""
import argparse
import concurrent.futures
import io
import lzma
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TRACES = ["traces", "traces/formats/ftrace"]
CONTRACTS = ["model", "spec"]
# Each target, and the folders whose words it is made of.
TARGETS = {
    "ftrace": TRACES,
    "event_log": ["traces", "traces/formats/event_log"],
    "litmus": ["traces", "traces/formats/litmus"],
    "trace_dat": [*TRACES, "traces/formats/trace_dat"],
    "perfetto": [*TRACES, "traces/formats/perfetto"],
    "perfetto_text": [*TRACES, "traces/formats/perfetto"],
    "containers": ["traces/input"],
    "contract": CONTRACTS,
    "patch": CONTRACTS,
    "options": ["checker/cli", "checker/explore", *CONTRACTS],
    "replay": [*TRACES, "traces/formats/event_log", "traces/formats/litmus"],
}
MOST_MEGABYTES, MOST_SECONDS_AN_INPUT = 2048, 20
LITERAL = re.compile(r'"((?:[^"\\\n]|\\[nt"\\])+)"')


def corpus_archive(target):
    return HERE / "corpus" / f"{target}.tar.xz"


def dictionary(folders):
    """The words of the tables and of the readers: what stands in quotes in the sources of the folders, if it is short."""
    words = {"--" + option for folder in folders if folder == "checker/cli" for path in (ROOT / folder).glob("*.cpp")
             for option in re.findall(r'--([a-z-]+)', path.read_text(encoding="utf-8"))}
    for folder in folders:
        for path in sorted((ROOT / folder).glob("*.[ch]pp")):
            lines = [l for l in path.read_text(encoding="utf-8").splitlines() if not l.lstrip().startswith(("#", "//"))]
            words.update(word for word in LITERAL.findall("\n".join(lines)) if 2 <= len(word) <= 32)
    escape = {"\\n": "\\x0a", "\\t": "\\x09"}
    return "".join(f'"{re.sub(r"[^ -~]", "", re.sub(chr(92) * 2 + "[nt]", lambda m: escape[m[0]], word))}"\n'
                   for word in sorted(words) if word.isascii())


def unpack(target, folder):
    """The corpus of `target` as files in `folder`, beside what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = corpus_archive(target)
    if not archive.exists():
        return
    with tarfile.open(archive, "r:xz") as packed:
        for member in packed.getmembers():
            if member.isfile() and "/" not in member.name:
                (folder / member.name).write_bytes(packed.extractfile(member).read())


def pack(target, folder):
    """The files of `folder`, in an archive that is the same for the same files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.iterdir()):
            member = tarfile.TarInfo(path.name)
            member.size = path.stat().st_size
            archive.addfile(member, io.BytesIO(path.read_bytes()))
    corpus_archive(target).parent.mkdir(exist_ok=True)
    corpus_archive(target).write_bytes(lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME))


class Place:
    """Where a target runs."""

    def __init__(self, folder, target):
        self.target = target
        self.executable = folder / f"fuzz.{target}"
        self.corpus, self.findings = folder / "corpus" / target, folder / "findings" / target
        self.words, self.log = folder / f"{target}.dict", folder / f"{target}.log"

    def run(self, *options):
        with open(self.log, "wb") as log:
            return subprocess.run([self.executable, f"-rss_limit_mb={MOST_MEGABYTES}",
                                   f"-timeout={MOST_SECONDS_AN_INPUT}", f"-artifact_prefix={self.findings}/", *options],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False).returncode

    def told(self, what):
        found = re.findall(what, self.log.read_text(encoding="utf-8", errors="replace"))
        return found[-1] if found else "?"

    def fuzz(self, seconds, seed, new_inputs):
        """None, or the name of the file that breaks a property."""
        unpack(self.target, self.corpus)
        runs = -1 if new_inputs == 0 else len(list(self.corpus.iterdir())) + new_inputs
        self.findings.mkdir(parents=True, exist_ok=True)
        self.words.write_text(dictionary(TARGETS[self.target]), encoding="utf-8")
        status = self.run(f"-max_total_time={seconds}", f"-runs={runs}", f"-dict={self.words}", f"-seed={seed}", "-print_final_stats=1",
                          "-use_value_profile=0", "-reload=0", self.corpus)
        return None if status == 0 else self.told(r"Test unit written to (\S+)")

    def keep(self):
        """Minimises what the corpus grew to: the fewest files that reach as much of the code. How often they do is left to
        a run to find again, or each test would take a minute to begin."""
        unpack(self.target, self.corpus)
        self.findings.mkdir(parents=True, exist_ok=True)
        least = self.corpus.with_name(self.target + ".least")
        shutil.rmtree(least, ignore_errors=True)
        least.mkdir()
        if self.run("-set_cover_merge=1", "-use_counters=0", least, self.corpus) != 0:
            return f"cannot be minimised: {self.log}"
        pack(self.target, least)
        files = list(least.iterdir())
        size = sum(path.stat().st_size for path in files)
        shutil.rmtree(self.corpus)
        least.rename(self.corpus)
        return f"{len(files)} files, {size} bytes, {corpus_archive(self.target).stat().st_size} in the archive"


def parse(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0, help="0: another in each run")
    parser.add_argument("--new-inputs", type=int, default=0, help="the most, beside the corpus; 0: as many as there is time for")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    wanted = parser.parse_intermixed_args(words)
    if unknown := [target for target in wanted.targets if target not in TARGETS]:
        parser.error(f"no target {unknown[0]}, expected one of {', '.join(TARGETS)}")
    return wanted


def main(words):
    wanted = parse(words)
    places = [Place(wanted.folder.resolve(), target) for target in wanted.targets or TARGETS]
    seconds = int(wanted.minutes * 60) + wanted.seconds
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(wanted.jobs) as pool:
        if wanted.keep:
            for place, said in zip(places, pool.map(Place.keep, places)):
                print(f"{place.target:14} {said}", flush=True)
            return 0
        for place, found in zip(places, pool.map(lambda place: place.fuzz(seconds, wanted.seed, wanted.new_inputs), places)):
            runs, edges = place.told(r"number_of_executed_units: (\d+)"), place.told(r"cov: (\d+)")
            features = place.told(r"ft: (\d+)")
            if found is None:
                print(f"{place.target:14} clean: {seconds} s, {runs} executions, {edges} edges, {features} features",
                      flush=True)
                continue
            failed += 1
            print(f"{place.target:14} FOUND {found}\n" + place.told(r"(?s)(property broken: .*?|==\d+==ERROR: .*?|\S+: "
                                                                  r"runtime error: .*?)(?:\n\n|\Z)")[:3000], flush=True)
            print(f"  again: {place.executable} {found}; the log: {place.log}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
