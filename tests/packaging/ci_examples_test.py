# SPDX-License-Identifier: BSD-2-Clause
"""The examples for continuous integration: their own commands, run on contracts and traces that are right and wrong."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest
import xml.etree.ElementTree

import yaml

from installed import Installed, run

FOLDER = pathlib.Path("checker/packaging/examples/ci")
GOOD = ("spec/contracts/system-heap-6.1.json", "traces/recorded/cpu_unattached.ftrace.txt")
BAD = ("spec/contracts/vision-keep.json", "traces/recorded/pipeline_keep.ftrace.txt")


def scripts():
    """Each command of an example that runs the tool, with the file that it writes."""
    steps = yaml.safe_load((FOLDER / "github.yml").read_text())["jobs"]["custody"]["steps"]
    jobs = yaml.safe_load((FOLDER / "gitlab.yml").read_text())
    found = [s["run"] for s in steps if s.get("run", "").startswith("custody ")]
    found += [line for job in jobs.values() for line in job.get("script", [])]
    return found


class Examples(Installed):
    def room(self, contract, trace):
        """A repository with this contract, without its base's file, and this trace."""
        room = pathlib.Path(tempfile.mkdtemp(dir=self.prefix))
        for folder, file in (("contracts", contract), ("traces", trace)):
            (room / folder).mkdir()
            shutil.copy(file, room / folder)
        return room

    def shell(self, script, room):
        path = f"{self.prefix}/bin:{os.environ['PATH']}"
        return run("bash", "-e", "-o", "pipefail", "-c", script, cwd=room, env={**os.environ, "PATH": path})

    def test_there_is_a_command_for_contracts_and_one_for_traces_in_each(self):
        self.assertEqual([s.split()[1] for s in scripts()], ["check", "replay", "check", "replay"])

    def test_what_is_right_passes_and_what_is_wrong_does_not(self):
        for script in scripts():
            good = self.shell(script, self.room(*GOOD))
            self.assertEqual(good.returncode, 0, (script, good.stderr))
            bad = self.shell(script, self.room(*BAD))
            self.assertEqual(bad.returncode, 1, (script, bad.stderr))

    def test_each_writes_the_report_that_the_platform_reads(self):
        room = self.room(*BAD)
        for script in scripts():
            self.shell(script, room)
            if "sarif" in script:
                name = "contracts.sarif" if "check" in script else "traces.sarif"
                results = json.loads((room / name).read_text())["runs"][0]["results"]
                uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
                self.assertTrue(results and all((room / uri).is_file() for uri in uris), uris)
            else:
                root = xml.etree.ElementTree.parse(room / "custody.xml").getroot()
                self.assertTrue(list(root.iter("failure")), script)

    def test_the_job_keeps_the_report_where_it_fails(self):
        job = yaml.safe_load((FOLDER / "gitlab.yml").read_text())[".custody"]
        self.assertEqual((job["artifacts"]["when"], job["artifacts"]["reports"]["junit"]), ("always", "custody.xml"))
        steps = yaml.safe_load((FOLDER / "github.yml").read_text())["jobs"]["custody"]["steps"]
        self.assertTrue(all("failure()" in s["if"] for s in steps[3:]))


if __name__ == "__main__":
    unittest.main()
