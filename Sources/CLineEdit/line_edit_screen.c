/*
 * What stands on the screen. To print above a line being edited the editor must know on which row of
 * its own text the cursor is, and libedit does not tell; so the layout is walked again here by
 * libedit's rules: a wide character that does not fit goes to the next row, a full row ends at the
 * first column of the next, a control character is shown as ^X, a tab goes to the next multiple of 8.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wctype.h>

typedef struct {
    int row;
    int column;
} screen_place;

static line_editor *owner(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

static int terminal_number(EditLine *edit, char *name, int otherwise) {
    int number = 0;
    if (el_get(edit, EL_GETTC, name, &number) != 0 || number < 2)
        return otherwise;
    return number;
}

void line_edit_write(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written >= 0) {
            bytes += written;
            length -= (size_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd polled = {descriptor, POLLOUT, 0};
            poll(&polled, 1, -1);
        } else if (errno != EINTR) {
            return; /* the reader is gone; reading will find out */
        }
    }
}

void line_edit_send(line_editor *editor, const char *text) {
    line_edit_write(editor->output, text, strlen(text));
}

/* Prompts are one row, and a control character in one would put the walk out of step with libedit. */
void line_edit_take_prompt(line_editor *editor) {
    char *prompt = editor->prompt;
    size_t length = editor->callbacks.prompt(
        editor->callbacks.context, prompt, LINE_EDIT_MAXIMUM_PROMPT_BYTES);
    if (length > LINE_EDIT_MAXIMUM_PROMPT_BYTES)
        length = LINE_EDIT_MAXIMUM_PROMPT_BYTES;
    bool in_escape = false;
    size_t kept = 0;
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)prompt[index];
        if (byte == 1)
            in_escape = !in_escape;
        if ((byte == 1 || in_escape) && !editor->has_escapes)
            continue;
        if (byte == 0 || (byte < 0x20 && byte != 1 && !in_escape))
            continue;
        prompt[kept++] = (char)byte;
    }
    prompt[kept] = '\0';
}

char *line_edit_prompt(EditLine *edit) { return owner(edit)->prompt; }

static void put(screen_place *place, int width, int columns) {
    if (place->column + width > columns) {
        place->row++;
        place->column = 0;
    }
    place->column += width;
    if (place->column >= columns) {
        place->row++;
        place->column = 0;
    }
}

static void put_character(screen_place *place, wchar_t character, int columns) {
    if (character == L'\n') {
        place->row++;
        place->column = 0;
    } else if (character == L'\t') {
        do
            put(place, 1, columns);
        while (place->column % 8 != 0);
    } else if (iswprint((wint_t)character)) {
        int width = wcwidth(character);
        put(place, width < 0 ? 0 : width, columns);
    } else {
        /* ^X for a control character, \U+XXXX or \U+XXXXX for what has no shape */
        bool is_control = character < 0x100 && iswcntrl((wint_t)character);
        int count = is_control ? 2 : (character > 0xffff ? 8 : 7);
        while (count-- > 0)
            put(place, 1, columns);
    }
}

static void put_prompt(screen_place *place, const char *prompt, int columns) {
    mbstate_t state;
    memset(&state, 0, sizeof state);
    bool in_escape = false;
    size_t left = strlen(prompt);
    while (left > 0) {
        wchar_t character;
        size_t used = mbrtowc(&character, prompt, left, &state);
        if (used == 0 || used > left) {
            memset(&state, 0, sizeof state);
            character = L' ';
            used = 1;
        }
        if (character == 1)
            in_escape = !in_escape;
        else if (!in_escape)
            put_character(place, character, columns);
        prompt += used;
        left -= used;
    }
}

/* The rows of the cursor and of the end of the text, counted from the top row that is still on the
 * screen: libedit drops rows at the top of a text taller than the terminal. */
