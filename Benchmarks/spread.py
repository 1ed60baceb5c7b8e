#!/usr/bin/env python3
"""usage: spread.py --shell PFSH --tree SPREAD [--rate 100mbit] [--json FILE]   a file to sixteen hosts

One host has 64 MiB, sixteen others get it, each in a network namespace of its own on one bridge: by phones of
pfsh, by a plain tree in C that stores and forwards with sendfile (reference/spread.c), which verifies nothing or
does so by SHA-256 as phones do, by udpcast and uftp, and by a swarm of aria2. All take turns; medians of the repetitions. Every copy
is compared by SHA-256. Fails when a copy is wrong, when phones take more than 1.5 times as long as the tree that
verifies or 1.3 times as much of the processors, or when a shell takes more memory than its bar.

Phones are timed as the tree is, from when the root has the file until the last one has it. What comes before,
the election and the fetch from the server, stands in a column of its own. So does the time of all processors for
the tree and for phones, which is the steadier where other work is going on.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import resource
import selectors
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests/network"))
from lan import ADDRESS, Hosts, namespaces_refused  # noqa: E402

RECEIVERS = 16
MEBIBYTES = 64
LOAD = "SCCP41.9-9-9TEST"
NAME = "apps41.9-9-9TEST.sbn"
# Both of the tree that verifies. The time of processors is the steadier, so its bar is the lower one.
TREE_BAR, PROCESSOR_BAR = 1.5, 1.3
# What a shell may take besides the load that `firmware load` has read: the file does not count.
MEMORY_BAR_MIB = 60
PORT = 4070
PATIENCE_SECONDS = 120
UNPACKED = HERE.parent / ".build/spread/usr"
PEERS = {"PATH": f"{UNPACKED}/bin:{UNPACKED}/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
         "LD_LIBRARY_PATH": f"{UNPACKED}/lib/x86_64-linux-gnu:{UNPACKED}/lib", "LC_ALL": "C.UTF-8"}


class Node:
    """A program on a host, whose lines are stamped as they come."""

    def __init__(self, hosts, index, words, environment, folder, feeds=False):
        self.index, self.lines = index, []
        self.process = subprocess.Popen(
            [*hosts.prefix(index), *map(str, words)], env=environment, cwd=folder,
            stdin=subprocess.PIPE if feeds else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.rest = b""

    def say(self, text):
        self.process.stdin.write((text + "\n").encode())
        self.process.stdin.flush()

    def read(self, now):
        data = os.read(self.process.stdout.fileno(), 1 << 16)
        *whole, self.rest = (self.rest + data).split(b"\n")
        self.lines += [(now, line.decode(errors="replace")) for line in whole]
        return bool(data)

    def find(self, pattern):
        for moment, line in self.lines:
            found = re.search(pattern, line)
            if found:
                return moment, found
        return None

    @property
    def text(self):
        return "\n".join(line for _, line in self.lines)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Nodes(list):
    """The programs of one run; all are gone behind it."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self:
            node.stop()

    def wait(self, done, what):
        """Reads what they print until `done` says so."""
        end = time.monotonic() + PATIENCE_SECONDS
        with selectors.DefaultSelector() as selector:
            for node in self:
                if node.process.poll() is None or node.process.stdout:
                    selector.register(node.process.stdout, selectors.EVENT_READ, node)
            while not done():
                if time.monotonic() > end:
                    said = [node.text[-1000:] for node in (self[0], self[-1])]
                    sys.exit(f"{what}: too long; the first and the last said:\n{said[0]}\n{said[1]}")
                for key, _ in selector.select(0.05):
                    if not key.data.read(time.monotonic()):
                        selector.unregister(key.fileobj)

    def wait_all(self, pattern, nodes=None):
        """When each printed the pattern first."""
        nodes = list(self) if nodes is None else nodes
        self.wait(lambda: all(node.find(pattern) for node in nodes), pattern)
        return [node.find(pattern) for node in nodes]


