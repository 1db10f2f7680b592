# SPDX-License-Identifier: BSD-2-Clause
# Lays a recorded capture out again as other tools print it. `python3 layouts.py CAPTURE LAYOUT` writes it; the functions
# are for tests.
import html
import re
import sys

RECORD = re.compile(r"^ *(?P<comm>.+)-(?P<pid>\d+) +\[(?P<cpu>\d+)\] (?P<flags>\S+) +(?P<time>\d+\.\d+): "
                    r"(?P<event>\w+): (?P<rest>.*)$")


def records(text):
    """Lines of `text`; those that are records as matches."""
    for line in text.splitlines():
        yield line, RECORD.match(line)


def each(text, write, header=""):
    """Records as `write` writes them, behind `header`; comments and losses go."""
    return header + "".join(write(m) + "\n" for _, m in records(text) if m)


def keep(text, write):
    """Every line, as `write` writes it."""
    return "".join(write(line) + "\n" for line in text.splitlines())


def fields(m):
    """Location and fields of a record."""
    location, _, rest = m["rest"].partition(") ")
    return location + ")", re.findall(r'(\w+)=("[^"]*"|\S+)', rest)


def task(m):
    return f'{m["comm"]:>16}-{m["pid"]:<5}'


def trace_cmd(m, time=None):
    return f'{task(m)} [{m["cpu"]}] {time or m["time"].rjust(12)}: {m["event"] + ":":<20} {m["rest"]}'


def differing(line, m):
    """With the difference to the record before it, which the first of all does not have."""
    difference = "" if m["event"] == "export" else "(+27000)"
    return line.replace(": " + m["event"], f": {difference:<8} {m['event']}", 1)


def trace_cmd_raw(m):
    number = lambda v: str(int(v, 16)) if v.startswith("0x") else v.strip('"')
    values = " ".join(f"{k}={number(v)}" for k, v in fields(m)[1])
    return f'{task(m)} [{m["cpu"]}] {m["time"]}: {m["event"]}:  __probe_ip=18446603336221196288 {values}'


def latency(m):
    return f'{m["comm"][:8]:>8}-{m["pid"]:<7} {int(m["cpu"]):3d}{m["flags"]} {us(m)}us : {m["event"]}: {m["rest"]}'


def trace_cmd_latency(m):
    return f'{m["comm"][:8]:>8}-{m["pid"]:<5} {int(m["cpu"]):3d}{m["flags"]} {m["time"]}: {m["event"]}:  {m["rest"]}'


def trace_cmd_raw_latency(m):
    flags = 8 if set(m["flags"]) & set("hH") else 0
    return f'{m["comm"][:8]:>8}-{m["pid"]:<5} {int(m["cpu"]):3d}-0x{flags:x} {m["time"]}: ' + \
        trace_cmd_raw(m).split(": ", 1)[1]


def searched(text, word):
    """As `grep --color=always` shows what it found, wherever it is."""
    return text.replace(word, f"\x1b[01;31m\x1b[K{word}\x1b[m\x1b[K")


def us(m):
    return int(m["time"].replace(".", ""))


def perf_script(m, pid=None, group="custody", tail=""):
    event = f"{group}:{m['event']}" if group else m["event"]
    return f'{m["comm"]:>16} {pid or m["pid"]:>5} [{m["cpu"]}] {m["time"] + tail:>12}: {event:>30}: {m["rest"]}'


def perf_call_chain(m):
    return (perf_script(m) + "\n\tffffffc008a51234 dma_buf_map_attachment+0x0 ([kernel.kallsyms])\n"
            "\tffffffc008a55678 imp_ioctl+0x19c ([imp])\n\t               0 [unknown] ([unknown])\n\t          b6f2c __libc_start+0x10 (/lib/libc.so.6)\n")


