# SPDX-License-Identifier: GPL-2.0-only
"""Makes the mutants of a driver's source: every operator at each of its sites, each changed text once."""

import difflib
from dataclasses import dataclass

import operators
from c_source import Source

# What no call of the explored client reaches: module's init, an mmap, udmabuf's other ioctl.
NOT_DRIVEN = frozenset({"mmap", "__add_cma_heap", "udmabuf_dev_init", "udmabuf_ioctl_create_list"})


@dataclass(frozen=True)
class Mutant:
    id: str  # `system_heap:drop-sync:begin_cpu_access`, with a number behind it where there are several
    source: Source
    operator: operators.Operator
    text: str
    expected: frozenset

    def diff(self):
        """A patch of the file alone."""
        name = f"{self.source.name}.c"
        lines = difflib.unified_diff(self.source.text.splitlines(True), self.text.splitlines(True), f"a/{name}", f"b/{name}")
        return "".join(lines)


def changed(text, changes):
    for change in sorted(changes, key=lambda c: c.begin, reverse=True):
        text = text[:change.begin] + change.text + text[change.end:]
    return text


def mutants_of(source):
    texts, numbers = {source.text}, {}
    for operator in operators.OPERATORS:
        for function in source.functions():
            hook = source.hook_of(function.name)
            if hook in NOT_DRIVEN:
                continue
            for changes, words in operator.sites(source, function):
                text = changed(source.text, changes)
                if text in texts:
                    continue
                texts.add(text)
                name = f"{source.name}:{operator.name}" + ("" if operator.whole_file else f":{hook}")
                number = numbers[name] = numbers.get(name, 0) + 1
                yield Mutant(name if number == 1 else f"{name}:{number}", source, operator, text,
                             frozenset(operator.expect(hook, words)))
