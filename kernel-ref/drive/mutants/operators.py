# SPDX-License-Identifier: GPL-2.0-only
"""The classes of faults that mutants are made of. An operator is applied at each of its sites, one mutant a site.

Each says what a reviewer would have to be told: the rules, or kinds of findings, of which one must be new. That is
written here from what the change does to a driver, not from what the tool answers."""

import re
from dataclasses import dataclass

SYNC = r"dma_sync_sgtable_for_(cpu|device)\(([^;]*?), (\w+)\);"
MAP = r"dma_(map|unmap)_sgtable\(([^;]*?), (\w+), (\w+)\)"
# An assignment, a free, a removal: a statement of its own.
FREE = r"(?:kfree|vfree|sg_free_table|__free_pages|put_page|cma_release|vunmap|heap_pages_free|heap_attachment_free|put_sg_table)"
LOCK = r"^\t+mutex_(?:un)?lock\([^;]*\);\n"

CPU = {"M3"}                  # the CPU reads stale lines
DEVICE = {"M1", "M2"}         # a device meets dirty lines
LOST = {"M10"}                # an invalidate destroys what the CPU wrote
REDUNDANT = {"R3", "R4", "R5", "R6"}


@dataclass(frozen=True)
class Change:
    """One site: what stands in place of the text from `begin` to `end`. Several make one mutant."""
    begin: int
    end: int
    text: str


@dataclass(frozen=True)
class Operator:
    name: str
    says: str
    sites: object   # (source, function) -> lists of Changes
    expect: object  # (hook, words of the site) -> rules and kinds
    plan: str       # how it is driven: PLANS of score.py
    whole_file: bool = False


def each(pattern, by):
    """Sites at which a pattern stands, replaced by what `by` makes of the match; None: not there."""
    def sites(source, function):
        for found in re.finditer(pattern, source.text[function.begin:function.end], re.M):
            text = by(found)
            if text is not None and text != found.group(0):
                yield [Change(function.begin + found.start(), function.begin + found.end(), text)], found.group(0)
    return sites


def once(pattern, by):
    """One site: all places of the function at once."""
    def sites(source, function):
        changes = [c for one, _ in each(pattern, by)(source, function) for c in one]
        if changes:
            yield changes, pattern
    return sites


def in_file(*replacements):
    """One site a file: every pattern replaced wherever it stands. Given to the first function, so that it is made once."""
    def sites(source, function):
        if function != next(source.functions()):
            return
        changes = []
        for pattern, by in replacements:
            found = list(re.finditer(pattern, source.text, re.M))
            if not found:
                return
            changes += [Change(f.start(), f.end(), f.expand(by)) for f in found]
        yield changes, replacements[0][0]
    return sites


def in_list(source, function):
    """After the sync of a walk over the attachments: the first one only."""
    body = source.text[function.begin:function.end]
    for found in re.finditer(r"^(\t+)list_for_each_entry\([^;{]*?\)( \{\n.*?^\1\}\n|\n(?:\t+if[^;]*\n)?\t+[^;]*;\n)", body, re.M | re.S):
        tabs = found.group(1)
        text = found.group(0)
        if text.rstrip().endswith("}"):
            changed = text.rstrip()[:-1].rstrip("\t") + f"{tabs}\tbreak;\n{tabs}}}\n"
        else:
            head, rest = text.split("\n", 1)
            changed = f"{head} {{\n{rest}{tabs}\tbreak;\n{tabs}}}\n"
        yield [Change(function.begin + found.start(), function.begin + found.end(), changed)], text


def unlocked_walk(source, function):
    """The lock is dropped before the walk over the attachments, not after it."""
    body = source.text[function.begin:function.end]
    walk = re.search(r"^\tlist_for_each_entry\(", body, re.M)
    unlock = re.search(r"^\tmutex_unlock\([^;]*\);\n", body[walk.start():], re.M) if walk else None
    if unlock is None:
        return
    at = function.begin + walk.start()
    yield [Change(at, at, unlock.group(0)),
           Change(at + unlock.start(), at + unlock.end(), "")], "walk"


def moved_before(statement, call):
    """The statement stands before the one with the call, not after it."""
    def sites(source, function):
        body = source.text[function.begin:function.end]
        first = re.search(rf"^\t[^\n]*{call}[^;]*;\n", body, re.M)
        then = re.search(rf"^\t{statement}\n", body[first.end():], re.M) if first else None
        if then is None:
            return
        at, to = function.begin + first.end(), function.begin + first.start()
        yield [Change(to, to, then.group(0)), Change(at + then.start(), at + then.end(), "")], then.group(0)
    return sites


