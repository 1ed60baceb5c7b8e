"""The line being typed: editing, pasting, blocks, history, search, windows of every size."""

import os

import pytest

from terminal import (
    CTRL_A, CTRL_C, CTRL_D, CTRL_G, CTRL_R, CTRL_U, DOWN, ENTER, ESCAPE, LEFT, TAB, UP, Terminal,
)


def history_file(home):
    return home / ".local" / "state" / "pfsh" / "history"


def test_an_open_block_goes_on_behind_its_own_prompt_and_runs_when_it_closes(shell):
    shell.enter("repeat 2 {")
    shell.wait("the prompt of a block", lambda: shell.rows[-1].startswith("..."))
    shell.enter('say "inside"')
    shell.press("}", ENTER)
    shell.wait("two lines", lambda: shell.rows.count("inside") == 2)
    shell.see_prompt()


def test_a_backslash_at_the_end_goes_on_in_the_next_row(shell):
    shell.enter('say "one" + \\')
    shell.enter('"two"')
    shell.see_row("onetwo")


@pytest.mark.parametrize("brackets", [True, False], ids=["bracketed", "as keys"])
def test_pasted_commands_run_in_order_up_to_the_first_error(shell, brackets):
    text = 'say "first"\nsay "second"\nbogus words\nsay "third"\n'
    if not brackets:
        # Without brackets a paste cannot be told from somebody who types fast.
        text = text.replace("bogus words\n", "")
    (shell.paste if brackets else shell.press)(text if brackets else text.replace("\n", "\r"))
    shell.see_row("second")
    if brackets:
        shell.see("1 pasted lines after the error were not run")
        assert "third" not in shell.rows
    else:
        shell.see_row("third")
    order = [row for row in shell.rows if row in ("first", "second", "third")]
    assert order == ["first", "second", "third"][: 2 if brackets else 3]
    shell.see_prompt()


def test_a_pasted_script_with_blocks_builds_what_it_says(shell):
    shell.paste(
        "subnet voice 10.4.0.0/24\nphones 4 model CP-7961G\n"
        "for p in all {\n    if count(all) > 3 {\n        say $p\n    }\n}\nsay \"end\"\n"
    )
    shell.see_row("end")
    assert [row for row in shell.rows if row in ("P1", "P2", "P3", "P4")] == ["P1", "P2", "P3", "P4"]


def test_the_history_lives_in_the_state_folder_none_twice_and_never_what_began_with_a_blank(start, home):
    first = start()
    for line in ['say "one"', 'say "two"', ' say "secret"', 'say "one"']:
        first.do(line)
    first.press(CTRL_D)
    assert first.status() == 0
    assert history_file(home).read_text() == 'say "one"\nsay "two"\nsay "one"\n'
    assert history_file(home).stat().st_mode & 0o777 == 0o600
    second = start()
    assert history_file(home).read_text() == 'say "two"\nsay "one"\n'
    for expected in ['say "one"', 'say "two"', 'say "two"']:
        second.press(UP)
        second.see_line(expected)
    second.press(DOWN, DOWN)
    second.see_prompt()
    second.do("history", 'say "two"')
    assert not any("secret" in row for row in second.all_rows)


def test_the_history_follows_xdg_and_a_block_comes_back_whole(start, home):
    settings = {"XDG_STATE_HOME": str(home / "elsewhere")}
    shell = start(settings=settings)
    shell.press('repeat 1 {', ENTER, 'say "x"', ENTER, "}", ENTER)
    shell.see_row("x")
    shell.see_prompt()
    shell.press(CTRL_D)
    assert shell.status() == 0
    assert (home / "elsewhere" / "pfsh" / "history").exists() and not history_file(home).exists()
    again = start(settings=settings)
    again.press(UP)
    again.wait("all three rows", lambda: again.rows[-1].endswith("}") and len(again.rows) == 3)
    again.press(ENTER)
    again.see_row("x")


def test_a_session_goes_on_where_its_history_cannot_be_written(start, home):
    history_file(home).parent.mkdir(parents=True)
    history_file(home).mkdir()
    shell = start()
    shell.do('say "alive"', "alive")
    shell.press(UP)
    shell.see_line('say "alive"')


def test_arrows_walk_the_lines_that_begin_as_typed(shell):
    for line in ["clock", 'say "a"', 'say "b"', "show phones"]:
        shell.do(line)
    shell.press("say", UP)
    shell.see_line('say "b"')
    shell.press(UP)
    shell.see_line('say "a"')


def test_ctrl_r_searches_while_one_types_and_ctrl_g_gives_up(shell):
    for line in ['say "alpha"', 'say "beta"', 'say "alphabet"']:
        shell.do(line)
    shell.press(CTRL_R, "alpha")
    shell.see_line('say "alphabet"'[: len("say \"")])
    shell.wait("the newest", lambda: any(r.endswith('> say "alphabet"') for r in shell.rows[-2:]))
    shell.press(CTRL_R)
    shell.wait("the one before", lambda: any(r.endswith('> say "alpha"') for r in shell.rows[-2:]))
    shell.press(CTRL_G, CTRL_U)
    shell.see_prompt()
    shell.press(CTRL_R, "bet", CTRL_R, ENTER)
    shell.wait("it ran", lambda: shell.rows.count("beta") == 2)
    shell.see_prompt()


def test_ctrl_c_clears_the_line_and_leaves_it_to_be_read(shell):
    shell.press("show phones where (")
    shell.see_line("show phones where (")
    shell.press(CTRL_C)
    shell.see_prompt()
    assert any(row.endswith("show phones where (^C") for row in shell.rows)
    shell.enter("repeat 2 {")
    shell.wait("an open block", lambda: shell.rows[-1].startswith("..."))
    shell.press(CTRL_C)
    shell.see_prompt()


