"""Captures of attached phones, read with tshark: what the sockets said is what the log says."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from conftest import LOAD, phones
from lan import ADDRESS

DISSECTOR = pathlib.Path(__file__).resolve().parents[2] / "tools/wireshark/cppdp.lua"
WRONG = ("_ws.malformed || cppdp.bad || tcp.analysis.lost_segment || tcp.analysis.out_of_order || "
         "tcp.analysis.retransmission || tcp.analysis.ack_lost_segment || ip.checksum.status == 0")

pytestmark = pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed")


def read(file, shown, *fields, tftp=40690):
    """The rows of fields that tshark prints for a filter, as somebody for whom it runs Lua."""
    # The lab's own folder is for nobody else.
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for path in (file, DISSECTOR):
            (folder / path.name).write_bytes(path.read_bytes())
        return rows(folder, file.name, shown, fields, tftp)


def rows(folder, name, shown, fields, tftp):
    mine = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    options = [word for field in fields for word in ("-e", field)]
    done = subprocess.run(
        [*mine, "tshark", "-X", f"lua_script:{DISSECTOR.name}", "-r", name, "-Y", shown, "-o",
         "ip.check_checksum:TRUE", "-d", f"udp.port=={tftp},tftp", "-T", "fields", *options],
        cwd=folder, env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_what_attached_phones_say_on_loopback(lab):
    firmware = lab.firmware("300KiB")
    lab.serve(firmware)
    file = lab.folder / "all.pcapng"
    script = phones(3, port=4051).replace("attach loopback", f"capture {file}\nattach loopback")
    text = lab.start(script + "\nno capture", log="run.log").finish()
    assert "packets" in text
    assert read(file, WRONG, "frame.number") == []
    log = (lab.folder / "run.log").read_text()
    claims = read(file, "cppdp.kind == 1 && cppdp.advertisement == 0", "frame.interface_name",
                  "ip.src", "ip.dst", "frame.comment")
    assert len(claims) == log.count("ClaimRoot(tent): map=")
    assert all(row[2] == "127.255.255.255" and row[3].startswith(row[0]) for row in claims)
    # Six files of three phones: each fetched once by TFTP, and sent twice over links.
    asked = read(file, "tftp.opcode == 1", "tftp.source_file", "ip.src")
    assert sorted(row[0] for row in asked) == sorted(path.name for path in firmware.iterdir())
    assert all(row[1].startswith("127.4.0.1") for row in asked)
    begun = read(file, "cppdp.kind == 24", "cppdp.file")
    assert len(begun) == 12
    # Pieces are as long as they were, though their bytes are not kept.
    sent = read(file, "cppdp.kind == 25", "frame.len", "frame.cap_len")
    assert sum(int(row[0]) for row in read(file, "tcp.len > 0 && tcp.srcport == 4051", "tcp.len")) \
        > 10 * 300 * 1024
    assert all(int(row[1]) <= 600 for row in sent)
    # The handshake, and the end, of every link.
    links = read(file, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.stream")
    ends = {row[0] for row in read(file, "tcp.flags.fin == 1", "tcp.stream")}
    assert len(links) >= 12 and {row[0] for row in links} == ends


def test_one_phone_is_chosen_and_strangers_are_heard(lab, hosts):
    lan = hosts(3)
    firmware = lab.firmware("16KiB")
    lab.serve(firmware, lan.prefix(0), f"{ADDRESS}1")
    from test_namespaces import script
    file = lab.folder / "one.pcapng"
    chosen = script(1, 2).replace(f"push {LOAD}", f"capture {file} h1-1\npush {LOAD}")
    shells = [lab.start(chosen + "\nno capture", lan.prefix(1)), lab.start(script(2, 2), lan.prefix(2))]
    for shell in shells:
        shell.finish(180)
    assert read(file, WRONG, "frame.number") == []
    rows = read(file, "frame", "frame.interface_name", "ip.src", "ip.dst")
    assert {row[0] for row in rows} <= {"h1-1", "h1-2", "network"}
    own = f"{ADDRESS}50"
    assert all(own in row[1:] or row[0] == "network" for row in rows), rows[:5]
    # Broadcasts of the other host's phones, and nobody else's, came in for all.
    heard = {row[1] for row in rows if row[0] == "network"}
    assert heard <= {f"{ADDRESS}90", f"{ADDRESS}91"}
    assert own in {row[1] for row in rows}