def waited_seconds():
    """The time of processors that children took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_seconds(nodes):
    """The time of processors that programs took so far."""
    ticks = 0
    for node in nodes:
        status = pathlib.Path(f"/proc/{node.process.pid}/stat").read_text()
        ticks += sum(map(int, status.rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def fork_of(index):
    """The children of a place of the tree, two for each."""
    return [child for child in (2 * index + 1, 2 * index + 2) if child <= RECEIVERS]


def address(index):
    return f"{ADDRESS}{index + 1}"


def tree(bench, *check):
    """`check` is what makes the tree verify: the word and the digest."""
    words = [check[0] if check else "pass", PORT]
    used = waited_seconds()
    with Nodes() as nodes:
        for index in range(1, RECEIVERS + 1):
            children = [address(child) for child in fork_of(index)]
            copy = bench.copy(index)
            nodes.append(Node(bench.hosts, index, [bench.tree, *words, copy, *check[1:], *children],
                              PEERS, bench.folder))
        nodes.wait_all("^ready$")
        children = [address(child) for child in fork_of(0)]
        source = Node(bench.hosts, 0, [bench.tree, "send", PORT, bench.file, *children], PEERS,
                      bench.folder)
        nodes.append(source)
        moments = [float(found.group(1)) for _, found in nodes.wait_all(r"^whole ([\d.]+)$")]
        for node in nodes:
            node.process.wait(30)
    return {"seconds": max(moments[:-1]) - moments[-1], "processor": waited_seconds() - used}


def phones(bench):
    """A shell for each host, with one phone; the strongest, which fetches, is on host 0 with the server."""
    with Nodes() as nodes:
        for index in range(RECEIVERS + 1):
            home = bench.folder / f"home{index}"
            home.mkdir(exist_ok=True)
            environment = PEERS | {"HOME": str(home)}
            environment.pop("LD_LIBRARY_PATH")
            node = Node(bench.hosts, index, [bench.shell], environment, bench.folder, feeds=True)
            nodes.append(node)
            node.say("\n".join([
                f"firmware load {bench.file.parent}", "set parameter start-spread 0s",
                "set parameter linger 1s", "set parameter reboot 1s", "set parameter registration 1s",
                f"server files site hq ip {address(0)}",
                f"subnet voice {ADDRESS}0/24 option150 {address(0)}",
                f"phone p{index} model CP-7961G subnet voice ip {ADDRESS}{101 + index}",
                "pfs enterprise on",
                "pin p0 strength 7fffffff" if index == 0 else "",
                f"tftp serve {bench.file.parent} address {address(0)}" if index == 0 else "",
                f"attach eth0 store {bench.folder}/store{index}", "log follow", 'say "ready"']))
        nodes.wait_all("^ready$")
        start = time.monotonic()
        for node in nodes:
            node.say(f"push {LOAD} to all\nrun until count(where (done)) == 1 within 5m\nsay \"over\"")
        pattern = f"verified {re.escape(NAME)}"
        nodes.wait_all(pattern, nodes[:1])
        used = processor_seconds(nodes)
        verified = nodes.wait_all(pattern)
        used = processor_seconds(nodes) - used
        begun = verified[0][0]
        nodes.wait_all("^over$")
        peak = max(bench.peak_mebibytes(node.process.pid) for node in nodes)
        for node in nodes:
            node.say("quit")
            node.process.stdin.close()
        for node in nodes:
            node.process.wait(30)
        for index in range(1, RECEIVERS + 1):
            # The copies are named as those of the others, to be compared in the same way.
            os.rename(bench.folder / f"store{index}/p{index}/{NAME}", bench.copy(index))
    for index in range(RECEIVERS + 1):
        shutil.rmtree(bench.folder / f"store{index}")
    return {"seconds": max(moment for moment, _ in verified[1:]) - begun, "processor": used,
            "before": begun - start, "peak_mib": peak}


def until_gone(nodes):
    """When the last of them has ended; all have to end well."""
    nodes.wait(lambda: all(node.process.poll() is not None for node in nodes), "an end")
    for node in nodes:
        if node.process.returncode != 0:
            sys.exit(f"{node.process.args}: {node.process.returncode}\n{node.text}")


def udpcast(bench):
    with Nodes() as nodes:
        for index in range(1, RECEIVERS + 1):
            words = ["udp-receiver", "--file", bench.copy(index), "--interface", "eth0", "--nokbd"]
            nodes.append(Node(bench.hosts, index, words, PEERS, bench.folder))
        time.sleep(0.5)
        start = time.monotonic()
        rate = ["--max-bitrate", "93m"] if bench.rate else []
        nodes.append(Node(bench.hosts, 0, [
            "udp-sender", "--file", bench.file, "--interface", "eth0", "--nokbd", "--full-duplex",
            "--min-receivers", RECEIVERS, *rate], PEERS, bench.folder))
        until_gone(nodes)
    return {"seconds": time.monotonic() - start}


def uftp(bench):
    with Nodes() as nodes:
        for index in range(1, RECEIVERS + 1):
            folder = bench.folder / f"uftp{index}"
            folder.mkdir(exist_ok=True)
            words = ["uftpd", "-d", "-I", "eth0", "-D", folder, "-T", f"{folder}.tmp"]
            (bench.folder / f"uftp{index}.tmp").mkdir(exist_ok=True)
            nodes.append(Node(bench.hosts, index, words, PEERS, bench.folder))
        time.sleep(0.5)
        start = time.monotonic()
        rate = "93000" if bench.rate else "2000000"
        source = Node(bench.hosts, 0, ["uftp", "-I", "eth0", "-R", rate, bench.file], PEERS,
                      bench.folder)
        nodes.append(source)
        nodes.wait(lambda: source.process.poll() is not None, "uftp")
        seconds = time.monotonic() - start
        for index in range(1, RECEIVERS + 1):
            copy = bench.folder / f"uftp{index}/{NAME}"
            if not copy.exists():
                sys.exit(f"uftp: host {index} has no copy:\n{source.text}")
            os.rename(copy, bench.copy(index))
    return {"seconds": seconds}


def bencoded(value):
    """A value as torrents have it (BEP 3)."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    return b"d" + b"".join(bencoded(key) + bencoded(value[key]) for key in sorted(value)) + b"e"


