"""Every client with every server, one of the two pfsh's: all terms and sizes, byte for byte.

A pairwise part of it as a rule: for each pair of programs every two values of two parameters meet. All
of it with PFSH_TEST_ALL.
"""

import itertools
import time

import pytest

from conftest import THOROUGH, content, sha256
from peers import CLIENTS, SERVERS

SMALL = [0, 1, 511, 512, 513, 1428]
ROLL_OVER = 65_536 * 512 + 1
LARGE = [65_535 * 512 - 1, 65_535 * 512, ROLL_OVER, 40 << 20]
BLOCK_SIZES = [None, 512, 1428, 8192, 65_464]
WINDOWS = [None, 4, 16, 64]
MODES = ["octet", "netascii"]

PAIRS = [
    (client, server, what)
    for client in CLIENTS for server in SERVERS for what in ("get", "put")
    if "pfsh" in (client, server) and (what == "get" or SERVERS[server].writes)
]


def values(client, server):
    """What this pair can do of the parameters."""
    return {
        "blksize": BLOCK_SIZES if CLIENTS[client].block_sizes else [None],
        "windowsize": WINDOWS if CLIENTS[client].windows else [None],
        "mode": MODES if CLIENTS[client].netascii else ["octet"],
    }


def pairwise(parameters):
    """Few combinations in which every two values of two parameters meet, the same each time."""
    names = list(parameters)
    missing = {
        ((left, a), (right, b))
        for left, right in itertools.combinations(names, 2)
        for a in parameters[left] for b in parameters[right]
    }
    everything = list(itertools.product(*parameters.values()))
    chosen = []

    def meets(row):
        return set(itertools.combinations(zip(names, row), 2)) & missing

    while missing:
        best = max(everything, key=lambda row: len(meets(row)))
        missing -= meets(best)
        chosen.append(dict(zip(names, best)))
    return chosen


def cases(client, server, what):
    parameters = values(client, server)
    # curl gets no empty file from anybody: see test_quirks.py.
    small = SMALL[1:] if (client, what) == ("curl", "get") else SMALL
    if not THOROUGH:
        yield from pairwise(parameters | {"size": small})
        return
    for row in itertools.product(*parameters.values(), small):
        yield dict(zip([*parameters, "size"], row))
    large = parameters | {
        "blksize": [size for size in parameters["blksize"] if size != 512],
        "windowsize": [window for window in parameters["windowsize"] if window in (None, 16)],
        # curl never ends a put of 65,535 blocks, the last one full or not: see test_quirks.py.
        "size": LARGE[2:] if (client, what) == ("curl", "put") else LARGE,
    }
    yield from pairwise(large)


def transfer(client, server, what, served, mine, case, number=0):
    """One transfer; what is wrong with it in words, or nothing."""
    # Each with a name of its own: dnsmasq keeps the size of a file that it sent a moment ago.
    source_name = f"source{number}"
    terms = {name: case[name] for name in ("blksize", "windowsize", "mode") if case[name] is not None}
    source, target = (served, mine) if what == "get" else (mine, served)
    data = content(case["size"], case["mode"])
    (source / source_name).write_bytes(data)
    (source / source_name).chmod(0o644)
    (target / "target").unlink(missing_ok=True)
    names = (source_name, mine / "target") if what == "get" else ("target", mine / source_name)
    done = getattr(CLIENTS[client], what)(server, *names, **terms)
    if not (target / "target").exists():
        return f"{what} {case}: nothing came: {done.stdout}{done.stderr}"
    # Others acknowledge the last block before the file is written; pfsh does not.
    patience = 20 if what == "put" and server.name != "pfsh" else 0
    while patience and sha256(target / "target") != sha256(source / source_name):
        patience -= 1
        time.sleep(0.1)
    if sha256(target / "target") != sha256(source / source_name):
        size = (target / "target").stat().st_size
        return f"{what} {case}: other bytes came, {size} in number: {done.stdout}{done.stderr}"
    # Nothing but the files stays: no temporary ones.
    left = {path.name for folder in (served, mine) for path in folder.iterdir()}
    (source / source_name).unlink()
    return None if left == {source_name, "target"} else f"{what} {case}: {left} is left"


@pytest.mark.parametrize("client, server, what", PAIRS)
def test_every_file_comes_whole(client, server, what, served, mine):
    with SERVERS[server](served) as running:
        wrong = [
            transfer(client, running, what, served, mine, case, number)
            for number, case in enumerate(cases(client, server, what))
        ]
    assert not [line for line in wrong if line]


@pytest.mark.parametrize("client, server, what", [pair for pair in PAIRS if pair[2] == "get"])
def test_blocks_go_on_behind_65535(client, server, what, served, mine):
    """In lock-step and with 512 bytes, so that numbers really roll over."""
    case = {"blksize": None, "windowsize": None, "mode": "octet", "size": ROLL_OVER}
    with SERVERS[server](served) as running:
        assert not transfer(client, running, what, served, mine, case)
