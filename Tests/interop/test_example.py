"""The example that upgrades phones with a load from a real server: tftpd-hpa is that server."""

from conftest import sha256
from peers import ROOT, SHELL_ENVIRONMENT, Tftpd, run, shell_path


def test_a_load_comes_from_tftpd_hpa_and_is_pushed(served, mine):
    with Tftpd(served) as server:
        settings = [f"server={server.address}", f"port={server.port}", f"served={served}", f"fetched={mine}"]
        script = ROOT / "examples/upgrade-from-real-server.pfsh"
        done = run([shell_path(), str(script), *settings], mine.parent, SHELL_ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 phones upgraded" in done.stdout
    names = sorted(path.name for path in served.iterdir())
    assert names == sorted(path.name for path in mine.iterdir()) and len(names) == 6
    assert all(sha256(served / name) == sha256(mine / name) for name in names)
