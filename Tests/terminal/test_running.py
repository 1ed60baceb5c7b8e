"""Ctrl-C and Ctrl-Z while time passes, and what a session leaves behind: records, first commands."""

import subprocess
import time

import pytest

from conftest import OFFICE
from terminal import CTRL_C, CTRL_D, CTRL_Z, ENTER, ESCAPE, UP

# Written for 100 ms; loose, because a loaded machine is no defect of the shell.
STOP_SECONDS = 2.0
# How a large branch begins; the upgrade of all its phones takes long enough to be stopped.
LARGE = [
    "site branch wan 100Mbps rtt 20ms", "subnet voice 10.0.0.0/17 site branch",
    "phones 20000 model CP-7961G", "pfs enterprise on", "push 9.4(2)SR1 to all",
]


def is_running(shell):
    return lambda: not shell.is_ready and shell.screen.cursor.x == 0


def stop(shell, command, seconds=0.3):
    """Runs `command`, presses Ctrl-C after a while; how long the prompt took to come."""
    shell.see_prompt()
    shell.enter(command)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        shell.take(deadline - time.monotonic())
    assert not shell.is_ready, f"over before it could be stopped: {command}\n{shell.picture}"
    begin = time.monotonic()
    shell.press(CTRL_C)
    shell.wait("the prompt", lambda: shell.is_ready)
    return time.monotonic() - begin


def test_ctrl_c_stops_a_run_of_20000_phones_at_once_and_the_world_goes_on_from_there(
    start, home, binary, environment, capsys
):
    shell = start()
    for line in LARGE:
        shell.do(line)
    taken = {}
    for command in ["run until idle", "run 10h", "run until count(where (done)) == 20000"]:
        taken[command] = stop(shell, command)
        shell.wait("what was done", lambda: any("stopped at" in row for row in shell.rows[-4:]))
    with capsys.disabled():
        print("\nCtrl-C to prompt, 20,000 phones:",
              ", ".join(f"{name} {1e3 * seconds:.0f} ms" for name, seconds in taken.items()))
    assert max(taken.values()) < STOP_SECONDS
    # The world is whole: it counts, it shows, and it goes on.
    shell.do("show phones | count", "20000")
    shell.do("step 10")
    shell.do("expect count(all) == 20000")
    assert not any("error" in row for row in shell.rows[-4:]), shell.picture
    # And a record of all this leads to the same place.
    shell.do("record done.pfsh")
    shell.do("show phones | save shown.txt")
    shell.do("clock")
    clock = [row for row in shell.rows if "virtual" in row and ">" not in row][-1]
    text = (home / "done.pfsh").read_text()
    assert text.count("run to event") >= 3, text
    again = subprocess.run(
        [binary, "-c", "source done.pfsh\nshow phones | save again.txt\nclock"], cwd=home,
        env=environment, capture_output=True, text=True, timeout=60,
    )
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[-1].strip() == clock.strip()
    assert (home / "again.txt").read_bytes() == (home / "shown.txt").read_bytes()


def test_ctrl_c_stops_a_paced_run_at_once_between_two_events(shell, home):
    for line in OFFICE + ["push 9.4(2)SR1 to all", "speed realtime"]:
        shell.do(line)
    assert shell.rows[-1].endswith("virtual x1>"), shell.picture
    assert stop(shell, "run until idle", seconds=1.5) < STOP_SECONDS
    shell.do("clock")
    seconds = [row for row in shell.rows if row.startswith("virtual, 0:00:0")]
    assert seconds and 0.5 < float(seconds[-1].split(":")[2].split()[0]) < 10, shell.picture
    shell.do("speed max")
    shell.do("record paced.pfsh")
    assert "speed" not in (home / "paced.pfsh").read_text()
    shell.do("show fingerprint | save here.txt")
    shell.do("undo 6")
    shell.do("source paced.pfsh")
    shell.do("show fingerprint | save again.txt")
    assert (home / "here.txt").read_text() == (home / "again.txt").read_text()


def test_an_exclamation_mark_hands_the_line_to_sh_with_the_terminal(shell, home):
    (home / "a file.txt").write_text("")
    (home / "notes.txt").write_text("")
    shell.do("!echo $((40 + 2))", "42")
    shell.press("!ls not", "\t", "?")
    shell.see_line("!ls notes.txt ?")
    shell.press("\x15")
    shell.see_prompt()
    shell.enter("!sleep 30")
    shell.settle(0.3)
    shell.press(CTRL_C)
    shell.see_prompt()
    shell.do("!exit 3", "status 3")
    shell.do("!stty -a | grep -o ' icanon'", "icanon")
    shell.do("sh ph | cou", "0")


@pytest.mark.parametrize("command", [
    "while on { }", "repeat 100000000 { let x = 1 }",
    "for p in 1..100000000 { if 1 == 2 { say 1 } }",
    "every 1us { say now }; run 10h",
    "proc round { repeat 1000000 { } }; while on { round }",
])
def test_ctrl_c_stops_every_kind_of_loop(shell, command):
    assert stop(shell, command) < STOP_SECONDS
    shell.do('say "alive"', "alive")


