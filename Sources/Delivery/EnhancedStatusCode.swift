/// An enhanced status code such as 5.1.1 (RFC 3463, section 2).
package struct EnhancedStatusCode: Hashable, Sendable, CustomStringConvertible {
    package var classDigit: Int
    package var subject: Int
    package var detail: Int

    package init(_ classDigit: Int, _ subject: Int, _ detail: Int) {
        self.classDigit = classDigit
        self.subject = subject
        self.detail = detail
    }

    package var description: String { "\(classDigit).\(subject).\(detail)" }
}
