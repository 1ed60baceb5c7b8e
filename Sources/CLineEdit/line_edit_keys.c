/*
 * The keyboard. libedit asks for a key exactly when its screen is up to date, and this answer to it
 * decides everything that may happen while a line is typed: signals, wakes, the watched descriptor,
 * ticks and bytes all arrive in one poll. Bytes become characters here, and the escape sequences of
 * the usual keys become private keys, so that neither a lone ESC in vi mode nor a missing terminal
 * description can confuse them.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum wait_end { WAIT_BYTES, WAIT_EVENT, WAIT_TIMEOUT, WAIT_END };

/* The sequences after ESC, as xterm, the Linux console, rxvt, screen and tmux send them. */
static const struct {
    const char *sequence;
    wchar_t key;
} known_sequences[] = {
    {"[A", KEY_UP},           {"OA", KEY_UP},           {"[B", KEY_DOWN},
    {"OB", KEY_DOWN},         {"[C", KEY_RIGHT},        {"OC", KEY_RIGHT},
    {"[D", KEY_LEFT},         {"OD", KEY_LEFT},         {"[H", KEY_HOME},
    {"OH", KEY_HOME},         {"[1~", KEY_HOME},        {"[7~", KEY_HOME},
    {"[F", KEY_END},          {"OF", KEY_END},          {"[4~", KEY_END},
    {"[8~", KEY_END},         {"[3~", KEY_DELETE},      {"[1;5C", KEY_WORD_RIGHT},
    {"[1;3C", KEY_WORD_RIGHT}, {"[1;5D", KEY_WORD_LEFT}, {"[1;3D", KEY_WORD_LEFT},
    {"Oc", KEY_WORD_RIGHT},   {"Od", KEY_WORD_LEFT},    {"[200~", KEY_PASTE},
};

static size_t pending_bytes(const line_editor *editor) {
    return editor->keyboard_end - editor->keyboard_start;
}

static unsigned char byte_at(const line_editor *editor, size_t index) {
    return editor->keyboard[editor->keyboard_start + index];
}

static void drop_bytes(line_editor *editor, size_t count) {
    editor->keyboard_start += count;
    if (editor->keyboard_start >= editor->keyboard_end)
        editor->keyboard_start = editor->keyboard_end = 0;
}

/* Adds what the terminal has to the pending bytes; there is always room, since decoding never leaves
 * more than one unfinished key. */
static enum wait_end take_bytes(line_editor *editor) {
    if (editor->keyboard_start > 0) {
        memmove(editor->keyboard, editor->keyboard + editor->keyboard_start, pending_bytes(editor));
        editor->keyboard_end -= editor->keyboard_start;
        editor->keyboard_start = 0;
    }
    size_t room = sizeof editor->keyboard - editor->keyboard_end;
    if (room == 0)
        return WAIT_BYTES;
    ssize_t count = read(editor->input, editor->keyboard + editor->keyboard_end, room);
    if (count > 0) {
        editor->keyboard_end += (size_t)count;
        return WAIT_BYTES;
    }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? WAIT_EVENT : WAIT_END;
}

/* Waits for the rest of a key or of a paste: nothing else is served meanwhile. */
static enum wait_end wait_for_rest(line_editor *editor, int milliseconds) {
    struct pollfd polled = {editor->input, POLLIN, 0};
    for (;;) {
        int count = poll(&polled, 1, milliseconds);
        if (count > 0)
            return take_bytes(editor);
        if (count == 0)
            return WAIT_TIMEOUT;
        if (errno != EINTR)
            return WAIT_END;
        if (line_edit_peek_interrupt() || line_edit_terminated())
            return WAIT_EVENT;
    }
}

static void suspend(line_editor *editor) {
    line_edit_go_below(editor);
    if (editor->has_escapes)
        line_edit_send(editor, "\033[?2004l");
    el_set(editor->edit, EL_PREP_TERM, 0);
    line_edit_stop_process();
}

/* Whatever stands on the screen now, the line is drawn anew where the cursor is. */
static void resume(line_editor *editor) {
    el_set(editor->edit, EL_PREP_TERM, 0);
    el_set(editor->edit, EL_PREP_TERM, 1);
    if (editor->has_escapes)
        line_edit_send(editor, "\033[?2004h");
    el_resize(editor->edit);
    line_edit_send(editor, "\r");
    editor->is_painted = false;
    line_edit_show(editor);
}

