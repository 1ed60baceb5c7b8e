"""A peer that means no good beside attached phones: nothing crashes or swells, and every copy is right."""

import os
import pathlib
import re
import subprocess
import sys
import time

import pytest

from conftest import WHOLE, phones
from test_loopback import PORT, copies, originals

PROGRAM = pathlib.Path(__file__).with_name("hostile.py")
# What a shell with a few phones takes is some 40 MiB; strangers may add their links and what waits of them.
MEMORY_MIB = 120
# docs/protocol.md: what forged claims may cost a file.
CLAIM_BOUND_SECONDS = 30
# A claim that is heard keeps a phone from its new load, as it should, up to a limit.
HURRY = "set parameter linger-limit 5s"


def attack(lab, firmware, seconds, *modes):
    files = ",".join(f"{path.name}:{path.stat().st_size}" for path in sorted(firmware.iterdir()))
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "127.4.0.99", "127.255.255.255", str(PORT), str(seconds), *modes],
        env={"MODEL": "CP-7961G", "FILES": files, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout.readline() == "begun\n"
    return process


def survive(lab, *modes, size="64KiB", seconds=240):
    """Phones take their load while somebody is hostile; answers the shell and how long each file took."""
    firmware = lab.firmware(size)
    lab.serve(firmware)
    hostile = attack(lab, firmware, seconds, *modes)
    try:
        shell = lab.start(phones(4, within=f"{seconds}s", more=HURRY) + '\nsay "over"\nrun 3s', log="run.log")
        peak = 0
        while shell.process.poll() is None and "\nover\n" not in shell.text:
            status = pathlib.Path(f"/proc/{shell.process.pid}/status").read_text()
            found = re.search(r"VmHWM:\s+(\d+)", status)
            peak = max(peak, int(found.group(1)) / 1024 if found else 0)
            time.sleep(0.2)
        text = shell.finish(60)
    finally:
        hostile.kill()
        hostile.wait()
    assert 0 < peak < MEMORY_MIB, f"{peak:.0f} MiB"
    have = copies(lab)
    assert sorted(have) == ["P1", "P2", "P3", "P4"], text
    assert all(files == originals(firmware) for files in have.values())
    return text, (lab.folder / "run.log").read_text()


def seconds_of_files(log):
    """How long each phone was at each file, by the console's clock."""
    spent, last = [], {}
    for line in log.splitlines():
        found = re.match(r"(P\d)\s+\S+ (\d+):(\d+):([\d.]+) DLoad: (wrote|\+\+\+ fd)", line)
        if not found:
            continue
        phone, hours, minutes, rest, what = found.groups()
        now = int(hours) * 3_600 + int(minutes) * 60 + float(rest)
        if what == "wrote":
            spent.append(now - last[phone])
        last[phone] = now
    return spent


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
@pytest.mark.parametrize("mode", ["claims", "confirmed"])
def test_forged_claims_starve_nobody_longer_than_stated(lab, mode):
    _, log = survive(lab, mode)
    spent = seconds_of_files(log)
    assert len(spent) == 24
    assert max(spent) < CLAIM_BOUND_SECONDS, spent


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
def test_wrong_bytes_of_endless_offers_are_never_kept(lab):
    text, log = survive(lab, "offers")
    # The lie was believed as far as it can be: somebody took such a file, and threw it away.
    assert "verify failed" in log, log[-3000:]


@pytest.mark.skipif(not WHOLE, reason="slow: scripts/test all")
def test_transfers_that_stall_are_given_up(lab):
    survive(lab, "stalled", size="600KiB")


def test_half_open_links_and_oversized_fields_cost_little(lab):
    survive(lab, "halfopen", "oversized", "failed")
