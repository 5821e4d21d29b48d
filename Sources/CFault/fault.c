#define _GNU_SOURCE
#include "fault.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

enum state { FREE, CHANGING, FOREIGN, OWN };

struct guard {
    uintptr_t start;
    size_t size;
    int state;
    int damaged;
    size_t length;
    char last_words[512];
};

// The handler may take no lock and allocate nothing (signal-safety(7)), hence a table of fixed
// size. A process guards its own file and, for a moment each, those of others.
static struct guard guards[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct sigaction before;
static int installed;

static void end_with(const struct guard *guard) {
    size_t done = 0;
    while (done < guard->length) {
        ssize_t count = write(STDERR_FILENO, guard->last_words + done, guard->length - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    _exit(EX_IOERR);
}

/// Zeros in place of the file: the reader goes on, and finds out afterwards.
static int read_as_zeros(struct guard *guard) {
    __atomic_store_n(&guard->damaged, 1, __ATOMIC_RELEASE);
    void *mapped = mmap(
        (void *)guard->start, guard->size, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    return mapped != MAP_FAILED;
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    int saved = errno;
    uintptr_t address = (uintptr_t)info->si_addr;
    for (size_t index = 0; index < sizeof guards / sizeof *guards; index++) {
        struct guard *guard = &guards[index];
        int state = __atomic_load_n(&guard->state, __ATOMIC_ACQUIRE);
        if (state != FOREIGN && state != OWN) continue;
        if (address < guard->start || address - guard->start >= guard->size) continue;
        if (state == OWN) end_with(guard);
        if (!read_as_zeros(guard)) break;
        errno = saved;
        return;
    }
    // Not ours: the same access faults again, and meets who was there before.
    sigaction(SIGBUS, &before, NULL);
    errno = saved;
}

static void install(void) {
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    installed = sigaction(SIGBUS, &action, &before) == 0;
}

int outboxd_guard(void *start, size_t size, const char *last_words) {
    pthread_once(&once, install);
    if (!installed) {
        errno = EINVAL;
        return -1;
    }
    for (size_t index = 0; index < sizeof guards / sizeof *guards; index++) {
        struct guard *guard = &guards[index];
        int expected = FREE;
        if (!__atomic_compare_exchange_n(
                &guard->state, &expected, CHANGING, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            continue;
        guard->start = (uintptr_t)start;
        guard->size = size;
        guard->length = last_words ? strnlen(last_words, sizeof guard->last_words - 1) : 0;
        if (last_words) memcpy(guard->last_words, last_words, guard->length);
        if (guard->length == sizeof guard->last_words - 1)
            guard->last_words[guard->length - 1] = '\n';
        __atomic_store_n(&guard->damaged, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&guard->state, last_words ? OWN : FOREIGN, __ATOMIC_RELEASE);
        return (int)index;
    }
    errno = ENOMEM;
    return -1;
}

int outboxd_guard_is_damaged(int guard) {
    return __atomic_load_n(&guards[guard].damaged, __ATOMIC_ACQUIRE);
}

void outboxd_unguard(int guard) {
    __atomic_store_n(&guards[guard].state, FREE, __ATOMIC_RELEASE);
}
