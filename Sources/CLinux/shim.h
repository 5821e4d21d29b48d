#pragma once
// What the Glibc module of Swift does not cover, and what it cannot express.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <wchar.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/un.h>

// Atomic access to a word of shared memory (a mapped file): Swift's Atomic owns its storage and
// cannot be laid over memory that another process maps too.
static inline uint64_t outboxd_atomic_load(const uint64_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
static inline void outboxd_atomic_store(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}
/// 1 where the word held `expected` and now holds `desired`.
static inline int outboxd_atomic_compare_exchange(
    uint64_t *word, uint64_t expected, uint64_t desired) {
    return __atomic_compare_exchange_n(
        word, &expected, desired, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

// ppoll needs _GNU_SOURCE, which Swift's Glibc module is built without; poll counts in milliseconds,
// too coarse for a rate limit. `nanoseconds` < 0 waits for ever.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
static inline int outboxd_ppoll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds) {
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return ppoll(descriptors, count, nanoseconds < 0 ? 0 : &limit, 0);
}

// wcwidth needs _XOPEN_SOURCE, which Swift's Glibc module is built without. -1 where it knows nothing.
extern int wcwidth(wchar_t);
static inline int outboxd_columns(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
