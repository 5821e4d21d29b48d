/// Reads what was encoded for the wire, as a mail program would, and refuses what a strict one would.
enum MIMEReader {
    // MARK: Quoted-printable (RFC 2045, section 6.7)

    /// - Returns: with LF at line ends.
    static func quotedPrintable(_ text: [UInt8]) throws(Broken) -> [UInt8] {
        var octets: [UInt8] = []
        let lines = try lines(of: text, limit: 76)
        for (number, line) in lines.enumerated() {
            try demand(
                line.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 },
                "quoted-printable holds what is not printable")
            try demand(line.last != 0x20 && line.last != 0x09, "a line ends in white space")
            var rest = line[...]
            var isSoft = false
            while let octet = rest.popFirst() {
                guard octet == UInt8(ascii: "=") else {
                    octets.append(octet)
                    continue
                }
                isSoft = rest.isEmpty
                if isSoft { break }
                octets.append(try hex(rest.popFirst(), rest.popFirst()))
            }
            if !isSoft, number < lines.count - 1 { octets.append(0x0A) }
            try demand(!isSoft || number < lines.count - 1, "a soft line break ends the text")
        }
        return octets
    }

    private static func hex(_ high: UInt8?, _ low: UInt8?) throws(Broken) -> UInt8 {
        let digits = Array("0123456789ABCDEF".utf8)
        guard let high, let low, let left = digits.firstIndex(of: high),
            let right = digits.firstIndex(of: low)
        else { throw Broken("= stands before what is no upper-case hexadecimal number") }
        return UInt8(left * 16 + right)
    }

    /// Without their CRLF; what follows the last one is a line too.
    static func lines(of text: [UInt8], limit: Int) throws(Broken) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for octet in text {
            try demand((octet == 0x0A) == (previous == 0x0D), "a CR or LF stands alone")
            previous = octet
            switch octet {
            case 0x0A: lines.append([])
            case 0x0D: continue
            default: lines[lines.count - 1].append(octet)
            }
        }
        try demand(previous != 0x0D, "a CR stands alone")
        for line in lines {
            try demand(line.count <= limit, "a line of \(line.count) octets; \(limit) are allowed")
        }
        return lines
    }

    // MARK: Base64 (RFC 2045, section 6.8)

    static func base64(lines text: [UInt8]) throws(Broken) -> [UInt8] {
        try base64(Array(lines(of: text, limit: 76).joined()))
    }

    static func base64(_ text: [UInt8]) throws(Broken) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        try demand(text.count % 4 == 0 && padding <= 2, "base64 that is not made of fours")
        var octets: [UInt8] = []
        var bits = 0
        var count = 0
        for digit in text.dropLast(padding) {
            guard let value = digits.firstIndex(of: digit) else {
                throw Broken("no digit of base64")
            }
            bits = (bits << 6 | value) & 0xFFF_FFFF
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            octets.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        try demand(bits & ((1 << count) - 1) == 0, "base64 has bits left over")
        return octets
    }

    // MARK: The dialogue (RFC 5321, section 4.5.2)

    /// The message as the relay takes it from what is sent after 354.
    static func unstuffed(_ sent: [UInt8]) throws(Broken) -> [UInt8] {
        var lines = try lines(of: sent, limit: .max)
        try demand(lines.popLast() == [], "the content does not end its last line")
        try demand(lines.popLast() == [UInt8(ascii: ".")], "no final dot")
        try demand(!lines.contains([UInt8(ascii: ".")]), "a dot that is not the final one")
        return lines.flatMap { line in
            Array(line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]) + [0x0D, 0x0A]
        }
    }
}
