import Glibc

/// A system call that failed: which one, and the error number.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package var call: String
    package var code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(Self.text(of: code))" }

    /// It may pass by itself, or when somebody makes room.
    package var isLackOfSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// The system's words for an error number. (Safe between threads since glibc 2.32.)
    package static func text(of code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }

    /// Repeats a call that a signal interrupted.
    static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
