#!/usr/bin/env python3
"""Runs the benchmark programs alternately and compares their medians.

A machine's speed drifts, so the programs of a row take turns within one run and only their ratio
is judged. Each program prints one line of JSON with `seconds`, `peakKiB` and the run's results.
"""

import argparse
import json
import os
import platform
import pty
import select
import shutil
import statistics
import subprocess
import sys
import time

# One row: a name, what the programs must agree on, the largest ratio of Swift to the reference by
# size (None: nothing is demanded), and (size, rounds, only with `all`). A further benchmark is a
# further row; without a reference its ratio is left out.
ROWS = [
    {
        "name": "pfs-m1",
        "swift": ["{swift}", "pfs-m1", "{size}"],
        "reference": ["{c}", "{size}"],
        "agree": ["events", "root", "broadcasts", "depth", "last", "sum"],
        "sizes": [(1_000, 21, False), (100_000, 9, False), (1_000_000, 5, True)],
        "bars": {1_000: None, 100_000: 1.0, 1_000_000: 1.0},
    },
    {
        "name": "upgrade",
        "swift": ["{swift}", "upgrade", "{size}"],
        "agree": ["events", "fetches", "instances", "virtualNanoseconds", "fingerprint"],
        "sizes": [(1_000, 5, False), (10_000, 3, True)],
        "bars": {},
    },
]


# From the start of a process to its prompt or its end, in turns: the shell and programs of like use.
# A program that is not installed is left out.
STARTS = {
    "pfsh, to the prompt": ["{shell}", "--quiet", "--no-init"],
    "pfsh -c clock": ["{shell}", "-c", "clock"],
    "sqlite3, to the prompt": ["sqlite3", "-interactive", ":memory:"],
    "python3 -c pass": ["python3", "-c", "pass"],
}
START_ROUNDS = 21
START_BAR_SECONDS = 0.015
PROMPT = b"> "


def start_once(command):
    """Seconds until a program on a terminal of its own shows a prompt, or ends."""
    primary, terminal = pty.openpty()
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        env=dict(os.environ, TERM="xterm", PFSH_HISTORY=""),
    )
    os.close(terminal)
    shown = b""
    while not shown.endswith(PROMPT):
        try:
            piece = os.read(primary, 4096)
        except OSError:  # the last writer is gone
            piece = b""
        if not piece:
            break
        shown = (shown + piece).rstrip(b"\x1b[K") if piece.endswith(b"\x1b[K") else shown + piece
    seconds = time.perf_counter() - begin
    process.kill()
    process.wait()
    os.close(primary)
    return seconds


def measure_starts(shell):
    """Prints and answers the medians of starting; in seconds, by name."""
    commands = {n: [w.format(shell=shell) for w in c] for n, c in STARTS.items()}
    commands = {n: c for n, c in commands.items() if shutil.which(c[0])}
    runs = {name: [] for name in commands}
    for _ in range(START_ROUNDS):
        for name, command in commands.items():
            runs[name].append(start_once(command))
    medians = {name: statistics.median(seconds) for name, seconds in runs.items()}
    print("\nstart                       ms")
    for name, seconds in medians.items():
        print(f"{name:<24} {1e3 * seconds:>5.1f}", flush=True)
    return medians


# What somebody waits for in a world of many phones, in milliseconds: what is typed, and the aim.
WORLD = ["subnet voice 10.0.0.0/14", "phones 100000 model CP-7961G"]
ANSWER_ROUNDS = 9
ANSWERS = {"show phones | count": 100}
COMPLETIONS = {"show phone P5000": 50, "show phones where (P9": 50, "show pho": 50}


