/*
 * What stands on the screen. libedit edits the text, but its drawing is not used: it cannot tell where
 * its cursor stands, which printing above the line needs, and loses count of columns among wide
 * characters. So the text is drawn here: each time before the editor waits, what differs from the
 * screen is written, in one piece.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* MARK: A piece of output */

typedef struct {
    char *bytes;
    size_t length;
    size_t capacity;
} output_piece;

static void emit_bytes(output_piece *piece, const char *bytes, size_t length) {
    if (piece->length + length > piece->capacity) {
        size_t capacity = (piece->length + length) * 2 + 256;
        char *larger = realloc(piece->bytes, capacity);
        if (larger == NULL)
            return;
        piece->bytes = larger;
        piece->capacity = capacity;
    }
    memcpy(piece->bytes + piece->length, bytes, length);
    piece->length += length;
}

static void emit(output_piece *piece, const char *text) { emit_bytes(piece, text, strlen(text)); }

static void emit_move(output_piece *piece, int count, char direction) {
    char text[32];
    snprintf(text, sizeof text, "\033[%d%c", count, direction);
    if (count > 0)
        emit(piece, text);
}

static void emit_character(output_piece *piece, wchar_t character) {
    char bytes[MB_LEN_MAX];
    mbstate_t state;
    memset(&state, 0, sizeof state);
    size_t length = wcrtomb(bytes, character, &state);
    if (length != (size_t)-1)
        emit_bytes(piece, bytes, length);
    else
        emit(piece, "?");
}

static void emit_prompt(output_piece *piece, const char *prompt) {
    for (; *prompt != '\0'; prompt++)
        if (*prompt != 1)
            emit_bytes(piece, prompt, 1);
}

/* MARK: Prompt */

/* Prompts are one row: a control character in one would put the layout out of step. */
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
        if (byte == 0 || byte == 0x7f || (byte < 0x20 && byte != 1 && !in_escape))
            continue;
        prompt[kept++] = (char)byte;
    }
    prompt[kept] = '\0';
}

/* MARK: Painting */

static void measure(line_editor *editor, int *columns, int *rows) {
    *columns = line_edit_columns(editor->output);
    *rows = line_edit_rows(editor->output);
    if (*columns < 2)
        *columns = 80; /* as libedit; nothing can be laid out in one column */
}

static void move_to(output_piece *piece, screen_place *from, int row, int column) {
    emit_move(piece, from->row - row, 'A');
    emit_move(piece, row - from->row, 'B');
    if (from->column != column) {
        emit(piece, "\r");
        emit_move(piece, column, 'C');
    }
    *from = (screen_place){row, column};
}

static size_t count_same(const line_frame *old, const line_frame *new) {
    size_t least = old->count < new->count ? old->count : new->count;
    size_t same = 0;
    while (same < least && old->glyphs[same].character == new->glyphs[same].character
           && old->glyphs[same].row == new->glyphs[same].row
           && old->glyphs[same].column == new->glyphs[same].column)
        same++;
    return same;
}

/* Writes the glyphs from `first` on. `at` is the terminal's place; a column equal to the width means
 * that the next character wraps by itself, which keeps a wrapped text one line for copying. */
static void write_glyphs(
    output_piece *piece, const line_frame *frame, size_t first, screen_place *at, int columns,
    int rows) {
    int bottom = frame->top + rows - 1;
    for (size_t index = first; index < frame->count; index++) {
        const screen_glyph *glyph = &frame->glyphs[index];
        if (glyph->row > bottom)
            return;
        if (glyph->row != at->row + 1 || at->column < columns)
            for (; at->row < glyph->row; at->row++)
                emit(piece, "\r\n");
        emit_character(piece, glyph->character);
        *at = (screen_place){glyph->row, glyph->column + glyph->width};
    }
    while (at->row < frame->end.row && at->row < bottom) {
        /* A blank makes the terminal wrap; only then does the next row exist. */
        emit(piece, at->column >= columns ? " \r" : "\r\n");
        *at = (screen_place){at->row + 1, 0};
    }
}

/* Where the terminal stands behind a glyph; the next one may leave a cell free that must be wiped, and
 * its row need not exist yet. */
static screen_place place_behind(const line_frame *frame, size_t index, int columns) {
    const screen_glyph *glyph = &frame->glyphs[index];
    if (glyph->column + glyph->width >= columns)
        return (screen_place){glyph->row + 1, 0};
    return (screen_place){glyph->row, glyph->column + glyph->width};
}

static void paint_with_escapes(
    line_editor *editor, output_piece *piece, line_frame *new, int columns, int rows) {
    const line_frame *old = &editor->frame;
    screen_place at = editor->is_painted ? editor->place : (screen_place){new->top, 0};
    size_t same = 0;
    bool is_same_window = editor->is_painted && old->top == new->top && !editor->prompt_changed;
    if (is_same_window)
        same = count_same(old, new);
    if (same < new->prompt_count)
        same = 0;
    while (same > 0 && same < new->count && new->glyphs[same].row < new->top)
        same++;
    bool ends_alike = old->end.row == new->end.row && old->end.column == new->end.column;
    bool is_changed = !is_same_window || same < old->count || same < new->count || !ends_alike;
    if (is_changed) {
        bool erases = editor->is_painted && (!is_same_window || same < old->count || !ends_alike);
        if (editor->is_painted && old->top != new->top) {
            /* The old window stood where the new one will. */
            at.row += new->top - old->top;
        }
        screen_place start = same > 0 ? place_behind(new, same - 1, columns)
                                      : (screen_place){new->top, 0};
        if (start.row < new->top)
            start = (screen_place){new->top, 0};
        int bottom = new->top + rows - 1;
        if (start.row <= bottom) {
            move_to(piece, &at, start.row, start.column);
            if (erases)
                emit(piece, "\033[J");
            if (same == 0 && new->top == 0) {
                emit_prompt(piece, editor->prompt);
                at = new->prompt_end;
                if (at.column == 0 && at.row > 0)
                    at = (screen_place){at.row - 1, columns};
                same = new->prompt_count;
            }
            while (same < new->count && new->glyphs[same].row < new->top)
                same++;
            write_glyphs(piece, new, same, &at, columns, rows);
        }
    }
    if (at.column >= columns)
        at.column = -1; /* about to wrap: only a carriage return is safe */
    move_to(piece, &at, new->cursor.row, new->cursor.column);
    editor->place = at;
}

