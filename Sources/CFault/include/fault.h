#pragma once
#include <stddef.h>

// When another process shortens a file that we have mapped, our next access to the lost part raises
// SIGBUS, which by default ends the process without a message (mmap(2)). In a guarded range:
//
//   with last words   we write them to stderr and end the process with EX_IOERR (74)
//   without           the range reads as zeros from then on, and is marked as damaged
//
// The handler that was there before gets a SIGBUS from anywhere else.

/// Guards `size` bytes from `start`. `last_words` is NULL or a line, copied and cut at 511 bytes.
/// Returns the number of the guard, or -1 with errno if there is no room for another.
int outboxd_guard(void *start, size_t size, const char *last_words);

/// Whether the range was found cut short, and so reads as zeros in places.
int outboxd_guard_is_damaged(int guard);

/// Before the range is unmapped.
void outboxd_unguard(int guard);
