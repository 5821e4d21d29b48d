package import Delivery
internal import Synchronization

/// The log: lines on stderr or in systemd's journal, from any thread.
///
/// It never throws, never waits and never stops outboxd: what a reader does not take is kept in a bounded
/// buffer, and what does not fit there is counted and told.
package final class Log: Sendable {
    /// Priority of the least that is written; see ``isEnabled(_:)``.
    private let threshold: Atomic<Int>
    private let clock: @Sendable () -> ClockReading
    private let output: Mutex<LogOutput>
    /// Somebody waits for the reader and then writes what is kept.
    private let isDraining = Atomic<Bool>(false)

    /// - Parameters:
    ///   - descriptor: where to write; it stays the caller's. stderr by default.
    ///   - journal: the journal's socket; where there is none, lines for it go to the descriptor.
    package init(
        level: LogLevel, format: LogFormat, descriptor: Int32 = 2,
        journal: String = JournalSocket.standardPath,
        clock: @escaping @Sendable () -> ClockReading = {
            ClockReading(wall: SystemClock().wallNow(), steady: SystemClock().steadyNow())
        }
    ) {
        threshold = Atomic(level.priority)
        self.clock = clock
        output = Mutex(LogOutput(format: format, descriptor: descriptor, journal: journal))
    }

    /// Another level and format from now on.
    package func use(_ settings: LogSettings) {
        threshold.store(settings.level.priority, ordering: .relaxed)
        output.withLock { $0.format = settings.format }
    }

    /// Lines lost since the last that went out.
    package var lostLines: Int { output.withLock { $0.lost } }

    /// Lines below the level cost one comparison.
    package func isEnabled(_ level: LogLevel) -> Bool {
        level.priority <= threshold.load(ordering: .relaxed)
    }

    /// Writes a line.
    ///
    /// The fields are only made if the level is enabled.
    package func log(_ event: LogEvent, _ fields: @autoclosure () -> LogFields = [:]) {
        guard isEnabled(event.line.level) else { return }
        let (now, fields) = (clock(), fields())
        output.withLock { $0.write(event, fields, at: now) }
        drainIfFull()
    }

    /// Writes the lines that `body` logs together, as far as they fit: a call of write(2) for each of
    /// hundreds of lines would cost more than the lines.
    package func together(_ body: () -> Void) {
        output.withLock { $0.gather() }
        body()
        output.withLock { $0.flush() }
        drainIfFull()
    }

    /// Tells how many lines were left out as repeats, where their time is over; now and then.
    package func tick() {
        let now = clock()
        output.withLock { $0.tellRepeats(at: now) }
        drainIfFull()
    }

    /// The last words: what is kept is written, if the reader takes it within the time.
    package func finish(within patience: Duration = .seconds(1)) {
        let now = clock()
        output.withLock { $0.tellRepeats(at: now, all: true) }
        let end = SystemClock().steadyNow() + patience
        while let descriptor = output.withLock({ $0.fullDescriptor }) {
            let left = end - SystemClock().steadyNow()
            guard left > .zero else { return }
            _ = Waiting.poll([descriptor], writing: true, timeout: left)
            output.withLock { $0.push() }
        }
    }

    /// A thread of its own waits for a reader that takes nothing; it ends when nothing is kept any more.
    private func drainIfFull() {
        guard output.withLock({ $0.fullDescriptor != nil }),
            !isDraining.exchange(true, ordering: .acquiringAndReleasing)
        else { return }
        do throws(SystemError) {
            _ = try OSThread(name: "log", stackSize: 1 << 17) { [self] in drain() }
        } catch {
            // The next line tries again.
            isDraining.store(false, ordering: .releasing)
        }
    }

    private func drain() {
        while let descriptor = output.withLock({ $0.fullDescriptor }) {
            _ = Waiting.poll([descriptor], writing: true, timeout: .seconds(1))
            output.withLock { $0.push() }
        }
        isDraining.store(false, ordering: .releasing)
    }
}
