// How the sanitizers run in all of our programs, those that a test starts with an environment of its own included.
//
// A program that a test has die by SIGSEGV does so, as it does without them.
//
// `Tests/Sanitizers/run` compiles it with REPORTS, a path that each report's name begins with.

const char *__tsan_default_options(void) {
    return "log_path=" REPORTS ":second_deadlock_stack=1:history_size=4:handle_segv=0";
}

const char *__asan_default_options(void) {
    // Swift's runtime uses a stack of its own kind for errors and tasks.
    return "log_path=" REPORTS ":detect_leaks=1:detect_stack_use_after_return=0:handle_segv=0";
}

// Swift keeps closures behind tagged pointers, which the search for leaks does not follow: what the initializer of a
// constant (its name ends in WZ) has made looks lost. So does a process that Foundation runs for a test.
const char *__lsan_default_suppressions(void) { return "leak:_WZ\nleak:Foundation7ProcessC3run\n"; }
