// Opening files by names that strangers chose: never outside of one directory.
#ifndef CONFINED_FILE_H
#define CONFINED_FILE_H

// Opens `path`, relative, below the directory `directory`; -1 and errno where that fails. Nothing on
// the way may lead out: EXDEV or ELOOP then. Without openat2 (Linux before 5.6) every symbolic link
// is refused.
int confined_open(int directory, const char *path, int flags, unsigned mode);

// Opens a file without a name in `directory`, to write; -1 where the file system has no such files, or
// could not name one later. It is gone with its descriptor.
int confined_unnamed(int directory, unsigned mode);

// Gives a file without a name one, which must not be taken: -1 and EEXIST then.
int confined_link(int file, int directory, const char *name);

#endif
