import TestSupport

/// A disk whose every sync takes 10 ms longer: a library that is loaded before the C library.
struct SlowDisk {
    private let directory: TemporaryDirectory

    /// - Throws: ``Executable/Missing`` where there is no C compiler.
    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.source, to: "slow.c")
        try ChildProcess.tool(
            "cc", ["-shared", "-fPIC", "-o", library, directory.file("slow.c"), "-ldl"],
            package: "gcc")
    }

    var settings: [String: String] { ["LD_PRELOAD": library] }

    private var library: String { directory.file("slow.so") }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <time.h>
        static int later(const char *name, int file) {
            struct timespec pause = {0, 10000000};
            nanosleep(&pause, 0);
            return ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
        }
        int fsync(int file) { return later("fsync", file); }
        int fdatasync(int file) { return later("fdatasync", file); }

        """
}