def moved_behind(statement, call):
    """The other way round."""
    def sites(source, function):
        body = source.text[function.begin:function.end]
        first = re.search(rf"^\t{statement}\n", body, re.M)
        then = re.search(rf"^\t[^\n]*{call}[^;]*;\n", body[first.end():], re.M) if first else None
        if then is None:
            return
        at = function.begin + first.end() + then.end()
        yield [Change(function.begin + first.start(), function.begin + first.end(), ""), Change(at, at, first.group(0))], \
            first.group(0)
    return sites


def other_direction(to):
    def change(found):
        return found.group(0).replace(f", {found.group(3)}", f", {to}", 1) if found.group(3) != to else None
    return change


def of_sync(hook, text):
    """What a hand-over lacks whose sync is gone: by the side that it is made for."""
    if hook in ("begin_cpu_access", "unmap_dma_buf") or "for_cpu" in text:
        return CPU
    return DEVICE


OPERATORS = (
    Operator("drop-sync", "a sync is gone", each(SYNC, lambda f: "{ }"), of_sync, "syncs"),
    Operator("swap-sync", "for the CPU becomes for the device, and the other way round",
             each(SYNC, lambda f: f.group(0).replace(f.group(1), "device" if f.group(1) == "cpu" else "cpu", 1)), of_sync,
             "syncs"),
    Operator("sync-to-device", "the sync's direction is always DMA_TO_DEVICE", each(SYNC, other_direction("DMA_TO_DEVICE")),
             lambda hook, text: of_sync(hook, text) | {"M8", "L3"}, "syncs"),
    Operator("sync-from-device", "the sync's direction is always DMA_FROM_DEVICE",
             each(SYNC, other_direction("DMA_FROM_DEVICE")), lambda hook, text: of_sync(hook, text) | LOST | {"M8", "L3"},
             "syncs"),
    Operator("map-to-device", "map or unmap is always for DMA_TO_DEVICE", each(MAP, other_direction("DMA_TO_DEVICE")),
             lambda hook, text: {"L3", "M3", "M6", "M8"}, "syncs"),
    Operator("map-from-device", "map or unmap is always for DMA_FROM_DEVICE", each(MAP, other_direction("DMA_FROM_DEVICE")),
             lambda hook, text: {"L3", "M1", "M8"}, "syncs"),
    Operator("skip-one-side", "map or unmap alone skips its sync",
             each(MAP, lambda f: f.group(0).replace(", 0)", ", DMA_ATTR_SKIP_CPU_SYNC)")),
             lambda hook, text: {"L4"} | (CPU if "unmap" in text else DEVICE), "syncs"),
    Operator("sync-one-side", "map or unmap alone no longer skips its sync",
             each(MAP, lambda f: f.group(0).replace(", DMA_ATTR_SKIP_CPU_SYNC)", ", 0)")), lambda hook, text: {"L4"}, "syncs"),
    Operator("drop-mapped-test", "whether an attachment is mapped is not looked at",
             each(r"^\t+if \(!a->mapped\)\n\t+continue;\n", lambda f: ""), lambda hook, text: {"L1"}, "syncs"),
    Operator("drop-mapped-test", "whether an attachment is mapped is not looked at",
             each(r"if \((?:a->maps|b->own_mapped|b->device_owned|ubuf->sg)\)", lambda f: "if (1)"),
             lambda hook, text: {"L1", "L2", "L5", "R3", "crash", "memory"} | DEVICE | CPU, "syncs"),
    Operator("invert-mapped-test", "what is mapped is passed over, and what is not is synced",
             each(r"if \(!a->mapped\)", lambda f: "if (a->mapped)"), lambda hook, text: {"L1"} | of_sync(hook, text), "syncs"),
    Operator("invert-test", "a test of the driver's state is inverted",
             each(r"if \((!?)(ubuf->sg|a->maps|b->own_mapped|buffer->vmap_cnt|b->vmaps)\)",
                  lambda f: f"if ({'' if f.group(1) else '!'}{f.group(2)})"),
             lambda hook, text: {"L1", "L5", "M7", "crash", "memory", "leak", "refusal"} | CPU | DEVICE, "syncs"),
    Operator("invert-last", "the first and not the last of several, or the other way round",
             each(r"if \((!?)(--\w+->\w+)", lambda f: f"if ({'' if f.group(1) else '!'}{f.group(2)}"),
             lambda hook, text: {"L1", "L5", "L6", "L9", "M7", "crash", "memory", "leak"} | CPU | DEVICE, "deep"),
    Operator("lose-lock", "a function no longer takes its lock", once(LOCK, lambda f: ""), lambda hook, text: {"race"}, "pairs"),
    Operator("lose-unlock", "a lock is not dropped", each(r"^\tmutex_unlock\([^;]*\);\n", lambda f: ""),
             lambda hook, text: {"deadlock"}, "syncs"),
    Operator("early-unlock", "the lock is dropped before the walk over the attachments", unlocked_walk,
             lambda hook, text: {"race"}, "pairs"),
    Operator("early-state", "the state changes before the DMA mapping is made",
             moved_before(r"[\w>-]+ = true;", r"dma_map_sgtable"), lambda hook, text: {"L1", "L2"}, "failures"),
    Operator("late-state", "the state changes after the DMA mapping is gone",
             moved_behind(r"a->mapped = false;", r"dma_unmap_sgtable"), lambda hook, text: {"L1"}, "pairs"),
    Operator("drop-state", "a change of the driver's state is gone",
             each(r"^(\t+)(\w+->(?:mapped|own_mapped|device_owned|cpu_stale|cpu_dirty|sg_dir) = [^;]*;)", lambda f: f"{f.group(1)};"),
             lambda hook, text: {"L1", "L3", "L5", "L9", "leak"} | CPU | DEVICE | REDUNDANT, "syncs"),
    Operator("drop-unmap", "the DMA mapping is never undone", each(r"dma_unmap_sgtable\([^;]*\);", lambda f: "{ }"),
             lambda hook, text: {"leak", "L5", "L6"}, "syncs"),
    Operator("drop-error-path", "an error path forgets what it has to undo",
             each(rf"^(\t+){FREE}\([^;]*\);\n(?=(?:\t+{FREE}\([^;]*\);\n|\w+:\n)*\t+return (?:ERR_PTR|-E|dmabuf|NULL|ret)|\w+:\n)",
                  lambda f: f"{f.group(1)};\n"), lambda hook, text: {"leak"}, "failures"),
    Operator("drop-free", "what is to be freed is not", each(rf"^(\t+){FREE}\([^;]*\);\n", lambda f: f"{f.group(1)};\n"),
             lambda hook, text: {"loop"} if "[--" in text else {"leak"}, "failures"),
    Operator("free-twice", "what is freed is freed again", each(r"^(\t+)kfree\([^;]*\);\n", lambda f: f.group(0) + f.group(0)),
             lambda hook, text: {"memory"}, "failures"),
    Operator("drop-error-test", "an error is not looked at",
             each(r"^\t+if \((?:!a|!new_table|!sg|!b|!buffer|!pages|ret|ret < 0|IS_ERR\(table\)|IS_ERR\(vaddr\)|!vaddr|!cma_pages|"
                  r"!buffer->pages|IS_ERR\(dmabuf\)|IS_ERR\(ubuf->sg\))\)(?=(?: \{)?\n)",
                  lambda f: f.group(0).replace(f.group(0).strip()[3:], "(0)")),
             lambda hook, text: {"crash", "memory", "leak", "L1", "L5"}, "failures"),
    Operator("drop-list", "an attachment is not put into the list, or not taken out", each(r"^(\t+)list_(?:add|del)\(&a->list[^;]*;",
             lambda f: f"{f.group(1)};"), lambda hook, text: {"memory", "crash", "loop"} | CPU, "syncs"),
    Operator("first-only", "only the first attachment of the list", in_list, of_sync, "together"),
    Operator("flag-for-count", "a flag where there was a count",
             in_file((r"\bbuffer->vmap_cnt\+\+", "buffer->vmap_cnt = 1"), (r"!--buffer->vmap_cnt", "!(buffer->vmap_cnt = 0)")),
             lambda hook, text: {"M7", "crash", "memory"}, "syncs", whole_file=True),
    Operator("count-for-flag", "a count where there was a flag",
             in_file((r"\bbool mapped;", "int mapped;"), (r"a->mapped = true;", "a->mapped++;"),
                     (r"(unmap_dma_buf\([^;{]*\)\n\{[^}]*?)a->mapped = false;", r"\1a->mapped--;")),
             lambda hook, text: {"M3", "L1"}, "twice", whole_file=True),
)
