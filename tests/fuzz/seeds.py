#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes what the corpora began with, a folder a target, from samples of the repository: seeds.py MAKE_TRACE_DAT OUTPUT

The corpora that it gave and fuzzing let grow are in corpus/; this is for a target whose input is another now."""
import pathlib
import subprocess
import sys
import tempfile

sys.path[:0] = ["tests/traces", "tests/traces/perfetto", "tests/checker/damage"]
import encode  # noqa: E402
import layouts  # noqa: E402
import write_samples  # noqa: E402

MOST_LINES = 40
RECORDED = pathlib.Path("traces/recorded")
OPTIONS = """replay t.txt
replay --format json --all --explain-cost t.txt l.litmus -q
replay --device gpu.0=coherent,allocates --device isp=line:64,reads_only --policy backing=at_first_use --arch arm64-6.1 t.txt
replay --exporter system:memory=cached,own_device=true --exporters e.json --event custody:my_map=map t.txt
replay --contract c.json --fail-on note --color always --price dma-api --trust mappings --cpu-line 64 t.txt -o out
replay a.tar!one a.tar -
convert --to litmus t.txt -o out.litmus
convert t.txt
minimize --rule R3 --line 22 t.txt --output m.litmus
explain M3
list pending .
list contracts
doc lifetime
check c.json --devices 1 --coherent 1 --windows 1 --client legal --max-states 100 --format sarif --no-failures
check vision-keep --threads 2 --stop --output-litmus out.litmus --max-states 50 --economy -q
diff udmabuf-before p.json --format markdown
review udmabuf-before p.json t.txt --format html
export contract c.json
export promela udmabuf-after --devices 2
--version
--help""".split("\n")


def text(path):
    return path.read_text(encoding="utf-8")


def short(whole):
    return "".join(whole.splitlines(True)[:MOST_LINES])


def captures():
    return [short(text(path)) for path in sorted(RECORDED.glob("*.ftrace.txt"))]


def samples():
    return [short(text(path)) for path in sorted(pathlib.Path("tests/traces/samples").glob("*.txt"))]


def ftrace():
    whole = captures() + samples()
    return whole + [lay(whole[2]) for lay in layouts.LAYOUTS.values()]


def event_logs():
    return [short(text(path)) for path in sorted(RECORDED.glob("*.jsonl"))]


def litmus():
    return [text(path) for folder in ("traces/litmus", "spec/workloads") for path in sorted(pathlib.Path(folder).glob("*.litmus"))]


def trace_dats(make):
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder) / "source", pathlib.Path(folder) / "made"
        for whole in captures() + samples():
            # make_trace_dat knows no formats of fences.
            source.write_text("".join(l for l in whole.splitlines(True) if "dma_fence" not in l), encoding="utf-8")
            for shape in (["6"], ["6", "none", "2", "1"], ["7", "none"], ["7", "zlib", "2"], ["7", "zstd", "1", "1"]):
                subprocess.run([make, source, made, *shape], check=True)
                yield made.read_bytes()


def perfetto(form):
    return [encode.encode(whole, shape, 2, form) for whole in captures() for shape in encode.SHAPES]


def containers():
    whole = captures()[0].encode()
    return [pack(whole) for pack in {**write_samples.CHECKSUM, **write_samples.PLAIN}.values()]


def contracts():
    return [text(path) for path in sorted(pathlib.Path("spec/contracts").glob("*.json"))]


def patches():
    names = sorted(path.stem for path in pathlib.Path("spec/contracts").glob("*.json"))
    proposals = [text(path) for path in sorted(pathlib.Path("spec/proposals").glob("*.json"))]
    return [chr(n) + patch for patch in proposals + contracts()[:3] for n in (0, len(names) // 2, len(names) - 1)]


def seeds(make):
    dats = list(trace_dats(make))
    binary = perfetto("binary") + perfetto("compressed")
    of_text = perfetto("text")
    some = ftrace()[::4] + event_logs()[::3] + litmus()[::8] + dats[::6] + binary[::4] + of_text[::4] + containers()[::3]
    return {"ftrace": ftrace(), "event_log": event_logs(), "litmus": litmus(), "trace_dat": dats, "perfetto": binary,
            "perfetto_text": of_text, "containers": containers(), "contract": contracts(), "patch": patches(),
            "options": [line.replace(" ", "\n") for line in OPTIONS], "replay": some}


def main(make, output):
    for target, inputs in seeds(make).items():
        folder = pathlib.Path(output) / target
        folder.mkdir(parents=True, exist_ok=True)
        for n, data in enumerate(inputs):
            (folder / f"seed-{n:03}").write_bytes(data if isinstance(data, bytes) else data.encode())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
