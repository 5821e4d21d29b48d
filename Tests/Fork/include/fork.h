#pragma once
// What the simulator's model needs of C: fork(2), which Swift does not offer, since it is safe only in a process
// of one thread, as the simulator is; and stacks to change between, since makecontext(3) is variadic.
#include <stddef.h>
#include <stdint.h>

/// As fork(2); the child dies with its parent.
int32_t outboxd_fork(void);

struct outboxd_stack;

/// `entry` runs on the stack at the first change to it, and never returns. NULL: there is no memory.
struct outboxd_stack *outboxd_stack_make(void *bottom, size_t size, void (*entry)(void));
/// Goes on there, until it is left.
void outboxd_stack_enter(struct outboxd_stack *stack);
/// Goes on where it was entered.
void outboxd_stack_leave(struct outboxd_stack *stack);
void outboxd_stack_free(struct outboxd_stack *stack);
