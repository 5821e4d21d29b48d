internal import Delivery

/// Where lines go: the format, the ways out, and what is left out on the way.
///
/// | format | a line goes |
/// |---|---|
/// | text, json | to the descriptor |
/// | journal | over the journal's native socket, with fields; where that is missing, to the descriptor with its priority in front, which the journal reads too |
struct LogOutput: ~Copyable {
    var format: LogFormat
    private var sink: LogSink
    private var journal: JournalSocket
    private var repeats = LogRepeats()

    init(format: LogFormat, descriptor: Int32, journal: String) {
        self.format = format
        sink = LogSink(descriptor: descriptor)
        self.journal = JournalSocket(path: journal)
    }

    var lost: Int { sink.lost + journal.lost }

    /// What to wait for until it can be written, where something is kept; nil if nothing is.
    var fullDescriptor: Int32? { sink.fullDescriptor ?? journal.fullDescriptor }

    mutating func write(_ event: LogEvent, _ fields: LogFields, at now: ClockReading) {
        tellRepeats(at: now)
        if event.isRecord || repeats.admits(event, fields, at: now.steady) {
            put(event, event.line.level, fields, at: now)
        }
    }

    /// Lines wait for ``flush()``, or until there are too many.
    mutating func gather() { sink.gather() }

    /// Writes the lines that wait.
    mutating func flush() { sink.flush() }

    /// Tries once more what a reader did not take.
    mutating func push() {
        sink.push()
        journal.push()
    }

    mutating func tellRepeats(at now: ClockReading, all: Bool = false) {
        for more in repeats.takeOver(at: now.steady, all: all) {
            var fields: LogFields = ["of": "\(more.event.rawValue)", "count": .int(more.count)]
            fields.append(contentsOf: more.fields)
            put(.repeated, more.event.line.level, fields, at: now)
        }
    }

    private mutating func put(
        _ event: LogEvent, _ level: LogLevel, _ fields: LogFields, at now: ClockReading
    ) {
        if format == .journal {
            let lost = journal.lost
            if lost > 0 {
                let record = JournalRecord.bytes(
                    .linesLost, level: .warning, ["lost": .int(lost)])
                _ = journal.tell(record)
            }
            if journal.send(JournalRecord.bytes(event, level: level, fields)) { return }
        }
        let report = lostLine(at: now)
        sink.write(
            LogLine.render(format, time: now.wall, level: level, event: event, fields: fields),
            report: report)
    }

    private func lostLine(at now: ClockReading) -> (Int) -> [UInt8] {
        let format = format
        return { lost in
            LogLine.render(
                format, time: now.wall, level: .warning, event: .linesLost,
                fields: ["lost": .int(lost)])
        }
    }
}
