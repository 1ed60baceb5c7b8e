#!/usr/bin/env python3
"""Runs the benchmark programs alternately and compares their medians.

A machine's speed drifts, so the programs of a row take turns within one run and only their ratio
is judged. Each program prints one line of JSON with `seconds`, `peakKiB` and the run's results.
"""

import argparse
import json
import math
import os
import platform
import pty
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# One row: a name, what the programs must agree on, and by size: rounds, whether only with `all`, and what
# is demanded: of the ratio of Swift to the reference, of seconds, of MiB. A further benchmark is a
# further row; without a reference its ratio is left out.
ROWS = [
    {
        "name": "pfs-m1",
        "swift": ["{swift}", "pfs-m1", "{size}"],
        "reference": ["{c}", "{size}"],
        "agree": ["events", "root", "broadcasts", "depth", "last", "sum"],
        "sizes": {
            1_000: (21, False, {}),
            10_000: (11, False, {}),
            100_000: (9, False, {"ratio": 0.7}),
            1_000_000: (5, True, {"ratio": 0.7}),
        },
    },
    {
        "name": "upgrade",
        "swift": ["{swift}", "upgrade", "{size}"],
        "agree": ["events", "fetches", "instances", "virtualNanoseconds", "fingerprint"],
        "sizes": {
            1_000: (9, False, {"seconds": 0.1}),
            10_000: (5, False, {"seconds": 1.0}),
            100_000: (3, True, {"seconds": 5.0}),
            1_000_000: (1, True, {"seconds": 60.0, "MiB": 1024}),
        },
    },
    {
        "name": "silent",
        "swift": ["{swift}", "silent", "{size}"],
        "agree": ["fetches", "instances", "virtualNanoseconds", "fingerprint"],
        "sizes": {
            1_000: (9, False, {}),
            10_000: (5, False, {}),
            100_000: (3, True, {}),
            1_000_000: (1, True, {}),
        },
    },
]

# The same PFS-M1 work on other people's engines, where they are installed: how many times slower than
# Swift each has to be, and the program with its words. SimPy at 100,000 phones takes most of a minute.
PEERS = {
    "ns-3": (10, [["{ns3}", "{size}", s] for s in ("PriorityQueue", "Map", "Heap")]),
    "SimPy": (100, [[sys.executable, "{simpy}", "{size}"]]),
}
PEER_SIZES = {10_000: (3, False), 100_000: (1, True)}

# Going back: phones of the run, and how many milliseconds the worst of its moments may take to reach.
MOMENTS_PHONES = 1_000
MOMENTS_BAR_MILLISECONDS = 200


# How cost may grow: a fit of N log N itself from 1,000 to 1,000,000 phones has this exponent.
GROWTH_BAR = 1.10


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


def demand_agreement(results, keys, what):
    for key in keys:
        if len({result[key] for result in results}) != 1:
            sys.exit(f"bench: {what}: the programs differ in {key}")


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
    demand_agreement(every, row["agree"], f"{row['name']} with {size} phones")
    return runs


def summary(row, size, runs, bars):
    """What the table and the file say of one row at one size."""
    median = {p: statistics.median(r["seconds"] for r in results) for p, results in runs.items()}
    peak = {p: max(r["peakKiB"] for r in results) for p, results in runs.items()}
    events = runs["swift"][0].get("events")
    pairs = zip(runs["swift"], runs.get("reference", []))
    ratios = [swift["seconds"] / reference["seconds"] for swift, reference in pairs]
    found = {
        "ratio": statistics.median(ratios) if ratios else None,
        "seconds": median["swift"],
        "MiB": peak["swift"] / 1024,
    }
    return {
        "name": row["name"],
        "phones": size,
        "rounds": len(runs["swift"]),
        "events": events,
        "seconds": median,
        "processorSeconds": statistics.median(r["processorSeconds"] for r in runs["swift"]),
        "nanosecondsPerEvent": {p: 1e9 * s / events for p, s in median.items()} if events else {},
        "peakKiB": peak,
        "ratio": found["ratio"],
        "bars": bars,
        "missed": [what for what, bar in bars.items() if found[what] > bar],
        "results": {key: runs["swift"][0][key] for key in row["agree"]},
    }


