import Glibc

/// A system call that failed: which one, on what, and what the system said.
package struct SystemCallError: Error, CustomStringConvertible {
    package let description: String
    /// The value of `errno`.
    package let number: Int32

    /// To be made directly after the call: reads `errno`.
    package init(_ call: String, number: Int32 = errno) {
        self.number = number
        self.description = "\(call): \(String(cString: strerror(number)))"
    }
}

/// The result of a system call, unless it is -1; then an error that names it.
@discardableResult
func check<Number: SignedInteger>(
    _ result: Number, _ call: @autoclosure () -> String
) throws -> Number {
    let number = errno
    guard result != -1 else { throw SystemCallError(call(), number: number) }
    return result
}
