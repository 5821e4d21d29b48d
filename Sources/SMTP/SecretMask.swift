internal import Delivery
internal import FoundationEssentials
internal import Glibc

/// Takes a secret out of a text that another side repeats.
///
/// | it stands there | hidden is |
/// |---|---|
/// | as it is, percent-encoded (RFC 3986, section 2.1), in hexadecimal | it |
/// | within base64 (RFC 4648, section 4), whatever stands before and behind it | the whole word |
/// | with spaces or enhanced codes in it, as where lines of a reply were joined | the whole text |
/// | a part of it, at least half of it or eight octets, in any of these forms (``SecretFragments``) | the whole word |
///
/// A text that was cut, or the part of a reply that comes alone, holds a part. What is shorter may stay.
///
/// `AUTH PLAIN` sends a password behind the user's name, and each mechanism for tokens has a form of its own: all of them
/// are base64.
struct SecretMask: Sendable {
    static let mark = "***"

    /// The longest first, since one may hold another.
    private let forms: [String]
    /// The characters that stand for octets of the secret alone, for each of the three places where it may begin.
    private let encoded: [String]
    /// The octets of all of them.
    private let patterns: [[UInt8]]
    private let fragments: SecretFragments
    /// Fewer might stand in any word; a shorter secret is found as its mechanism sends it.
    private static let fewest = 5
    /// Words that stand beside each other make a shorter one by chance.
    private static let long = 8

    /// - Parameter sent: What its mechanism sends, which is hidden however short the secret is.
    init(_ secret: String, sentAs sent: [String] = []) {
        let percent = String(decoding: PercentCoding.encode(secret.utf8), as: UTF8.self)
        let hex = secret.utf8.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }
            .joined()
        forms = (sent + [secret, percent, percent.lowercased(), hex, hex.uppercased()])
            .filter { !$0.isEmpty }
        let base64 = (0..<3).map { Self.encoded(secret, behind: $0) }
        let all = base64 + base64.map(Self.forURLs)
        encoded = all.filter { $0.utf8.count >= Self.fewest }
        patterns = Set(forms + encoded).map { Array($0.utf8) }
        fragments = SecretFragments(
            of: secret, as: [secret, percent, hex, hex.uppercased()] + encoded)
    }

    /// - Parameter octets: So many stand before it in its group of three.
    private static func encoded(_ secret: String, behind octets: Int) -> String {
        let all = Data(repeating: 0, count: octets) + Data(secret.utf8)
        let text = all.base64EncodedString()
        // Six bits each.
        let (start, end) = ((8 * octets + 5) / 6, 8 * all.count / 6)
        return String(text.prefix(end).dropFirst(start))
    }

    /// RFC 4648, section 5.
    private static func forURLs(_ text: String) -> String {
        text.replacing("+", with: "-").replacing("/", with: "_")
    }

    /// Asked of each reply, so nothing is allocated for it.
    func occurs(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { octets in
            patterns.contains { Self.occurs($0, in: octets) } || occursInPieces(in: octets)
                || fragments.occur(in: octets)
        }
    }

    private func occursInPieces(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { octets in occursInPieces(in: octets) }
    }

    /// Without the spaces, and without the enhanced codes that the lines of a reply begin with (RFC 2034, section 4).
    private func occursInPieces(in octets: UnsafeBufferPointer<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: octets.count) { kept in
            var count = 0
            var word = 0
            for index in 0...octets.count {
                let isEnd = index == octets.count || octets[index] == 0x20
                guard isEnd else {
                    kept[count] = octets[index]
                    count += 1
                    continue
                }
                if Self.isEnhancedCode(kept[word..<count]) { count = word }
                word = count
            }
            guard count < octets.count else { return false }
            let joined = UnsafeBufferPointer(rebasing: kept[..<count])
            return patterns.contains { $0.count >= Self.long && Self.occurs($0, in: joined) }
        }
    }

    /// `5.7.8`.
    private static func isEnhancedCode(_ word: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
        guard (5...9).contains(word.count) else { return false }
        var dots = 0
        var isBehindDigit = false
        for octet in word {
            let isDot = octet == 0x2E
            guard isDot ? isBehindDigit : (0x30...0x39).contains(octet) else { return false }
            if isDot { dots += 1 }
            isBehindDigit = !isDot
        }
        return dots == 2 && isBehindDigit
    }

    private static func occurs(
        _ pattern: [UInt8], in octets: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let start = UnsafeRawPointer(octets.baseAddress) else { return false }
        // One more than the last place where it may begin.
        let end = octets.count - pattern.count + 1
        var place = 0
        while place < end, let found = memchr(start + place, Int32(pattern[0]), end - place) {
            guard memcmp(found, pattern, pattern.count) != 0 else { return true }
            place = UnsafeRawPointer(found) - start + 1
        }
        return false
    }

    func hide(in text: String) -> String {
        guard occurs(in: text) else { return text }
        let withoutWhole = hideWhole(in: text)
        guard !occursInPieces(in: withoutWhole) else { return Self.mark }
        let hidden = fragments.hide(in: withoutWhole)
        return occurs(in: hidden) ? Self.mark : hidden
    }

    /// Where no space stands in it.
    private func hideWhole(in text: String) -> String {
        let text = forms.reduce(text) { $0.replacing($1, with: Self.mark) }
        guard encoded.contains(where: text.contains) else { return text }
        var shown = ""
        var rest = text[...]
        while !rest.isEmpty {
            let word = rest.prefix(while: Self.isOfBase64)
            shown += encoded.contains(where: word.contains) ? Self.mark[...] : word
            rest = rest.dropFirst(word.count)
            if let next = rest.popFirst() { shown.append(next) }
        }
        return shown
    }

    private static func isOfBase64(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || "+/-_=".contains(character))
    }
}
