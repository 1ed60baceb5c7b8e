/*
 * Pseudo-terminals for tests: a program is started on one, or one is opened inside the test's own
 * process. Swift cannot fork, and the Glibc module lacks these calls.
 */
#ifndef PSEUDO_TERMINAL_H
#define PSEUDO_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Starts `path` as the leader of a new session on a new terminal. Returns the master side, or -1. */
int pseudo_terminal_spawn(
    const char *path, char *const *arguments, char *const *environment, int rows, int columns,
    pid_t *process);
/* Opens a terminal without a process; returns the master side and sets `slave`, or -1. */
int pseudo_terminal_open(int rows, int columns, int *slave);
/* Changes the size; the foreground process gets SIGWINCH. */
void pseudo_terminal_resize(int master, int rows, int columns);
/* Reads what is there within the time: the count, 0 at the end, -1 when nothing came. */
long pseudo_terminal_read(int master, void *bytes, size_t capacity, int milliseconds);
/* Whether the terminal echoes and hands out whole lines, as before an editor took it. */
bool pseudo_terminal_is_cooked(int master);
/* Waits for the process to end: its exit status, 128 + signal, or -1 when the time is over. */
int pseudo_terminal_wait(pid_t process, int milliseconds);
/* The directory of the file this code was loaded from: where the built programs lie. */
size_t pseudo_terminal_code_directory(char *text, size_t capacity);

#endif