/* True when a signal is answered by a key, or by the end of the line (key 0). */
static bool answer_signals(line_editor *editor, wchar_t *key) {
    if (line_edit_terminated()) {
        editor->outcome = LINE_EDIT_HANGUP;
        line_edit_go_below(editor);
        *key = 0;
        return true;
    }
    unsigned bits = line_edit_take_signals();
    if (bits & SIGNAL_SUSPEND) {
        suspend(editor);
        bits = (bits | line_edit_take_signals()) & ~(unsigned)SIGNAL_SUSPEND;
        bits |= SIGNAL_CONTINUE;
    }
    if (bits & SIGNAL_CONTINUE)
        resume(editor);
    else if (bits & SIGNAL_RESIZE)
        line_edit_resized(editor);
    if (!line_edit_take_interrupt())
        return false;
    editor->keyboard_start = editor->keyboard_end = editor->raw_bytes = 0;
    line_edit_drop_paste(editor);
    *key = KEY_CANCEL;
    return true;
}

static void call_ready(line_editor *editor) {
    editor->is_ready = true;
    editor->callbacks.ready(editor->callbacks.context);
    editor->is_ready = false;
    line_edit_show(editor);
}

static enum wait_end wait_for_anything(line_editor *editor) {
    struct pollfd polled[3] = {
        {editor->input, POLLIN, 0},
        {line_edit_wake_descriptor(), POLLIN, 0},
        {editor->watched, POLLIN, 0}, /* poll passes over a negative descriptor */
    };
    int count = poll(polled, 3, editor->tick_milliseconds);
    if (count < 0)
        return errno == EINTR ? WAIT_EVENT : WAIT_END;
    if (polled[1].revents)
        line_edit_drain_wake();
    if (polled[0].revents) {
        enum wait_end end = take_bytes(editor);
        if (end != WAIT_BYTES)
            return end;
    }
    if (polled[2].revents & POLLNVAL)
        editor->watched = -1; /* closed by its owner: polling it would spin */
    return count == 0 || polled[1].revents || polled[2].revents ? WAIT_EVENT : WAIT_BYTES;
}

/* The length of the sequence that the pending ESC begins, 1 for a lone ESC. */
static size_t sequence_length(line_editor *editor) {
    size_t length = 1;
    for (;;) {
        if (length >= pending_bytes(editor)
            && wait_for_rest(editor, ESCAPE_WAIT_MILLISECONDS) != WAIT_BYTES)
            return 1;
        unsigned char byte = byte_at(editor, length);
        if (length == 1) {
            if (byte != '[' && byte != 'O')
                return 1;
        } else if (byte_at(editor, 1) == 'O' || (byte >= 0x40 && byte <= 0x7e)) {
            return length + 1;
        } else if (byte < 0x20 || byte > 0x7e) {
            return 1;
        }
        if (++length >= SEQUENCE_BYTES)
            return 1;
    }
}

/* Takes the sequence at the pending ESC; 0 when it gave no key. */
static wchar_t take_sequence(line_editor *editor) {
    size_t length = sequence_length(editor);
    if (length == 1) {
        drop_bytes(editor, 1);
        return 033;
    }
    const unsigned char *bytes = editor->keyboard + editor->keyboard_start + 1;
    for (size_t index = 0; index < sizeof known_sequences / sizeof known_sequences[0]; index++) {
        const char *known = known_sequences[index].sequence;
        if (strlen(known) == length - 1 && memcmp(known, bytes, length - 1) == 0) {
            drop_bytes(editor, length);
            wchar_t key = known_sequences[index].key;
            editor->paste_announced = key == KEY_PASTE;
            return key;
        }
    }
    if (editor->passes_unknown_sequences && !editor->is_vi)
        editor->raw_bytes = length; /* the user may have bound it */
    else
        drop_bytes(editor, length);
    return 0;
}

