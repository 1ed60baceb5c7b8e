"""Hosts in network namespaces of their own, on one bridge in another."""

import os
import shutil
import subprocess

ADDRESS = "10.99.7."  # of the namespaces' own bridge


def namespaces_refused():
    """Why no namespaces can be made here; empty when they can."""
    if os.geteuid() != 0:
        return "namespaces need root"
    if not shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin"):
        return "there is no ip command"
    name = f"pfsh-try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode != 0:
        return "namespaces are not allowed: " + made.stderr.strip()
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


class Hosts:
    """Hosts in namespaces of their own, on one bridge in another."""

    def __init__(self, count):
        self.mark = f"pfsh{os.getpid()}"
        self.names = []
        self.ip("netns", "add", self.mark)
        self.names.append(self.mark)
        self.inside(self.mark, "ip", "link", "set", "lo", "up")
        self.inside(self.mark, "ip", "link", "add", "br0", "type", "bridge")
        self.inside(self.mark, "ip", "link", "set", "br0", "up")
        self.hosts = [self.add(index) for index in range(count)]

    def add(self, index):
        name = f"{self.mark}-{index}"
        self.ip("netns", "add", name)
        self.names.append(name)
        self.inside(self.mark, "ip", "link", "add", f"v{index}", "type", "veth",
                    "peer", "name", "eth0", "netns", name)
        self.inside(self.mark, "ip", "link", "set", f"v{index}", "master", "br0", "up")
        self.inside(name, "ip", "link", "set", "lo", "up")
        self.inside(name, "ip", "address", "add", f"{ADDRESS}{index + 1}/24", "broadcast", "+",
                    "dev", "eth0")
        self.inside(name, "ip", "link", "set", "eth0", "up")
        return name

    @staticmethod
    def ip(*words):
        subprocess.run(["ip", *words], check=True, capture_output=True)

    @staticmethod
    def inside(name, *words):
        done = subprocess.run(["ip", "netns", "exec", name, *words], capture_output=True, text=True)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def prefix(self, index):
        """What stands before a command so that it runs on a host."""
        return ["ip", "netns", "exec", self.hosts[index]]

    def addresses(self, index):
        text = self.inside(self.hosts[index], "ip", "-o", "-4", "address", "show", "dev", "eth0")
        return [line.split()[3] for line in text.splitlines()]

    def close(self):
        for name in reversed(self.names):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


REFUSED = namespaces_refused()
