#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Builds the site: site.py TOOL MACHINE OUT, in the root of the sources. Every page is made of what the tool prints or of
a page of the repository, and says of which; no page asks for anything from a network."""

import html
import json
import os
import pathlib
import posixpath
import re
import subprocess
import sys

DRIVERS = "traces/recorded/driver-*-pipeline.jsonl"
# What the drivers were seen to do in each call, and what it led to.
RECORDINGS = ("pipeline", "random")
DMA_CALLS = {"dma_map": "dma_map", "dma_unmap": "dma_unmap", "sync_for_cpu": "dma_sync for the CPU", "sync_for_device": "dma_sync for the device"}
# Pages of the repository, by the name that they have here.
PAGES = {"spec/LIFETIME.md": "lifetime", "spec/VOCABULARY.md": "vocabulary", "spec/CONTRACTS.md": "contracts", "spec/TRACES.md": "traces",
         "spec/LIMITS.md": "limits", "spec/MEASUREMENTS.md": "measurements", "spec/proposals/README.md": "proposals",
         "traces/litmus/README.md": "litmus", "traces/recorded/README.md": "recorded", "kernel-ref/findings.md": "findings", "README.md": "readme"}
TITLES = {"lifetime": "The life of a buffer: the tables", "vocabulary": "Words of contracts", "contracts": "All about contracts",
          "traces": "All about traces", "limits": "What is claimed", "measurements": "What was measured", "proposals": "Proposals",
          "litmus": "Litmus files", "recorded": "Captures", "findings": "What the kernel's drivers do wrong", "readme": "Custody"}


class Site:
    def __init__(self, tool, machine, out):
        self.tool, self.machine, self.out = tool, machine, pathlib.Path(out)
        self.version = self.custody("--version").split(" (")[0]
        self.style = pathlib.Path("checker/report/page/report.css").read_text(encoding="utf-8")
        self.pages = dict(PAGES)
        for path in sorted(pathlib.Path("spec/proposals").glob("*.md")):
            self.pages.setdefault(path.as_posix(), "proposal-" + path.stem)
        self.out.mkdir(parents=True, exist_ok=True)

    def custody(self, *words, statuses=(0,)):
        done = subprocess.run([self.tool, *words], capture_output=True, text=True, check=False)
        if done.returncode not in statuses:
            raise SystemExit(f"custody {' '.join(words)}: {done.returncode}: {done.stderr}")
        return done.stdout

    def write(self, name, title, body, source):
        made = html.escape(f"{self.version} from {source}")
        (self.out / f"{name}.html").write_text(f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:">
<meta name="color-scheme" content="light dark"><title>{html.escape(title)}</title><style>{self.style}</style></head>
<body><nav aria-label="Site"><a href="index.html">All pages</a></nav><main>{body}</main>
<footer class="made">Made by {made}</footer></body></html>
""", encoding="utf-8")

    def markdown(self, text, path):
        """As GitHub reads it, with the links that lead to pages of the site."""
        body = subprocess.run(["cmark-gfm", "-e", "table"], input=text, capture_output=True, text=True, check=True).stdout
        slugs = {}

        def heading(match):
            words = re.sub(r"<[^>]*>", "", html.unescape(match.group(2)))
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            slugs[slug] = slugs.get(slug, -1) + 1
            number = f"-{slugs[slug]}" if slugs[slug] else ""
            return f'<h{match.group(1)} id="{html.escape(slug + number)}">{match.group(2)}</h{match.group(1)}>'

        def link(match):
            href, words = html.unescape(match.group(1)), match.group(2)
            if href.startswith(("#", "http:", "https:")):
                return match.group(0)
            target, _, part = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if target not in self.pages:
                return f"<code>{words}</code>" if "<" not in words else words
            return f'<a href="{self.pages[target]}.html{"#" + part if part else ""}">{words}</a>'

        def picture(match):
            source = posixpath.normpath(posixpath.join(posixpath.dirname(path), html.unescape(match.group(1))))
            (self.out / posixpath.basename(source)).write_bytes(pathlib.Path(source).read_bytes())
            return f'<img src="{html.escape(posixpath.basename(source))}" style="max-width:100%;background:#fff"'

        body = re.sub(r"<h(\d)>(.*?)</h\1>", heading, body, flags=re.S)
        body = re.sub(r'<a href="([^"]*)">(.*?)</a>', link, body, flags=re.S)
        body = re.sub(r'<img src="([^"]*)"', picture, body)
        body = body.replace("<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>').replace("</table>", "</table></div>")
        return body.replace("<pre>", '<pre tabindex="0">')

    def repository_pages(self):
        for path, name in self.pages.items():
            text = pathlib.Path(path).read_text(encoding="utf-8")
            title = TITLES.get(name) or text.split("\n", 1)[0].lstrip("# ")
            if name == "litmus":
                text += self.litmus_grammar() + "\n## The language\n\n```\n" + self.litmus_language() + "```\n"
            self.write(name, title, self.markdown(text, path), path)

    @staticmethod
    def litmus_language():
        """What the reader promises, as its header has it."""
        comments = re.findall(r"^///? ?(.*)$", pathlib.Path("traces/formats/litmus/reader.hpp").read_text(encoding="utf-8"), re.M)
        return "\n".join(comments[2:]) + "\n"

    def litmus_grammar(self):
        """Every form of a line, as the reader's tables have it."""
        rows = json.loads(self.custody("list", "--format", "json", "litmus"))["entries"]
        lines = ["", "## Every line", "", "Capitals are filled in, brackets can be left out, bars are a choice. `custody list litmus` prints it.", "",
                 "| part | form | what |", "| --- | --- | --- |"]
        return "\n".join(lines + [f"| {r['part']} | `{r['form']}` | {r['says']} |" for r in
                                  ({k: v.replace("|", "\\|") for k, v in row.items()} for row in rows)]) + "\n"

    def contract_pages(self):
        names = [c["name"] for c in json.loads(self.custody("list", "--format", "json", "contracts"))["entries"]]
        for name in names:
            words = ["doc", name, "--format", "md"]
            first = f'<p><a href="explore.html#contract={name}">Step a buffer through it</a></p>'
            self.write(f"contract-{name}", name, first + self.markdown(self.custody(*words), "spec/contracts/x"), "custody " + " ".join(words))
        page = self.custody("doc", "system-heap-6.1", "--format", "html", "--machine", self.machine)
        (self.out / "explore.html").write_text(page, encoding="utf-8")
        return names

    def rules(self):
        body = "<h1>Rules</h1>"
        for line in self.custody("list", "rules").splitlines():
            found = re.match(r"(\w+)\s", line)
            if found:
                body += f'<h2 id="{found.group(1)}">{found.group(1)}</h2><pre tabindex="0">{html.escape(self.custody("explain", found.group(1)))}</pre>'
        self.write("rules", "Rules", body, "custody list rules, custody explain")

    @staticmethod
    def seen_in_calls(events):
        """By call: what the DMA API saw in it, in words; every call that was made is there."""
        importers = {e["device"] for e in events if e.get("event") == "attach"}
        calls, seen = {}, {}
        for e in events:
            if e.get("phase") == "enter":
                calls[e["call"]] = e["event"]
                seen.setdefault(e["event"], set())
            elif e.get("event") in DMA_CALLS and e.get("in") in calls:
                whose = "the importer's device" if e["device"] in importers else "the exporter's own device"
                skips = " without sync" if "DMA_ATTR_SKIP_CPU_SYNC" in e.get("attrs", []) else ""
                seen[calls[e["in"]]].add(f"{DMA_CALLS[e['event']]} of {whose}{skips}")
        return seen

    def errors_by_call(self, path, words):
        """By call: rules of the errors that the exporter owes, told in it or after it and before another one."""
        report = json.loads(self.custody("replay", "-q", "--format", "json", str(path), statuses=(0, 1, 3)))
        errors = {}
        for finding in report["findings"]:
            if finding["severity"] != "error" or finding["owes"] != "exporter" or finding["class"] == "mixed":
                continue
            calls = [word for word in (h["event"].split()[0] for h in finding["history"]) if word in words]
            if calls:
                errors.setdefault(calls[-1], set()).add(finding["rule"])
        return errors

    def documentation_and_drivers(self):
        """What the kernel's documentation says of each operation, and what each recorded driver was seen to do in it."""
        document = json.loads(pathlib.Path("spec/documentation.json").read_text(encoding="utf-8"))
        drivers = sorted(p.name[len("driver-"):-len("-pipeline.jsonl")] for p in pathlib.Path(".").glob(DRIVERS))
        did, calls = {}, {member["call"] for member in document["members"]}
        for driver in drivers:
            for recording in RECORDINGS:
                path = pathlib.Path(f"traces/recorded/driver-{driver}-{recording}.jsonl")
                events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][1:]
                errors = self.errors_by_call(path, calls)
                for call, words in self.seen_in_calls(events).items():
                    known = did.setdefault((driver, call), (set(), set()))
                    known[0].update(words)
                    known[1].update(errors.get(call, set()))
        rows = []
        for member in document["members"]:
            cells = ""
            for driver in drivers:
                words, errors = did.get((driver, member["call"]), (None, None))
                text = "not recorded" if words is None else "; ".join(sorted(words)) or "nothing"
                links = ", ".join(f'<a href="rules.html#{rule}">{rule}</a>' for rule in sorted(errors or ()))
                cells += f"<td>{html.escape(text)}{'; then ' + links if links else ''}</td>"
            rows.append(f'<tr><th scope="row"><code>{html.escape(member["member"])}</code></th><td>{html.escape(member["says"])}</td>{cells}</tr>')
        heads = "".join(f'<th scope="col">{html.escape(d)}</th>' for d in drivers)
        return (f"<h2>What the documentation says, and what they do</h2><p>The documentation is that of <code>struct dma_buf_ops</code> in "
                f"<code>{html.escape(document['file'])}</code>, {html.escape(document['release'])}, in our own words. Each driver was recorded in a "
                "pipeline and under random legal usage; a cell has every call of the DMA API that it made there. Behind <q>then</q> are the rules "
                "of errors that the exporter owes, told in this operation or after it and before another one. Not judged here: devices of "
                "different kinds that use a buffer together.</p>"
                f'<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead><tr><th scope="col">operation</th>'
                f'<th scope="col">documentation</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>')

    def side_by_side(self, names):
        """Which recorded driver does what which contract says."""
        body = ["<h1>Contracts and drivers, side by side</h1>", self.documentation_and_drivers(), "<h2>Which driver follows which contract</h2><p>Each driver of the kernel was recorded with a camera, a GPU and a display; each "
                "contract says what it should have synced. A number is the line of the recording at which it first departs.</p>",
                '<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead><tr><th scope="col">contract</th>']
        paths = sorted(pathlib.Path(".").glob(DRIVERS))
        drivers = [p.name[len("driver-"):-len("-pipeline.jsonl")] for p in paths]
        body.append("".join(f'<th scope="col">{html.escape(d)}</th>' for d in drivers) + "</tr></thead><tbody>")
        for name in names:
            body.append(f'<tr><th scope="row"><a href="contract-{name}.html">{name}</a></th>')
            for path in paths:
                report = json.loads(self.custody("replay", "-q", "--format", "json", "--contract", name, str(path), statuses=(0, 1, 3)))
                said = report["contract"]
                first = min((d["line"] for d in said["departures"]), default=0)
                body.append("<td>" + (f"departs, {first}" if said["departed"] else "follows" if said["followed"] else "not judged") + "</td>")
            body.append("</tr>")
        self.write("side-by-side", "Contracts and drivers, side by side", "".join(body) + "</tbody></table></div>",
                   "spec/documentation.json, custody replay and custody replay --contract NAME of traces/recorded/driver-*.jsonl")

    def index(self, names):
        def items(pairs):
            return "<ul>" + "".join(f'<li><a href="{html.escape(page)}">{html.escape(title)}</a></li>' for page, title in pairs) + "</ul>"

        def pages(pairs):
            return items((page + ".html", title) for page, title in pairs)

        proposals = [(name, name.removeprefix("proposal-")) for name in self.pages.values() if name.startswith("proposal-")]
        body = "<h1>Custody</h1><p>In whose custody is a dma-buf, and was every cache sync at its handovers needed, and none missing?</p>"
        body += "<h2>Step a buffer through a contract</h2>" + items((f"explore.html#contract={n}", n) for n in names)
        body += "<h2>Contracts</h2>" + pages([(f"contract-{n}", n) for n in names] + [("side-by-side", "Contracts and drivers, side by side")])
        body += "<h2>Proposals, answered</h2>" + pages([("proposals", "All of them")] + proposals)
        body += "<h2>Pages</h2>" + pages([("rules", "Rules")] + [(n, t) for n, t in TITLES.items() if n != "proposals"])
        self.write("index", "Custody", body, "the pages of this site")


def main(tool, machine, out):
    site = Site(os.path.abspath(tool), machine, out)
    site.repository_pages()
    names = site.contract_pages()
    site.rules()
    site.side_by_side(names)
    site.index(names)
    print(f"{len(list(site.out.glob('*.html')))} pages in {out}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: site.py TOOL MACHINE OUT")
    main(*sys.argv[1:])
