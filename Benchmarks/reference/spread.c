// A file through a tree of hosts, stored and forwarded whole, as plainly as it can be done: what phones that
// share firmware are measured against. Nothing is repaired, nobody is elected, and with `pass` nothing is verified.
//
// usage: spread send PORT FILE CHILD...             give the file to up to a few children, all at once
//        spread pass PORT FILE CHILD...             take the file from whoever connects, keep it, then do the same
//        spread check PORT FILE SHA256 CHILD...     as `pass`, but with this SHA-256, or it goes no further
//
// PORT is the one that everybody listens on, CHILD an IPv4 address. A node prints `ready` when it listens, and
// `whole SECONDS` by the monotonic clock when it has the file; `send` prints that as it begins.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 18 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void say_whole(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("whole %lld.%06ld\n", (long long)now.tv_sec, now.tv_nsec / 1000);
    fflush(stdout);
}

static struct sockaddr_in address(const char *host, int port) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &place.sin_addr) != 1) {
        fprintf(stderr, "%s is no IPv4 address\n", host);
        exit(2);
    }
    return place;
}

/// Sends the size, then the bytes.
static void give(int file, const char *host, int port) {
    struct sockaddr_in place = address(host, port);
    int link = socket(AF_INET, SOCK_STREAM, 0);
    if (link < 0 || connect(link, (struct sockaddr *)&place, sizeof place) != 0) fail(host);
    struct stat status;
    if (fstat(file, &status) != 0) fail("fstat");
    uint64_t size = (uint64_t)status.st_size;
    if (send(link, &size, sizeof size, MSG_MORE) != sizeof size) fail(host);
    off_t offset = 0;
    while (offset < status.st_size) {
        if (sendfile(link, file, &offset, (size_t)(status.st_size - offset)) <= 0 && errno != EINTR)
            fail("sendfile");
    }
    // The child closes when it has everything.
    shutdown(link, SHUT_WR);
    char rest;
    while (read(link, &rest, 1) > 0) {}
    close(link);
}

static void give_all(const char *path, char **children, int count, int port) {
    for (int index = 0; index < count; index++) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            int file = open(path, O_RDONLY);
            if (file < 0) fail(path);
            give(file, children[index], port);
            exit(0);
        }
    }
    int status;
    while (wait(&status) > 0)
        if (status != 0) exit(1);
}

static void read_exactly(int link, void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t step = read(link, (char *)bytes + done, count - done);
        if (step < 0 && errno == EINTR) continue;
        if (step <= 0) fail("read");
        done += (size_t)step;
    }
}

/// Ends the program unless the digest is the one that was asked for.
static void compare(EVP_MD_CTX *hash, const char *wanted) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    char text[2 * EVP_MAX_MD_SIZE + 1] = "";
    if (!EVP_DigestFinal_ex(hash, digest, &count)) fail("digest");
    for (unsigned int index = 0; index < count; index++) sprintf(text + 2 * index, "%02x", digest[index]);
    if (strcmp(text, wanted) != 0) {
        fprintf(stderr, "the copy has the SHA-256 %s\n", text);
        exit(1);
    }
}

/// Takes the file from the first that connects; with the SHA-256 `wanted` unless that is NULL.
static void take(const char *path, int port, const char *wanted) {
    struct sockaddr_in place = address("0.0.0.0", port);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&place, sizeof place) != 0 || listen(listener, 1) != 0)
        fail("listen");
    printf("ready\n");
    fflush(stdout);
    int link = accept(listener, NULL, NULL);
    if (link < 0) fail("accept");
    uint64_t size;
    read_exactly(link, &size, sizeof size);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) fail(path);
    char *buffer = malloc(BUFFER_BYTES);
    if (!buffer) fail("malloc");
    EVP_MD_CTX *hash = wanted ? EVP_MD_CTX_new() : NULL;
    if (wanted && (!hash || !EVP_DigestInit_ex(hash, EVP_sha256(), NULL))) fail("digest");
    for (uint64_t done = 0; done < size;) {
        ssize_t count = read(link, buffer, BUFFER_BYTES);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("read");
        if (hash && !EVP_DigestUpdate(hash, buffer, (size_t)count)) fail("digest");
        if (write(file, buffer, (size_t)count) != count) fail(path);
        done += (uint64_t)count;
    }
    close(file);
    if (hash) compare(hash, wanted);
    say_whole();
    close(link);
    close(listener);
}

int main(int count, char **words) {
    int checks = count > 1 && strcmp(words[1], "check") == 0;
    int sends = count > 1 && strcmp(words[1], "send") == 0;
    int first = checks ? 5 : 4;
    if (count < first || !(checks || sends || strcmp(words[1], "pass") == 0)) {
        fprintf(stderr, "usage: spread send|pass PORT FILE CHILD..., spread check PORT FILE SHA256 CHILD...\n");
        return 2;
    }
    int port = atoi(words[2]);
    if (sends) say_whole();
    else take(words[3], port, checks ? words[4] : NULL);
    give_all(words[3], words + first, count - first, port);
    return 0;
}