PIECE_BYTES = 1 << 18


def torrent(bench):
    """The torrent of the file, made once; its tracker is on host 0."""
    path = bench.folder / "file.torrent"
    if not path.exists():
        data = bench.file.read_bytes()
        pieces = b"".join(
            hashlib.sha1(data[start:start + PIECE_BYTES]).digest() for start in range(0, len(data), PIECE_BYTES))
        info = {b"length": len(data), b"name": NAME.encode(), b"piece length": PIECE_BYTES, b"pieces": pieces}
        announce = f"http://{address(0)}:6969/announce".encode()
        path.write_bytes(bencoded({b"announce": announce, b"info": info}))
        # Debian's tracker takes only what it was told of, and reads that as nobody.
        bench.folder.chmod(0o755)
        (bench.folder / "torrents").write_text(hashlib.sha1(bencoded(info)).hexdigest() + "\n")
    return path


def aria2(bench):
    """A swarm: every host gives pieces to every other, until all have the file."""
    words = [
        "aria2c", torrent(bench), "--seed-ratio=0.0", "--file-allocation=none", "--enable-dht=false",
        "--bt-enable-lpd=false", "--bt-max-peers=0", "--bt-tracker-interval=1", "--listen-port=6881",
        "--console-log-level=notice", "--summary-interval=0", "--disable-ipv6=true", "--no-conf=true",
        f"--on-bt-download-complete={bench.folder}/whole"]
    # Its own words come but once a second.
    (bench.folder / "whole").write_text("#!/bin/sh\necho whole\n")
    (bench.folder / "whole").chmod(0o755)
    with Nodes() as nodes:
        tracker = ["opentracker", "-i", address(0), "-p", "6969", "-d", bench.folder,
                   "-w", "torrents"]
        nodes.append(Node(bench.hosts, 0, tracker, PEERS, bench.folder))
        source = Node(bench.hosts, 0, [*words, "--check-integrity=true", f"--dir={bench.file.parent}"],
                      PEERS, bench.folder)
        nodes.append(source)
        nodes.wait_all("Verification finished successfully", [source])
        time.sleep(1)
        start = time.monotonic()
        receivers = []
        for index in range(1, RECEIVERS + 1):
            (bench.folder / f"aria{index}").mkdir(exist_ok=True)
            receivers.append(Node(bench.hosts, index, [*words, f"--dir={bench.folder}/aria{index}"],
                                  PEERS, bench.folder))
        nodes.extend(receivers)
        moments = nodes.wait_all("^whole$", receivers)
        seconds = max(moment for moment, _ in moments) - start
    for index in range(1, RECEIVERS + 1):
        os.rename(bench.folder / f"aria{index}/{NAME}", bench.copy(index))
        shutil.rmtree(bench.folder / f"aria{index}")
    return {"seconds": seconds}


def checked_tree(bench):
    return tree(bench, "check", bench.digest)


PLAIN, CHECKED = "tree in C", "tree in C, verified"
METHODS = {PLAIN: tree, CHECKED: checked_tree, "pfsh": phones, "udpcast": udpcast, "uftp": uftp,
           "aria2": aria2}


