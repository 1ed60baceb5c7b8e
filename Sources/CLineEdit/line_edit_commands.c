/*
 * What the keys do: Enter accepts a whole text and opens a row in an unfinished one, Ctrl-C throws the
 * text away, Ctrl-D leaves an empty line, TAB and `?` ask the owner, a paste is handed out line by
 * line. Which keys those are is decided at the end.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <stdlib.h>
#include <string.h>

/* Blanks that one open brace adds to the row that Enter opens. */
#define INDENT_COLUMNS 2

static size_t text_length(const LineInfo *line) { return (size_t)(line->lastchar - line->buffer); }

static size_t text_cursor(const LineInfo *line) { return (size_t)(line->cursor - line->buffer); }

/* MARK: Enter and paste */

static bool is_complete(line_editor *editor) {
    const LineInfo *line = el_line(editor->edit);
    return editor->callbacks.is_complete(
        editor->callbacks.context, line->buffer, text_length(line));
}

/* The new row begins under the present one, one step further after an open brace. */
static bool open_row(line_editor *editor) {
    const LineInfoW *line = el_wline(editor->edit);
    const wchar_t *row = line->cursor;
    while (row > line->buffer && row[-1] != L'\n')
        row--;
    size_t columns = 0;
    while (row + columns < line->cursor && row[columns] == L' ')
        columns++;
    const wchar_t *last = line->cursor;
    while (last > row && last[-1] == L' ')
        last--;
    if (last > row && last[-1] == L'{')
        columns += INDENT_COLUMNS;
    char text[82] = "\n";
    if (columns > sizeof text - 2)
        columns = sizeof text - 2;
    memset(text + 1, ' ', columns);
    text[columns + 1] = '\0';
    return el_insertstr(editor->edit, text) == 0;
}

/* The text is shown whole before it is left: keys that came together were not drawn one by one. */
static void accept_text(line_editor *editor) {
    line_edit_paint(editor);
    editor->pushed_key = KEY_ACCEPT;
}

static unsigned char enter(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    if (is_complete(editor)) {
        accept_text(editor);
        return CC_NORM;
    }
    return open_row(editor) ? CC_REFRESH : CC_ERROR;
}

/* A brace that closes a block stands where the block began. */
static unsigned char close_brace(EditLine *edit, int key) {
    (void)key;
    const LineInfoW *line = el_wline(edit);
    int blanks = 0;
    while (line->cursor - blanks > line->buffer && line->cursor[-blanks - 1] == L' ')
        blanks++;
    bool begins_row =
        line->cursor - blanks > line->buffer && line->cursor[-blanks - 1] == L'\n';
    if (begins_row && blanks >= INDENT_COLUMNS)
        el_deletestr(edit, INDENT_COLUMNS);
    return el_insertstr(edit, "}") == 0 ? CC_REFRESH : CC_ERROR;
}

/* Puts pasted text into the line up to the first line end that makes a whole text; the rest waits for
 * the next line. What has no line end stays in the line, to be looked at before Enter. */
static unsigned char paste_next(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    while (editor->paste_end > editor->paste_start) {
        char *text = editor->paste + editor->paste_start;
        size_t left = editor->paste_end - editor->paste_start;
        char *line_end = memchr(text, '\n', left);
        size_t length = line_end ? (size_t)(line_end - text) : left;
        const LineInfoW *line = el_wline(edit);
        if (line->lastchar - line->buffer + (long)length >= LINE_EDIT_MAXIMUM_CHARACTERS) {
            line_edit_drop_paste(editor);
            return CC_REFRESH_BEEP;
        }
        char *piece = strndup(text, length);
        bool fits = piece != NULL && (length == 0 || el_insertstr(edit, piece) == 0);
        free(piece);
        editor->paste_start += length + (line_end ? 1 : 0);
        if (!fits) {
            line_edit_drop_paste(editor);
            return CC_REFRESH_BEEP;
        }
        if (line_end == NULL)
            break;
        const LineInfo *whole = el_line(edit);
        if (text_length(whole) == 0)
            continue;
        if (is_complete(editor)) {
            accept_text(editor);
            return CC_NORM;
        }
        el_insertstr(edit, "\n");
    }
    line_edit_drop_paste(editor);
    return CC_REFRESH;
}

static unsigned char paste(EditLine *edit, int key) {
    return line_edit_read_paste(line_edit_owner(edit)) ? paste_next(edit, key) : CC_NORM;
}

size_t line_edit_drop_paste(line_editor *editor) {
    size_t lines = 0;
    if (editor == NULL)
        return lines;
    for (size_t index = editor->paste_start; index < editor->paste_end; index++)
        lines += editor->paste[index] == '\n' || index + 1 == editor->paste_end;
    free(editor->paste);
    editor->paste = NULL;
    editor->paste_start = editor->paste_end = 0;
    return lines;
}

/* MARK: Leaving a line */

static unsigned char cancel(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    editor->outcome = LINE_EDIT_INTERRUPTED;
    /* The mark goes behind the text, not over it. */
    const LineInfoW *line = el_wline(edit);
    el_cursor(edit, (int)(line->lastchar - line->cursor));
    line_edit_paint(editor);
    line_edit_send(editor, "^C");
    line_edit_go_below(editor);
    return CC_EOF;
}

