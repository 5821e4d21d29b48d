// What ThreadSanitizer has to be told of Swift's Mutex; `Tests/Sanitizers/run` alone links it.
//
// A Mutex that nobody waits for is taken and given back by an atomic exchange in our own code, which
// ThreadSanitizer sees. One that is contended is handed over in libswiftSynchronization and the kernel (futex(2),
// FUTEX_LOCK_PI), which it does not see: without this, whatever such a Mutex guards looks like a race.
//
// These stand before the library's functions of the same names, call them, and tell what they did. Their mangled
// names are part of Swift's ABI, since every program calls them by these.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// Weak, since a library that has this is loaded into programs without the sanitizer, too; none of those calls it.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void outboxd_lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool outboxd_try_lock_slow(SELF) __asm__(TRY_LOCK);
SWIFT void outboxd_unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void outboxd_lock_slow(uint32_t thread, SELF) {
    SWIFT void (*lock)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    lock(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT bool outboxd_try_lock_slow(SELF) {
    SWIFT bool (*try_lock)(SELF) = dlsym(RTLD_NEXT, TRY_LOCK);
    bool taken = try_lock(mutex);
    if (taken) __tsan_acquire(mutex);
    return taken;
}

SWIFT void outboxd_unlock_slow(SELF) {
    SWIFT void (*unlock)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(mutex);
    unlock(mutex);
}
