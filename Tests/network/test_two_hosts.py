"""The example of two hosts, as its own script runs it."""

import os
import pathlib
import re
import subprocess

import pytest

from lan import REFUSED

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/two-hosts.sh"


@pytest.mark.skipif(bool(REFUSED), reason=REFUSED or "allowed")
def test_two_hosts_form_one_hierarchy(lab):
    before = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    done = subprocess.run(
        [str(EXAMPLE)], env=lab.environment | {"PFSH": lab.binary, "TMPDIR": str(lab.folder)},
        cwd=lab.folder, capture_output=True, text=True, timeout=240)
    text = done.stdout
    assert done.returncode == 0, text + done.stderr
    asked = [int(count) for count in
             re.findall(r"3 phones run SCCP41.9-9-9TEST; this host asked the server (\d) times", text)]
    assert asked == [3, 3], text
    assert "the same story" in text, text
    # A phone of the north has a file from one of the south, and the other way round.
    assert re.search(r"north-\d +apps\S+ +\S+ \d+\.\d+s +south-\d ", text) or \
        re.search(r"north-\d +(?:dsp|cvm)\S+ +\S+ \d+\.\d+s +south-\d ", text), text
    assert re.search(r"south-\d +\S+ +\S+ \d+\.\d+s +north-\d ", text), text
    assert subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout == before
    assert os.listdir(lab.folder) == [] or not list(lab.folder.glob("tmp.*"))
