"""What each program does in a way of its own (measured with the versions of Debian 12), and that pfsh
gets on with it."""

import re
import socket

import pytest

from conftest import content, sha256
from peers import CLIENTS, SERVERS, Atftpd, Dnsmasq, Pfsh, Tftpd
from relay import Relay

PFSH = CLIENTS["pfsh"]


def ask(server, request):
    """A server's first answer to a request, and all that come within a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2)
        client.sendto(request, (server.address, server.port))
        return client.recvfrom(70_000)[0]


def fetch(server, served, mine, size=20_000, **terms):
    # A name of its own: dnsmasq keeps the size of a file that it still sends to somebody else.
    (served / "fetched").write_bytes(content(size))
    done = PFSH.get(server, "fetched", mine / "f", **terms)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sha256(mine / "f") == sha256(served / "fetched")


@pytest.mark.parametrize("kind", [Tftpd, Dnsmasq])
def test_a_server_that_ignores_windowsize_is_read_in_lock_step(kind, served, mine):
    (served / "f").write_bytes(content(5_000))
    with kind(served) as server:
        answer = ask(server, b"\0\1f\0octet\0windowsize\x0016\0blksize\x001000\0")
        assert b"windowsize" not in answer and b"blksize" in answer
        fetch(server, served, mine, blksize=1000, windowsize=16)


def test_tftpd_hpa_answers_with_the_spelling_of_the_question(served, mine):
    (served / "f").write_bytes(content(5_000))
    with Tftpd(served) as server:
        assert b"BLKSIZE\x001000\0" in ask(server, b"\0\1f\0octet\0BLKSIZE\x001000\0")


def test_atftpd_answers_in_lower_case_and_in_another_order(served, mine):
    (served / "f").write_bytes(content(5_000))
    with Atftpd(served) as server:
        answer = ask(server, b"\0\1f\0octet\0BLKSIZE\x001000\0TSIZE\x000\0")
        assert b"blksize\x001000\0" in answer and b"BLKSIZE" not in answer
        fetch(server, served, mine, blksize=1000, windowsize=4)


def test_dnsmasq_takes_blocks_only_as_large_as_its_network_carries(served, mine):
    (served / "f").write_bytes(content(200_000))
    with Dnsmasq(served) as server:
        answer = ask(server, b"\0\1f\0octet\0blksize\x0065464\0")
        granted = int(re.search(rb"blksize\0(\d+)\0", answer)[1])
        assert 512 <= granted <= 65_464
        fetch(server, served, mine, size=200_000, blksize=65_464)


def test_dnsmasq_does_not_answer_to_timeout(served, mine):
    (served / "f").write_bytes(content(5_000))
    with Dnsmasq(served) as server:
        assert b"timeout" not in ask(server, b"\0\1f\0octet\0timeout\x003\0blksize\x001000\0")
        fetch(server, served, mine, more="timeout 3s")


def test_atftpd_sends_a_block_for_every_acknowledgement_that_comes_twice(served, mine):
    """The sorcerer's apprentice: blocks multiply on the way, but each is kept once."""
    (served / "f").write_bytes(content(100_000))
    blocks = 100_000 // 512 + 1
    with Atftpd(served) as server, Relay((server.address, server.port), double_acks=True) as relay:
        relay.address = server.address
        fetch(relay, served, mine, size=100_000)
        assert relay.count["data"] > blocks * 3 // 2


@pytest.mark.parametrize("kind", [Pfsh, Tftpd])
def test_others_send_each_block_once(kind, served, mine):
    blocks = 100_000 // 512 + 1
    with kind(served) as server, Relay((server.address, server.port), double_acks=True) as relay:
        relay.address = server.address
        fetch(relay, served, mine, size=100_000)
        assert relay.count["data"] <= blocks + 5