def measure_waits(shell):
    """Prints and answers the medians, in milliseconds, of answers and of TAB with 100,000 phones."""
    medians = {}
    driven = subprocess.Popen(
        [shell, "--json"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def ask(line):
        begin = time.perf_counter()
        driven.stdin.write(line + "\n")
        driven.stdin.flush()
        if not json.loads(driven.stdout.readline())["ok"]:
            sys.exit(f"bench: {line} failed")
        return 1e3 * (time.perf_counter() - begin)

    for line in WORLD:
        ask(line)
    for line in ANSWERS:
        medians[line] = statistics.median(ask(line) for _ in range(ANSWER_ROUNDS))
    driven.stdin.close()
    driven.wait()

    primary, terminal = pty.openpty()
    typed = subprocess.Popen(
        [shell, "--quiet", "--no-init"], stdin=terminal, stdout=terminal, stderr=terminal,
        start_new_session=True, env=dict(os.environ, TERM="xterm", PFSH_HISTORY=""),
    )
    os.close(terminal)

    def press(keys, quiet=0.1):
        """Seconds from the keys to the first sign of an answer; then waits until all is quiet."""
        os.write(primary, keys.encode())
        begin = time.perf_counter()
        select.select([primary], [], [], 60)
        seconds = time.perf_counter() - begin
        while select.select([primary], [], [], quiet)[0]:
            os.read(primary, 65536)
        return seconds

    press("")
    for line in WORLD:
        press(line + "\r", quiet=3)
    for line in COMPLETIONS:
        runs = []
        for _ in range(ANSWER_ROUNDS):
            press(line)
            runs.append(1e3 * press("\t"))
            press("\x15")
        medians[f"{line} TAB"] = statistics.median(runs)
    typed.kill()
    typed.wait()
    os.close(primary)
    aims = ANSWERS | {f"{line} TAB": aim for line, aim in COMPLETIONS.items()}
    print("\nwith 100,000 phones         ms  aim")
    for name, milliseconds in medians.items():
        print(f"{name:<24} {milliseconds:>5.1f} {aims[name]:>4}", flush=True)
    return medians


def run_once(command, names):
    words = [word.format(**names) for word in command]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def measure(row, size, rounds, programs):
    """The runs of one row at one size, by program, in turns."""
    names = dict(programs, size=size)
    runs = {"swift": []}
    if row.get("reference"):
        runs["reference"] = []
    for _ in range(rounds):
        for program, results in runs.items():
            results.append(run_once(row[program], names))
    every = [result for results in runs.values() for result in results]
    for key in row["agree"]:
        if len({result[key] for result in every}) != 1:
            sys.exit(f"bench: {row['name']} with {size} phones: the programs differ in {key}")
    return runs


def summary(row, size, runs):
    """What the table and the file say of one row at one size."""
    median = {p: statistics.median(r["seconds"] for r in results) for p, results in runs.items()}
    peak = {p: max(r["peakKiB"] for r in results) for p, results in runs.items()}
    events = runs["swift"][0].get("events")
    pairs = zip(runs["swift"], runs.get("reference", []))
    ratios = [swift["seconds"] / reference["seconds"] for swift, reference in pairs]
    return {
        "name": row["name"],
        "phones": size,
        "rounds": len(runs["swift"]),
        "events": events,
        "seconds": median,
        "nanosecondsPerEvent": {p: 1e9 * s / events for p, s in median.items()} if events else {},
        "peakKiB": peak,
        "ratio": statistics.median(ratios) if ratios else None,
        "bar": row["bars"].get(size),
        "results": {key: runs["swift"][0][key] for key in row["agree"]},
    }


def show(entry):
    reference, ratio = entry["seconds"].get("reference"), entry["ratio"]
    print(
        f"{entry['name']:<10} {entry['phones']:>9,} {entry['events'] or '':>11} "
        f"{entry['seconds']['swift']:>9.4f} {'' if reference is None else f'{reference:.4f}':>9} "
        f"{'' if ratio is None else f'{ratio:.2f}':>6} {entry['bar'] or '':>4} "
        f"{entry['nanosecondsPerEvent'].get('swift', 0):>6.1f} {entry['peakKiB']['swift'] / 1024:>7.0f}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("extent", nargs="?", choices=["all"], help="a million phones too")
    for option in ("--swift", "--c", "--shell", "--json"):
        parser.add_argument(option, required=True)
    arguments = parser.parse_args()
    programs = {"swift": arguments.swift, "c": arguments.c}

    print("benchmark     phones      events   Swift s       C s  ratio  bar  ns/ev     MiB")
    entries = []
    for row in ROWS:
        for size, rounds, only_with_all in row["sizes"]:
            if only_with_all and arguments.extent != "all":
                continue
            entries.append(summary(row, size, measure(row, size, rounds, programs)))
            show(entries[-1])
    starts = measure_starts(arguments.shell)
    waits = measure_waits(arguments.shell)
    machine = {"system": platform.platform(), "processors": os.cpu_count()}
    with open(arguments.json, "w", encoding="utf-8") as file:
        figures = {"machine": machine, "rows": entries, "starts": starts, "waits": waits}
        json.dump(figures, file, indent=2)
        file.write("\n")
    missed = [e for e in entries if e["bar"] and e["ratio"] and e["ratio"] > e["bar"]]
    for entry in missed:
        print(f"bench: {entry['name']} with {entry['phones']:,} phones is above its bar")
    is_slow = starts["pfsh, to the prompt"] > START_BAR_SECONDS
    if is_slow:
        print(f"bench: the prompt comes later than {1e3 * START_BAR_SECONDS:.0f} ms after the start")
    sys.exit(1 if missed or is_slow else 0)


if __name__ == "__main__":
    main()
