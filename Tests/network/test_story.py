"""One scenario, simulated and on real networks: the same words, and the same story in the logs."""

import json
import os
import pathlib
import subprocess

from lan import ADDRESS

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples/same-story.pfsh"
TOLD = (ROOT / "examples/same-story.out").read_text()


def tell(lab, log, *settings, prefix=()):
    """Runs the scenario; answers its log."""
    path = lab.folder / log
    done = subprocess.run(
        [*prefix, lab.binary, "--log", str(path), str(SCRIPT), f"firmware={lab.folder}/story",
         *settings],
        env=lab.environment, cwd=lab.folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == TOLD, log
    return path


def check_story(lab, one, two):
    """The logs of two runs tell the same story, and have the same copies."""
    rows = json.loads(lab.run(f"compare runs {one} {two} | json"))
    different = [row for row in rows if row["story_differs"]]
    assert not different, different
    copies = [row for row in rows if row["phone"] != "all"]
    assert len(copies) == 8 * 6
    assert sum(row["method_second"] == "server" for row in copies) == 6
    assert all(row["at_second"] > 0 for row in copies)
    assert "the same story" in lab.run(f"compare runs {one} {two}")


def test_on_loopback(lab):
    port = 40500 + os.getpid() % 50
    simulated = tell(lab, "sim.log")
    real = tell(lab, "loopback.log", "where=loopback", f"port={port}")
    check_story(lab, simulated, real)


def test_in_namespaces(lab, hosts):
    lan = hosts(2)
    firmware = lab.firmware("64KiB", name="story")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    place = [f"network={ADDRESS}0/24", f"server={ADDRESS}1"]
    simulated = tell(lab, "sim.log", *place)
    real = tell(lab, "namespace.log", *place, "where=eth0", "from=40690", "port=4051",
                prefix=lan.prefix(1))
    check_story(lab, simulated, real)


def test_another_story_is_told_apart(lab):
    """A run in which TCP is blocked: everybody fetches, and the comparison says so."""
    simulated = tell(lab, "sim.log")
    text = SCRIPT.read_text().replace("push SCCP", "block tcp 4051 in voice\npush SCCP")
    blocked = lab.folder / "blocked.pfsh"
    blocked.write_text(text.split("show story")[0].replace("within 3m", "within 10m"))
    other = lab.folder / "other.log"
    done = subprocess.run(
        [lab.binary, "--log", str(other), str(blocked), f"firmware={lab.folder}/story"],
        env=lab.environment, cwd=lab.folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(lab.run(f"compare runs {simulated} {other} | json"))
    named = {row["what"]: row for row in rows if row["phone"] == "all"}
    assert named["server fetches"]["story_differs"]
    assert sum(row["differs"] == "method" for row in rows) == 42
