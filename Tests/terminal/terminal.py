"""A program on a terminal of its own, and the screen before it as a person would see it.

Tests type with `press` and `enter` and wait with `see` and its like for what the screen shows; nothing
waits for time to pass. The screen is pyte's, so what is compared is what stands there at last, however
it was painted.
"""

import os
import time

import pexpect
import pyte

CTRL_A, CTRL_C, CTRL_D, CTRL_G = b"\x01", b"\x03", b"\x04", b"\x07"
CTRL_R, CTRL_U, CTRL_Z = b"\x12", b"\x15", b"\x1a"
ENTER, TAB, ESCAPE = b"\r", b"\t", b"\x1b"
UP, DOWN, RIGHT, LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
PROMPT_END = "> "
# Generous, for a loaded machine: success is fast.
PATIENCE_SECONDS = 15
# Rows that have left the window and can still be looked at.
HISTORY_ROWS = 20_000


class Terminal:
    """A process on a pseudo-terminal of `columns` by `rows`."""

    def __init__(self, command, environment, columns=80, rows=24, folder=None):
        self.screen = pyte.HistoryScreen(columns, rows, history=HISTORY_ROWS, ratio=1)
        self.stream = pyte.ByteStream(self.screen)
        self.process = pexpect.spawn(
            str(command[0]), [str(word) for word in command[1:]], env=environment, timeout=None,
            dimensions=(rows, columns), cwd=folder,
        )
        self.process.delaybeforesend = None
        self.process.delayafterclose = 0.01
        self.process.delayafterterminate = 0.01
        self.has_ended = False

    # What goes in.

    def press(self, *keys):
        """Sends keys, each a text or bytes."""
        for key in keys:
            left = key.encode() if isinstance(key, str) else key
            while left:
                left = left[os.write(self.process.child_fd, left[:1024]):]

    def enter(self, line):
        self.press(line, ENTER)

    def paste(self, text):
        """What a terminal sends that brackets what is pasted."""
        self.press("\x1b[200~", text.replace("\n", "\r"), "\x1b[201~")

    def resize(self, columns, rows):
        self.settle()
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    # What comes out.

    def take(self, seconds):
        """Takes output if any comes within so many seconds; false if none came."""
        if self.has_ended:
            return False
        try:
            self.stream.feed(self.process.read_nonblocking(65536, seconds))
            return True
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            self.has_ended = True
            return False

    def settle(self, seconds=0.05):
        """Takes output until none comes for so long."""
        while self.take(seconds):
            pass

    def wait(self, what, condition, seconds=PATIENCE_SECONDS):
        """Takes output until `condition` holds of the screen."""
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            assert left > 0 and not self.has_ended, f"never seen: {what}\n{self.picture}"
            self.take(min(left, 0.05))

    @property
    def rows(self):
        """The rows of the window down to the last that is not empty, without trailing blanks."""
        rows = [row.rstrip() for row in self.screen.display]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    @property
    def all_rows(self):
        """What has left the window at its upper edge, and the window."""
        gone = self.screen.history.top
        return ["".join(r[c].data for c in range(self.screen.columns)).rstrip() for r in gone] + self.rows

    @property
    def picture(self):
        return "\n".join(f"|{row}" for row in self.all_rows[-60:])

    @property
    def line(self):
        """What stands behind the prompt up to the cursor; None where the cursor's row has no prompt."""
        cursor = self.screen.cursor
        cells = self.screen.buffer[cursor.y]  # a wide letter's second cell holds no text
        row = "".join(cells[column].data for column in range(cursor.x))
        _, end, typed = row.partition(PROMPT_END)
        return typed if end else None

    def see(self, text):
        """Waits for a row of the window that holds `text`."""
        self.wait(f"{text!r} in a row", lambda: any(text in row for row in self.rows))

    def see_row(self, text):
        """Waits for a row that is `text` and nothing else."""
        self.wait(f"the row {text!r}", lambda: text in self.all_rows)

    def see_line(self, text):
        """Waits until what is typed up to the cursor is `text`."""
        self.wait(f"the line {text!r}", lambda: self.line == text)

    @property
    def is_ready(self):
        """Whether the cursor's row is a prompt with nothing behind it."""
        return self.line == "" and self.screen.display[self.screen.cursor.y].rstrip().endswith(
            PROMPT_END.strip()
        )

    def see_prompt(self):
        self.wait("an empty prompt", lambda: self.is_ready)

    def do(self, line, answer=None):
        """Enters a line and waits for the next prompt, and for a row that holds `answer`."""
        self.see_prompt()
        before = len(self.screen.history.top) + self.screen.cursor.y
        self.enter(line)
        self.wait(
            f"a prompt after {line!r}",
            lambda: len(self.screen.history.top) + self.screen.cursor.y > before and self.is_ready,
            seconds=60,
        )
        if answer is not None:
            self.see(answer)

    # How it ends.

    def status(self):
        """Waits for the end; the exit status, or 128 and the number of the signal that ended it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.has_ended and time.monotonic() < deadline:
            self.take(0.1)
        assert self.has_ended, f"it has not ended\n{self.picture}"
        self.process.wait()
        return self.process.exitstatus if self.process.exitstatus is not None else 128 + self.process.signalstatus

    def close(self):
        self.process.close(force=True)
