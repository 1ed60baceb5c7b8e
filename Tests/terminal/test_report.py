"""Reports of sessions on a terminal: written at the prompt or at the end, and run again on a terminal."""

import os

from terminal import CTRL_C, CTRL_D


def replayed(start, *options):
    """What a replay prints on a terminal, row by row, and its exit status."""
    terminal = start(command=[os.environ["PFSH_BINARY"], "replay", *options])
    status = terminal.status()
    return terminal.all_rows, status


def test_a_report_written_at_the_prompt_is_the_same_run(office, start, home):
    for line in ["bug CSCus67416 in P2", "push 9.4(2)SR1 to all", "run until log /HROOT/ within 10s"]:
        office.do(line)
    office.do("fault drop message hold chance 20% for 30s", "fault 1")
    office.do("run 3m")
    office.do("report out.txt")
    text = (home / "out.txt").read_text()
    assert "bug CSCus67416 in P2" in text and "fault drop message hold" in text
    assert str(home) not in text
    rows, status = replayed(start, "out.txt")
    assert status == 0 and any(row.startswith("same run: ") for row in rows), rows
    # The session goes on behind its report, and another one has all of it.
    office.do("run until idle")
    office.do("report later.txt")
    office.press(CTRL_D)
    assert office.status() == 0
    rows, status = replayed(start, "--show", "later.txt")
    assert status == 0 and any("3 phones upgraded" in row for row in rows), rows


def test_a_run_that_ctrl_c_stopped_is_repeated_to_its_event(start, home):
    shell = start()
    for line in ["subnet voice 10.0.0.0/18", "phones 8000 model CP-7961G", "pfs enterprise on",
                 "push 9.4(2)SR1 to all"]:
        shell.do(line)
    shell.enter("run until idle")
    shell.take(0.3)
    shell.press(CTRL_C)
    shell.see("stopped at")
    shell.do("report out.txt")
    assert "run to event " in (home / "out.txt").read_text()
    rows, status = replayed(start, "out.txt")
    assert status == 0 and any(row.startswith("same run: ") for row in rows), rows


def test_a_report_that_was_changed_is_another_run_and_one_cut_short_is_none(office, start, home):
    office.do("push 9.4(2)SR1 to all")
    office.do("run 40s")
    office.do("report out.txt")
    text = (home / "out.txt").read_text()
    (home / "changed.txt").write_text(text.replace("    run 40s\n", "    run 41s\n"))
    (home / "cut.txt").write_text(text[:400])
    rows, status = replayed(start, "changed.txt")
    assert status == 1 and any("another run" in row for row in rows), rows
    rows, status = replayed(start, "cut.txt")
    assert status == 2 and any("the file ends here" in row for row in rows), rows
    _, status = replayed(start, "none.txt")
    assert status == 3


def test_ctrl_c_stops_a_replay(start, home, shell):
    for line in ["subnet voice 10.0.0.0/18", "phones 12000 model CP-7961G", "pfs enterprise on",
                 "push 9.4(2)SR1 to all", "run 25s", "report out.txt"]:
        shell.do(line)
    terminal = start(command=[os.environ["PFSH_BINARY"], "replay", "out.txt"])
    terminal.take(0.2)
    terminal.press(CTRL_C)
    assert terminal.status() == 130, terminal.picture