def test_atftpd_refuses_a_block_size_that_it_does_not_know_with_error_8(served):
    (served / "f").write_bytes(content(5_000))
    with Atftpd(served) as server:
        assert ask(server, b"\0\1f\0octet\0blksize\x007\0")[:4] == b"\0\5\0\x08"
    with Pfsh(served) as server:
        assert ask(server, b"\0\1f\0octet\0blksize\x007\0")[:4] == b"\0\3\0\1"


def test_tftpd_hpa_rolls_over_to_1_when_asked(served, mine):
    with Tftpd(served) as server:
        assert b"rollover\x001\0" in ask_for_roll_over(server, served)
        fetch(server, served, mine, size=8 * 65_600, blksize=8, more="rollover 1")


def ask_for_roll_over(server, served):
    (served / "f").write_bytes(content(10))
    return ask(server, b"\0\1f\0octet\0rollover\x001\0")


def test_pfsh_rolls_over_to_1_when_asked_and_its_client_learns_it(served, mine):
    with Pfsh(served) as server:
        assert b"rollover\x001\0" in ask_for_roll_over(server, served)
        fetch(server, served, mine, size=8 * 65_600, blksize=8, windowsize=64, more="rollover 1")


@pytest.mark.parametrize("kind", [Tftpd, Atftpd, Pfsh])
def test_lone_carriage_returns_survive_netascii(kind, served, mine):
    (served / "f").write_bytes(b"a\rb\r\nc\n\r" * 900)
    with kind(served) as server:
        done = PFSH.get(server, "f", mine / "f", mode="netascii")
        assert done.returncode == 0, done.stderr
        assert (mine / "f").read_bytes() == (served / "f").read_bytes()


@pytest.mark.parametrize("server", list(SERVERS))
def test_a_missing_file_is_said_and_leaves_nothing(server, served, mine):
    with SERVERS[server](served) as running:
        done = PFSH.get(running, "none", mine / "f")
        assert done.returncode == 3 and "refused" in done.stderr, done.stderr
    assert list(mine.iterdir()) == []


@pytest.mark.parametrize("client", list(CLIENTS))
def test_what_pfsh_refuses_no_client_gets(client, served, mine):
    (served.parent / "secret").write_bytes(b"secret")
    with Pfsh(served) as server:
        for name in ("none", "../secret", "/../secret", "%2e%2e/secret"):
            CLIENTS[client].get(server, name, mine / "f")
            assert not (mine / "f").exists() or (mine / "f").read_bytes() == b""
            (mine / "f").unlink(missing_ok=True)


@pytest.mark.parametrize("server", list(SERVERS))
def test_curl_gets_no_empty_file_from_anybody(server, served, mine):
    """It asks for the name of its peer before it has one, and fails with status 71."""
    (served / "empty").write_bytes(b"")
    with SERVERS[server](served) as running:
        assert CLIENTS["curl"].get(running, "empty", mine / "f").returncode == 71


@pytest.mark.parametrize("server", ["pfsh", "atftpd"])
def test_curl_never_ends_a_put_of_65535_blocks(server, served, mine):
    """The server has the whole file, but curl waits until its time is up, with status 28."""
    (mine / "f").write_bytes(content(65_535 * 512 - 1))
    with SERVERS[server](served) as running:
        assert CLIENTS["curl"].put(running, "f", mine / "f", seconds=20).returncode == 28
    assert (served / "f").read_bytes() == (mine / "f").read_bytes()


def test_tftp_hpa_says_that_all_is_well_whatever_happens(served, mine):
    with Pfsh(served) as server:
        assert CLIENTS["tftp-hpa"].get(server, "none", mine / "f").returncode == 0


def test_dnsmasq_keeps_the_size_of_a_file_that_it_still_sends(served, mine):
    """So a file that is replaced in place comes with the old size; pfsh takes what is announced."""
    (served / "f").write_bytes(content(5_000))
    with Dnsmasq(served) as server:
        ask(server, b"\0\1f\0octet\0")
        (served / "f").write_bytes(content(20_000))
        assert PFSH.get(server, "f", mine / "f").returncode == 0
        assert (mine / "f").stat().st_size == 5_000
