"""What the interoperability tests share: directories, files of known bytes, and digests."""

import hashlib
import os
import random

import pytest

import peers

# Whether the slow cases run as well: `scripts/test all` says so.
THOROUGH = os.environ.get("PFSH_TEST_ALL") is not None


def content(size, mode="octet"):
    """The same bytes for the same size, quickly; netascii needs lines and no carriage returns."""
    chunk = random.Random(size).randbytes(min(size, 65_537))
    if mode == "netascii":
        chunk = bytes(10 if byte % 40 == 0 else 32 + byte % 90 for byte in chunk)
    return (chunk * (size // max(1, len(chunk)) + 1))[:size]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture(scope="session", autouse=True)
def programs():
    """All programs are there, or the tests say how to fetch them."""
    assert (peers.UNPACKED / "unpacked.txt").exists(), "run scripts/setup peers"
    peers.shell_path()


@pytest.fixture
def served(tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()
    # atftpd and tftpd-hpa hand out only what everybody may read.
    folder.chmod(0o777)
    tmp_path.chmod(0o755)
    return folder


@pytest.fixture
def mine(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder
