"""Phones on real sockets: the shell that PFSH_BINARY names, on loopback and in namespaces."""

import os
import pathlib
import subprocess
import time

import pytest

from lan import REFUSED, Hosts

LOAD = "SCCP41.9-9-9TEST"
WHOLE = bool(os.environ.get("PFSH_TEST_ALL"))

# What the phones of every script do quickly, so that a test takes seconds.
QUICK = """
set parameter start-spread 0s
set parameter linger 1s
set parameter reboot 1s
set parameter registration 1s
"""


@pytest.fixture(scope="session")
def binary():
    named = os.environ.get("PFSH_BINARY")
    assert named and os.access(named, os.X_OK), "PFSH_BINARY names no program: see scripts/test-network"
    return os.path.abspath(named)


@pytest.fixture
def lab(binary, tmp_path):
    """Shells with a home of their own; all are gone behind the test."""
    lab = Lab(binary, tmp_path)
    yield lab
    lab.close()


class Lab:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.shells = []
        self.environment = {
            "HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "SWIFT_BACKTRACE": "enable=no",
        }

    def firmware(self, size="64KiB", name="firmware"):
        """A folder with a made-up load, as a TFTP server has it."""
        path = self.folder / name
        self.run(f"firmware make {LOAD} for CP-7961G in {path} sizes {size} replace")
        return path

    def run(self, script, prefix=(), timeout=60):
        done = subprocess.run(
            [*prefix, self.binary, "-c", script], env=self.environment, cwd=self.folder,
            capture_output=True, text=True, timeout=timeout)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, script, prefix=(), environment=None, log=None):
        """A shell that runs beside the test; its log goes to a file of the lab if `log` names one."""
        output = open(self.folder / f"shell-{len(self.shells)}.out", "w+")
        logged = ["--log", str(self.folder / log)] if log else []
        process = subprocess.Popen(
            [*prefix, self.binary, *logged, "-c", script], env=self.environment | (environment or {}),
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        shell = Shell(process, output)
        self.shells.append(shell)
        return shell

    def serve(self, folder, prefix=(), address="127.0.0.1", port=40690):
        """A shell that serves a folder by TFTP until the test ends."""
        shell = self.start(
            f"tftp serve {folder} address {address} port {port}\n"
            "subnet x 10.98.0.0/24\nphone z model CP-7961G\n"
            "attach loopback port 40599\nsay \"ready\"\nrun 10m", prefix)
        shell.see("ready")
        return shell

    def close(self):
        for shell in self.shells:
            shell.stop()


class Shell:
    def __init__(self, process, output):
        self.process, self.output = process, output

    @property
    def text(self):
        self.output.flush()
        return pathlib.Path(self.output.name).read_text()

    def see(self, words, timeout=60):
        end = time.monotonic() + timeout
        while words not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < end, f"no {words!r} in\n{self.text}"
            time.sleep(0.05)

    def finish(self, timeout=120):
        """Waits until it ends by itself; answers what it printed."""
        self.process.wait(timeout)
        assert self.process.returncode == 0, self.text
        return self.text

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()


def phones(count, prefix="P", addresses=None, place="loopback", store="store", more="", fire=True,
           port=40510, tftp=40690, firmware="firmware", subnet="10.4.0.0/24", within="100s"):
    """A script whose phones take the load; `more` stands before the push."""
    lines = [f"firmware load {firmware}", QUICK, f"subnet voice {subnet}",
             f"phones {count} model CP-7961G subnet voice prefix {prefix}", "pfs enterprise on"]
    told = f" addresses {addresses}" if addresses else ""
    lines += [f"attach {place}{told} port {port} tftp-port {tftp} store {store}", more]
    if fire:
        lines += [f"push {LOAD} to all",
                  f"run until count(where (done)) == {count} within {within}",
                  "show files %s1" % prefix, "show phones", "show interfaces"]
    return "\n".join(lines)


@pytest.fixture
def hosts():
    if REFUSED:
        pytest.skip(REFUSED)
    made = []

    def make(count):
        made.append(Hosts(count))
        return made[-1]

    yield make
    for each in made:
        each.close()