static unsigned char end_or_delete(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    const LineInfoW *line = el_wline(edit);
    if (line->lastchar == line->buffer) {
        editor->outcome = LINE_EDIT_END;
        line_edit_send(editor, "\r\n");
        return CC_EOF;
    }
    if (line->cursor == line->lastchar)
        return CC_ERROR;
    editor->pushed_key = KEY_DELETE;
    return CC_NORM;
}

static unsigned char clear_screen(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    line_edit_hide(editor);
    if (editor->has_escapes)
        line_edit_send(editor, "\033[H\033[2J");
    line_edit_show(editor);
    return CC_NORM;
}

/* MARK: Asking the owner */

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
        editor->has_beeped = true;
    editor->has_changed = true;
}

static unsigned char ask(
    line_editor *editor, void (*question)(void *, const char *, size_t, size_t)) {
    const LineInfo *line = el_line(editor->edit);
    size_t length = text_length(line), cursor = text_cursor(line);
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return CC_ERROR;
    /* The answer may change the line while the text is still being looked at. */
    memcpy(copy, line->buffer, length);
    copy[length] = '\0';
    editor->has_listed = editor->has_changed = false;
    question(editor->callbacks.context, copy, length, cursor);
    free(copy);
    if (editor->has_changed)
        return CC_REFRESH;
    return editor->has_listed ? CC_NORM : CC_ERROR;
}

static unsigned char complete(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    return ask(editor, editor->callbacks.complete);
}

/* A question mark inside a word or between quotes, or in what another program is to do, is a letter
   like any other. */
static unsigned char help(EditLine *edit, int key) {
    (void)key;
    line_editor *editor = line_edit_owner(edit);
    const LineInfoW *line = el_wline(edit);
    bool in_quotes = false;
    for (const wchar_t *next = line->buffer; next < line->cursor; next++) {
        if (*next == L'\\' && in_quotes && next + 1 < line->cursor)
            next++;
        else if (*next == L'"')
            in_quotes = !in_quotes;
    }
    wchar_t before = line->cursor > line->buffer ? line->cursor[-1] : L' ';
    const wchar_t *first = line->buffer;
    while (first < line->cursor && *first == L' ')
        first++;
    bool is_for_others = first < line->cursor && *first == L'!';
    if (in_quotes || is_for_others || (before != L' ' && before != L'\t' && before != L'\n'))
        return el_insertstr(edit, "?") == 0 ? CC_REFRESH : CC_ERROR;
    return ask(editor, editor->callbacks.help);
}

/* MARK: Keys */

static const struct {
    const char *name;
    const char *help;
    unsigned char (*function)(EditLine *, int);
} own_functions[] = {
    {"line-enter", "Accept a whole text, or open a row", enter},
    {"line-close-brace", "Insert a brace under its block", close_brace},
    {"line-paste", "Take a bracketed paste", paste},
    {"line-paste-next", "Take the next line of a paste", paste_next},
    {"line-cancel", "Throw the text away", cancel},
    {"line-end", "Leave on an empty line, else delete", end_or_delete},
    {"line-clear-screen", "Wipe the screen and draw the line anew", clear_screen},
    {"line-complete", "Complete the word", complete},
    {"line-help", "List what can follow", help},
    {"line-up", "Row above, or older entry with this beginning", line_edit_move_up},
    {"line-down", "Row below, or newer entry with this beginning",
     line_edit_move_down},
};

/* For both key maps: vi's command mode has the same arrows and the same way out. */
static const char *const private_bindings[][2] = {
    {"\\200", "line-paste"},      {"\\201", "line-paste-next"},
    {"\\202", "line-cancel"},     {"\\203", "ed-newline"},
    {"\\204", "line-up"},         {"\\205", "line-down"},
    {"\\206", "ed-prev-line"},    {"\\207", "ed-next-line"},
    {"\\210", "ed-next-char"},    {"\\211", "ed-prev-char"},
    {"\\212", "ed-move-to-beg"},  {"\\213", "ed-move-to-end"},
    {"\\214", "ed-delete-next-char"}, {"\\215", "em-next-word"},
    {"\\216", "ed-prev-word"},    {"^M", "line-enter"},
    {"^J", "line-enter"},         {"^D", "line-end"},
    {"^L", "line-clear-screen"},
    {"^R", "em-inc-search-prev"}, {"^S", "em-inc-search-next"},
};

/* For the map in which text is typed. */
static const char *const insert_bindings[][2] = {
    {"^I", "line-complete"}, {"?", "line-help"}, {"}", "line-close-brace"},
    {"^P", "line-up"},       {"^N", "line-down"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* After .editrc, because a `bind -v` or `bind -e` in it wipes every binding made before. */
void line_edit_bind(line_editor *editor) {
    EditLine *edit = editor->edit;
    for (size_t index = 0; index < COUNT(own_functions); index++)
        el_set(edit, EL_ADDFN, own_functions[index].name, own_functions[index].help,
            own_functions[index].function);
    el_source(edit, NULL);
    const char *mode = NULL;
    el_get(edit, EL_EDITOR, &mode);
    editor->is_vi = mode != NULL && strcmp(mode, "vi") == 0;
    for (size_t index = 0; index < COUNT(private_bindings); index++) {
        const char *const *binding = private_bindings[index];
        el_set(edit, EL_BIND, binding[0], binding[1], NULL);
        if (editor->is_vi)
            el_set(edit, EL_BIND, "-a", binding[0], binding[1], NULL);
    }
    for (size_t index = 0; index < COUNT(insert_bindings); index++)
        el_set(edit, EL_BIND, insert_bindings[index][0], insert_bindings[index][1], NULL);
}
