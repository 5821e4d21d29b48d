internal import Glibc
internal import Service

/// Results go to stdout, all else to stderr.
enum Terminal {
    /// - Throws: ``SystemError`` where stdout does not take it (a full disk, a closed pipe).
    static func print(_ text: String) throws(SystemError) {
        try write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// One line for the person at the terminal. Where even stderr is gone there is nobody to tell.
    static func complain(_ line: String) {
        let text = "outboxd: \(Escaping.printable(line, limit: 4_096))\n"
        do throws(SystemError) {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return
        }
    }

    /// Progress, as it is: for stderr.
    static func progress(_ text: String) {
        do throws(SystemError) {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return  // As above.
        }
    }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(call: "write", code: errno)
            }
            rest = rest.dropFirst(count)
        }
    }
}