class Bench:
    def __init__(self, arguments, folder):
        self.shell, self.tree = os.path.abspath(arguments.shell), os.path.abspath(arguments.tree)
        self.rate, self.folder = arguments.rate, folder
        firmware = folder / "firmware"
        sizes = f"4KiB,4KiB,{MEBIBYTES}MiB,4KiB,4KiB"
        subprocess.run(
            [self.shell, "-c", f"firmware make {LOAD} for CP-7961G in {firmware} sizes {sizes}"],
            check=True, stdout=subprocess.DEVNULL)
        self.file = firmware / NAME
        self.digest = self.sha256(self.file)
        self.hosts = Hosts(RECEIVERS + 1)
        for index in range(RECEIVERS + 1):
            name = self.hosts.hosts[index]
            # What is sent to many goes to the bridge.
            self.hosts.inside(name, "ip", "route", "add", "224.0.0.0/4", "dev", "eth0")
            if self.rate:
                limit = ["root", "tbf", "rate", self.rate, "burst", "64k", "latency", "100ms"]
                self.hosts.inside(name, "tc", "qdisc", "add", "dev", "eth0", *limit)
                self.hosts.inside(self.hosts.mark, "tc", "qdisc", "add", "dev", f"v{index}", *limit)

    def copy(self, index):
        return self.folder / f"copy{index}"

    @staticmethod
    def sha256(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @staticmethod
    def peak_mebibytes(process):
        """The most memory of a shell so far that is its own, and of no file."""
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def sent(self):
        path = "/sys/class/net/eth0/statistics/tx_bytes"
        return int(self.hosts.inside(self.hosts.hosts[0], "cat", path))

    def measure(self, name):
        before = self.sent()
        result = METHODS[name](self)
        result["copies_sent"] = (self.sent() - before) / self.file.stat().st_size
        for index in range(1, RECEIVERS + 1):
            if self.sha256(self.copy(index)) != self.digest:
                sys.exit(f"{name}: the copy of host {index} is wrong")
            self.copy(index).unlink()
        return result


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--shell", required=True)
    parser.add_argument("--tree", required=True)
    parser.add_argument("--rate", help="of each port and each way, as tc writes it; none if not given")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", action="append", help="one of the methods; more than one if repeated")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    refused = namespaces_refused()
    if refused:
        print(f"spread: not measured: {refused}")
        return 0
    # So that hosts and programs are gone behind it, whoever ends it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # In memory where there is room: what is measured is the way of the bytes, not one machine's disk.
    place = "/dev/shm" if shutil.disk_usage("/dev/shm").free > (RECEIVERS + 4) * MEBIBYTES << 20 else None
    names = [name for name in METHODS if not arguments.only or name in arguments.only]
    runs = {name: [] for name in names}
    with tempfile.TemporaryDirectory(dir=place) as folder:
        bench = Bench(arguments, pathlib.Path(folder))
        try:
            for _ in range(arguments.repetitions):
                for name in names:
                    runs[name].append(bench.measure(name))
        finally:
            bench.hosts.close()
    return report(arguments, runs)


def report(arguments, runs):
    def median(name, key):
        values = [run[key] for run in runs[name] if key in run]
        return statistics.median(values) if values else None

    rate = arguments.rate or "no rate limit"
    print(f"{MEBIBYTES} MiB to {RECEIVERS} hosts, {rate}, medians of {arguments.repetitions}")
    print("| method | seconds | of the tree | of the one that verifies | processors, s | copies sent by the source "
          "| before, s | memory, MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    keys = ("seconds", "processor", "copies_sent", "before", "peak_mib")
    results = {}
    for name in runs:
        row = {key: median(name, key) for key in keys}
        for key, other in (("ratio", PLAIN), ("ratio_verified", CHECKED)):
            row[key] = row["seconds"] / median(other, "seconds") if other in runs else None
        results[name] = row
        columns = ["seconds", "ratio", "ratio_verified", *keys[1:]]
        text = ["-" if row[key] is None else f"{row[key]:.2f}" for key in columns]
        print(f"| {name} | {' | '.join(text)} |")
    if arguments.json:
        path = pathlib.Path(arguments.json)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"rate": arguments.rate, "methods": results}, indent=2) + "\n")
    failed = False
    mine = results.get("pfsh", {})
    ratio = mine.get("ratio_verified")
    if ratio and ratio > TREE_BAR:
        print(f"FAILED: phones take {ratio:.2f} times as long as the tree that verifies, at most {TREE_BAR}")
        failed = True
    if CHECKED in results and "pfsh" in results:
        ratio = mine["processor"] / results[CHECKED]["processor"]
        if ratio > PROCESSOR_BAR:
            print(f"FAILED: phones take {ratio:.2f} times the processors of the tree that verifies, "
                  f"at most {PROCESSOR_BAR}")
            failed = True
    if mine.get("peak_mib") and mine["peak_mib"] > MEMORY_BAR_MIB:
        print(f"FAILED: a shell took {mine['peak_mib']:.0f} MiB, at most {MEMORY_BAR_MIB}")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
