#define _GNU_SOURCE
#include "fork.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// The thread that has forked, or 0.
static pid_t forking_thread;

// In the place of the C library's. Swift's Mutex notes the thread that holds it, by syscall(SYS_gettid), which each
// object file keeps for itself from its first use on: after a fork one file would have the parent's number and another the
// child's, and an unlock in one would not fit the lock in the other. So our number stays what it was.
long syscall(long number, ...) {
    if (number == SYS_gettid && forking_thread) return forking_thread;
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long argument[6];
    va_list arguments;
    va_start(arguments, number);
    for (int place = 0; place < 6; place++) argument[place] = va_arg(arguments, long);
    va_end(arguments);
    return next(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

int32_t outboxd_fork(void) {
    if (!forking_thread) forking_thread = (pid_t)syscall(SYS_gettid);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // It may have died before we asked.
        if (getppid() != parent) _exit(1);
    }
    return child;
}

struct outboxd_stack {
    ucontext_t own, owner;
};

struct outboxd_stack *outboxd_stack_make(void *bottom, size_t size, void (*entry)(void)) {
    struct outboxd_stack *stack = calloc(1, sizeof *stack);
    if (!stack) return NULL;
    getcontext(&stack->own);
    stack->own.uc_stack.ss_sp = bottom;
    stack->own.uc_stack.ss_size = size;
    makecontext(&stack->own, entry, 0);
    return stack;
}

void outboxd_stack_enter(struct outboxd_stack *stack) { swapcontext(&stack->owner, &stack->own); }
void outboxd_stack_leave(struct outboxd_stack *stack) { swapcontext(&stack->own, &stack->owner); }
void outboxd_stack_free(struct outboxd_stack *stack) { free(stack); }
