import Glibc

/// A message as it goes over the wire after 354: dots doubled (RFC 5321, section 4.5.2), the last
/// line ended, and the final dot behind it.
package struct MessageContent: Sendable {
    /// Why a message can't go out.
    ///
    /// A bare CR or LF is refused and not repaired: what one side takes for the end of a line and
    /// the other does not is how mails are smuggled (CVE-2023-51764).
    package enum Fault: Error, Hashable, Sendable {
        case bareLineBreak, nul

        var text: String {
            switch self {
            case .bareLineBreak: "the message holds a CR or LF that ends no line"
            case .nul: "the message holds a NUL"
            }
        }
    }

    package let bytes: [UInt8]

    /// A missing last CRLF is added.
    package init(_ message: SurveyedMessage) throws(Fault) {
        if let fault = message.fault { throw fault }
        let octets = message.octets
        let isEnded = octets.isEmpty || octets.last == UInt8(ascii: "\n")
        let end: StaticString = isEnded ? ".\r\n" : "\r\n.\r\n"
        let count = octets.count + message.dots + end.utf8CodeUnitCount
        bytes = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            octets.withUnsafeBytes { source in
                Self.copy(source, to: UnsafeMutableRawBufferPointer(target), dots: message.dots)
            }
            memcpy(
                target.baseAddress! + (count - end.utf8CodeUnitCount), end.utf8Start,
                end.utf8CodeUnitCount)
            initialized = count
        }
    }

    /// Copies line by line only where a dot has to be doubled.
    private static func copy(
        _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, dots: Int
    ) {
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        guard dots > 0 else {
            memcpy(to, from, source.count)
            return
        }
        var read = 0
        var written = 0
        while read < source.count {
            if source[read] == UInt8(ascii: ".") {
                target[written] = UInt8(ascii: ".")
                written += 1
            }
            let newline = memchr(from + read, 0x0A, source.count - read)
            let next = newline.map { UnsafeRawPointer($0) - from + 1 } ?? source.count
            memcpy(to + written, from + read, next - read)
            written += next - read
            read = next
        }
    }
}
