/*
 * The history at the keyboard: entries live in libedit's list, so that its searches find them, but Up
 * and Down walk it here, because libedit's own walk takes what was typed for a regular expression that
 * may match anywhere. Only entries that begin with what stands before the cursor are shown.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <stdlib.h>
#include <string.h>

void line_edit_remember(line_editor *editor, const char *entry, bool unique) {
    HistEvent event;
    if (unique) {
        for (int more = history(editor->history, &event, H_FIRST); more >= 0;
             more = history(editor->history, &event, H_NEXT)) {
            if (strcmp(event.str, entry) != 0)
                continue;
            /* libedit hands the string of a deleted entry to its caller. */
            if (history(editor->history, &event, H_DEL, event.num) >= 0)
                free((void *)event.str);
            break;
        }
    }
    history(editor->history, &event, H_ENTER, entry);
}

void line_edit_end_walk(line_editor *editor) {
    free(editor->walk.typed);
    free(editor->walk.shown);
    memset(&editor->walk, 0, sizeof editor->walk);
}

static bool is_walking(line_editor *editor, const char *text) {
    return editor->walk.shown != NULL && strcmp(editor->walk.shown, text) == 0;
}

/* Finds the nearest entry beyond the present one, older or newer, that begins with the typed prefix
 * and is not what the line shows already; 0 when there is none. */
static int find_entry(line_editor *editor, bool older, const char *present, char **found) {
    const history_walk *walk = &editor->walk;
    HistEvent event;
    int index = 0, best = 0;
    for (int more = history(editor->history, &event, H_FIRST); more >= 0;
         more = history(editor->history, &event, H_NEXT)) {
        index++;
        if (!older && index >= walk->index)
            break;
        if ((older && index <= walk->index)
            || strncmp(event.str, walk->typed, walk->prefix_bytes) != 0
            || strcmp(event.str, present) == 0)
            continue;
        free(*found);
        *found = strdup(event.str);
        best = index;
        if (older)
            break;
    }
    return *found ? best : 0;
}

static void show_text(EditLine *edit, const char *text) {
    if (text[0] != '\0')
        el_replacestr(edit, text); /* refuses an empty text */
    const LineInfoW *line = el_wline(edit);
    el_cursor(edit, (int)(line->lastchar - line->cursor));
    if (text[0] == '\0')
        el_deletestr(edit, (int)(line->lastchar - line->buffer));
}

static unsigned char walk_history(line_editor *editor, bool older, char *present, size_t cursor) {
    history_walk *walk = &editor->walk;
    if (!is_walking(editor, present)) {
        if (!older)
            return CC_ERROR;
        line_edit_end_walk(editor);
        walk->typed = strdup(present);
        walk->prefix_bytes = cursor;
        if (walk->typed == NULL)
            return CC_ERROR;
    }
    char *found = NULL;
    int index = find_entry(editor, older, present, &found);
    if (index > 0) {
        show_text(editor->edit, found);
        free(walk->shown);
        walk->shown = found;
        walk->index = index;
        return CC_REFRESH;
    }
    if (older)
        return CC_ERROR;
    show_text(editor->edit, walk->typed);
    line_edit_end_walk(editor);
    return CC_REFRESH;
}

/* In a text of several rows Up and Down first move between them. */
static unsigned char move_vertically(line_editor *editor, bool up) {
    const LineInfo *line = el_line(editor->edit);
    size_t length = (size_t)(line->lastchar - line->buffer);
    size_t cursor = (size_t)(line->cursor - line->buffer);
    char *present = strndup(line->buffer, length);
    if (present == NULL)
        return CC_ERROR;
    bool has_row = up ? memchr(present, '\n', cursor) != NULL
                      : strchr(present + cursor, '\n') != NULL;
    unsigned char result = CC_NORM;
    if (has_row && !is_walking(editor, present))
        editor->pushed_key = up ? KEY_ROW_UP : KEY_ROW_DOWN;
    else
        result = walk_history(editor, up, present, cursor);
    free(present);
    return result;
}

unsigned char line_edit_move_up(EditLine *edit, int key) {
    (void)key;
    return move_vertically(line_edit_owner(edit), true);
}

unsigned char line_edit_move_down(EditLine *edit, int key) {
    (void)key;
    return move_vertically(line_edit_owner(edit), false);
}