/* Without cursor movement: what is added at the end is written, a text of one row is written anew over
 * itself, anything else is shown again below. */
static void paint_plainly(
    line_editor *editor, output_piece *piece, line_frame *new, int columns) {
    const line_frame *old = &editor->frame;
    screen_place at = {0, 0};
    size_t first = 0;
    bool is_at_end = new->cursor.row == new->end.row && new->cursor.column == new->end.column;
    bool was_at_end = old->cursor.row == old->end.row && old->cursor.column == old->end.column;
    new->top = 0;
    if (editor->is_painted && !editor->prompt_changed) {
        size_t same = count_same(old, new);
        bool is_longer = same == old->count && was_at_end;
        if (same == old->count && same == new->count && old->cursor.row == new->cursor.row
            && old->cursor.column == new->cursor.column)
            return;
        if (is_longer && is_at_end) {
            first = same;
            at = old->end;
        }
    }
    if (first == 0) {
        bool overwrites = old->end.row == 0 && new->end.row == 0;
        if (editor->is_painted)
            emit(piece, overwrites ? "\r" : "\r\n");
        emit_prompt(piece, editor->prompt);
        at = new->prompt_end;
        first = new->prompt_count;
    }
    write_glyphs(piece, new, first, &at, columns, new->end.row + 1);
    if (new->end.row > 0 || (is_at_end && first > new->prompt_count))
        return;
    int leftover = editor->is_painted ? old->end.column - new->end.column : 0;
    for (int count = 0; count < leftover; count++)
        emit(piece, " ");
    if (leftover <= 0 && is_at_end)
        return;
    emit(piece, "\r");
    emit_prompt(piece, editor->prompt);
    for (size_t index = new->prompt_count; index < new->count; index++)
        if (new->glyphs[index].column < new->cursor.column)
            emit_character(piece, new->glyphs[index].character);
}

void line_edit_paint(line_editor *editor) {
    if (!editor->is_reading)
        return;
    int columns, rows;
    measure(editor, &columns, &rows);
    line_frame *new = &editor->next_frame;
    if (!line_edit_lay_out(editor, new, columns, rows))
        return;
    output_piece piece = {NULL, 0, 0};
    if (editor->has_escapes)
        paint_with_escapes(editor, &piece, new, columns, rows);
    else
        paint_plainly(editor, &piece, new, columns);
    if (editor->has_beeped)
        emit(&piece, "\a");
    line_edit_write(editor->output, piece.bytes, piece.length);
    free(piece.bytes);
    line_frame old = editor->frame;
    editor->frame = *new;
    editor->next_frame = old;
    editor->is_painted = true;
    editor->prompt_changed = editor->has_beeped = false;
}

/* MARK: Making room */

static void wipe_from(line_editor *editor, int cursor_row) {
    output_piece piece = {NULL, 0, 0};
    if (!editor->is_painted)
        return;
    emit(&piece, editor->has_escapes ? "\r" : "\r\n");
    if (editor->has_escapes) {
        emit_move(&piece, cursor_row, 'A');
        emit(&piece, "\033[J");
    }
    line_edit_write(editor->output, piece.bytes, piece.length);
    free(piece.bytes);
    editor->is_painted = false;
}

void line_edit_hide(line_editor *editor) {
    if (editor->is_reading)
        wipe_from(editor, editor->place.row - editor->frame.top);
}

void line_edit_show(line_editor *editor) {
    if (editor->is_painted || !editor->is_reading)
        return;
    line_edit_take_prompt(editor);
    line_edit_paint(editor);
}

void line_edit_go_below(line_editor *editor) {
    output_piece piece = {NULL, 0, 0};
    if (editor->is_painted && editor->has_escapes)
        emit_move(&piece, editor->frame.end.row - editor->place.row, 'B');
    emit(&piece, "\r\n");
    line_edit_write(editor->output, piece.bytes, piece.length);
    free(piece.bytes);
    editor->is_painted = false;
}

/* Terminals flow their rows anew before they tell: the cursor is where the new width puts it. */
void line_edit_resized(line_editor *editor) {
    el_resize(editor->edit);
    int columns, rows;
    measure(editor, &columns, &rows);
    if (!line_edit_lay_out(editor, &editor->next_frame, columns, rows))
        return;
    wipe_from(editor, editor->next_frame.cursor.row - editor->next_frame.top);
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
    line_edit_show(editor);
}

bool line_edit_has_escapes(const line_editor *editor) {
    return editor != NULL && editor->has_escapes;
}
