#pragma once
#include <stdint.h>
#include <time.h>

/// What is loaded before the C library (`LD_PRELOAD`) adds to the clocks, in seconds.
///
/// It lies in a file that `TEST_CLOCK_SHIFT` names, mapped by the process under test and written by the test: a
/// change counts from the next look at a clock on.
struct clock_shift {
    /// To `CLOCK_REALTIME`: somebody sets the clock.
    int64_t wall;
    /// To `CLOCK_BOOTTIME`, which goes on while the machine sleeps, as `CLOCK_MONOTONIC` does not.
    int64_t boot;
};
