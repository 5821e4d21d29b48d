import Glibc

/// Starts processes by `posix_spawn(3)`, with nothing inherited but what is asked for.
enum SpawnedProcess {
    struct Request {
        var executable: String
        /// After the program's name.
        var arguments: [String]
        var environment: [String: String]
        /// Where to start; nil is where we are.
        var directory: String?
        /// Descriptors for the three streams; /dev/null where nil.
        var input: Int32?
        var output: Int32?
        var errors: Int32?
    }

    /// - Returns: the process id. The process is a group of its own, with default signals.
    static func start(_ request: Request) throws -> pid_t {
        // posix_spawn can't change the directory in POSIX's words; env(1) can, and keeps the id.
        let moved = try request.directory.map {
            [try Executable.find("env", package: "coreutils"), "-C", $0, request.executable]
        }
        guard access(request.executable, X_OK) == 0 else {
            throw SystemCallError("start \(request.executable)")
        }
        let words = (moved ?? [request.executable]) + request.arguments
        // What lies in this machine's /etc is nothing to a test.
        let variables = request.environment.merging(["TEST_OUTBOXD_STANDARD_FILE": ""]) {
            given, _ in given
        }
        .map { "\($0)=\($1)" }
        return try DescriptorLock.withLock {
            try withStrings(words) { arguments in
                try withStrings(variables) { environment in
                    try spawn(words[0], arguments, environment, request)
                }
            }
        }
    }

    private typealias Strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    private static func spawn(
        _ path: String, _ arguments: Strings, _ environment: Strings, _ request: Request
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, given) in [request.input, request.output, request.errors].enumerated() {
            let stream = Int32(stream)
            if let given {
                posix_spawn_file_actions_adddup2(&actions, given, stream)
            } else {
                posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
            }
        }
        for open in openDescriptors { posix_spawn_file_actions_addclose(&actions, open) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process: pid_t = 0
        let failure = posix_spawn(&process, path, &actions, &attributes, arguments, environment)
        guard failure == 0 else { throw SystemCallError("start \(path)", number: failure) }
        return process
    }

    /// All of ours above the three streams: libraries do not always mark theirs close-on-exec.
    private static var openDescriptors: [Int32] {
        guard let directory = opendir("/proc/self/fd") else { return [] }
        defer { closedir(directory) }
        var found: [Int32] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let descriptor = Int32(name), descriptor > 2 { found.append(descriptor) }
        }
        return found
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (Strings) throws -> Result
    ) rethrows -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return try pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
            return try body(base)
        }
    }
}
