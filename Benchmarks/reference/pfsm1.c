/*
 * PFS-M1 in C: the program that the Swift kernel is measured against.
 *
 * The model is stated in pfs-m1.md beside this file. The layout is what a careful C programmer would
 * choose: phones numbered in the order of their LAN delay, so that a broadcast walks memory from
 * front to back; one heap entry for a whole broadcast; what deliveries touch kept apart from the
 * tree. The queue is one 4-ary heap ordered by (time, sequence) whose top can be replaced in place.
 *
 * build: gcc -O2 -o pfsm1 pfsm1.c        usage: pfsm1 PHONES        output: one line of JSON
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* ---- the model's constants, in nanoseconds ---- */

#define LISTEN 500000000u
#define TICK 250000000u
#define HOP 200000u
#define ROOT_WAIT 10000000000u
#define REBOOT 30000000000u
#define WAN_BLOCK 153129532u
#define ADVERTISEMENTS 4
#define FILES 6

static const uint64_t file_size[FILES] = {540000, 2510000, 575000, 1830000, 2954000, 1000000};

static uint64_t wan_time(int file) { return (file_size[file] / 512 + 1) * WAN_BLOCK; }
static uint64_t lan_time(int file) { return 1000000 + file_size[file] * 80; }
static uint64_t verify_time(int file) { return 5000000 + file_size[file] * 10; }

