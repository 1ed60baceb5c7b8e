"""The shell under test: the program that PFSH_BINARY names, in a home of its own."""

import json
import os
import pathlib
import subprocess

import pytest

from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A branch of three phones behind a slow link, ready for an upgrade.
OFFICE = [
    "site branch wan 384kbps rtt 150ms", "subnet voice 10.4.0.0/24 site branch",
    "phones 3 model CP-7961G", "pfs enterprise on",
]


@pytest.fixture(scope="session")
def binary():
    named = os.environ.get("PFSH_BINARY")
    assert named and os.access(named, os.X_OK), "PFSH_BINARY names no program: see scripts/test-terminal"
    return os.path.abspath(named)


@pytest.fixture
def home(tmp_path):
    """An empty home, and the folder in which the shell runs."""
    return tmp_path


@pytest.fixture
def environment(home):
    return {
        "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
        "PAGER": "cat", "SWIFT_BACKTRACE": "enable=no",
    }


@pytest.fixture
def start(binary, home, environment):
    """Starts the shell, or another command, on a terminal; all are gone behind the test."""
    started = []

    def start(*options, command=None, columns=80, rows=24, settings=None, greets=False):
        words = command or [binary, *([] if greets else ["--quiet"]), *options]
        terminal = Terminal(words, environment | (settings or {}), columns, rows, home)
        started.append(terminal)
        if command is None:
            terminal.see_prompt()
        return terminal

    yield start
    for terminal in started:
        terminal.close()


@pytest.fixture
def shell(start):
    """A shell at its first prompt."""
    return start()


@pytest.fixture
def office(shell):
    """A shell in whose world stands a branch of three phones."""
    for line in OFFICE:
        shell.do(line)
    return shell


class Driver:
    """`pfsh --json` at the other end of two pipes."""

    def __init__(self, binary, environment, folder, *options):
        self.process = subprocess.Popen(
            [binary, "--json", *options], text=True, bufsize=1, env=environment, cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def ask(self, command):
        """The object that a command answers."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"no answer to {command!r}: {self.process.stderr.read()}"
        return json.loads(answer)

    def do(self, *commands):
        """The value of the last of commands that must succeed."""
        answer = None
        for command in commands:
            answer = self.ask(command)
            assert answer["ok"], f"{command}: {answer}"
        return answer["value"] if answer and "value" in answer else answer["values"]

    def end(self):
        """Ends the session; its exit status. Nothing may stand on standard error."""
        self.process.stdin.close()
        assert self.process.stdout.read() == ""
        assert self.process.stderr.read() == ""
        return self.process.wait(timeout=15)


@pytest.fixture
def drive(binary, home, environment):
    started = []

    def drive(*options):
        started.append(Driver(binary, environment, home, *options))
        return started[-1]

    yield drive
    for driver in started:
        driver.process.kill()
        driver.process.wait()
        for pipe in (driver.process.stdin, driver.process.stdout, driver.process.stderr):
            pipe.close()
