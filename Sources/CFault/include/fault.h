#pragma once
#include <stddef.h>

// A mapped file that somebody cuts short raises SIGBUS at the next touch, and SIGBUS ends the
// process without a word (mmap(2)). Ranges that are guarded fare better:
//
//   with last words   they are written to stderr, and the process ends with EX_IOERR (74)
//   without           the range reads as zeros from then on, and is marked as damaged
//
// A SIGBUS elsewhere goes where it went before.

/// Guards `size` bytes from `start`. `last_words` is NULL or a line, copied and cut at 511 bytes.
/// Returns the number of the guard, or -1 with errno if there is no room for another.
int outboxd_guard(void *start, size_t size, const char *last_words);

/// Whether the range was found cut short, and so reads as zeros in places.
int outboxd_guard_is_damaged(int guard);

/// Before the range is unmapped.
void outboxd_unguard(int guard);
