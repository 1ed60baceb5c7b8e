"""The TFTP programs that speak with each other: pfsh and those of other people.

Servers are context managers with `address` and `port`; clients are functions in `CLIENTS`. All run on
the loopback, with directories of the test's own.
"""

import itertools
import os
import pathlib
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".build/peers"
LIBRARIES = ":".join(str(UNPACKED / place) for place in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": LIBRARIES, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
# The shell runs with the machine's own libraries.
SHELL_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
# How long a client may take in all, in seconds; none should come near it.
PATIENCE = 120

_last_octet = itertools.count(2)


def shell_path():
    named = os.environ.get("PFSH_BINARY")
    assert named and os.access(named, os.X_OK), "PFSH_BINARY names no program: see scripts/test-tftp"
    return os.path.abspath(named)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(address, port):
    """Whether a TFTP server answers there; any answer, also an error, will do."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)
        probe.sendto(b"\0\1no-such-file\0octet\0", (address, port))
        try:
            return bool(probe.recvfrom(2_000))
        except OSError:
            return False


class Server:
    """A server of `directory`, started at once and ended with the block."""

    name, writes, windows, transforms = "", True, False, True
    environment = ENVIRONMENT

    def __init__(self, directory, *more):
        self.directory, self.address, self.port = str(directory), "127.0.0.1", free_port()
        self.process = subprocess.Popen(
            [*self.command(), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=self.environment, text=True,
        )
        self.started()

    def started(self):
        for _ in range(100):
            if answers(self.address, self.port):
                return
            assert self.process.poll() is None, f"{self.name} ended with status {self.process.returncode}"
            time.sleep(0.02)
        raise AssertionError(f"{self.name} does not answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Pfsh(Server):
    name, windows = "pfsh", True
    environment = SHELL_ENVIRONMENT

    def command(self):
        return [shell_path(), "--quiet"]

    def started(self):
        place = f"tftp serve {self.directory} port {self.port} address {self.address} writable"
        self.say(place)
        super().started()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


class Tftpd(Server):
    name = "tftpd-hpa"

    def command(self):
        place = f"{self.address}:{self.port}"
        # -L: in the foreground; -c: files may be made; -s: DIR is its root.
        program = str(UNPACKED / "usr/sbin/in.tftpd")
        return [program, "-L", "-c", "-u", "root", "-a", place, "-s", self.directory]


class Atftpd(Server):
    name, windows = "atftpd", True

    def command(self):
        return [
            str(UNPACKED / "usr/sbin/atftpd"), "--daemon", "--no-fork", "--user", "root", "--group",
            "root", "--logfile", "/dev/null", "--bind-address", self.address, "--port", str(self.port),
            # It serves 100 clients at once if not said.
            "--maxthread", "300", self.directory,
        ]


class Dnsmasq(Server):
    # It knows no other port than 69, only reads, and sends the bytes of a file whatever the mode.
    name, writes, transforms = "dnsmasq", False, False

    def command(self):
        self.address, self.port = f"127.0.0.{next(_last_octet)}", 69
        return [
            str(UNPACKED / "usr/sbin/dnsmasq"), "--no-daemon", "--conf-file=/dev/null", "--port=0",
            "--user=root", "--group=", "--enable-tftp", f"--tftp-root={self.directory}",
            f"--listen-address={self.address}", "--bind-interfaces", "--pid-file=",
        ]


SERVERS = {server.name: server for server in (Pfsh, Tftpd, Atftpd, Dnsmasq)}


def run(words, folder, environment=ENVIRONMENT):
    return subprocess.run(
        words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=PATIENCE,
    )


class Client:
    """How one program gets and puts; `get` and `put` answer the finished process."""

    name, block_sizes, windows, netascii = "", True, False, True

    def get(self, server, name, path, **terms):
        return self.transfer("get", server, name, path, **terms)

    def put(self, server, name, path, **terms):
        return self.transfer("put", server, name, path, **terms)


class PfshClient(Client):
    name, windows = "pfsh", True

    def transfer(self, what, server, name, path, blksize=None, windowsize=None, mode="octet", more=""):
        words = f"{name} to {path}" if what == "get" else f"{path} to {name}"
        line = f"tftp {what} {server.address} {words} port {server.port} mode {mode} {more}"
        line += f" blksize {blksize}" if blksize else ""
        line += f" windowsize {windowsize}" if windowsize else ""
        return run([shell_path(), "--quiet", "-c", line], path.parent, SHELL_ENVIRONMENT)


class TftpHpa(Client):
    # It asks for no options, and its status is 0 whatever happens.
    name, block_sizes = "tftp-hpa", False

    def transfer(self, what, server, name, path, blksize=None, windowsize=None, mode="octet"):
        files = [name, str(path)] if what == "get" else [str(path), name]
        program = str(UNPACKED / "usr/bin/tftp")
        return run([program, "-m", mode, server.address, str(server.port), "-c", what, *files], path.parent)


class Atftp(Client):
    name, windows = "atftp", True

    def transfer(self, what, server, name, path, blksize=None, windowsize=None, mode="octet"):
        options = [f"mode {mode}"] if mode != "octet" else []
        options += [f"blksize {blksize}"] if blksize else []
        options += [f"windowsize {windowsize}"] if windowsize else []
        words = [str(UNPACKED / "usr/bin/atftp")]
        for option in options:
            words += ["--option", option]
        words += [f"--{what}", "--remote-file", name, "--local-file", str(path)]
        return run([*words, server.address, str(server.port)], path.parent)


class Busybox(Client):
    name, netascii = "busybox", False

    def transfer(self, what, server, name, path, blksize=None, windowsize=None, mode="octet"):
        words = [str(UNPACKED / "bin/busybox"), "tftp", "-g" if what == "get" else "-p"]
        words += ["-b", str(blksize)] if blksize else []
        return run([*words, "-r", name, "-l", str(path), server.address, str(server.port)], path.parent)


class Curl(Client):
    # It says netascii where told so, but leaves the bytes as they are.
    name, netascii = "curl", False

    def transfer(
        self, what, server, name, path, blksize=None, windowsize=None, mode="octet", seconds=PATIENCE
    ):
        words = ["/usr/bin/curl", "--silent", "--show-error", "--max-time", str(seconds)]
        words += ["--tftp-blksize", str(blksize)] if blksize else []
        words += ["--output" if what == "get" else "--upload-file", str(path)]
        return run([*words, f"tftp://{server.address}:{server.port}/{name}"], path.parent, SHELL_ENVIRONMENT)


CLIENTS = {client.name: client() for client in (PfshClient, TftpHpa, Atftp, Busybox, Curl)}
