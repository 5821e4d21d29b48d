#ifndef OUTBOXD_LIBFUZZER_SHIM_H
#define OUTBOXD_LIBFUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

// https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library
// Weak: only `Tests/Fuzzing/run` links it.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size))
    __attribute__((weak));

// Swift takes a function that is declared for one that is there.
static inline int outboxd_has_libfuzzer(void) { return LLVMFuzzerRunDriver != 0; }

#endif
