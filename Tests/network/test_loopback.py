"""Phones on loopback: no privilege, several shells in one hierarchy, strangers on the port."""

import hashlib
import socket
import struct
import time

import pytest

from conftest import LOAD, WHOLE, phones

MAGIC = b"\x89pfsh\r\n\x1a\x01"
PORT = 40510


def copies(lab, store="store"):
    """The digest of every file that phones have, by phone."""
    found = {}
    for path in sorted((lab.folder / store).glob("*/*")):
        assert not path.name.startswith("."), f"left behind: {path}"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.setdefault(path.parent.name, {})[path.name] = digest
    return found


def originals(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_an_upgrade_over_sockets(lab):
    firmware = lab.firmware()
    server = lab.serve(firmware)
    text = lab.start(phones(5)).finish()
    assert text.count(LOAD) >= 5
    assert "attached" in text and "lag p50" in text
    want = originals(firmware)
    have = copies(lab)
    assert sorted(have) == ["P1", "P2", "P3", "P4", "P5"]
    assert all(files == want for files in have.values())


def test_two_shells_form_one_hierarchy(lab):
    firmware = lab.firmware()
    lab.serve(firmware)
    first = lab.start(phones(3, "a-", "10.4.0.11-10.4.0.13", store="one"))
    second = lab.start(phones(3, "b-", "10.4.0.21-10.4.0.23", store="two"))
    texts = first.finish() + second.finish()
    want = originals(firmware)
    for store in ("one", "two"):
        have = copies(lab, store)
        assert len(have) == 3 and all(files == want for files in have.values())
    assert "10.4.0." in texts


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
def test_strangers_change_nothing(lab):
    firmware = lab.firmware()
    lab.serve(firmware)
    shell = lab.start(phones(3, within="60s"))
    shell.see("load and reset")
    noise = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    noise.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    noise.bind(("127.4.0.99", 0))
    links = []
    for round in range(40):
        # Bytes of no meaning, half a message, a claim that cannot be, a message for a link.
        for bytes in (b"", b"\0" * 1400, MAGIC, MAGIC + b"\x01\x00\x20",
                      MAGIC + b"\x11" + struct.pack(">H", 18) + b"\x01A\x01B" * 9):
            noise.sendto(bytes, ("127.255.255.255", PORT))
        try:
            link = socket.create_connection(("127.4.0.1", PORT), 1, ("127.4.0.99", 0))
            link.sendall([MAGIC, b"GET / HTTP/1.0\r\n\r\n", MAGIC + b"\x19\x00\x10\x7f\xff\xff\xff",
                          b"\0" * 70_000][round % 4])
            links.append(link)
        except OSError:
            pass
        time.sleep(0.1)
    text = shell.finish()
    assert "error" not in text
    want = originals(firmware)
    assert all(files == want for files in copies(lab).values())
    for link in links:
        link.close()


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
def test_a_wrong_copy_is_not_kept(lab):
    firmware = lab.firmware()
    served = lab.folder / "served"
    served.mkdir()
    for path in firmware.iterdir():
        bytes = bytearray(path.read_bytes())
        if path.name.startswith("apps"):
            bytes[-1] ^= 1
        (served / path.name).write_bytes(bytes)
    lab.serve(served)
    script = phones(2, fire=False) + (
        f"\npush {LOAD} to all\nrun until count(where (reason == 14)) == 2 within 90s\nshow alarms")
    text = lab.start(script).finish()
    assert "14" in text, text
    assert all(not name.startswith("apps") for files in copies(lab).values() for name in files)


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
def test_a_killed_shell_resumes(lab):
    firmware = lab.firmware("512KiB")
    lab.serve(firmware)
    shell = lab.start(phones(3))
    shell.see("load and reset")
    time.sleep(4)
    shell.process.kill()
    shell.process.wait()
    lab.start(phones(3)).finish(200)
    want = originals(firmware)
    assert all(files == want for files in copies(lab).values())
