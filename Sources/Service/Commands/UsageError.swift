/// A command line that can't be understood: one line that says what, and what to do (exit code 64).
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
