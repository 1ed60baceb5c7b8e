"""Transfers through a relay that loses, doubles and reorders; each prints the seed that repeats it."""

import concurrent.futures

from conftest import THOROUGH, content, sha256
from peers import CLIENTS, SERVERS
from relay import Relay

SEEDS = range(1, 11 if THOROUGH else 3)
# The waits of other people's programs are seconds long: files are small, and pairs run side by side.
SIZE = 60_000
# Where the answer to a request comes twice these clients give up by themselves, with these words.
GIVES_UP = {("atftp", "get"): "unexpected OACK", ("curl", "put"): "getpeername() failed"}


def rough(pair, seed, folder):
    client, server, what = pair
    served, mine = folder / "served", folder / "mine"
    for place in (served, mine):
        place.mkdir(parents=True)
        place.chmod(0o777)
    source, target = (served, mine) if what == "get" else (mine, served)
    (source / "source").write_bytes(content(SIZE))
    terms = {"blksize": 1000} if CLIENTS[client].block_sizes else {}
    if CLIENTS[client].windows and seed % 2 == 0:
        terms["windowsize"] = 8
    with SERVERS[server](served) as running:
        place = (running.address, running.port)
        with Relay(place, seed=seed, loss=0.015, double=0.1, reorder=0.1) as relay:
            relay.address = "127.0.0.1"
            names = ("source", mine / "target") if what == "get" else ("target", mine / "source")
            done = getattr(CLIENTS[client], what)(relay, *names, **terms)
            count = relay.count
    if (client, what) in GIVES_UP and GIVES_UP[client, what] in done.stderr and count["doubled"]:
        return None
    words = f"{client} {what} {server} {terms} seed {seed}, {count}: {done.stdout}{done.stderr}"
    if not (target / "target").exists():
        return f"nothing came: {words}"
    return None if sha256(target / "target") == sha256(source / "source") else f"other bytes: {words}"


def test_every_file_comes_whole_over_a_rough_relay(tmp_path):
    tmp_path.chmod(0o755)
    pairs = [
        (client, server, what)
        for client in CLIENTS for server in SERVERS for what in ("get", "put")
        if "pfsh" in (client, server) and (what == "get" or SERVERS[server].writes)
    ]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        wrong = pool.map(
            lambda job: rough(job[0], job[1], tmp_path / f"{'-'.join(job[0])}-{job[1]}"),
            [(pair, seed) for pair in pairs for seed in SEEDS],
        )
        wrong = [line for line in wrong if line]
    assert not wrong
