"""TAB, `?` and shortened words: what can stand where, from the declarations and the world."""

import pytest

from terminal import CTRL_U, LEFT, TAB

# Typed, and what one TAB makes of it: commands and their second words, keywords, models, loads,
# names of sites, subnets, profiles and phones, selectors, properties, words of enumerations,
# variables, functions, topics.
ONE_CANDIDATE = [
    ("qu", "quit "),
    ("show pho", "show phone"),
    ("show site", "show sites "),
    ("phone P9 mod", "phone P9 model "),
    ("phone P9 model CP-7970", "phone P9 model CP-7970G "),
    ("push SCCP41.9-4-2SR1", "push SCCP41.9-4-2SR1-1S "),
    ("push 9.4(2)SR1 t", "push 9.4(2)SR1 to "),
    ("subnet data 10.5.0.0/24 site br", "subnet data 10.5.0.0/24 site branch "),
    ("phone P9 model CP-7961G subnet vo", "phone P9 model CP-7961G subnet voice "),
    ("show phone ÉT", "show phone ÉTAGE-1 "),
    ("show phones 電", "show phones 電話 "),
    ("remove exc", "remove exc"),
    ("show phones prof", "show phones profile "),
    ("show phones state serv", "show phones state serving "),
    ("show phones where (rec", "show phones where (received "),
    ("show phones where (state == verif", "show phones where (state == verifying "),
    ("run until ÉTAGE-1.par", "run until ÉTAGE-1.parent "),
    ("run until 電話.fir", "run until 電話.firmware "),
    ("expect server.fall", "expect server.fallbacks "),
    ("say perc", "say percentile("),
    ("say $buil", "say $building "),
    ("pfs device 電話 def", "pfs device 電話 default "),
    ("log level deb", "log level debug "),
    ("help wh", "help wh"),
    ("repeat 3 { show site", "repeat 3 { show sites "),
    ("clock; show site", "clock; show sites "),
]


@pytest.fixture
def town(office):
    for line in ["phone ÉTAGE-1 model CP-7961G", "phone 電話 model CP-7961G", "let building = 7"]:
        office.do(line)
    return office


def test_tab_completes_the_only_candidate_of_every_kind(town):
    wrong = []
    for typed, completed in ONE_CANDIDATE:
        town.see_prompt()
        town.press(typed, TAB, "|")
        town.wait(f"{typed!r} typed", lambda: (town.line or "").endswith("|"))
        if town.line[:-1] != completed:
            wrong.append((typed, completed, town.line[:-1]))
        town.press(CTRL_U)
        town.see_prompt()
    assert not wrong


def test_tab_lists_several_candidates_with_hints_and_keeps_the_line(town):
    town.press("show phones s", TAB)
    town.wait("the candidates with their hints", lambda: all(
        any(row.startswith(word) and hint in row for row in town.rows)
        for word, hint in [("site", "phones of a site"), ("subnet", "phones of a subnet"),
                           ("state", "phones in a state")]
    ))
    town.see_line("show phones s")


def test_tab_brings_the_line_as_far_as_all_candidates_agree(town):
    town.press("show phone P", TAB, "2", TAB)
    town.see_line("show phone P2 ")
    town.press(CTRL_U, "firmware sh", TAB, "SCCP41.9-4-", TAB)
    town.wait("a longer word", lambda: (town.line or "").startswith("firmware show SCCP41.9-4-2"))


def test_tab_completes_inside_a_line(town):
    town.press("show pho P1", LEFT, LEFT, LEFT, TAB)
    town.wait("the middle completed", lambda: any(r.endswith("> show phone P1") for r in town.rows))


def test_tab_completes_the_names_of_files(shell, home):
    (home / "plans").mkdir()
    (home / "plans" / "office.pfsh").write_text('say "from the file"\n')
    (home / "plans" / "readme.txt").write_text("")
    shell.press("source pl", TAB)
    shell.see_line("source plans/")
    shell.press(TAB)
    shell.see_line("source plans/office.pfsh ")
    shell.press("\r")
    shell.see_row("from the file")


def test_a_word_that_fits_nothing_stays_as_it_is(town):
    town.press("show phones nothing", TAB, "|")
    town.see_line("show phones nothing|")


# Typed in front of `?`, and what must be among the rows then: a word and words of its line.
HELP = [
    ("", [("show", ""), ("phone", ""), ("let", "")]),
    ("show ", [("phones", "Show phones"), ("tree", ""), ("sites", "")]),
    ("phone P9 model ", [("MODEL", "model")]),
    ("phone P9 model CP-7961G ", [("ip", "address"), ("mac", "MAC"), ("<Enter>", "whole")]),
    ("run ", [("DURATION", ""), ("until", "")]),
    ("show phones state ", [("idle", "nothing to fetch"), ("serving", "")]),
    ("show phones | ", [("include", ""), ("count", "")]),
    ("log level ", [("debug", ""), ("off", "")]),
    ("source ", [("FILE", "name of a file")]),
]


def test_a_question_mark_lists_what_can_follow_at_every_place(start, environment):
    # A high window, for all that can begin a line.
    shell = start(rows=120)
    shell.do("subnet voice 10.4.0.0/24")
    shell.do("phones 3 model CP-7961G")
    for typed, expected in HELP:
        shell.press(typed, "?")
        shell.wait(f"the list behind {typed!r}", lambda: all(
            any(word in row.replace(",", " ").split() and hint in row for row in shell.rows)
            for word, hint in expected
        ))
        shell.see_line(typed)
        shell.press(CTRL_U, "\x0c")
        shell.wait("an empty window", lambda: len(shell.rows) == 1 and shell.line == "")


def test_a_question_mark_inside_a_pattern_is_typed(town):
    town.do("show phones P? | count", "3")


def test_an_unambiguous_beginning_is_enough_and_an_ambiguous_one_names_its_words(town):
    town.do("sh ph | cou", "5")
    town.do("ru 1s")
    town.wait("one second later", lambda: any(r.startswith("0:00:01.000") for r in town.rows))
    town.do("sh s", "`s` could be ")
    # What cannot be taken back is written out.
    town.do("rem P1", "remove")
    town.do("show phones P1 | count", "1")
