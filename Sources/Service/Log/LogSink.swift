internal import Glibc

/// Writes whole lines to a descriptor and survives whatever happens there: a closed pipe (SIGPIPE
/// must be ignored), a full disk, a reader that has fallen asleep.
///
/// It never waits: what is not taken at once is kept, up to ``mostKept``. What did not fit, or could not be
/// written, is counted and said when writing works again.
struct LogSink: ~Copyable {
    private let descriptor: Int32
    private let kind: Kind
    /// Lines lost since the last that went out.
    private(set) var lost = 0
    /// A line broke off in its middle: the next starts on a line of its own.
    private var isMidLine = false
    private var isGathering = false
    /// The reader takes nothing for now.
    private var isFull = false
    /// Lines, of which the first `written` bytes went out.
    private var kept: [UInt8] = []
    private var written = 0
    /// Where the report of lost lines ends in ``kept``, and how many it tells, until it went out.
    private var report: (end: Int, lost: Int)?

    private enum Kind {
        /// send(2) can be told not to wait.
        case socket
        /// A disk.
        case file
        /// A pipe or a terminal: up to PIPE_BUF bytes go without waiting where poll(2) says that there is room.
        case pipe
    }

    /// POSIX promises that others who write to the same pipe don't come in between up to this
    /// (PIPE_BUF, pipe(7)); a single line may be longer.
    private static let atOnce = 4_096
    /// Some hundreds of lines, some thousands of short ones.
    static let mostKept = 1 << 18

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            // Writing says at once what is wrong with it.
            kind = .file
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: kind = .socket
        case S_IFREG: kind = .file
        default: kind = .pipe
        }
    }

    /// nil while nothing waits for the reader.
    var fullDescriptor: Int32? { isFull ? descriptor : nil }

    /// Lines wait for ``flush()``, or until there are too many.
    mutating func gather() { isGathering = true }

    /// Writes the lines that wait.
    mutating func flush() {
        isGathering = false
        push()
    }

    /// Writes a line, with its end, or keeps it.
    ///
    /// What was lost before is reported in front of it.
    mutating func write(_ line: [UInt8], report: (_ lost: Int) -> [UInt8]) {
        if isGathering, kept.count - written + line.count > Self.atOnce { push() }
        if isFull { push() }
        let before = lost > 0 ? report(lost) : []
        guard kept.count - written + before.count + line.count <= Self.mostKept else {
            lost += 1
            return
        }
        kept += before
        if !before.isEmpty {
            self.report = (kept.count, lost + (self.report?.lost ?? 0))
            lost = 0
        }
        kept += line
        if !isGathering { push() }
    }

    /// Writes what is kept, as far as it is taken.
    mutating func push() {
        if isMidLine, written < kept.count, !isFull {
            kept.insert(0x0A, at: written)
            report?.end += 1
            isMidLine = false
        }
        isFull = false
        while written < kept.count {
            let result = writeOnce(min(kept.count - written, nextPiece()))
            if result > 0 {
                written += result
            } else if result < 0, errno == EAGAIN {
                isFull = true
                break
            } else {
                return giveUp()
            }
        }
        trim()
    }

    /// Whole lines, as many as go at once; else a piece of a long one.
    private func nextPiece() -> Int {
        let rest = kept[written...]
        guard kind != .file, rest.count > Self.atOnce else { return rest.count }
        let piece = rest.prefix(Self.atOnce)
        return piece.lastIndex(of: 0x0A).map { $0 + 1 - written } ?? piece.count
    }

    private func writeOnce(_ count: Int) -> Int {
        let start = written
        return kept.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.advanced(by: start)
            switch kind {
            case .socket:
                let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
                return SystemError.retrying { Glibc.send(descriptor, base, count, flags) }
            case .file: break
            case .pipe:
                guard Waiting.poll([descriptor], writing: true, timeout: .zero) == [true] else {
                    errno = EAGAIN
                    return -1
                }
            }
            return SystemError.retrying { Glibc.write(descriptor, base, count) }
        }
    }

    /// Nobody will take what is kept.
    private mutating func giveUp() {
        isMidLine = written > 0 && kept[written - 1] != 0x0A
        if let report, written < report.end {
            // The report was for nothing, and is no line that anybody misses.
            lost += report.lost - 1
        }
        report = nil
        lost += kept[written...].count { $0 == 0x0A }
        kept.removeAll(keepingCapacity: true)
        written = 0
    }

    private mutating func trim() {
        if let report, written >= report.end { self.report = nil }
        if written == kept.count {
            kept.removeAll(keepingCapacity: kept.capacity <= 1 << 16)
            written = 0
        } else if written > Self.mostKept / 2 {
            kept.removeFirst(written)
            report = report.map { ($0.end - written, $0.lost) }
            written = 0
        }
    }
}
