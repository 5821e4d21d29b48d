package import Delivery
import Synchronization

/// The log: lines on stderr, one write each, from any thread.
///
/// It never throws and never stops outboxd.
package final class Log: Sendable {
    /// Lines below it cost one comparison.
    package let level: LogLevel
    private let format: LogFormat
    private let clock: @Sendable () -> WallTime
    private let sink: Mutex<LogSink>

    /// - Parameter descriptor: where to write; it stays the caller's. stderr by default.
    package init(
        level: LogLevel, format: LogFormat, descriptor: Int32 = 2,
        clock: @escaping @Sendable () -> WallTime = { SystemClock().wallNow() }
    ) {
        self.level = level
        self.format = format
        self.clock = clock
        sink = Mutex(LogSink(descriptor: descriptor))
    }

    /// Lines lost since the last that went out.
    package var lostLines: Int { sink.withLock { $0.lost } }

    package func isEnabled(_ level: LogLevel) -> Bool { level >= self.level }

    /// Writes a line.
    ///
    /// Message and fields are only made if the level is enabled.
    package func log(
        _ level: LogLevel, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> LogFields = [:]
    ) {
        guard isEnabled(level) else { return }
        write(level, message(), fields())
    }

    package func debug(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
    ) {
        log(.debug, message(), fields())
    }

    package func info(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
    ) {
        log(.info, message(), fields())
    }

    package func notice(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
    ) {
        log(.notice, message(), fields())
    }

    package func warning(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
    ) {
        log(.warning, message(), fields())
    }

    package func error(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = [:]
    ) {
        log(.error, message(), fields())
    }

    /// Writes the lines that `body` logs together, as far as they fit: a call of write(2) for each of
    /// hundreds of lines would cost more than the lines.
    package func together(_ body: () -> Void) {
        sink.withLock { $0.gather() }
        body()
        sink.withLock { sink in
            sink.flush { render(.warning, "log lines were lost", ["lost": .int($0)]) }
        }
    }

    private func write(_ level: LogLevel, _ message: String, _ fields: LogFields) {
        let line = render(level, message, fields)
        sink.withLock { sink in
            sink.write(line) { lost in
                render(.warning, "log lines were lost", ["lost": .int(lost)])
            }
        }
    }

    private func render(_ level: LogLevel, _ message: String, _ fields: LogFields) -> [UInt8] {
        LogLine.render(format, time: clock(), level: level, message: message, fields: fields)
    }
}