/* Takes one UTF-8 character; 0 when the bytes were none and are dropped. */
static wchar_t take_character(line_editor *editor) {
    unsigned char first = byte_at(editor, 0);
    if (first < 0x80) {
        drop_bytes(editor, 1);
        return first; /* NUL (Ctrl-@) gives no key */
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    uint32_t scalar = first & (0xffu >> (length + 1));
    if (first < 0xc2 || first > 0xf4) {
        drop_bytes(editor, 1);
        return 0;
    }
    for (size_t index = 1; index < length; index++) {
        if (index >= pending_bytes(editor)
            && wait_for_rest(editor, PASTE_WAIT_MILLISECONDS) != WAIT_BYTES) {
            drop_bytes(editor, pending_bytes(editor));
            return 0;
        }
        unsigned char byte = byte_at(editor, index);
        if ((byte & 0xc0) != 0x80) {
            drop_bytes(editor, index);
            return 0;
        }
        scalar = scalar << 6 | (byte & 0x3f);
    }
    drop_bytes(editor, length);
    if (scalar < least[length] || scalar < 0xa0 || scalar > 0x10ffff
        || (scalar >= 0xd800 && scalar <= 0xdfff))
        return 0; /* overlong, a surrogate, or a C1 control, which would be a private key */
    return (wchar_t)scalar;
}

static bool line_is_full(line_editor *editor, wchar_t key) {
    bool is_text = key >= 0xa0 || (key >= 0x20 && key < 0x7f);
    const LineInfoW *line = el_wline(editor->edit);
    return is_text && line->lastchar - line->buffer >= LINE_EDIT_MAXIMUM_CHARACTERS;
}

static wchar_t take_key(line_editor *editor) {
    wchar_t key;
    if (editor->raw_bytes > 0) {
        editor->raw_bytes--;
        key = byte_at(editor, 0);
        drop_bytes(editor, 1);
        return key;
    }
    key = byte_at(editor, 0) == 033 ? take_sequence(editor) : take_character(editor);
    if (line_is_full(editor, key)) {
        editor->has_beeped = true;
        return 0;
    }
    return key;
}

int line_edit_next_key(EditLine *edit, wchar_t *key) {
    line_editor *editor = line_edit_owner(edit);
    for (;;) {
        if (editor->pushed_key != 0) {
            *key = editor->pushed_key;
            editor->pushed_key = 0;
            return 1;
        }
        if (answer_signals(editor, key))
            return *key != 0;
        if (editor->paste_end > editor->paste_start) {
            *key = KEY_PASTE_NEXT;
            return 1;
        }
        if (pending_bytes(editor) > 0) {
            *key = take_key(editor);
            if (*key != 0)
                return 1;
            continue;
        }
        line_edit_paint(editor);
        switch (wait_for_anything(editor)) {
        case WAIT_BYTES:
        case WAIT_TIMEOUT:
            break;
        case WAIT_EVENT:
            /* Signals first: a resize must be known before anything is printed. */
            if (answer_signals(editor, key))
                return *key != 0;
            call_ready(editor);
            break;
        case WAIT_END:
            editor->outcome = LINE_EDIT_END;
            line_edit_go_below(editor);
            return 0;
        }
    }
}

static bool keep_pasted(line_editor *editor, unsigned char byte) {
    if (editor->paste_end >= LINE_EDIT_MAXIMUM_PASTE_BYTES)
        return false;
    editor->paste[editor->paste_end++] = (char)byte;
    return true;
}

/* Reads up to the closing bracket. Line ends of every kind become one line feed; other control
 * characters cannot be typed text and are dropped. */
bool line_edit_read_paste(line_editor *editor) {
    static const char closing[] = "\033[201~";
    if (!editor->paste_announced)
        return false;
    editor->paste_announced = false;
    line_edit_drop_paste(editor);
    editor->paste = malloc(LINE_EDIT_MAXIMUM_PASTE_BYTES);
    editor->paste_interrupts = line_edit_interrupt_count();
    size_t matched = 0;
    unsigned char before = 0;
    bool fits = editor->paste != NULL;
    while (matched < sizeof closing - 1) {
        if (pending_bytes(editor) == 0
            && wait_for_rest(editor, PASTE_WAIT_MILLISECONDS) != WAIT_BYTES)
            break;
        unsigned char byte = byte_at(editor, 0);
        drop_bytes(editor, 1);
        matched = byte == (unsigned char)closing[matched] ? matched + 1 : byte == 033;
        bool is_line_end = byte == '\r' || (byte == '\n' && before != '\r');
        bool is_text = (byte >= 0x20 && byte != 0x7f && matched == 0) || byte == '\t';
        if (is_line_end)
            fits = fits && keep_pasted(editor, '\n');
        else if (is_text)
            fits = fits && keep_pasted(editor, byte);
        before = byte;
    }
    if (!fits)
        editor->has_beeped = true;
    return editor->paste_end > 0;
}
