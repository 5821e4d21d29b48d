#define _GNU_SOURCE
#include "slowness.h"
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Loaded before the C library (LD_PRELOAD) into a process under valgrind, which is some sixty times slower than
// outside. By clocks that are as slow it does in a period of theirs what it does in one of ours: a transaction
// holds as many mails, and what it counts does not hang on the machine.

static const int64_t second = 1000000000;
static const clockid_t slowed[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
static int64_t began[sizeof slowed / sizeof *slowed];

static int64_t in_nanoseconds(const struct timespec *time) {
    return time->tv_sec * second + time->tv_nsec;
}

static struct timespec time_of(int64_t nanoseconds) {
    return (struct timespec){nanoseconds / second, nanoseconds % second};
}

// Before main: no thread may ask for the time while this is being set.
__attribute__((constructor)) static void begin(void) {
    for (unsigned i = 0; i < sizeof slowed / sizeof *slowed; i++) {
        struct timespec now;
        if (syscall(SYS_clock_gettime, slowed[i], &now) == 0) began[i] = in_nanoseconds(&now);
    }
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result != 0) return result;
    for (unsigned i = 0; i < sizeof slowed / sizeof *slowed; i++) {
        if (slowed[i] != clock) continue;
        *time = time_of(began[i] + (in_nanoseconds(time) - began[i]) / slowness);
    }
    return 0;
}

// A wait is as long by these clocks as it was meant to be.
int ppoll(
    struct pollfd *files, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    struct timespec longer;
    if (timeout && timeout->tv_sec < INT64_MAX / second / slowness) {
        longer = time_of(in_nanoseconds(timeout) * slowness);
        timeout = &longer;
    }
    return syscall(SYS_ppoll, files, count, timeout, mask, 8);
}