static void find_rows(line_editor *editor, int *cursor_row, int *last_row) {
    int columns = terminal_number(editor->edit, "co", 80);
    int rows = terminal_number(editor->edit, "li", 24);
    const LineInfoW *line = el_wline(editor->edit);
    screen_place place = {0, 0};
    put_prompt(&place, editor->prompt, columns);
    screen_place cursor = place;
    for (const wchar_t *next = line->buffer; next < line->lastchar; next++) {
        if (next == line->cursor) {
            cursor = place;
            int width = iswprint((wint_t)*next) ? wcwidth(*next) : 1;
            if (width > 1 && place.column + width > columns)
                cursor.row++;
        }
        put_character(&place, *next, columns);
    }
    if (line->cursor >= line->lastchar)
        cursor = place;
    int dropped = place.row >= rows ? place.row - rows + 1 : 0;
    *last_row = place.row - dropped;
    *cursor_row = cursor.row > dropped ? cursor.row - dropped : 0;
}

void line_edit_hide(line_editor *editor) {
    if (!editor->is_reading || editor->is_hidden)
        return;
    editor->is_hidden = true;
    if (!editor->has_escapes) {
        line_edit_send(editor, "\r\n");
        return;
    }
    int cursor_row, last_row;
    find_rows(editor, &cursor_row, &last_row);
    char text[32];
    if (cursor_row > 0)
        snprintf(text, sizeof text, "\r\033[%dA\033[J", cursor_row);
    else
        snprintf(text, sizeof text, "\r\033[J");
    line_edit_send(editor, text);
}

void line_edit_show(line_editor *editor) {
    if (!editor->is_hidden)
        return;
    editor->is_hidden = false;
    line_edit_take_prompt(editor);
    el_set(editor->edit, EL_REFRESH);
}

void line_edit_go_below(line_editor *editor) {
    if (editor->has_escapes) {
        int cursor_row, last_row;
        find_rows(editor, &cursor_row, &last_row);
        if (last_row > cursor_row) {
            char text[32];
            snprintf(text, sizeof text, "\033[%dB", last_row - cursor_row);
            line_edit_send(editor, text);
        }
    }
    line_edit_send(editor, "\r\n");
}

/* The text is wiped by the new width, because terminals flow their rows anew before they tell. */
void line_edit_resized(line_editor *editor) {
    el_resize(editor->edit);
    line_edit_hide(editor);
    line_edit_show(editor);
}

static void write_lines(int descriptor, const char *bytes, size_t length) {
    line_edit_write(descriptor, bytes, length);
    if (length > 0 && bytes[length - 1] != '\n')
        line_edit_write(descriptor, "\n", 1);
}

void line_edit_print_above(
    line_editor *editor, int descriptor, const char *bytes, size_t length) {
    if (length == 0)
        return;
    if (editor == NULL || !editor->is_reading || !line_edit_is_terminal(descriptor)) {
        write_lines(descriptor, bytes, length);
        return;
    }
    line_edit_hide(editor);
    write_lines(descriptor, bytes, length);
    if (!editor->is_ready)
        line_edit_show(editor);
}

void line_edit_list(line_editor *editor, const char *bytes, size_t length) {
    if (editor == NULL || !editor->is_reading || length == 0)
        return;
    line_edit_go_below(editor);
    write_lines(editor->output, bytes, length);
    editor->has_listed = true;
    editor->is_hidden = true;
    line_edit_show(editor);
}

void line_edit_replace(line_editor *editor, int characters, const char *text) {
    if (editor == NULL || !editor->is_reading)
        return;
    const LineInfoW *line = el_wline(editor->edit);
    int before = (int)(line->cursor - line->buffer);
    if (characters > before)
        characters = before;
    if (characters > 0)
        el_deletestr(editor->edit, characters);
    if (text[0] != '\0' && el_insertstr(editor->edit, text) != 0)
        el_beep(editor->edit);
    editor->has_changed = true;
}

bool line_edit_has_escapes(const line_editor *editor) {
    return editor != NULL && editor->has_escapes;
}
