/// Parts of a secret, as they are left where a text was cut, or comes in pieces.
///
/// Each is as long as half of the secret, from five to eight octets, so that it fits a machine word.
struct SecretFragments: Sendable {
    /// Fewer might stand in any word.
    private static let shortest = 5
    private static let longest = 8

    /// Octets; 0: the secret is shorter than that.
    private let length: Int
    /// All of them, as numbers.
    private let known: Set<UInt64>

    /// - Parameter forms: How the secret may be written.
    init(of secret: String, as forms: [String]) {
        let count = secret.utf8.count
        guard count >= Self.shortest else {
            (length, known) = (0, [])
            return
        }
        let length = min(Self.longest, max(Self.shortest, (count + 1) / 2))
        self.length = length
        known = Set(forms.flatMap { Self.fragments(of: $0, length) })
    }

    private static func fragments(of form: String, _ length: Int) -> [UInt64] {
        let octets = Array(form.utf8)
        guard octets.count >= length else { return [] }
        return (0...octets.count - length).map { start in
            octets[start..<start + length].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    func occur(in octets: UnsafeBufferPointer<UInt8>) -> Bool {
        first(in: octets, from: 0) != nil
    }

    /// Hides the words that hold one.
    func hide(in text: String) -> String {
        var text = text
        return text.withUTF8 { octets in
            var shown: [UInt8] = []
            var start = 0
            while let found = first(in: octets, from: start) {
                let before = octets[start..<found.lowerBound]
                let word = before.reversed().prefix(while: Self.isOfWord)
                shown += before.dropLast(word.count)
                shown += SecretMask.mark.utf8
                start = end(of: found, in: octets)
            }
            shown += octets[start...]
            return String(decoding: shown, as: UTF8.self)
        }
    }

    /// Where the word ends, with the fragments that overlap.
    private func end(of found: Range<Int>, in octets: UnsafeBufferPointer<UInt8>) -> Int {
        var end = found.upperBound
        while true {
            end += octets[end...].prefix(while: Self.isOfWord).count
            guard let next = first(in: octets, from: max(0, end - length + 1)),
                next.lowerBound <= end
            else { return end }
            end = next.upperBound
        }
    }

    private func first(in octets: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
        guard length > 0, octets.count - start >= length else { return nil }
        let mask = UInt64.max >> UInt64(8 * (8 - length))
        var fragment: UInt64 = 0
        for index in start..<octets.count {
            fragment = (fragment << 8 | UInt64(octets[index])) & mask
            let begin = index + 1 - length
            if begin >= start, known.contains(fragment) { return begin..<index + 1 }
        }
        return nil
    }

    /// What a base64 word is made of, or stands beside ASCII in a word.
    private static func isOfWord(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: "+/-_=".utf8.contains(octet)
        }
    }
}
