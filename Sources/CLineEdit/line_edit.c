/*
 * An editor's life: how it is opened on a terminal, reads one line, and gives the terminal back. The
 * order of the steps in line_edit_open() matters at every place; each says why.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

line_editor *line_edit_owner(EditLine *edit) {
    void *data = NULL;
    el_get(edit, EL_CLIENTDATA, &data);
    return data;
}

/* What libedit would draw. Only its beep is of use. */
static ssize_t drop_drawing(void *owner, const char *bytes, size_t length) {
    line_editor *editor = owner;
    if (memchr(bytes, '\a', length) != NULL)
        editor->has_beeped = true;
    return (ssize_t)length;
}

/* libedit wants streams. They get descriptors of their own, so that closing them closes nothing of the
 * caller's. */
static FILE *open_stream(int descriptor, const char *mode) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0)
        return NULL;
    FILE *stream = fdopen(copy, mode);
    if (stream == NULL)
        close(copy);
    return stream;
}

static bool open_streams(line_editor *editor) {
    cookie_io_functions_t functions = {NULL, drop_drawing, NULL, NULL};
    editor->streams[0] = open_stream(editor->input, "r");
    editor->streams[1] = fopencookie(editor, "w", functions);
    editor->streams[2] = open_stream(editor->output, "w");
    for (int index = 0; index < 3; index++)
        if (editor->streams[index] == NULL)
            return false;
    return true;
}

/* libedit's drawing is dropped, so it needs no prompt. */
static char *no_prompt(EditLine *edit) {
    (void)edit;
    static char empty[] = "";
    return empty;
}

static bool terminal_has_escapes(void) {
    const char *name = getenv("TERM");
    return name != NULL && name[0] != '\0' && strcmp(name, "dumb") != 0;
}

static bool has_editrc(void) {
    const char *path = getenv("EDITRC");
    if (path != NULL)
        return access(path, R_OK) == 0;
    const char *home = getenv("HOME");
    char text[4096];
    if (home == NULL || snprintf(text, sizeof text, "%s/.editrc", home) >= (int)sizeof text)
        return false;
    return access(text, R_OK) == 0;
}

static void configure(line_editor *editor) {
    EditLine *edit = editor->edit;
    el_set(edit, EL_CLIENTDATA, editor);
    el_set(edit, EL_PROMPT, no_prompt);
    /* libedit's own handlers send the signal again to the whole process group. */
    el_set(edit, EL_SIGNAL, 0);
    HistEvent event;
    history(editor->history, &event, H_SETSIZE, LINE_EDIT_MAXIMUM_HISTORY);
    el_set(edit, EL_HIST, history, editor->history);
    el_set(edit, EL_GETCFN, line_edit_next_key);
    el_set(edit, EL_EDITOR, "emacs");
    editor->passes_unknown_sequences = has_editrc();
    line_edit_bind(editor);
    /* An .editrc may say `edit off`; this editor has no other way to read. */
    el_set(edit, EL_EDITMODE, 1);
}

line_editor *line_edit_open(
    const char *program, int input, int output, const line_edit_callbacks *callbacks) {
    if (!line_edit_is_terminal(input) || !line_edit_is_terminal(output))
        return NULL;
    if (line_edit_wake_descriptor() < 0)
        return NULL;
    line_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL)
        return NULL;
    editor->input = input;
    editor->output = output;
    editor->callbacks = *callbacks;
    editor->watched = -1;
    editor->tick_milliseconds = -1;
    editor->has_escapes = terminal_has_escapes();
    /* libedit settles its character set when it begins. */
    line_edit_use_utf8();
    editor->history = history_init();
    if (editor->history != NULL && open_streams(editor))
        editor->edit = el_init_fd(
            program, editor->streams[0], editor->streams[1], editor->streams[2], input, output,
            output);
    if (editor->edit == NULL) {
        line_edit_close(editor);
        return NULL;
    }
    configure(editor);
    return editor;
}

void line_edit_close(line_editor *editor) {
    if (editor == NULL)
        return;
    if (editor->edit != NULL)
        el_end(editor->edit);
    if (editor->history != NULL)
        history_end(editor->history);
    for (int index = 0; index < 3; index++)
        if (editor->streams[index] != NULL)
            fclose(editor->streams[index]);
    line_edit_drop_paste(editor);
    line_edit_end_walk(editor);
    free(editor->frame.glyphs);
    free(editor->next_frame.glyphs);
    free(editor);
}

void line_edit_watch(line_editor *editor, int descriptor) {
    if (editor != NULL)
        editor->watched = descriptor;
}

void line_edit_tick(line_editor *editor, int milliseconds) {
    if (editor != NULL)
        editor->tick_milliseconds = milliseconds > 0 ? milliseconds : -1;
}

line_edit_outcome line_edit_read(line_editor *editor, const char **text, size_t *length) {
    *text = "";
    *length = 0;
    if (line_edit_terminated())
        return LINE_EDIT_HANGUP;
    /* A Ctrl-C that a command did not take any more was meant for the command, and for what was pasted
     * after it. */
    line_edit_take_interrupt();
    if (editor->paste_interrupts != line_edit_interrupt_count())
        line_edit_drop_paste(editor);
    line_edit_end_walk(editor);
    line_edit_take_prompt(editor);
    editor->outcome = LINE_EDIT_LINE;
    editor->pushed_key = 0;
    editor->is_painted = editor->prompt_changed = editor->has_beeped = false;

    line_edit_begin_terminal_signals();
    /* Before the prompt: what is typed at once must not be echoed by the terminal as well. */
    el_set(editor->edit, EL_PREP_TERM, 1);
    if (editor->has_escapes)
        line_edit_send(editor, "\033[?2004h");
    editor->is_reading = true;
    int count = 0;
    const char *line = el_gets(editor->edit, &count);
    /* Beneath the accepted text; whatever ended the line in another way has done this. */
    if (editor->outcome == LINE_EDIT_LINE)
        line_edit_go_below(editor);
    editor->is_reading = false;
    if (editor->has_escapes)
        line_edit_send(editor, "\033[?2004l");
    line_edit_end_terminal_signals();

    if (line != NULL && count > 0 && editor->outcome == LINE_EDIT_LINE) {
        *text = line;
        *length = (size_t)count - (line[count - 1] == '\n' ? 1 : 0);
        return LINE_EDIT_LINE;
    }
    if (editor->outcome == LINE_EDIT_INTERRUPTED) {
        const LineInfo *thrown_away = el_line(editor->edit);
        *text = thrown_away->buffer;
        *length = (size_t)(thrown_away->lastchar - thrown_away->buffer);
    }
    return editor->outcome == LINE_EDIT_LINE ? LINE_EDIT_END : editor->outcome;
}
