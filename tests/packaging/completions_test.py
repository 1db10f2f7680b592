# SPDX-License-Identifier: BSD-2-Clause
"""The completions, asked in the shells themselves: bash and fish by what they offer, zsh by what it types."""
import os
import pty
import re
import select
import shlex
import time
import unittest

from installed import Installed, run

BASH = r"""
source "$1"
line=$2
COMP_LINE=$line COMP_POINT=${#line}
# As readline splits: = is a word of its own.
read -r -a COMP_WORDS <<<"${line//=/ = }"
if [[ $line == *' ' || $line == *= ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
$(complete -p custody | sed 's/.*-F \([^ ]*\) .*/\1/') custody "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
LISTS = ("rules", "archs", "contracts", "ids")


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, args, env, cwd):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(cwd)
            os.execvpe(args[0], args, env)

    def until(self, pattern, seconds=20):
        text, end = "", time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.1)[0]:
                text += os.read(self.terminal, 65536).decode(errors="replace")
            plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\r", "", text)
            if found := re.search(pattern, plain):
                return found
        raise AssertionError(f"no {pattern!r} in {text!r}")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.child, 0)


class Completions(Installed):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = {**os.environ, "PATH": f"{cls.prefix}/bin:{os.environ['PATH']}", "TERM": "dumb", "HOME": str(cls.prefix)}
        cls.room = cls.prefix / "room"
        cls.room.mkdir()
        for name in ("trace one.txt", "my-contract.json"):
            (cls.room / name).write_text("")

    def listed(self, what):
        return {re.split(r"\s", line)[0] for line in self.ran(self.tool, "list", what).splitlines()}

    def bash(self, line):
        file = self.prefix / "share/bash-completion/completions/custody"
        done = run("bash", "--norc", "-c", BASH, "bash", file, line, env=self.env, cwd=self.room)
        # Outside of a completion compopt says that it is not called by one.
        self.assertEqual(re.sub(r".*compopt: not currently executing.*\n", "", done.stderr), "", line)
        return {word for word in done.stdout.splitlines() if word}

    def fish(self, line):
        file = self.prefix / "share/fish/vendor_completions.d/custody.fish"
        done = run("fish", "--no-config", "-c", f"source {file}; complete -C {shlex.quote(line)}", env=self.env, cwd=self.room)
        self.assertEqual(done.stderr, "", line)
        return {word.split("\t")[0] for word in done.stdout.splitlines()}

    def zsh(self):
        folder = next(self.prefix.rglob("_custody")).parent  # Debian has a folder of its own
        shell = Shell(["zsh", "-f", "-i"], {**self.env, "PS1": "", "PS2": ""}, self.room)
        self.addCleanup(shell.close)
        shell.type(f"PROMPT='ready> '; fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; echo b''egin\n")
        shell.until("begin\n.*ready> ")
        return shell

    def each(self, line):
        """What bash and fish offer, where both agree on what is asked of both."""
        bash, fish = self.bash(line), self.fish(line)
        return bash, fish

    def both(self, line, *expected, without=()):
        for name, offered in zip(("bash", "fish"), self.each(line)):
            self.assertLessEqual(set(expected), offered, (name, line))
            self.assertFalse(offered & set(without), (name, line, offered))

    def test_the_commands_are_offered(self):
        help_ = self.ran(self.tool, "--help").split("Subcommands:")[1].split("\n\n")[0]
        commands = re.findall(r"^  ([a-z]+) ", help_, re.M)
        for offered in self.each("custody "):
            self.assertEqual(offered & set(commands), set(commands))
        self.both("custody re", "replay", "review", without=("check",))
        self.both("custody export ", "contract", "promela", "murphi", without=("replay", "check"))

    def test_the_options_of_a_command_are_offered_and_no_others(self):
        for command in ("replay", "check", "review", "list", "export promela"):
            help_ = self.ran(self.tool, *command.split(), "--help")
            names = {n for n in re.findall(r"^  (-\S+)", help_, re.M) for n in n.split(",") if n.startswith("--")}
            for offered in self.each(f"custody {command} --"):
                self.assertEqual({word for word in offered if word.startswith("--")}, names, command)

    def test_closed_words_are_offered(self):
        self.both("custody replay --format ", "text", "json", "junit", "sarif", without=("trace one.txt",))
        self.both("custody replay --format=s", without=("text",))
        self.assertEqual(self.bash("custody replay --format=s"), {"sarif"})
        self.assertEqual(self.fish("custody replay --format=s"), {"--format=sarif"})
        self.both("custody check --cpu-line ", "64", "128")
        self.both("custody list ru", "rules")
        self.both("custody review lazy lazy --fo", "--format")

    def test_names_come_from_the_tool(self):
        for what in LISTS:
            self.assertGreater(len(self.listed(what)), 3)
        for line, what in (("custody check ", "contracts"), ("custody replay --contract ", "contracts"),
                           ("custody export murphi ", "contracts"), ("custody review lazy ", "contracts"),
                           ("custody replay --rule ", "rules"), ("custody check --arch ", "archs"),
                           ("custody explain ", "ids"), ("custody explain M1 ", "ids")):
            self.both(line, *self.listed(what))
        self.both("custody check lazy --client l", "legal", without=("lazy",))

    def test_files_are_offered_where_one_can_stand(self):
        self.both("custody check my", "my-contract.json")
        self.assertIn("trace one.txt", self.bash("custody replay tr"))
        self.assertIn("trace one.txt", self.fish("custody replay tr"))
        self.both("custody replay --output m", "my-contract.json")
        self.assertNotIn("my-contract.json", self.bash("custody list "))
        self.assertIn("my-contract.json", self.bash("custody list pending "))

    def test_bash_completes_on_a_terminal(self):
        shell = Shell(["bash", "--norc", "--noprofile", "-i"], {**self.env, "PS1": "ready> "}, self.room)
        self.addCleanup(shell.close)
        shell.type(f"source {self.prefix}/share/bash-completion/completions/custody; echo b''egin\n")
        shell.until("begin\n.*ready> ")
        for line, end in (("custody rep", "replay "), ("custody replay --format=sa", "sarif "),
                          ("custody replay --contract vision-release-", "end-sync "), ("custody replay tra", r"ce\\ one.txt ")):
            shell.type(line + "\t")
            shell.until(end)
            shell.type("\x15")

    def test_zsh_completes_on_a_terminal(self):
        shell = self.zsh()
        for line, end in (("custody rep", "lay "), ("custody replay --forma", "t="), ("custody replay --format=sa", "rif "),
                          ("custody list un", "checked "), ("custody export pro", "mela "), ("custody check --arch=armv", "7 "),
                          ("custody check vision-release-", "end-sync "), ("custody export murphi vision-release-", "end-sync "),
                          ("custody check my", "-contract.json "),
                          ("custody explain udmabuf-between/m", "ap"), ("custody replay tra", r"ce\\ one.txt ")):
            shell.type(line)
            shell.until(re.escape(line[-1]))
            shell.type("\t")
            shell.until("^[^\n]*" + end)
            shell.type("\x15")

    def test_zsh_lists_what_there_is_with_what_it_means(self):
        shell = self.zsh()
        shell.type("custody list \t")
        shell.until(r"(?s)(?=.*\brules\b)(?=.*\bcontracts\b).*\bunchecked\b")
        shell.type("\x15custody check --arch=\t")
        shell.until(r"armv7\s+-- 32-bit Arm")
        shell.type("\x15custody replay --rule=M1\t")
        shell.until(r"M10\s+--\s+lost_write")


if __name__ == "__main__":
    unittest.main()
