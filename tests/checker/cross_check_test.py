# SPDX-License-Identifier: BSD-2-Clause
"""SPIN and Rumur count the same states as `custody check` and give the same verdict, for every shipped contract and for
random mutations of clauses: cross_check_test.py [MUTATIONS [SEED]]. CUSTODY_TOOL is the executable."""

import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from clause_mutation import mutate

TOOL = os.environ["CUSTODY_TOOL"]
BASES = ["system-heap-6.1", "vision-keep-end-sync", "udmabuf-after", "udmabuf-before", "heap-helpers-5.6", "vb2-dma-sg"]
CLIENTS = ["overlapping", "unpaired", "never-brackets", "vmap"]


def run(arguments, folder=None, allowed=(0,)):
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=250, check=False)
    if done.returncode not in allowed:
        raise RuntimeError(f"{arguments}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise RuntimeError(f"no {pattern!r} in:\n{text[-2000:]}")
    return int(found.group(1))


def custody(contract, options):
    """States, and whether a safety property is violated: the others' models say nothing of progress."""
    text = run([TOOL, "check", "-q", "--no-symmetry", *options, contract], allowed=(0, 1))
    return number(r"explored completely: (\d+) states", text), re.search(r"^violated \w+: ", text, re.M) is not None


def verifier(contract, options, folder):
    """Rumur's verifier of the exported model, run to its end: what it says. It goes on after a failed assertion."""
    with open(f"{folder}/m.m", "w", encoding="utf-8") as file:
        file.write(run([TOOL, "export", "murphi", *options, contract]))
    run(["rumur", "--deadlock-detection", "off", "--symmetry-reduction", "off", "--counterexample-trace", "off",
         "--max-errors", "1000000000", "--output", "m.c", "m.m"], folder)
    # Megabytes of generated C: clang takes a third of gcc's time.
    run(["clang", "-O0", "-w", "-march=native", "-o", "m", "m.c", "-lpthread", "-latomic"], folder)
    return run(["./m"], folder, allowed=(0, 1))


def rumur(contract, options, folder, expected):
    """States, and whether an assertion fails. A rule whose assertion fails leads nowhere: where that leaves other
    states than expected, those of the model without assertions count. Compiling a model is what takes long."""
    text = verifier(contract, [*options, "--assert"], folder)
    failed = re.search(r"^\s*(\d+) error\(s\) found", text, re.M)
    if failed and number(r"(\d+) states, \d+ rules", text) != expected:
        text = verifier(contract, options, folder)
    return number(r"(\d+) states, \d+ rules", text), failed is not None


def spin(contract, options, folder):
    """The same with SPIN: without its data-flow optimisations, which reset variables that it takes for dead, and
    exact. `pan` exits 0 on a violation: its text counts. With -A it searches on where an assertion fails."""
    with open(f"{folder}/p.pml", "w", encoding="utf-8") as file:
        file.write(run([TOOL, "export", "promela", *options, "--assert", contract]))
    run(["spin", "-o1", "-o2", "-o3", "-a", "p.pml"], folder)
    run(["tcc", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], folder)
    text = run(["./pan", "-E", "-m200000"], folder)
    violated = number(r"errors: (\d+)", text) != 0
    if violated:
        text = run(["./pan", "-A", "-E", "-m200000"], folder)
    if "max search depth too small" in text:
        raise RuntimeError("SPIN's search was not complete")
    return number(r"(\d+) states, stored", text), violated


def compare(job):
    name, contract, options = job
    ours = custody(contract, options)
    with tempfile.TemporaryDirectory() as folder:
        theirs = {"rumur": rumur(contract, options, folder, ours[0]), "spin": spin(contract, options, folder)}
    return [f"{name} {options}: custody {ours}, {tool} {result}" for tool, result in theirs.items() if result != ours], ours


def mutations(wanted, seed, folder):
    dice = random.Random(seed)
    full = {base: json.loads(run([TOOL, "export", "contract", base])) for base in BASES}
    jobs = []
    while len(jobs) < wanted:
        base = dice.choice(BASES)
        contract = json.loads(json.dumps(full[base]))
        what = mutate(contract, dice)
        path = f"{folder}/{len(jobs)}.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(contract, file)
        refused = subprocess.run([TOOL, "export", "contract", path], capture_output=True, check=False).returncode != 0
        if what is None or refused:  # a clause that can never run, or asks for what its calls do not have
            continue
        jobs.append((f"{base}, {what}", path, dice.choice([["--devices", "1"], ["--devices", "1", "--coherent", "1"]])))
    return jobs


def ranges(folder):
    """The contract that syncs ranges, rounded or not, on lines of its own or larger ones."""
    contract = json.loads(run([TOOL, "export", "contract", "system-heap-6.1"]))
    jobs = []
    for granularity in ["ranges", "rounded_ranges"]:
        contract["policies"]["granularity"] = granularity
        path = f"{folder}/{granularity}.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(contract, file)
        for cpu, device in [("64", "64"), ("128", "64"), ("64", "128")]:
            lines = ["--devices", "1", "--cpu-line", cpu, "--device-line", device]
            jobs.append((granularity, path, lines))
            jobs.append((granularity, path, [*lines, "--arch", "riscv-6.6"]))
    return jobs


def variants(folder):
    """What no shipped contract says: the first mapped device alone, a mapping's direction, begins without effect."""
    full = run([TOOL, "export", "contract", "system-heap-6.1"])
    first, jobs = json.loads(full), []
    first["clauses"]["begin"]["do"] = "first:for_cpu"
    first["clauses"]["end"]["do"] = "mapped:for_device:mapping"
    contracts = {"first": first}
    for policy in ["cpu_unattached", "cpu_unmapped"]:
        contracts[policy] = json.loads(full)
        contracts[policy]["policies"][policy] = "no_effect"
    for name, contract in contracts.items():
        path = f"{folder}/{name}.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(contract, file)
        jobs += [(name, path, ["--devices", "2"]), (name, path, ["--devices", "2", "--coherent", "1"])]
        jobs += [(name, path, ["--devices", "1", "--windows", "2"])]
    return jobs


def mixed():
    """Devices that reach the buffer in different ways: together, where M11 is violated or refused, and in turn."""
    one_of_each = ["--devices", "2", "--coherent", "1"]
    bounced = ["--devices", "2", "--bounced", "1"]
    jobs = [(name, name, [*one_of_each, *turns]) for name in ["one-domain", "lazy", *BASES] for turns in ([], ["--in-turn"])]
    jobs += [(name, name, [*bounced, "--in-turn"]) for name in ["one-domain", *BASES]]
    jobs += [("one-domain", "one-domain", bounced)]
    jobs += [("one-domain", "one-domain", ["--devices", "2", "--coherent", "1", "--bounced", "1", *turns])
             for turns in ([], ["--in-turn"])]
    jobs += [("one-domain", "one-domain", [*one_of_each, "--windows", "2", "--client", "overlapping"])]
    jobs += [("system-heap-6.1", "system-heap-6.1", [*one_of_each, "--client", client]) for client in CLIENTS]
    jobs += [("state-graph-2019", "state-graph-2019", one_of_each)]
    return jobs


def main(wanted="0", seed="1"):
    names = sorted(name[:-5] for name in os.listdir("spec/contracts"))
    jobs = [(name, name, ["--devices", "2"]) for name in names]
    jobs += [("state-graph-2019", "state-graph-2019", ["--devices", "1", "--client", client]) for client in CLIENTS]
    jobs += [(name, name, ["--devices", "2", "--coherent", "1", "--windows", "2"]) for name in BASES]
    jobs += [(name, name, ["--devices", "1", "--client", client]) for name in BASES for client in CLIENTS]
    jobs += [(name, name, ["--devices", "2", "--bounced", bounced]) for name in BASES for bounced in "12"]
    jobs += mixed()
    with tempfile.TemporaryDirectory() as folder:
        jobs += ranges(folder)
        jobs += variants(folder)
        jobs += mutations(int(wanted), int(seed), folder)
        problems, violated, states = [], 0, 0
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for found, ours in pool.map(compare, jobs):
                problems += found
                violated += ours[1]
                states += ours[0]
    for problem in problems:
        print(problem)
    print(f"{len(jobs)} models, {wanted} of them mutations: {states} states, {violated} violated, {len(problems)} differ")
    return 1 if problems or not 0 < violated < len(jobs) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
