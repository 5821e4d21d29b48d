#if DEBUG
    internal import Glibc
    internal import Synchronization

    /// Where this process is to die, as a test says in its environment.
    ///
    /// `TEST_OUTBOXD_CRASH_AT=dotNoted` is the first passage, `dotNoted:2` the second.
    @usableFromInline
    struct ArmedCrash: Sendable {
        private static let variable = "TEST_OUTBOXD_CRASH_AT"
        private static let asked = getenv(variable).map { ArmedCrash(String(cString: $0)) }
        private static let passages = Atomic(0)

        private let point: CrashPoint
        /// From 1.
        private let passage: Int

        private init(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1)
            let point = CrashPoint.allCases.first { "\($0)" == parts.first ?? "" }
            guard let point, let passage = parts.count > 1 ? Int(parts[1]) : 1 else {
                let complaint = "\(Self.variable): there is no point \(text)\n"
                _ = write(STDERR_FILENO, complaint, complaint.utf8.count)
                _exit(EX_USAGE)
            }
            self.point = point
            self.passage = passage
        }

        @usableFromInline
        static func pass(_ point: CrashPoint) {
            guard let asked, asked.point == point,
                passages.add(1, ordering: .relaxed).newValue == asked.passage
            else { return }
            kill(getpid(), SIGKILL)
            // The signal comes to all threads, in a moment.
            while true { pause() }
        }
    }
#endif
