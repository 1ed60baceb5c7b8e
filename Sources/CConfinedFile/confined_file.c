// Opening files by names that strangers chose. The kernel resolves the whole path below the directory
// (openat2); where it cannot, each component is opened without following links.

#define _GNU_SOURCE
#include "confined_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Linux's longest name of one component.
enum { NAME_LIMIT = 255 };

static int open_by_components(int directory, const char *path, int flags, unsigned mode)
{
    char name[NAME_LIMIT + 1];
    int present = fcntl(directory, F_DUPFD_CLOEXEC, 0);
    while (present >= 0) {
        size_t length = strcspn(path, "/");
        const char *rest = path + length + strspn(path + length, "/");
        int result = -1;
        int reason;
        if (length == 0 || length > NAME_LIMIT) {
            errno = length == 0 ? ENOENT : ENAMETOOLONG;
        } else {
            memcpy(name, path, length);
            name[length] = 0;
            if (strcmp(name, "..") == 0)
                errno = EXDEV;
            else if (*rest == 0)
                result = openat(present, name, flags | O_NOFOLLOW, mode);
            else
                result = openat(present, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        }
        reason = errno;
        close(present);
        errno = reason;
        if (result < 0 || *rest == 0)
            return result;
        present = result;
        path = rest;
    }
    return -1;
}

int confined_open(int directory, const char *path, int flags, unsigned mode)
{
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (unsigned long long)flags;
    how.mode = flags & O_CREAT ? mode : 0;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
    if (result < 0 && (errno == ENOSYS || errno == EPERM))
        return open_by_components(directory, path, flags, mode);
    return (int)result;
}

int confined_unnamed(int directory, unsigned mode)
{
    // It can only get a name by way of its entry here.
    if (access("/proc/self/fd", X_OK) != 0)
        return -1;
    return openat(directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
}

int confined_link(int file, int directory, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW);
}