def show(entry):
    reference, ratio = entry["seconds"].get("reference"), entry["ratio"]
    bars = ", ".join(
        f"{what} {'>' if what in entry['missed'] else '<='} {bar:g}"
        for what, bar in entry["bars"].items()
    )
    print(
        f"{entry['name']:<9} {entry['phones']:>9,} {entry['events'] or '':>11} "
        f"{entry['seconds']['swift']:>9.4f} {entry['processorSeconds']:>9.4f} "
        f"{'' if reference is None else f'{reference:.4f}':>8} "
        f"{'' if ratio is None else f'{ratio:.2f}':>6} "
        f"{entry['peakKiB']['swift'] / 1024:>6.0f}  {bars}",
        flush=True,
    )


def measure_peers(entries, programs, with_all):
    """Prints and answers how many times slower other engines do the work of PFS-M1."""
    row = next(row for row in ROWS if row["name"] == "pfs-m1")
    answers = []
    print("\nPFS-M1 elsewhere     phones         s  times Swift's   MiB")
    for size, (rounds, only_with_all) in PEER_SIZES.items():
        if only_with_all and not with_all:
            continue
        for peer, (bar, commands) in PEERS.items():
            names = dict(programs, size=size)
            if not all(names.get(key) for key in ("ns3" if peer == "ns-3" else "simpy",)):
                print(f"{peer:<18} {size:>9,}  is not installed")
                continue
            ratios = []
            for command in commands:
                pairs = []
                for _ in range(rounds):
                    swift = run_once(row["swift"], names)
                    pairs.append((swift, run_once(command, names)))
                demand_agreement([r for pair in pairs for r in pair], row["agree"], peer)
                ratio = statistics.median(p["seconds"] / s["seconds"] for s, p in pairs)
                seconds = statistics.median(p["seconds"] for _, p in pairs)
                peak = max(p["peakKiB"] for _, p in pairs)
                name = pairs[0][1]["language"]
                ratios.append(ratio)
                answers.append(
                    {"name": name, "phones": size, "seconds": seconds, "ratio": ratio, "peakKiB": peak}
                )
                print(f"{name:<18} {size:>9,} {seconds:>9.3f} {ratio:>14.1f} {peak / 1024:>5.0f}", flush=True)
            best = min(ratios)
            is_met = best >= bar
            answers[-1]["missed"] = not is_met
            print(f"{peer}'s best: {best:.1f} times, {'at least' if is_met else 'NOT'} {bar}", flush=True)
    return answers


