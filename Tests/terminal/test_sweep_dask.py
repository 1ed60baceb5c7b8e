"""The sweep on a Dask cluster of two workers gives the file of the sweep on one machine, stops without
losing anything, and goes on where it stopped."""

import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = """\
parameter size = 3
parameter wan = 384kbps
site branch wan $wan rtt 150ms
subnet voice 10.4.0.0/24 site branch
phones $size model CP-7961G
pfs enterprise on
push 9.4(2)SR1 to all
run until idle
result roots count(where (root))
"""
GRID = ["--seeds", "1-6", "--set", "wan=384kbps,1Mbps", "--set", "size=2,4"]


def start(binary, home, *options):
    (home / "study.pfsh").write_text(SCRIPT)
    words = [sys.executable, str(ROOT / "scripts/sweep-dask"), "study.pfsh", "--pfsh", binary, *options]
    environment = os.environ | {"HOME": str(home)}
    return subprocess.Popen(
        words, cwd=home, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def one_machine(binary, home):
    (home / "study.pfsh").write_text(SCRIPT)
    done = subprocess.run(
        [binary, "sweep", "study.pfsh", *GRID, "--jobs", "2"], cwd=home, capture_output=True, check=True
    )
    return done.stdout


def test_a_cluster_of_two_workers_gives_the_same_lines(binary, home):
    expected = one_machine(binary, home)
    assert expected.count(b"\n") == 24
    running = start(binary, home, *GRID, "--out", "study.jsonl", "--workers", "2", "--parts", "5")
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert (home / "study.jsonl").read_bytes() == expected


def test_what_a_killed_sweep_has_is_kept_and_the_rest_is_run(binary, home):
    expected = one_machine(binary, home)
    out = home / "study.jsonl"
    options = [*GRID, "--out", "study.jsonl", "--workers", "2", "--parts", "12"]
    running = start(binary, home, *options)
    deadline = time.monotonic() + 60
    while not (out.exists() and out.stat().st_size) and time.monotonic() < deadline:
        assert running.poll() is None or out.stat().st_size, running.communicate()
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    kept = out.read_bytes().splitlines()
    assert kept and set(kept) <= set(expected.splitlines())
    # As a kill in the middle of a write would leave it.
    with open(out, "ab") as file:
        file.write(b'{"script": "half a li')
    running = start(binary, home, *options)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert out.read_bytes() == expected


def test_a_wrong_call_is_refused_in_the_words_of_pfsh(binary, home):
    running = start(binary, home, "--set", "sise=3", "--out", "study.jsonl", "--workers", "1")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2 and "no parameter `sise`" in said
    (home / "other.jsonl").write_text("no line of a sweep\n")
    running = start(binary, home, *GRID, "--out", "other.jsonl", "--workers", "1")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2 and "is no line of a sweep" in said
    assert (home / "other.jsonl").read_text() == "no line of a sweep\n"
