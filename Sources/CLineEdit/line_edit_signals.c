/*
 * Signals and facts about terminals. The handlers do two things only: set a flag and write to the wake
 * descriptor, because the kernel may hand a signal to any thread and then no read is interrupted.
 * SIGINT, SIGTERM and SIGHUP are caught all the time; SIGTSTP, SIGCONT and SIGWINCH only while a line
 * is edited, so that Ctrl-Z stops a running command as it stops any program.
 */
#define _GNU_SOURCE
#include "line_edit_internal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* One process has one set of signal handlers, so their flags are one per process too. */
static atomic_int wake_descriptor = -1;
static atomic_bool catches_signals;
static atomic_bool interrupted;
static atomic_bool terminated;
static atomic_uint interrupt_count;
static atomic_uint terminal_bits;

static const int terminal_signals[] = {SIGWINCH, SIGTSTP, SIGCONT};
#define TERMINAL_SIGNAL_COUNT (sizeof terminal_signals / sizeof terminal_signals[0])
static struct sigaction terminal_actions_before[TERMINAL_SIGNAL_COUNT];

int line_edit_wake_descriptor(void) {
    int current = atomic_load(&wake_descriptor);
    if (current >= 0)
        return current;
    int made = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int none = -1;
    if (made >= 0 && !atomic_compare_exchange_strong(&wake_descriptor, &none, made)) {
        close(made);
        return none;
    }
    return made;
}

void line_edit_wake(void) {
    int descriptor = atomic_load(&wake_descriptor);
    if (descriptor < 0)
        return;
    int before = errno;
    uint64_t one = 1;
    /* A full counter is a wake already pending. */
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
    errno = before;
}

void line_edit_drain_wake(void) {
    uint64_t count;
    ssize_t taken = read(atomic_load(&wake_descriptor), &count, sizeof count);
    (void)taken;
}

static void handle_signal(int number) {
    switch (number) {
    case SIGINT:
        atomic_store(&interrupted, true);
        atomic_fetch_add(&interrupt_count, 1);
        break;
    case SIGTERM:
    case SIGHUP:
        /* Whoever asks twice was not heard the first time: then the signal does what it always does. */
        if (atomic_exchange(&terminated, true)) {
            signal(number, SIG_DFL);
            raise(number);
        }
        break;
    case SIGWINCH:
        atomic_fetch_or(&terminal_bits, SIGNAL_RESIZE);
        break;
    case SIGTSTP:
        atomic_fetch_or(&terminal_bits, SIGNAL_SUSPEND);
        break;
    case SIGCONT:
        atomic_fetch_or(&terminal_bits, SIGNAL_CONTINUE);
        break;
    default:
        break;
    }
    line_edit_wake();
}

static void install(int number, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

bool line_edit_catch_signals(void) {
    if (line_edit_wake_descriptor() < 0)
        return false;
    if (atomic_exchange(&catches_signals, true))
        return true;
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t index = 0; index < sizeof caught / sizeof caught[0]; index++) {
        struct sigaction present;
        /* Started in the background or under nohup: what was ignored stays ignored. */
        if (sigaction(caught[index], NULL, &present) == 0 && present.sa_handler == SIG_IGN)
            continue;
        install(caught[index], NULL);
    }
    return true;
}

void line_edit_begin_terminal_signals(void) {
    for (size_t index = 0; index < TERMINAL_SIGNAL_COUNT; index++)
        install(terminal_signals[index], &terminal_actions_before[index]);
}

void line_edit_end_terminal_signals(void) {
    for (size_t index = 0; index < TERMINAL_SIGNAL_COUNT; index++)
        sigaction(terminal_signals[index], &terminal_actions_before[index], NULL);
}

void line_edit_stop_process(void) {
    struct sigaction standard, ours;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigemptyset(&standard.sa_mask);
    sigaction(SIGTSTP, &standard, &ours);
    /* To the whole process, which returns here when it is continued. */
    kill(getpid(), SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}

unsigned line_edit_take_signals(void) { return atomic_exchange(&terminal_bits, 0); }

unsigned line_edit_interrupt_count(void) { return atomic_load(&interrupt_count); }

bool line_edit_peek_interrupt(void) {
    return atomic_load_explicit(&interrupted, memory_order_relaxed);
}

bool line_edit_take_interrupt(void) { return atomic_exchange(&interrupted, false); }

bool line_edit_terminated(void) {
    return atomic_load_explicit(&terminated, memory_order_relaxed);
}

line_edit_wait_result line_edit_wait(int descriptor) {
    int wake = line_edit_wake_descriptor();
    if (wake < 0)
        return LINE_EDIT_WAIT_FAILED;
    for (;;) {
        if (line_edit_terminated())
            return LINE_EDIT_WAIT_HANGUP;
        if (line_edit_take_interrupt())
            return LINE_EDIT_WAIT_INTERRUPTED;
        struct pollfd polled[2] = {{descriptor, POLLIN, 0}, {wake, POLLIN, 0}};
        if (poll(polled, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            return LINE_EDIT_WAIT_FAILED;
        }
        if (polled[1].revents)
            line_edit_drain_wake();
        else if (polled[0].revents)
            return LINE_EDIT_READABLE;
    }
}

bool line_edit_is_terminal(int descriptor) { return isatty(descriptor) == 1; }

int line_edit_columns(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

int line_edit_rows(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_row == 0)
        return 24;
    return size.ws_row;
}

int line_edit_width(uint32_t scalar) {
    int width = wcwidth((wchar_t)scalar);
    return width < 0 ? 0 : width;
}

void line_edit_use_utf8(void) {
    setlocale(LC_CTYPE, "");
    if (strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}
