"""Faults on attached phones: done to this shell's own sockets and files, and survived."""

import re

import pytest

from conftest import LOAD, WHOLE, phones
from test_loopback import copies, originals


def hits(text):
    """How often each fault has hit, by its word, as `show faults all` tells it."""
    return {found.group(1): int(found.group(2))
            for found in re.finditer(r"^\s*\d+ (\S+) .*\s(\d+)$", text, re.MULTILINE)}


def upgrade(lab, faults, count=4, at=None, within="150s", **more):
    """Phones take their load while something goes wrong, from the beginning or from when `at` was seen."""
    script = phones(count, fire=False, **more) + "\n" + "\n".join([
        *([] if at else faults), f"push {LOAD} to all",
        *([f"run until {at} within 60s", *faults] if at else []),
        f"run until count(where (done)) == {count} within {within}", "show faults all"])
    return lab.start(script).finish(200)


def check(lab, firmware, count=4):
    have = copies(lab)
    assert len(have) == count
    assert all(files == originals(firmware) for files in have.values())


def test_messages_are_lost_and_damaged_and_servers_lie(lab):
    firmware = lab.firmware()
    lab.serve(firmware)
    text = upgrade(lab, [
        "fault delay 30ms", "fault jitter 50ms message claim", "fault duplicate message confirmed",
        "fault drop message accept chance 40%", "fault corrupt message transfer to P2 nth 1",
        "fault reorder message claim chance 20%",
        "fault wrong-file tftp1 nth 1", "fault truncated-file tftp1 nth 3", "fault server-slow 5ms tftp1",
    ])
    check(lab, firmware)
    told = hits(text)
    assert len(told) == 9 and all(told.values()), text


def test_phones_crash_hang_and_restart(lab):
    firmware = lab.firmware("256KiB")
    lab.serve(firmware)
    text = upgrade(lab, [
        "fault crash P2 keep-flash for 2s", "fault freeze P3 for 8s", "fault reboot P4",
        "fault clock-drift 20000 P1", "fault slow-disk 20 P1 for 20s",
    ], at="count(where (from-peers > 0)) > 1")
    check(lab, firmware)
    told = hits(text)
    assert all(told[kind] > 0 for kind in ("crash", "freeze", "reboot", "clock-drift")), text


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
@pytest.mark.parametrize("fault", ["wrong-bytes", "stalled-transfer", "endless-offers", "forged-claims"])
def test_phones_of_another_shell_mean_no_good(lab, fault):
    firmware = lab.firmware("600KiB")
    lab.serve(firmware)
    hostile = lab.start(phones(2, "h-", "10.4.0.101-10.4.0.102", store="hostile", fire=False) + f"""
fault {fault} all
push {LOAD} to all
run 4m
""")
    hostile.see("load and reset")
    text = lab.start(phones(3, within="220s", more="set parameter linger-limit 5s")).finish(260)
    have = copies(lab)
    assert len(have) == 3, text
    assert all(files == originals(firmware) for files in have.values())


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
@pytest.mark.parametrize("fault", [
    "fault block tcp for 15s", "fault block udp for 15s", "fault partition P1,P2 P3,P4 for 15s", "fault isolate P1",
    "fault unauthorised P2 for 10s", "fault duplicate-address P3 for 15s", "fault power-loss P2 for 5s",
    "fault corrupt-block P2 nth 1", "fault server-down tftp1 for 5s",
])
def test_every_other_fault(lab, fault):
    firmware = lab.firmware()
    lab.serve(firmware)
    text = upgrade(lab, [fault], within="190s", at="count(where (from-peers > 0)) > 1")
    check(lab, firmware)
    assert "fault" in text
