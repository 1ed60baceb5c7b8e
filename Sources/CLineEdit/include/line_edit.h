/*
 * The line editor as Swift can call it: libedit's native interface is variadic, and its own keyboard
 * loop can wait for one descriptor only. This header decides what the shell may ask of a terminal;
 * nothing of libedit shows through. All text is UTF-8, all lengths and cursors are counts of bytes,
 * and one thread owns an editor: only line_edit_wake() may be called from elsewhere. Where an
 * editor may be NULL (never opened, or closed) a call does nothing or does it without the line.
 */
#ifndef LINE_EDIT_H
#define LINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line may hold this many characters; keys beyond it are refused with a beep. Own choice: far above
 * any command, small enough that redrawing stays instant. */
#define LINE_EDIT_MAXIMUM_CHARACTERS 65536

/* A paste may hold this many bytes; what exceeds it is dropped. Own choice: a long script. */
#define LINE_EDIT_MAXIMUM_PASTE_BYTES 1048576

/* A prompt may hold this many bytes, colours included. */
#define LINE_EDIT_MAXIMUM_PROMPT_BYTES 1024

/* History entries the editor keeps in memory. */
#define LINE_EDIT_MAXIMUM_HISTORY 10000

#if defined(__clang__)
#define LINE_EDIT_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define LINE_EDIT_CLOSED
#endif

typedef struct line_editor line_editor;

/* How reading a line ended. */
typedef enum LINE_EDIT_CLOSED {
    LINE_EDIT_LINE,        /* a line was accepted */
    LINE_EDIT_END,         /* end of input: Ctrl-D on an empty line, or the terminal is gone */
    LINE_EDIT_INTERRUPTED, /* Ctrl-C: the text is what was thrown away */
    LINE_EDIT_HANGUP       /* SIGTERM or SIGHUP: the terminal is restored, the program should leave */
} line_edit_outcome;

/* What line_edit_wait() saw. */
typedef enum LINE_EDIT_CLOSED {
    LINE_EDIT_READABLE,
    LINE_EDIT_WAIT_INTERRUPTED,
    LINE_EDIT_WAIT_HANGUP,
    LINE_EDIT_WAIT_FAILED
} line_edit_wait_result;

/* What the editor asks of its owner. None may be NULL. */
typedef struct {
    void *context;
    /* Writes the prompt, at most `capacity` bytes, and returns its length. Bytes between two \001 take
     * no column (colour) and are left out on a dumb terminal; the prompt is one row. */
    size_t (*prompt)(void *context, char *buffer, size_t capacity);
    /* TAB: may call line_edit_replace() or line_edit_list(). */
    void (*complete)(void *context, const char *text, size_t length, size_t cursor);
    /* `?` where a word may begin: may call line_edit_list(). */
    void (*help)(void *context, const char *text, size_t length, size_t cursor);
    /* Enter: whether the text is whole; otherwise Enter opens one more row. */
    bool (*is_complete)(void *context, const char *text, size_t length);
    /* A wake, the watched descriptor, or a tick: may call line_edit_print_above(). */
    void (*ready)(void *context);
} line_edit_callbacks;

/* Opens an editor that reads keys from the terminal `input` and draws on the terminal `output`; NULL
 * when either is none or memory is short. Reads ~/.editrc (or $EDITRC) under the name `program`. */
line_editor *line_edit_open(
    const char *program, int input, int output, const line_edit_callbacks *callbacks);
/* Restores the terminal and frees the editor. */
void line_edit_close(line_editor *editor);
/* Reads one line. The text stays valid up to the next call on this editor. */
line_edit_outcome line_edit_read(line_editor *editor, const char **text, size_t *length);

/* Watches one more descriptor while a line is read (-1: none). `ready` is called as long as it can be
 * read or is at its end, so the owner stops watching one that has ended. */
void line_edit_watch(line_editor *editor, int descriptor);
/* Calls `ready` after every `milliseconds` without a key (-1: never). */
void line_edit_tick(line_editor *editor, int milliseconds);
/* Makes a reading editor call `ready`; any thread, and safe in a signal handler. */
void line_edit_wake(void);

/* Writes whole lines to `descriptor`; if that is a terminal on which a line is being edited, the lines
 * come to stand above it. A missing last line feed is added. */
void line_edit_print_above(line_editor *editor, int descriptor, const char *bytes, size_t length);
/* For `complete`: takes away `characters` before the cursor and puts `text` there. */
void line_edit_replace(line_editor *editor, int characters, const char *text);
/* For `complete` and `help`: shows lines under the text and draws prompt and text again below. */
void line_edit_list(line_editor *editor, const char *bytes, size_t length);
/* Whether the terminal understands cursor movement and paste brackets (not TERM=dumb or unset). */
bool line_edit_has_escapes(const line_editor *editor);

/* Adds a history entry as the newest; with `unique`, an older equal one goes. */
void line_edit_remember(line_editor *editor, const char *entry, bool unique);
/* Forgets the pasted lines not yet handed out; returns how many there were. */
size_t line_edit_drop_paste(line_editor *editor);

/* Installs the handlers of SIGINT, SIGTERM and SIGHUP, which only set flags and wake the editor.
 * Returns false when the wake descriptor cannot be made. Calling it again changes nothing. */
bool line_edit_catch_signals(void);
/* Whether Ctrl-C came since the last take. A running command polls this; one relaxed load. */
bool line_edit_peek_interrupt(void);
/* The same, and clears the flag. */
bool line_edit_take_interrupt(void);
/* Whether SIGTERM or SIGHUP came; never cleared. */
bool line_edit_terminated(void);
/* Waits until `descriptor` can be read or a caught signal comes. */
line_edit_wait_result line_edit_wait(int descriptor);

/* Whether the descriptor is a terminal. */
bool line_edit_is_terminal(int descriptor);
/* The width of the terminal in columns, 80 when it is none or does not say. */
int line_edit_columns(int descriptor);
/* The height of the terminal in rows, 24 when it is none or does not say. */
int line_edit_rows(int descriptor);
/* The columns a Unicode scalar takes: 0, 1 or 2; 0 for what cannot be shown. */
int line_edit_width(uint32_t scalar);
/* Makes the character type a UTF-8 one, from the environment if that is UTF-8; nothing else of the
 * locale is touched, so that numbers never follow it. */
void line_edit_use_utf8(void);

#endif