static uint64_t draw(uint32_t id, unsigned purpose)
{
    uint64_t x = 1 + (4 * (uint64_t)id + purpose + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

static uint32_t boot_of(uint32_t id) { return draw(id, 0) % 1000000000; }
static uint64_t strength_of(uint32_t id) { return draw(id, 1) << 32 | id; }
static uint32_t delay_of(uint32_t id) { return 50000 + draw(id, 2) % 100000; }

/* ---- memory ---- */

static void *room(void *old, size_t count, size_t size)
{
    void *memory = realloc(old, count * size);
    if (memory == NULL) {
        fputs("pfsm1: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

/* ---- the queue ---- */

enum kind { POWER, WALK, LISTEN_END, TICKED, JOIN, ACCEPT, START, WAN_DONE, HAVE, SENT, REBOOTED };

struct event {
    uint64_t time;
    uint64_t turn; /* sequence << 8 | kind: the kind never decides, sequences differ */
    uint32_t phone;
    uint32_t argument;
};

static struct event *heap;
static size_t heap_count, heap_room;
static uint64_t next_sequence;

static bool before(const struct event *a, const struct event *b)
{
    return a->time < b->time || (a->time == b->time && a->turn < b->turn);
}

static void insert(struct event event)
{
    if (heap_count == heap_room) {
        heap_room = heap_room ? 2 * heap_room : 1024;
        heap = room(heap, heap_room, sizeof *heap);
    }
    size_t hole = heap_count++;
    while (hole > 0) {
        size_t parent = (hole - 1) / 4;
        if (!before(&event, &heap[parent])) break;
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = event;
}

/* Puts `event` in the place of the earliest one. */
static void replace_first(struct event event)
{
    size_t hole = 0;
    for (;;) {
        size_t child = 4 * hole + 1;
        if (child >= heap_count) break;
        size_t end = child + 4 < heap_count ? child + 4 : heap_count;
        size_t least = child;
        while (++child < end)
            if (before(&heap[child], &heap[least])) least = child;
        if (!before(&heap[least], &event)) break;
        heap[hole] = heap[least];
        hole = least;
    }
    heap[hole] = event;
}

static void remove_first(void)
{
    struct event last = heap[--heap_count];
    if (heap_count > 0) replace_first(last);
}

static void schedule(uint64_t time, enum kind kind, uint32_t phone, uint32_t argument)
{
    insert((struct event){time, next_sequence++ << 8 | kind, phone, argument});
}

/* ---- phones, numbered by delay ---- */

enum state { OFF, LISTENING, CLAIMING, FOLLOWING, MEMBER, ROOT };

struct candidate { /* what deliveries touch */
    uint64_t best;
    uint32_t delay;
    uint8_t state, ticks;
};

struct place { /* what joining touches */
    uint32_t child[2];
    uint8_t children, turn, depth, files;
};

struct edges { /* when a connection to a child is free again */
    uint64_t free_at[2];
};

struct boot {
    uint32_t at, phone;
};

static uint32_t count;
static struct candidate *candidates;
static struct place *places;
static struct edges *edges;
static uint64_t *strengths;
static uint32_t *ids;
static struct boot *boots;

static struct {
    uint64_t events, broadcasts, last, sum;
    uint32_t root, done;
    unsigned depth;
} result;

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void make_phones(void)
{
    uint64_t *keys = room(NULL, count, sizeof *keys);
    uint32_t *number = room(NULL, count, sizeof *number);
    candidates = room(NULL, count, sizeof *candidates);
    strengths = room(NULL, count, sizeof *strengths);
    ids = room(NULL, count, sizeof *ids);
    boots = room(NULL, count, sizeof *boots);
    places = calloc(count, sizeof *places);
    edges = calloc(count, sizeof *edges);
    if (places == NULL || edges == NULL) exit(1);

    for (uint32_t id = 0; id < count; id++) keys[id] = (uint64_t)delay_of(id) << 32 | id;
    qsort(keys, count, sizeof *keys, by_number);
    for (uint32_t n = 0; n < count; n++) {
        ids[n] = (uint32_t)keys[n];
        number[ids[n]] = n;
        strengths[n] = strength_of(ids[n]);
        candidates[n] = (struct candidate){.delay = keys[n] >> 32, .state = OFF};
    }
    for (uint32_t id = 0; id < count; id++) keys[id] = (uint64_t)boot_of(id) << 32 | id;
    qsort(keys, count, sizeof *keys, by_number);
    for (uint32_t n = 0; n < count; n++)
        boots[n] = (struct boot){keys[n] >> 32, number[(uint32_t)keys[n]]};
    free(keys);
    free(number);
}

/* ---- broadcasts ---- */

struct walk { /* one broadcast under way: `next` is who hears it next */
    uint64_t sent_at;
    uint32_t next, sender;
    bool confirms;
};

static struct walk *walks;
static uint32_t walk_count, walk_room;

static void broadcast(uint64_t now, uint32_t sender, bool confirms)
{
    result.broadcasts++;
    uint32_t first = sender == 0 ? 1 : 0;
    if (first >= count) return;
    if (walk_count == walk_room) {
        walk_room = walk_room ? 2 * walk_room : 64;
        walks = room(walks, walk_room, sizeof *walks);
    }
    walks[walk_count] = (struct walk){now, first, sender, confirms};
    schedule(now + candidates[first].delay, WALK, walk_count++, 0);
}

static void deliver(uint64_t now, uint32_t phone, uint32_t sender, bool confirms)
{
    struct candidate *candidate = &candidates[phone];
    if (confirms) {
        candidate->state = MEMBER;
        schedule(now + HOP, JOIN, sender, phone);
    } else if (candidate->state == LISTENING || candidate->state == CLAIMING) {
        if (strengths[sender] > candidate->best) {
            candidate->best = strengths[sender];
            if (candidate->state == CLAIMING && candidate->best > strengths[phone])
                candidate->state = FOLLOWING;
        }
    }
}

/* The event at the top is a broadcast: moves its entry to the next receiver, then delivers. */
static void walk_on(struct event event)
{
    struct walk *walk = &walks[event.phone];
    uint32_t phone = walk->next++, sender = walk->sender;
    bool confirms = walk->confirms;
    if (walk->next == sender) walk->next++;
    uint64_t now = event.time;
    if (walk->next < count) {
        event.time = walk->sent_at + candidates[walk->next].delay;
        replace_first(event);
    } else {
        remove_first();
    }
    deliver(now, phone, sender, confirms);
}

/* The event at the top is the power of the next phone coming on. */
static void power_on(struct event event)
{
    uint64_t now = event.time;
    uint32_t phone = boots[event.argument++].phone;
    if (event.argument < count) {
        event.time = boots[event.argument].at;
        replace_first(event);
    } else {
        remove_first();
    }
    candidates[phone].state = LISTENING;
    schedule(now + LISTEN, LISTEN_END, phone, 0);
}

/* ---- all other events ---- */

static void listen_end(uint64_t now, uint32_t phone)
{
    struct candidate *candidate = &candidates[phone];
    if (candidate->state != LISTENING) return;
    if (candidate->best > strengths[phone]) {
        candidate->state = FOLLOWING;
        return;
    }
    candidate->state = CLAIMING;
    broadcast(now, phone, false);
    schedule(now + TICK, TICKED, phone, 0);
}

static void tick(uint64_t now, uint32_t phone)
{
    struct candidate *candidate = &candidates[phone];
    if (candidate->state != CLAIMING) return;
    if (++candidate->ticks <= ADVERTISEMENTS) {
        broadcast(now, phone, false);
        schedule(now + TICK, TICKED, phone, 0);
    } else {
        candidate->state = ROOT;
        result.root = ids[phone];
        broadcast(now, phone, true);
        schedule(now + ROOT_WAIT, START, phone, 0);
    }
}

static void join(uint64_t now, uint32_t phone, uint32_t joiner)
{
    struct place *place = &places[phone];
    if (place->children < 2) {
        place->child[place->children++] = joiner;
        places[joiner].depth = place->depth + 1;
        if (places[joiner].depth > result.depth) result.depth = places[joiner].depth;
        schedule(now + HOP, ACCEPT, joiner, 0);
    } else {
        uint32_t child = place->child[place->turn];
        place->turn ^= 1;
        schedule(now + HOP, JOIN, child, joiner);
    }
}

static void have(uint64_t now, uint32_t phone, uint32_t file)
{
    struct place *place = &places[phone];
    for (unsigned child = 0; child < place->children; child++) {
        uint64_t *free_at = &edges[phone].free_at[child];
        *free_at = (*free_at > now ? *free_at : now) + lan_time(file);
        schedule(*free_at, SENT, place->child[child], file);
    }
    if (++place->files == FILES) schedule(now + REBOOT, REBOOTED, phone, 0);
}

static void execute(struct event event)
{
    uint64_t now = event.time;
    uint32_t phone = event.phone, argument = event.argument;
    switch ((enum kind)(event.turn & 255)) {
    case LISTEN_END: listen_end(now, phone); break;
    case TICKED: tick(now, phone); break;
    case JOIN: join(now, phone, argument); break;
    case START: schedule(now + wan_time(0), WAN_DONE, phone, 0); break;
    case WAN_DONE:
        if (argument + 1 < FILES)
            schedule(now + wan_time(argument + 1), WAN_DONE, phone, argument + 1);
        schedule(now + verify_time(argument), HAVE, phone, argument);
        break;
    case SENT: schedule(now + verify_time(argument), HAVE, phone, argument); break;
    case HAVE: have(now, phone, argument); break;
    case REBOOTED:
        result.done++;
        result.sum += now;
        if (now > result.last) result.last = now;
        break;
    case ACCEPT:
    case WALK:
    case POWER: break;
    }
}

static void run(void)
{
    schedule(boots[0].at, POWER, 0, 0);
    while (heap_count > 0) {
        struct event event = heap[0];
        result.events++;
        switch (event.turn & 255) {
        case WALK: walk_on(event); break;
        case POWER: power_on(event); break;
        default:
            remove_first();
            execute(event);
        }
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    long wanted = argc == 2 ? atol(argv[1]) : 0;
    if (wanted < 1 || wanted > 1 << 28) {
        fputs("usage: pfsm1 PHONES\n", stderr);
        return 64;
    }
    count = (uint32_t)wanted;
    double begin = seconds();
    make_phones();
    run();
    double elapsed = seconds() - begin;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"name\": \"pfs-m1\", \"language\": \"C\", \"phones\": %u, \"events\": %lu, "
           "\"root\": %u, \"broadcasts\": %lu, \"depth\": %u, \"last\": %lu, \"sum\": %lu, "
           "\"seconds\": %.6f, \"peakKiB\": %ld}\n",
           count, result.events, result.root, result.broadcasts, result.depth, result.last,
           result.sum, elapsed, usage.ru_maxrss);
    return result.done != count;
}
