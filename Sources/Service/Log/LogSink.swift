import Glibc

/// Writes whole lines to a descriptor and survives whatever happens there: a closed pipe (SIGPIPE
/// must be ignored), a full disk, a reader that has fallen asleep.
///
/// What could not be written is counted and said when writing works again.
struct LogSink: ~Copyable {
    private let descriptor: Int32
    /// Lines lost since the last that went out.
    private(set) var lost = 0
    /// A line broke off in its middle: the next starts on a line of its own.
    private var isMidLine = false
    private var isGathering = false
    private var gathered: [UInt8] = []
    private var gatheredLines = 0

    /// POSIX promises that others who write to the same pipe don't come in between up to this
    /// (PIPE_BUF, pipe(7)); a single line may be longer.
    private static let mostGathered = 4_096

    /// How long a full pipe is waited for before a line is given up; only once, not for each of the
    /// lines after it.
    private static let patience: Duration = .milliseconds(100)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Lines wait for ``flush(report:)``, or until there are too many.
    mutating func gather() { isGathering = true }

    /// Writes the lines that wait.
    mutating func flush(report: (_ lost: Int) -> [UInt8]) {
        isGathering = false
        writeGathered(report)
    }

    /// Writes a line, with its end, or keeps it for ``flush(report:)``.
    mutating func write(_ line: [UInt8], report: (_ lost: Int) -> [UInt8]) {
        if gathered.count + line.count > Self.mostGathered { writeGathered(report) }
        gathered += line
        gatheredLines += 1
        if !isGathering { writeGathered(report) }
    }

    /// Writes in one call of write(2) where the system takes it whole.
    ///
    /// What was lost before is reported in front of it, in the same call: a short report alone
    /// would go into a pipe that is too full for any line, again and again.
    private mutating func writeGathered(_ report: (_ lost: Int) -> [UInt8]) {
        guard gatheredLines > 0 else { return }
        let before = (isMidLine ? [0x0A] : []) + (lost > 0 ? report(lost) : [])
        let bytes = before + gathered
        let written = bytes.withUnsafeBytes { writeAll($0) }
        if written > 0 { isMidLine = bytes[written - 1] != 0x0A }
        let missing = bytes[max(written, before.count)...].count { $0 == 0x0A }
        lost = missing + (written < before.count ? lost : 0)
        gathered.removeAll(keepingCapacity: true)
        gatheredLines = 0
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let result = SystemError.retrying {
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if result >= 0 {
                offset += result
            } else if errno != EAGAIN || !isReadyAgain() {
                break
            }
        }
        return offset
    }

    private func isReadyAgain() -> Bool {
        let patience = lost > 0 ? .zero : Self.patience
        return Waiting.poll([descriptor], writing: true, timeout: patience) == [true]
    }
}
