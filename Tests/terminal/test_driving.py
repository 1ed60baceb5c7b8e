"""A program in Python drives `pfsh --json` over pipes: every family of commands answers."""

import json
import subprocess

import pytest

from conftest import OFFICE

def test_the_declarations_are_one_object_with_every_family(drive):
    shell = drive()
    answer = shell.ask("help --json")
    assert answer["ok"], answer
    declarations = answer["value"]
    if isinstance(declarations, list):
        declarations = json.loads("\n".join(declarations))
    groups = {command["group"] for command in declarations["commands"]}
    assert len(groups) >= 6, groups
    assert shell.end() == 0


def test_a_world_is_built_upgraded_and_looked_at(drive):
    shell = drive("--seed", "7")
    shell.do(*OFFICE, "profile standard", "phone P9 model CP-7961G profile standard")
    phones = shell.do("show phones")
    assert [phone["name"] for phone in phones] == ["P1", "P2", "P3", "P9"]
    assert {phone["model"] for phone in phones} == {"7961G"}
    assert shell.do("show phones | where model == \"7961G\" | count") == 4
    sites = {site["site"]: site for site in shell.do("show sites")}
    assert sites["branch"]["wan"] == 384000 and sites["branch"]["rtt"] == 0.15
    for look in ["show phone P1", "show pfs P1", "show screen P1", "show files P1", "show server"]:
        assert shell.do(look), look
    assert shell.do("firmware list")
    assert shell.do("firmware show SCCP41.9-4-2SR1-1S")
    assert shell.do("clock")
    shell.do("push 9.4(2)SR1 to all")
    answer = shell.ask("run until idle")
    assert answer["ok"] and answer["now"] > 60
    assert shell.do("say count(where (done))") == 4
    assert shell.do("say server.fetches") == 6
    assert all("DLoad" in row for row in shell.do("show log last 5 | include DLoad"))
    assert shell.end() == 0


def test_settings_are_made_and_taken_back_at_every_level(drive):
    shell = drive()
    shell.do("subnet voice 10.4.0.0/24", "phones 2 model CP-7961G", "profile standard")
    takes_part = lambda: shell.do("say P1.pfs")
    assert takes_part() is False
    shell.do("pfs enterprise on")
    assert takes_part() is True
    shell.do("pfs device P1 off")
    assert takes_part() is False
    shell.do("no pfs device P1")
    assert takes_part() is True
    shell.do("no pfs enterprise")
    assert takes_part() is False
    shell.do("load P1 SCCP41.9-4-2SR1-1S")
    assert shell.do("say P1.load") == "SCCP41.9-4-2SR1-1S"
    shell.do("cucm 12.5", "defaults CP-7961G load SCCP41.9-4-2SR1-1S", "server tftp1 lacks SCCP41.9-4-2SR1-1S")
    shell.do("remove P2")
    assert shell.do("say count(where (state != removed))") == 1
    assert shell.end() == 0


def test_time_is_let_pass_in_every_way(drive):
    shell = drive()
    shell.do(*OFFICE, "push 9.4(2)SR1 to all")
    now = lambda: shell.ask("clock")["now"]
    shell.do("run 1500ms")
    assert now() == 1.5
    before = now()
    shell.do("step 5")
    assert now() >= before
    answer = shell.ask("run until P1.state == serving within 1ms")
    assert not answer["ok"] and answer["status"] == 1
    shell.do("run to event 60")
    shell.do("run until log /HROOT/")
    shell.do("at 1h { say \"an hour\" }", "run until idle")
    passed = shell.ask("run 1h")
    assert passed["ok"] and "an hour" in json.dumps(passed), passed
    shell.do("clock set 22:00")
    assert shell.end() == 1


def test_statements_answer_their_values(drive):
    shell = drive()
    shell.do("let x = 3", "proc double n { return $n * 2 }", "let y = double $x")
    assert shell.do("say $y") == 6
    assert shell.do("say [1, 2.5s, 4KiB, 384kbps, 5%, on, none]") == [1, 2.5, 4096, 384000, 5, True, None]
    assert shell.ask("for i in 1..3 { say $i }")["values"] == [1, 2, 3]
    assert shell.ask("repeat 2 {\nif on {\nsay \"in\"\n}\n}")["values"] == ["in", "in"]
    assert shell.ask("if 1 == 2 { say 1 } else { say 2 }")["value"] == 2
    assert shell.ask('test "right" { expect 1 == 1 }')["ok"]
    failed = shell.ask('test "wrong" { expect 1 == 2 }')
    assert not failed["ok"]
    assert shell.end() == 1


def test_an_error_has_its_place_and_the_session_goes_on(drive):
    shell = drive()
    shell.ask("say 1")
    answer = shell.ask('say "é"; phone P1 modle X')
    assert not answer["ok"] and answer["status"] == 2 and "value" in answer
    assert answer["error"]["line"] == 2
    assert answer["error"]["message"] and answer["error"]["text"].count("^")
    several = shell.ask("bogus; say 1 +; nonsense")
    assert len(several["errors"]) == 3, several
    warned = shell.ask("for p in P* { say $p }")
    assert warned["ok"] and warned["warnings"]
    outside = shell.ask("source /nowhere/x.pfsh")
    assert not outside["ok"] and outside["status"] == 3, outside
    assert shell.ask("say 5")["value"] == 5
    assert shell.end() == 2


def test_the_files_that_commands_write_are_there(drive, home):
    shell = drive()
    shell.do(*OFFICE, "show phones | json | save a.json", "show phones | csv | save a.csv",
             "record session.pfsh")
    assert [row["name"] for row in json.loads((home / "a.json").read_text())] == ["P1", "P2", "P3"]
    assert (home / "a.csv").read_text().splitlines()[0].startswith("name,")
    refused = shell.ask("show phones | save /nowhere/a.json")
    assert refused["status"] == 3
    assert shell.end() == 3


def test_ten_thousand_commands_are_answered_one_by_one(drive):
    shell = drive()
    shell.do("let x = 0")
    for number in range(3000):
        shell.process.stdin.write("let x = $x + 1\n")
        if number % 100 == 99:
            shell.process.stdin.flush()
            for _ in range(100):
                assert json.loads(shell.process.stdout.readline())["ok"]
    assert shell.do("say $x") == 3000
    assert shell.end() == 0


def test_nothing_but_objects_comes_whatever_is_written(binary, home, environment):
    garbage = b"say 1\n\n   \n# comment\n\x00\x01\n\xff\xfe\nsay \"\\u{1F600}\"\n" + b"x" * 5000 + b"\n}{\nsay 2"
    done = subprocess.run(
        [binary, "--json"], input=garbage, cwd=home, env=environment, capture_output=True, timeout=30
    )
    for line in done.stdout.decode().splitlines():
        assert json.loads(line)["ok"] in (True, False)


@pytest.mark.parametrize("options", [["--json", "-c", "say 1\nsay 2"], ["--json", "script.pfsh"]])
def test_a_script_answers_one_object(binary, home, environment, options):
    (home / "script.pfsh").write_text("say 1\nsay 2\n")
    done = subprocess.run([binary, *options], cwd=home, env=environment, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    assert answer["values"] == [1, 2] and done.returncode == 0
