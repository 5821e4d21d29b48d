import Glibc

/// A message, and what has to be known of it before it goes over the wire.
///
/// The storing thread looks at each octet once it has composed a mail. The sending thread, which often shares its
/// processor with the relay, then only copies the message (``MessageContent``).
package struct SurveyedMessage: Sendable {
    /// Lines that end in CRLF, dots not doubled.
    package let octets: [UInt8]
    /// How many lines begin with a dot.
    let dots: Int
    /// Why it can't go out.
    let fault: MessageContent.Fault?

    /// One of any origin, such as a copy that was kept.
    package init(_ octets: [UInt8]) {
        self.init(octets, octets.withUnsafeBytes { Survey($0, onlyHeader: false) })
    }

    /// One that was composed a moment ago: its header is looked through, with names and addresses that others chose.
    ///
    /// The rest is quoted-printable or base64: neither has a NUL, a line break that is not CRLF, or a dot at the start
    /// of a line. A debug build looks through it, too, and so does the fuzzer.
    package init(composed octets: [UInt8]) {
        let survey = octets.withUnsafeBytes { Survey($0, onlyHeader: true) }
        assert(survey == octets.withUnsafeBytes { Survey($0, onlyHeader: false) })
        self.init(octets, survey)
    }

    private init(_ octets: [UInt8], _ survey: Survey) {
        self.octets = octets
        dots = survey.dots
        fault = survey.holdsNul ? .nul : survey.holdsBareBreak ? .bareLineBreak : nil
    }

    private struct Survey: Equatable {
        var dots = 0
        var holdsBareBreak = false
        var holdsNul = false

        /// - Parameter onlyHeader: Up to the first empty line (RFC 5322, section 2.1).
        init(_ bytes: UnsafeRawBufferPointer, onlyHeader: Bool) {
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
            var end = bytes.count
            var pairs = 0
            var line = 0
            while line < bytes.count {
                if bytes[line] == UInt8(ascii: ".") { dots += 1 }
                guard let found = memchr(base + line, 0x0A, bytes.count - line) else { break }
                let newline = UnsafeRawPointer(found) - base
                if newline == 0 || bytes[newline - 1] != 0x0D { holdsBareBreak = true }
                pairs += 1
                if onlyHeader, newline == line + 1, bytes[line] == 0x0D {
                    end = newline + 1
                    break
                }
                line = newline + 1
            }
            let seen = UnsafeRawBufferPointer(rebasing: bytes[..<end])
            holdsNul = memchr(base, 0, end) != nil
            // Each LF has its CR; a CR more than there are LF is a bare one.
            if Self.count(of: 0x0D, in: seen) != pairs { holdsBareBreak = true }
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
