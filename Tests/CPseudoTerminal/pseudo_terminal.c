/*
 * Pseudo-terminals for tests. Between fork and exec only calls that are safe there are made, because
 * the test process has many threads.
 */
#define _GNU_SOURCE
#include "pseudo_terminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

int pseudo_terminal_spawn(
    const char *path, char *const *arguments, char *const *environment, int rows, int columns,
    pid_t *process) {
    struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
    int master = -1;
    *process = forkpty(&master, NULL, NULL, &size);
    if (*process < 0)
        return -1;
    if (*process == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        for (int number = 1; number < 32; number++)
            signal(number, SIG_DFL);
        close_range(3, ~0U, 0);
        execve(path, arguments, environment);
        _exit(127);
    }
    fcntl(master, F_SETFD, FD_CLOEXEC);
    return master;
}

int pseudo_terminal_open(int rows, int columns, int *slave) {
    struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
    int master = -1;
    if (openpty(&master, slave, NULL, NULL, &size) != 0)
        return -1;
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(*slave, F_SETFD, FD_CLOEXEC);
    return master;
}

void pseudo_terminal_resize(int master, int rows, int columns) {
    struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
    ioctl(master, TIOCSWINSZ, &size);
}

long pseudo_terminal_read(int master, void *bytes, size_t capacity, int milliseconds) {
    struct pollfd polled = {master, POLLIN, 0};
    if (poll(&polled, 1, milliseconds) <= 0)
        return -1;
    ssize_t count = read(master, bytes, capacity);
    /* Linux reports the end of the other side as an error. */
    if (count < 0)
        return errno == EIO ? 0 : -1;
    return count;
}

bool pseudo_terminal_is_cooked(int master) {
    struct termios modes;
    return tcgetattr(master, &modes) == 0 && (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO);
}

int pseudo_terminal_wait(pid_t process, int milliseconds) {
    for (int waited = 0;; waited++) {
        int status = 0;
        if (waitpid(process, &status, WNOHANG) == process)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (waited >= milliseconds)
            return -1;
        struct timespec moment = {0, 1000000};
        nanosleep(&moment, NULL);
    }
}

size_t pseudo_terminal_code_directory(char *text, size_t capacity) {
    Dl_info information;
    if (dladdr((void *)pseudo_terminal_spawn, &information) == 0)
        return 0;
    char path[4096];
    if (realpath(information.dli_fname, path) == NULL)
        return 0;
    char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length == 0 || length >= capacity)
        return 0;
    memcpy(text, path, length);
    text[length] = '\0';
    return length;
}
