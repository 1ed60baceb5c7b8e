/*
 * Where every character of prompt and text stands. The rules are the terminal's: a wide character that
 * does not fit goes to the next row, and a full row ends at the first column of the next. Control
 * characters show as ^X, tabs as blanks up to a multiple of 8, and a row opened by a line feed begins
 * with the mark of a text going on.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

/* What begins the rows of an unfinished text. */
static const wchar_t continuation[] = L"... ";

/* libedit's incremental search writes itself as a last row of the text, which is none. */
static bool is_search_row(const wchar_t *row, const wchar_t *end) {
    return end - row >= 4 && (wcsncmp(row, L"bck:", 4) == 0 || wcsncmp(row, L"fwd:", 4) == 0);
}

static bool add(line_frame *frame, screen_place *place, wchar_t character, int columns) {
    if (frame->count == frame->capacity) {
        size_t capacity = frame->capacity ? frame->capacity * 2 : 256;
        screen_glyph *glyphs = realloc(frame->glyphs, capacity * sizeof *glyphs);
        if (glyphs == NULL)
            return false;
        frame->glyphs = glyphs;
        frame->capacity = capacity;
    }
    int width = wcwidth(character);
    if (width < 0)
        width = 0;
    if (place->column + width > columns) {
        place->row++;
        place->column = 0;
    }
    frame->glyphs[frame->count++] = (screen_glyph){character, place->row, place->column, width};
    place->column += width;
    if (place->column >= columns) {
        place->row++;
        place->column = 0;
    }
    return true;
}

static bool add_shown(line_frame *frame, screen_place *place, wchar_t character, int columns) {
    if (character == L'\t') {
        do
            if (!add(frame, place, L' ', columns))
                return false;
        while (place->column % 8 != 0);
        return true;
    }
    if (iswprint((wint_t)character))
        return add(frame, place, character, columns);
    if (character < 0x20 || character == 0x7f)
        return add(frame, place, L'^', columns)
            && add(frame, place, character == 0x7f ? L'?' : character + 0x40, columns);
    return add(frame, place, 0xfffd, columns);
}

static bool add_prompt(
    line_frame *frame, screen_place *place, const char *prompt, int columns) {
    mbstate_t state;
    memset(&state, 0, sizeof state);
    bool in_escape = false;
    size_t left = strlen(prompt);
    while (left > 0) {
        wchar_t character;
        size_t used = mbrtowc(&character, prompt, left, &state);
        if (used == 0 || used > left) {
            memset(&state, 0, sizeof state);
            character = 0xfffd;
            used = 1;
        }
        if (character == 1)
            in_escape = !in_escape;
        else if (!in_escape && !add(frame, place, character, columns))
            return false;
        prompt += used;
        left -= used;
    }
    frame->prompt_count = frame->count;
    frame->prompt_end = *place;
    return true;
}

/* A text taller than the terminal is shown in part: its end, or what is around the cursor. */
static void choose_window(line_frame *frame, int rows) {
    int last = frame->end.row;
    frame->top = last >= rows ? last - rows + 1 : 0;
    if (frame->cursor.row < frame->top)
        frame->top = frame->cursor.row;
}

bool line_edit_lay_out(line_editor *editor, line_frame *frame, int columns, int rows) {
    const LineInfoW *line = el_wline(editor->edit);
    screen_place place = {0, 0};
    frame->count = 0;
    if (!add_prompt(frame, &place, editor->prompt, columns))
        return false;
    size_t cursor_glyph = SIZE_MAX;
    for (const wchar_t *next = line->buffer; next < line->lastchar; next++) {
        if (next == line->cursor) {
            frame->cursor = place;
            cursor_glyph = frame->count;
        }
        if (*next != L'\n') {
            if (!add_shown(frame, &place, *next, columns))
                return false;
            if (next == line->cursor)
                frame->cursor = (screen_place){
                    frame->glyphs[cursor_glyph].row, frame->glyphs[cursor_glyph].column};
            continue;
        }
        place.row++;
        place.column = 0;
        if (is_search_row(next + 1, line->lastchar))
            continue;
        for (const wchar_t *mark = continuation; *mark != 0; mark++)
            if (!add(frame, &place, *mark, columns))
                return false;
    }
    frame->end = place;
    if (line->cursor >= line->lastchar)
        frame->cursor = place;
    choose_window(frame, rows);
    return true;
}