def growth(entries):
    """The exponent b of time = a N^b that fits a row best, by least squares of the logarithms."""
    points = [(math.log(e["phones"]), math.log(e["processorSeconds"])) for e in entries]
    if len(points) < 2:
        return None
    mean_x = statistics.mean(x for x, _ in points)
    mean_y = statistics.mean(y for _, y in points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


# The 1,000 phones of a branch with and without a file for the log.
LOG_SCRIPT = """subnet voice 10.1.0.0/22
phones 1000 model CP-7961G
pfs enterprise on
push SCCP41.9-4-2SR1-1S to all
run until idle
"""
LOG_ROUNDS = 9
LOG_BAR = 2


def measure_log(shell):
    """Prints and answers the ratio of the run of 1,000 phones with `--log FILE` to the run without."""
    runs = {"without": [], "with": []}
    with tempfile.TemporaryDirectory() as directory:
        script = os.path.join(directory, "thousand.pfsh")
        with open(script, "w", encoding="utf-8") as file:
            file.write(LOG_SCRIPT)
        extra = {"without": [], "with": ["--log", os.path.join(directory, "thousand.log")]}
        for _ in range(LOG_ROUNDS):
            for which, words in extra.items():
                begin = time.perf_counter()
                subprocess.run([shell, *words, script], check=True, stdout=subprocess.DEVNULL)
                runs[which].append(time.perf_counter() - begin)
        size = os.path.getsize(extra["with"][1])
    ratio = statistics.median(w / o for o, w in zip(runs["without"], runs["with"]))
    medians = {which: statistics.median(seconds) for which, seconds in runs.items()}
    print(
        f"\n1,000 phones in the shell: {medians['without']:.3f} s, with --log FILE ({size:,} bytes) "
        f"{medians['with']:.3f} s: {ratio:.2f} times, aim under {LOG_BAR}",
        flush=True,
    )
    return medians | {"ratio": ratio, "bytes": size}


def measure_moments(program):
    """How long moments of a whole upgrade take to reach, and what is kept for it."""
    line = subprocess.run(
        [program, "reach", str(MOMENTS_PHONES)], check=True, capture_output=True, text=True
    ).stdout
    found = json.loads(line)
    print(
        f"\n50 moments of an upgrade of {MOMENTS_PHONES:,} phones ({found['events']:,} events): "
        f"p50 {found['reachP50Milliseconds']:.1f} ms, worst {found['reachWorstMilliseconds']:.1f} ms, aim "
        f"{MOMENTS_BAR_MILLISECONDS}; {found['worldsKept']} worlds kept, "
        f"{found['bytesKept'] / 2**20:.1f} MiB",
        flush=True,
    )
    return found


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("extent", nargs="?", choices=["all"], help="a million phones too")
    for option in ("--swift", "--c", "--shell", "--json"):
        parser.add_argument(option, required=True)
    for option in ("--simpy", "--ns3"):
        parser.add_argument(option, default="")
    arguments = parser.parse_args()
    with_all = arguments.extent == "all"
    programs = {
        "swift": arguments.swift, "c": arguments.c, "simpy": arguments.simpy, "ns3": arguments.ns3
    }

    print("benchmark    phones      events   Swift s  on a CPU      C s  ratio    MiB  aim")
    entries = []
    for row in ROWS:
        for size, (rounds, only_with_all, bars) in row["sizes"].items():
            if only_with_all and not with_all:
                continue
            entries.append(summary(row, size, measure(row, size, rounds, programs), bars))
            show(entries[-1])
    demand_agreement_of_rows(entries)
    exponent = growth([e for e in entries if e["name"] == "upgrade"])
    print(f"\nupgrade: time grows as phones to the power of {exponent:.2f}; N log N: {GROWTH_BAR:.2f}")
    moments = measure_moments(arguments.swift)
    peers = measure_peers(entries, programs, with_all)
    log = measure_log(arguments.shell)
    starts = measure_starts(arguments.shell)
    waits = measure_waits(arguments.shell)
    machine = {"system": platform.platform(), "processors": os.cpu_count()}
    with open(arguments.json, "w", encoding="utf-8") as file:
        figures = {
            "machine": machine, "rows": entries, "growthExponent": exponent, "peers": peers,
            "log": log, "starts": starts, "waits": waits, "moments": moments,
        }
        json.dump(figures, file, indent=2)
        file.write("\n")
    sys.exit(1 if report(entries, exponent, peers, log, starts, moments) else 0)


def demand_agreement_of_rows(entries):
    """Whether anybody listens must change nothing."""
    upgrades = [e for e in entries if e["name"] in ("upgrade", "silent")]
    for size in {e["phones"] for e in upgrades}:
        same = [e for e in upgrades if e["phones"] == size]
        demand_agreement([e["results"] for e in same], ["fingerprint"], f"upgrade of {size} phones")


def report(entries, exponent, peers, log, starts, moments):
    """Prints what is above its bar, and answers whether anything is."""
    missed = [
        f"{e['name']} with {e['phones']:,} phones is above its bar: {', '.join(e['missed'])}"
        for e in entries
        if e["missed"]
    ]
    missed += [f"{p['name']} with {p['phones']:,} phones is nearer than it should be" for p in peers if p.get("missed")]
    if exponent and exponent > GROWTH_BAR:
        missed.append("the time of an upgrade grows faster than N log N")
    if log["ratio"] >= LOG_BAR:
        missed.append("--log FILE takes twice the time and more")
    if starts["pfsh, to the prompt"] > START_BAR_SECONDS:
        missed.append(f"the prompt comes later than {1e3 * START_BAR_SECONDS:.0f} ms after the start")
    if moments["reachWorstMilliseconds"] > MOMENTS_BAR_MILLISECONDS:
        missed.append(f"a moment takes longer to reach than {MOMENTS_BAR_MILLISECONDS} ms")
    for line in missed:
        print(f"bench: {line}")
    return bool(missed)


if __name__ == "__main__":
    main()