def perf_trace(m):
    """As `perf trace` prints an event: numbers that are 0 are left out."""
    values = ", ".join(f"{k}: {v}" for k, v in fields(m)[1] if v not in ("0", "0x0"))
    location = "__probe_ip: 18446603336221196288, "
    ms = f"{us(m) // 1000}.{us(m) % 1000:03d}"
    return f'{ms:>10} (         ): {m["comm"]}/{m["pid"]} custody:{m["event"]}({location}{values})'


def perf_trace_libtraceevent(m):
    ms = f"{us(m) // 1000}.{us(m) % 1000:03d}"
    return f'{ms:>10} {m["comm"]}/{m["pid"]} custody:{m["event"]}({m["rest"]})'


def graph(m):
    columns = f'{m["time"]:>15} |  {int(m["cpu"]):2d})  {m["comm"]}-{m["pid"]}  | {m["flags"]} |               |'
    return f'{columns}  /* {m["event"]}: {m["rest"]} */\n{columns}  dma_buf_attach() {{'


def aliased(names):
    """Records of tracefs under other names of events."""
    def write(m):
        name = names.get(m["event"], m["event"])
        return f'{task(m)}   [{m["cpu"]}] {m["flags"]} {m["time"]:>12}: {name}: {m["rest"]}'
    return write


FUNCTIONS = {
    "release": "dma_buf_release", "detach": "dma_buf_detach", "map": "dma_buf_map_attachment",
    "unmap": "dma_buf_unmap_attachment", "begin_cpu_access": "dma_buf_begin_cpu_access",
    "end_cpu_access": "dma_buf_end_cpu_access", "mmap": "dma_buf_mmap_internal", "vunmap": "dma_buf_vunmap",
    "dma_map": "dma_map_sgtable", "dma_unmap": "dma_unmap_sg_attrs", "sync_for_cpu": "dma_sync_sg_for_cpu",
    "sync_for_device": "dma_sync_sg_for_device", "arch_clean": "arch_sync_dma_for_device",
    "arch_inval": "arch_sync_dma_for_cpu"}
RETURNS = {
    "export": "dma_buf_export", "attach": "dma_buf_dynamic_attach", "map_ret": "dma_buf_map_attachment",
    "unmap_ret": "dma_buf_unmap_attachment", "begin_cpu_access_ret": "dma_buf_begin_cpu_access",
    "end_cpu_access_ret": "dma_buf_end_cpu_access"}
KPROBES = {**{k: f"p_{f}_0" for k, f in FUNCTIONS.items()}, **{k: f"r_{f}_0" for k, f in RETURNS.items()}}
PERF_PROBES = {**{k: f"probe:{f}" for k, f in FUNCTIONS.items()},
               **{k: f"probe:{f}__return" for k, f in RETURNS.items()}}
FPROBES = {**{k: f"fprobes:{f}__entry" for k, f in FUNCTIONS.items()},
           **{k: f"fprobes:{f}__exit" for k, f in RETURNS.items()}}


def words(m):
    """Directions and attributes by name, and fields under the names of the functions' arguments."""
    rest = re.sub(r"\bdir=(\d)", lambda d: "direction=DMA_" + ("BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE")[int(d[1])],
                  m["rest"])
    rest = re.sub(r"\battrs=0x20\b", "attrs=SKIP_CPU_SYNC", re.sub(r"\battrs=0x0\b", "attrs=", rest))
    rest = re.sub(r"\bsgl=", "sg=", re.sub(r"\bnents=", "nelems=", rest))
    return f'{task(m)}   [{m["cpu"]}] {m["flags"]} {m["time"]:>12}: {m["event"]}: {rest}'


def wrapped(text, column):
    """As a mail program breaks lines at blanks."""
    out = []
    for line in text.splitlines():
        while len(line) > column and " " in line[1:column] and line[0] != "#":
            cut = line.rfind(" ", 1, column)
            if not line[:cut].strip():
                break
            out.append(line[:cut])
            line = line[cut + 1:].lstrip(" ")
        out.append(line)
    return "\n".join(out) + "\n"


def chopped(text, column):
    """As a terminal copies lines: broken inside words too."""
    return "\n".join(line[i:i + column] for line in text.splitlines() for i in range(0, max(len(line), 1), column)) + "\n"


