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

    /// - Parameter message: lines that end in CRLF, dots not doubled. A missing last CRLF is added.
    package init(_ message: [UInt8]) throws(Fault) {
        let survey = message.withUnsafeBytes { Survey($0) }
        if survey.holdsNul { throw .nul }
        if survey.holdsBareBreak { throw .bareLineBreak }
        let isEnded = message.isEmpty || message.last == UInt8(ascii: "\n")
        let end: StaticString = isEnded ? ".\r\n" : "\r\n.\r\n"
        let count = message.count + survey.dots + end.utf8CodeUnitCount
        bytes = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            message.withUnsafeBytes { source in
                Self.copy(source, to: UnsafeMutableRawBufferPointer(target), dots: survey.dots)
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

    /// What has to be known of a message before it is copied.
    private struct Survey {
        var dots = 0
        var holdsBareBreak = false
        var holdsNul = false

        init(_ bytes: UnsafeRawBufferPointer) {
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
            holdsNul = memchr(base, 0, bytes.count) != nil
            var pairs = 0
            var line = 0
            while line < bytes.count {
                if bytes[line] == UInt8(ascii: ".") { dots += 1 }
                guard let found = memchr(base + line, 0x0A, bytes.count - line) else { break }
                let newline = UnsafeRawPointer(found) - base
                if newline == 0 || bytes[newline - 1] != 0x0D { holdsBareBreak = true }
                pairs += 1
                line = newline + 1
            }
            // Each LF has its CR; a CR more than there are LF is a bare one.
            if Self.count(of: 0x0D, in: bytes) != pairs { holdsBareBreak = true }
        }

        /// Counts in an octet as long as that holds the number: so the compiler looks at sixteen octets at once.
        private static func count(of octet: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
            guard let base = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return 0 }
            var count = 0
            var index = 0
            while index < bytes.count {
                let end = min(bytes.count, index + Int(UInt8.max))
                var few: UInt8 = 0
                while index < end {
                    few &+= base[index] == octet ? 1 : 0
                    index &+= 1
                }
                count += Int(few)
            }
            return count
        }
    }
}
