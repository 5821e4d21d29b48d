internal import CSQLite
internal import Glibc

/// Until when statements may run, and how much had been done when that was set.
struct StatementDeadline {
    var limit: Duration
    /// In nanoseconds of `CLOCK_MONOTONIC`; nil: the limit has not begun.
    var at: Int64?
    /// The end of the limit around it.
    var latest = Int64.max
    var isLate = false
    var stepsBefore: Int

    /// The earliest that is known of; a late limit that has not begun has none of its own.
    var end: Int64 { min(at ?? .max, latest) }

    /// What was done within another late limit is no part of this one's.
    func afterLateLimit(_ steps: Int) -> StatementDeadline {
        guard isLate else { return self }
        var anew = self
        (anew.at, anew.stepsBefore) = (nil, steps)
        return anew
    }
}

extension Connection {
    /// SQLite's instructions between two looks at the clock.
    private static let interval: Int32 = 1_000
    /// A machine that stood still is not the statement's fault: one that has done less is not ended.
    ///
    /// A third of a million instructions: 10 ms and more. Reading a text of 300 MB takes few.
    private static let fewestSteps = 300

    /// A question may be a system call.
    private static let stepsBetweenQuestions = 64

    /// Ends the statement that is running once `body` has taken `limit`: it fails with SQLITE_INTERRUPT.
    ///
    /// If it was writing, SQLite rolls the transaction back. Within another limit the earlier end holds.
    /// https://sqlite.org/c3ref/progress_handler.html
    package func withLimit<T>(_ limit: Duration, _ body: () throws -> T) rethrows -> T {
        let before = deadline
        defer { deadline = before }
        let at = Self.now() + Self.nanoseconds(limit)
        let end = before?.end ?? .max
        // One that runs already and ends earlier stays what it is.
        if at < end || before?.at == nil {
            deadline = StatementDeadline(limit: limit, at: min(at, end), stepsBefore: steps)
        }
        return try body()
    }

    /// The same without a look at the clock, for what nearly always takes less: the limit begins once statements have
    /// done what takes 10 ms and more.
    ///
    /// One late limit within another has its own time, and the outer one begins again behind it.
    package func withLateLimit<T>(_ limit: Duration, _ body: () throws -> T) rethrows -> T {
        let before = deadline
        defer { deadline = before?.afterLateLimit(steps) }
        let latest = before.flatMap { $0.isLate ? $0.latest : $0.at } ?? .max
        deadline = StatementDeadline(
            limit: limit, at: nil, latest: latest, isLate: true, stepsBefore: steps)
        return try body()
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    func installProgressHandler() {
        sqlite3_progress_handler(
            handle, Self.interval,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                return connection.isOverdue() ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    private func isOverdue() -> Bool {
        steps += 1
        if let mayGoOn, steps.isMultiple(of: Self.stepsBetweenQuestions), !mayGoOn() { return true }
        guard let deadline, steps - deadline.stepsBefore >= Self.fewestSteps else { return false }
        let now = Self.now()
        let at = deadline.at ?? min(now + Self.nanoseconds(deadline.limit), deadline.latest)
        self.deadline?.at = at
        return now >= at
    }

    /// How far this connection has come: what lies between two looks is what was done between them.
    package struct Progress: Sendable {
        /// Thousands of SQLite's instructions, whatever the machine did besides.
        package var steps: Int
        /// `CLOCK_MONOTONIC`.
        package var nanoseconds: Int64

        package init(steps: Int, nanoseconds: Int64) {
            self.steps = steps
            self.nanoseconds = nanoseconds
        }
    }

    package var progress: Progress { Progress(steps: steps, nanoseconds: Self.now()) }

    /// Asked twice a mail and more, so without the 128 bits of `Duration`.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