def test_ctrl_c_stops_long_output(start):
    shell = start()
    shell.do("subnet voice 10.0.0.0/15")
    shell.do("phones 60000 model CP-7961G")
    begin = time.monotonic()
    shell.enter("show phones")
    shell.wait("the first rows", lambda: any(row.startswith("P") for row in shell.rows))
    shell.press(CTRL_C)
    shell.wait("the prompt", lambda: shell.is_ready)
    assert time.monotonic() - begin < 10
    shell.do('say "alive"', "alive")


def test_ctrl_c_at_the_prompt_and_a_hundred_times_does_no_harm(shell):
    for _ in range(100):
        shell.press(CTRL_C, "x")
    shell.settle(0.2)
    shell.press(CTRL_C)
    shell.settle(0.1)
    shell.press("\x15")
    shell.do('say "alive"', "alive")


def test_ctrl_z_and_fg_under_bash_while_typing_and_while_running(start, binary):
    bash = start(command=["/bin/bash", "--norc", "--noprofile", "-i"], settings={"PS1": "bash$ "})
    at_bash = lambda: bash.rows and bash.rows[-1] == "bash$"
    bash.wait("bash", at_bash)
    bash.enter(f"'{binary}' --quiet")
    bash.see_prompt()
    for line in OFFICE:
        bash.do(line)
    bash.press("show pho")
    bash.see_line("show pho")
    bash.press(CTRL_Z)
    bash.wait("bash again", at_bash)
    bash.enter("jobs; stty -a | grep -c ' icanon'")
    bash.wait("one stopped job, a sane terminal", lambda: any("Stopped" in row for row in bash.rows)
              and "1" in bash.rows)
    bash.enter("fg")
    bash.see_line("show pho")
    bash.press("nes P1", ENTER)
    bash.see("CP-7961G")
    bash.see_prompt()
    bash.press("while on { }", ENTER)
    bash.wait("it runs", is_running(bash))
    bash.press(CTRL_Z)
    bash.wait("bash again", at_bash)
    bash.enter("fg")
    bash.wait("it runs", lambda: any(row.startswith("'") or "pfsh" in row for row in bash.rows[-2:]))
    bash.settle(0.2)
    bash.press(CTRL_C)
    bash.see_prompt()
    bash.press(CTRL_D)
    bash.wait("bash at last", at_bash)


def test_a_record_replays_to_the_same_log_whatever_failed_on_the_way(office, home, binary, environment):
    for line in ["push 9.4(2)SR1 to all", "run 2500ms", "bogus words", "expect P1.done within 100ms",
                 "show phones P9", "run until log /HROOT/", "remove P2", "run until idle",
                 "show log | save log.txt", "record session.pfsh"]:
        office.do(line)
    again = subprocess.run(
        [binary, "-c", "source session.pfsh\nshow log | save again.txt"], cwd=home, env=environment,
        capture_output=True, text=True, timeout=60,
    )
    assert again.returncode == 0, again.stderr
    assert (home / "log.txt").read_text().count("HROOT") >= 1
    assert (home / "again.txt").read_bytes() == (home / "log.txt").read_bytes()


def test_the_users_first_commands_run_and_an_error_in_them_leaves_a_prompt(start, home):
    folder = home / ".config" / "pfsh"
    folder.mkdir(parents=True)
    init = folder / "init.pfsh"
    init.write_text('alias sp show phones\nlet site_count = 3\nproc hello { say "hello" }\n')
    shell = start()
    shell.do("hello", "hello")
    shell.do("say $site_count + 1", "4")
    shell.do("sp | count", "0")
    plain = start("--no-init")
    plain.do("hello", "unknown command")
    init.write_text("alias sp show phones\nbogus\n")
    broken = start()
    broken.wait("the place of the error", lambda: "init.pfsh:2:1: error: " in "".join(broken.rows))
    broken.do('say "alive"', "alive")


def test_the_greeting_names_the_ways_in_and_out_and_quiet_leaves_it(start):
    greeted = start(greets=True)
    assert any("help" in row and "?" in row and "Ctrl-D" in row for row in greeted.rows)
    assert all(len(row) <= 80 for row in greeted.rows)
    assert len(start().rows) == 1


def test_the_end_of_the_terminal_ends_the_shell(start):
    shell = start()
    shell.press("half")
    shell.see_line("half")
    shell.process.close(force=False)
    deadline = time.monotonic() + 10
    while shell.process.isalive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not shell.process.isalive()


@pytest.mark.parametrize("term", ["dumb", "vt100", "xterm-256color", "screen", "nonsense"])
def test_every_kind_of_terminal_gets_a_prompt_that_works(start, term):
    shell = start(settings={"TERM": term})
    shell.enter('say "one"')
    shell.see_row("one")
    shell.see_prompt()
    shell.press("qu\t")
    shell.wait("the completed word", lambda: any(row.endswith("> quit") for row in shell.rows))
    shell.press(ENTER)
    assert shell.status() == 0