def test_ctrl_d_leaves_on_an_empty_line_only_and_gives_the_terminal_back(start):
    shell = start(command=["/bin/sh", "-c", '"$0" --quiet; echo "status $?"; stty -a', os.environ["PFSH_BINARY"]])
    shell.see_prompt()
    shell.press("x", CTRL_A, CTRL_D)
    shell.see_prompt()
    shell.press(CTRL_D)
    shell.see_row("status 0")
    shell.settle()
    settings = " ".join(shell.rows).replace(";", " ").split()
    assert {"icanon", "echo", "isig", "icrnl"} <= set(settings), shell.picture


def test_a_window_made_narrow_and_wide_again_keeps_the_half_typed_line(shell):
    text = 'say "abcdefghijklmnopqrstuvwxyz0123456789"'
    shell.press(text, LEFT, LEFT, LEFT)
    shell.wait("the line", lambda: any(row.endswith(text) for row in shell.rows))
    for columns in (40, 64, 44):
        shell.resize(columns, 24)
        # The terminal itself wraps nothing anew, so only what the shell paints is compared.
        shell.settle()
    shell.press("_")
    shell.press(ENTER)
    shell.wait("the edited text", lambda: any("abcdefghijklmnopqrstuvwxyz01234567_89" in r for r in shell.rows))
    shell.see_prompt()


def test_a_window_of_40_columns_is_enough(start):
    shell = start(columns=40, rows=12)
    for line in ["subnet voice 10.4.0.0/24", "phones 3 model CP-7961G", "pfs enterprise on"]:
        shell.do(line)
    long = "push SCCP41.9-4-2SR1-1S to P1,P2,P3 stagger 10ms"
    shell.press(long, CTRL_A, "reset all; ")
    shell.wait("a wrapped line", lambda: "".join(shell.rows[-3:]).endswith("reset all; " + long))
    shell.press(CTRL_C)
    shell.see_prompt()
    shell.press("show phones s", TAB)
    shell.wait("candidates", lambda: any(row.startswith("subnet") for row in shell.rows))
    shell.see_line("show phones s")
    shell.press(CTRL_C)
    shell.do(long)
    shell.do("run 3s")
    shell.do("show phones")
    shell.do("show tree")
    shell.do("show sites")
    assert all(len(row) <= 40 for row in shell.all_rows)


def test_a_very_small_window_and_one_of_unknown_size_do_no_harm(start):
    for columns, rows in [(12, 2), (1, 1)]:
        shell = start(columns=columns, rows=rows, command=[os.environ["PFSH_BINARY"], "--quiet"])
        shell.settle(0.2)
        shell.press('say "abc"', TAB, "?", ENTER, CTRL_U, CTRL_C)
        # What is typed before the terminal has handed over Ctrl-C, it throws away.
        for _ in range(100):
            if not shell.has_ended:
                shell.press(CTRL_D)
                shell.settle(0.05)
        assert shell.status() == 0


def test_names_in_any_script_are_typed_edited_and_shown(shell):
    shell.do("subnet Zürich 10.4.0.0/24")
    shell.press("phone 電話 model CP-7961G", CTRL_A)
    shell.press(*[b"\x1b[C"] * 6, "内", ENTER)
    shell.wait("the prompt", lambda: shell.line == "")
    shell.do("show phones", "内電話")
    shell.do("show phones subnet Zürich | count", "1")


def test_what_is_typed_while_lines_are_printed_stands_whole_at_the_next_prompt(office):
    office.do("log follow")
    office.do("push 9.4(2)SR1 to all")
    office.press("run until log /HROOT/", ENTER, "show phones where (state == idle")
    office.see_line("show phones where (state == idle")
    printed = [row for row in office.all_rows if "DLoad" in row]
    assert printed and all(row.count("DLoad") == 1 for row in printed)
    assert not any("show phones where" in row for row in printed)


def test_what_is_typed_in_the_middle_of_a_run_is_not_shown_in_it(office):
    office.do("log follow")
    office.do("speed 20")
    office.do("push 9.4(2)SR1 to all")
    office.press("run 20s", ENTER)
    office.wait("a line of the log", lambda: any("DLoad" in row for row in office.all_rows))
    for letter in "show phones":
        office.press(letter)
        office.settle(0.03)
    office.see_line("show phones")
    printed = [row for row in office.all_rows if "DLoad" in row]
    assert printed and all(row.startswith("P") for row in printed)
    assert all(row.count("DLoad") == 1 for row in printed)


def test_keys_in_the_middle_of_a_run_count_at_the_next_prompt(office):
    office.do("speed 20")
    office.do("push 9.4(2)SR1 to all")
    office.press("run 20s", ENTER)
    for key in ["s", "h", "x", "\x7f", "o", "w", LEFT, "n", "\x05", "s"]:
        office.press(key)
        office.settle(0.03)
    office.see_line("shonws")
    office.press(CTRL_U, "run 20s", ENTER)
    office.settle(0.2)
    office.press(CTRL_D)
    assert office.status() == 0


def test_the_users_editrc_is_honoured(start, home):
    (home / ".editrc").write_text("bind -v\n")
    shell = start()
    shell.press("abc")
    shell.see_line("abc")
    shell.press(ESCAPE)
    shell.settle(0.1)
    shell.press("0x")
    shell.wait("vi's x", lambda: any(row.endswith("> bc") for row in shell.rows))
    shell.press(CTRL_C)
    shell.see_prompt()
    shell.press("qu", TAB)
    shell.see_line("quit ")
