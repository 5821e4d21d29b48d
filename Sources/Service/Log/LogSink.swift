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

    /// How long a full pipe is waited for before a line is given up; only once, not for each of the
    /// lines after it.
    private static let patience: Int32 = 100

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes a line, with its end, in one call of write(2) where the system takes it whole.
    ///
    /// What was lost before is reported in front of it, in the same call: a short report alone
    /// would go into a pipe that is too full for any line, again and again.
    mutating func write(_ line: [UInt8], report: (_ lost: Int) -> [UInt8]) {
        let bytes = (isMidLine ? [0x0A] : []) + (lost > 0 ? report(lost) : []) + line
        let written = bytes.withUnsafeBytes { writeAll($0) }
        if written > 0 { isMidLine = written < bytes.count }
        lost = written == bytes.count ? 0 : lost + 1
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
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, lost > 0 ? 0 : Self.patience) > 0
    }
}
