/*
 * What the files of the line editor share: the editor itself, the private keys that stand for escape
 * sequences and for what the editor pushes to itself, and the signals' bits.
 */
#ifndef LINE_EDIT_INTERNAL_H
#define LINE_EDIT_INTERNAL_H

#include "line_edit.h"

#include <histedit.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <wchar.h>

/* Bytes taken from the terminal in one read. */
#define KEYBOARD_BYTES 256
/* An escape sequence longer than this is no key of any terminal. */
#define SEQUENCE_BYTES 32
/* A terminal sends the bytes of one key together; what comes later is a key of its own. */
#define ESCAPE_WAIT_MILLISECONDS 30
/* The end mark of a paste may follow after a pause of a slow line; then the paste is taken as ended. */
#define PASTE_WAIT_MILLISECONDS 1000

/* Keys of the editor's own, in the range of the C1 controls, which no keyboard sends (they are dropped
 * when decoded) and libedit leaves unbound. */
enum private_key {
    KEY_PASTE = 0x80,
    KEY_PASTE_NEXT,
    KEY_CANCEL,
    KEY_ACCEPT,
    KEY_UP,
    KEY_DOWN,
    KEY_ROW_UP,
    KEY_ROW_DOWN,
    KEY_RIGHT,
    KEY_LEFT,
    KEY_HOME,
    KEY_END,
    KEY_DELETE,
    KEY_WORD_RIGHT,
    KEY_WORD_LEFT
};

/* What signals left behind. */
enum signal_bit {
    SIGNAL_RESIZE = 1,
    SIGNAL_SUSPEND = 2,
    SIGNAL_CONTINUE = 4
};

/* The history walk of Up and Down. */
typedef struct {
    char *typed;         /* what stood in the line before the walk, NULL when there is none */
    size_t prefix_bytes; /* entries must share this much of it */
    char *shown;         /* what the walk put there: any other text ends the walk */
    int index;           /* how far back: 1 is the newest entry */
} history_walk;

typedef struct {
    int row;
    int column;
} screen_place;

/* One character as it is shown, and where. */
typedef struct {
    wchar_t character;
    int row;
    int column;
    int width;
} screen_glyph;

/* Prompt and text as they are shown. */
typedef struct {
    screen_glyph *glyphs;
    size_t count;
    size_t capacity;
    size_t prompt_count;
    screen_place prompt_end;
    screen_place cursor;
    screen_place end;
    int top; /* the first row that is on the screen */
} line_frame;

struct line_editor {
    EditLine *edit;
    History *history;
    FILE *streams[3];
    int input;
    int output;
    line_edit_callbacks callbacks;

    int watched;           /* one more descriptor, or -1 */
    int tick_milliseconds; /* or -1 */

    unsigned char keyboard[KEYBOARD_BYTES];
    size_t keyboard_start;
    size_t keyboard_end;
    size_t raw_bytes;   /* so many next bytes are passed on undecoded */
    wchar_t pushed_key; /* delivered before anything else; 0: none */

    char *paste; /* pasted text not yet put into a line */
    size_t paste_start;
    size_t paste_end;
    unsigned paste_interrupts; /* the count of interrupts when it came: a later one drops it */
    bool paste_announced;      /* the opening bracket was read */

    char prompt[LINE_EDIT_MAXIMUM_PROMPT_BYTES + 1];
    history_walk walk;
    line_edit_outcome outcome;

    bool has_escapes;
    bool is_vi;
    bool passes_unknown_sequences; /* an .editrc exists and may have bound them */
    bool is_reading;
    bool is_painted;     /* `frame` stands on the screen, the cursor at `place` */
    bool prompt_changed; /* since it was painted */
    bool has_beeped;     /* libedit wants to be heard */
    bool is_ready;   /* inside `ready`: the loop shows the line */
    bool has_listed; /* set by line_edit_list */
    bool has_changed;

    line_frame frame;
    line_frame next_frame;
    screen_place place;
};

/* line_edit.c */
line_editor *line_edit_owner(EditLine *edit);

/* line_edit_keys.c */
int line_edit_next_key(EditLine *edit, wchar_t *key);
bool line_edit_read_paste(line_editor *editor);

/* line_edit_layout.c */
bool line_edit_lay_out(line_editor *editor, line_frame *frame, int columns, int rows);

/* line_edit_screen.c */
void line_edit_take_prompt(line_editor *editor);
void line_edit_paint(line_editor *editor);
void line_edit_hide(line_editor *editor);
void line_edit_show(line_editor *editor);
void line_edit_go_below(line_editor *editor);
void line_edit_resized(line_editor *editor);
void line_edit_send(line_editor *editor, const char *text);
void line_edit_write(int descriptor, const char *bytes, size_t length);

/* line_edit_commands.c */
void line_edit_bind(line_editor *editor);

/* line_edit_history.c */
unsigned char line_edit_move_up(EditLine *edit, int key);
unsigned char line_edit_move_down(EditLine *edit, int key);
void line_edit_end_walk(line_editor *editor);

/* line_edit_signals.c */
int line_edit_wake_descriptor(void);
void line_edit_drain_wake(void);
unsigned line_edit_take_signals(void);
unsigned line_edit_interrupt_count(void);
void line_edit_begin_terminal_signals(void);
void line_edit_end_terminal_signals(void);
void line_edit_stop_process(void);

#endif
