"""Phones on real interfaces, each shell in a namespace of its own on one bridge."""

import hashlib
import json
import re
import shutil
import subprocess
import time

import pytest

from conftest import LOAD, WHOLE, phones
from lan import ADDRESS

SUBNET = ADDRESS + "0/24"


def script(host, count, first=None, **more):
    """Phones of a host, with the addresses that belong to it."""
    first = 10 + host * 40 if first is None else first
    more.setdefault("within", "120s")
    return phones(
        count, f"h{host}-", f"{ADDRESS}{first}-{ADDRESS}{first + count - 1}", "eth0",
        store=f"store{host}", port=4051, subnet=SUBNET,
        more=f"server nas site hq ip {ADDRESS}1\n" + more.pop("before", ""), **more,
    ).replace(f"subnet voice {SUBNET}", f"subnet voice {SUBNET} option150 {ADDRESS}1")


def want(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def check_copies(lab, folder, hosts, count):
    wanted = want(folder)
    for host in hosts:
        stores = sorted((lab.folder / f"store{host}").iterdir())
        assert len(stores) == count
        for store in stores:
            assert want(store) == wanted, store


def test_hosts_form_one_hierarchy_and_interfaces_are_given_back(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware()
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    before = [lan.addresses(host) for host in (1, 2)]
    shells = [lab.start(script(host, 3), lan.prefix(host)) for host in (1, 2)]
    texts = [shell.finish(180) for shell in shells]
    check_copies(lab, firmware, (1, 2), 3)
    assert [lan.addresses(host) for host in (1, 2)] == before
    # Somebody has a file from a phone of the other host: one hierarchy, not two. `show files` names
    # phones of the own shell, and others by their address.
    assert any(re.search(rf"\.(?:sbn|loads).* {re.escape(ADDRESS)}\d+ ", text) for text in texts), texts


def test_a_crash_leaves_addresses_and_the_next_start_takes_them_away(lab, hosts):
    lan = hosts(2)
    lab.firmware()
    shell = lab.start(script(1, 3, fire=False) + "\nsay \"here\"\nrun 5m", lan.prefix(1))
    shell.see("here")
    assert len(lan.addresses(1)) == 4
    shell.process.kill()
    shell.process.wait()
    assert len(lan.addresses(1)) == 4
    text = lab.start(script(1, 1, fire=False) + "\nno attach", lan.prefix(1)).finish()
    assert "3 addresses of an earlier run" in text
    assert len(lan.addresses(1)) == 1


def test_it_refuses_beside_peers_that_are_not_pfsh(lab, hosts):
    lan = hosts(2)
    lab.firmware()
    talk = (
        "import socket, time\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n"
        "for _ in range(100):\n"
        f"    s.sendto(b'CPPDP?', ('{ADDRESS}255', 4051)); time.sleep(0.1)\n")
    stranger = subprocess.Popen([*lan.prefix(0), "python3", "-c", talk])
    try:
        shell = lab.start(script(1, 1, fire=False), lan.prefix(1))
        assert shell.process.wait(30) == 3
        assert "it is not pfsh" in shell.text and "anyway" in shell.text
        assert len(lan.addresses(1)) == 1
    finally:
        stranger.terminate()
        stranger.wait()


def test_the_root_is_killed_in_the_middle_of_a_file(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware("1MiB")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    strong = "pin h1-1 strength 7fffffff"
    first = lab.start(script(1, 1, before=strong, fire=False) + f"\npush {LOAD} to all\nrun 5m",
                      lan.prefix(1))
    second = lab.start(script(2, 3), lan.prefix(2))
    second.see("load and reset")
    time.sleep(6)
    first.process.kill()
    second.finish(240)
    check_copies(lab, firmware, (2,), 3)


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
@pytest.mark.skipif(not shutil.which("nft", path="/usr/sbin:/sbin"), reason="there is no nft")
def test_blocked_tcp_makes_phones_fall_back(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware("8KiB")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    for host in (1, 2):
        lan.inside(lan.hosts[host], "nft", "add table ip t; add chain ip t in "
                   "{ type filter hook input priority 0; }; add rule ip t in tcp dport 4051 drop")
    shells = [lab.start(script(host, 1, within="280s"), lan.prefix(host)) for host in (1, 2)]
    for shell in shells:
        shell.finish(300)
    check_copies(lab, firmware, (1, 2), 1)


def test_a_thin_wan_is_crossed_once(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware("32KiB")
    lan.inside(lan.mark, "tc", "qdisc", "add", "dev", "v1", "root", "tbf",
               "rate", "100mbit", "burst", "32k", "latency", "400ms")
    lan.inside(lan.hosts[0], "tc", "qdisc", "add", "dev", "eth0", "root", "tbf",
               "rate", "1mbit", "burst", "4k", "latency", "400ms")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    sent = int(lan.inside(lan.hosts[0], "cat", "/sys/class/net/eth0/statistics/tx_bytes"))
    shells = [lab.start(script(host, 4), lan.prefix(host)) for host in (1, 2)]
    for shell in shells:
        shell.finish(240)
    sent = int(lan.inside(lan.hosts[0], "cat", "/sys/class/net/eth0/statistics/tx_bytes")) - sent
    size = sum(path.stat().st_size for path in firmware.iterdir())
    check_copies(lab, firmware, (1, 2), 4)
    # One copy for all eight phones, with headers and what else a host says.
    assert sent < 1.6 * size, (sent, size)


def fetches(text):
    """How often a shell says that its phones fetched from the server."""
    return int(re.search(r"^fetched (\d+)$", text, re.MULTILINE).group(1))


def test_two_hundred_phones_on_four_hosts(lab, hosts):
    lan = hosts(5)
    firmware = lab.firmware("8KiB")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    tail = "\nsay \"fetched ${server.fetches}\""
    shells = [
        lab.start(script(host, 50, first=10 + (host - 1) * 50, within="300s") + tail,
                  lan.prefix(host), log=f"host{host}.log")
        for host in range(1, 5)]
    texts = [shell.finish(330) for shell in shells]
    check_copies(lab, firmware, range(1, 5), 50)
    # One copy of each file for all of them; a second root for a moment would be one more, and is rare.
    asked = sum(fetches(text) for text in texts)
    assert 6 <= asked <= 8, texts
    logs = ",".join(f"host{host}.log" for host in range(1, 5))
    rows = json.loads(lab.run(f"compare runs {logs} {logs} | json"))
    story = {row["what"]: row["first"] for row in rows if row["phone"] == "all"}
    assert story["phones"] == "200" and story["failed"] == "nobody", story
    assert story["loads"] == f"200 {LOAD}" and story["not written"] == "0", story
    assert story["from peers"] == str(1200 - asked), story
    # Slots are free again as soon as a child has the file, so that the tree may be flatter, never deeper.
    assert story["depth"] == "within 7", story


def test_two_models_side_by_side_never_share(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware()
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    texts = []
    for host in (1, 2):
        text = script(host, 4).replace(
            f"phones 4 model CP-7961G subnet voice prefix h{host}-",
            f"phones 2 model CP-7961G subnet voice prefix h{host}-\n"
            f"phones 2 model CP-7941G subnet voice prefix g{host}-")
        assert "CP-7941G" in text
        tail = "\nsay \"fetched ${server.fetches}\"\nexpect count(running SCCP41.9-9-9TEST) == 4"
        texts.append(text + tail)
    shells = [lab.start(text, lan.prefix(host), log=f"host{host}.log")
              for host, text in zip((1, 2), texts)]
    said = [shell.finish(180) for shell in shells]
    check_copies(lab, firmware, (1, 2), 4)
    # Both take the same load, but a hierarchy is of one model: each file is fetched once for each.
    assert sum(fetches(text) for text in said) == 12, said
    models = {}
    for host in (1, 2):
        first = 10 + host * 40
        for index in range(4):
            models[f"{ADDRESS}{first + index}"] = "CP-7961G" if index < 2 else "CP-7941G"
    joins = []
    for host in (1, 2):
        log = (lab.folder / f"host{host}.log").read_text()
        joins += re.findall(r"@@@HCHILD:\S+ m=(\S+) PARENT=(\S+) ", log)
    assert len(joins) == 2 * 3 * 6 and all(models[parent] == model for model, parent in joins), joins