NOISE = """ 11_pipeline_kee-26      [000] d....     {t}: sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b next_pid=2
 11_pipeline_kee-26      [000] d....     {t}: tracing_mark_write: B|26|map: attach=0x1 dmabuf=0x2 dir=2
 11_pipeline_kee-26      [000] d....     {t}: bprint: imp_ioctl: release: dmabuf=0x1
 11_pipeline_kee-26      [000] d....     {t}: dma_buf_attach <-dma_buf_dynamic_attach
 11_pipeline_kee-26      [000] d....     {t}: kernel_stack: <stack trace>
 => dma_buf_map_attachment
 => imp_ioctl
 11_pipeline_kee-26      [000] d....     {t}: <user stack trace>
 =>  <00007f0000001234>
 11_pipeline_kee-26      [000] d....     {t}: imp_ioctl: frame done
 11_pipeline_kee-26      [000] d....     {t}: 0xffffffff81234567: frame=1
 11_pipeline_kee-26      [000] d....     {t}: map: IOMMU: iova=0x1000 - 0x2000 paddr=0x44400000 size=4096
 11_pipeline_kee-26      [000] d....     {t}: iommu:unmap: IOMMU: iova=0x1000 - 0x2000 size=4096 unmapped_size=4096
"""


def noisy(text):
    return "".join(line + "\n" + (NOISE.format(t=m["time"]) if m else "") for line, m in records(text))


def page(text):
    return ('<!DOCTYPE html>\n<html>\n<head><title>systrace</title>\n<script>\nvar map = {release: 1};\n'
            '</script></head>\n<body>\n<script class="trace-data" type="application/text">\n' +
            html.escape(text) + '</script>\n</body>\n</html>\n')


def per_processor(text):
    """Two traces, one behind the other, as `cat per_cpu/cpu*/trace` gives them: every second task's on the second."""
    lines = [(m, line) for line, m in records(text) if m]
    pids = sorted({m["pid"] for m, _ in lines})
    parts = ([], [])
    for m, line in lines:
        cpu = pids.index(m["pid"]) % 2
        parts[cpu].append(line.replace("[000]", f"[00{cpu}]"))
    return "# tracer: nop\n#\n" + "\n".join(parts[0]) + "\n# tracer: nop\n#\n" + "\n".join(parts[1]) + "\n"


def merged(text):
    """The records of all processors in the order of their times, as `trace` shows them."""
    return "\n".join(sorted((line for line, m in records(text) if m), key=lambda l: RECORD.match(l)["time"])) + "\n"


LAYOUTS = {
    "no irq-info": lambda t: each(t, lambda m: f'{task(m)}   [{m["cpu"]}] {m["time"]:>12}: {m["event"]}: {m["rest"]}'),
    "tgid": lambda t: each(t, lambda m: f'{task(m)} (     26) [{m["cpu"]}] {m["flags"]} {m["time"]}: '
                                        f'{m["event"]}: {m["rest"]}'),
    "trace-cmd": lambda t: each(t, trace_cmd, "cpus=1\n"),
    "trace-cmd -t": lambda t: each(t, lambda m: trace_cmd(m, m["time"] + "000"), "version = 6\ncpus=1\n"),
    "trace-cmd -R": lambda t: each(t, trace_cmd_raw, "cpus=1\n"),
    "trace-cmd -l": lambda t: each(t, trace_cmd_latency, "cpus=1\n"),
    "trace-cmd -R -l": lambda t: each(t, trace_cmd_raw_latency, "cpus=1\n"),
    "trace-cmd --ts-diff": lambda t: each(t, lambda m: differing(trace_cmd(m), m), "cpus=1\n"),
    "trace-cmd -l --ts-diff": lambda t: each(t, lambda m: differing(trace_cmd_latency(m), m), "cpus=1\n"),
    "trace-cmd --debug": lambda t: each(t, lambda m: trace_cmd(m) + " [19000:0xbbc:36]", "version = 6\ncpus=1\n"
                                        "CPU:0 [SUBBUFFER START] [100000005000:0x6000]\n") +
                                   " PADDING: \n TIME EXTEND: delta:5000 length:8\n",
    "latency": lambda t: each(t, latency),
    "dmesg": lambda t: "[   12.000000] Dumping ftrace buffer:\n[   12.000001] ---------------------------------\n" +
                       each(t, lambda m: "[   12.345678] " + latency(m)) + "[   13.000000] usb 1-1: map of endpoints\n",
    "perf script": lambda t: each(t, perf_script),
    "perf script pid/tid": lambda t: each(t, lambda m: perf_script(m, f'{m["pid"]}/{m["pid"]}')),
    "perf script --ns": lambda t: each(t, lambda m: perf_script(m, tail="000")),
    "perf script -g": lambda t: each(t, perf_call_chain),
    "perf trace": lambda t: each(t, perf_trace),
    "perf trace --libtraceevent_print": lambda t: each(t, perf_trace_libtraceevent),
    "function_graph": lambda t: each(t, graph, "# tracer: function_graph\n#\n"),
    "groups": lambda t: each(t, aliased({k: f"custody:{k}" for k in {**FUNCTIONS, **RETURNS}})),
    "kprobe names": lambda t: each(t, aliased(KPROBES)),
    "perf probe names": lambda t: each(t, aliased(PERF_PROBES)),
    "fprobe names": lambda t: each(t, aliased(FPROBES)),
    "words": lambda t: each(t, words),
    "noise": noisy,
    "html": page,
    "references": lambda t: html.escape(t),
    "colours": lambda t: keep(t, lambda l: f"\x1b[32m{l[:24]}\x1b[0m{l[24:]}\x1b[0m"),
    "grep --color of an event": lambda t: searched(t, "map"),
    "grep --color of a device": lambda t: searched(t, "cam").replace("\x1b[01;31m\x1b[Kcam\x1b[m\x1b[K", "cam", 1),
    "grep --color of a task": lambda t: searched(t, "pipeline"),
    "grep -n -C": lambda t: "".join(f"{n}{':' if RECORD.match(l) and n % 3 else '-'}{l}\n--\n"
                                    for n, l in enumerate(t.splitlines(), 1)),
    "script": lambda t: "Script started on 2026-11-26\n" + t.replace("\n", "\r\n") + "Script done on 2026-11-26\n",
    "cr cr lf": lambda t: t.replace("\n", "\r\r\n"),
    "byte order mark": lambda t: "\ufeff" + t,
    "nul tail": lambda t: t + "\0" * 4096,
    "logcat": lambda t: keep(t, lambda l: "11-26 20:51:50.123  1234  1234 I atrace  : " + l),
    "time prefix": lambda t: keep(t, lambda l: "[2026-11-26 20:51:50] " + l),
    "syslog": lambda t: keep(t, lambda l: "Nov 26 20:51:50 host kernel: [   12.345678] " + l),
    "grep -n": lambda t: "".join(f"{n}:{l}\n" for n, l in enumerate(t.splitlines(), 1)),
    "grep -n of files": lambda t: "".join(f"log/a-b.txt:{n}:{l}\n" for n, l in enumerate(t.splitlines(), 1)),
    "mail": lambda t: keep(t, lambda l: "> " + l),
    "mail twice": lambda t: keep(t, lambda l: "> > " + l),
    "code fence": lambda t: "```\n" + t + "```\n",
    "wrapped at 72": lambda t: wrapped(t, 72),
    "wrapped at 100": lambda t: wrapped(t, 100),
    "wrapped at 160": lambda t: wrapped(t, 160),
    "wrapped mail": lambda t: keep(wrapped(t, 78), lambda l: "> " + l),
    "chopped at 132": lambda t: chopped(t, 132),
    "per processor": per_processor,
}

if __name__ == "__main__":
    sys.stdout.write(LAYOUTS[sys.argv[2]](open(sys.argv[1], encoding="utf-8").read()))
