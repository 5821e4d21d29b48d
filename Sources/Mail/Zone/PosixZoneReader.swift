/// Takes the parts of a ``PosixZone`` from its text.
struct PosixZoneReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Character) -> Bool {
        rest.first.map { $0 == character.asciiValue } ?? false
    }

    mutating func take(_ character: Character) -> Bool {
        guard isAt(character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Three letters or more, or what stands in angle brackets.
    mutating func name() -> String? {
        let isQuoted = take("<")
        let name = rest.prefix { octet in
            let isLetter = (0x41...0x5A).contains(octet & 0xDF)
            let isDigitOrSign = (0x30...0x39).contains(octet) || octet == 0x2B || octet == 0x2D
            return isLetter || isQuoted && isDigitOrSign
        }
        rest = rest.dropFirst(name.count)
        guard (3...8).contains(name.count), !isQuoted || take(">") else { return nil }
        return String(Substring(name))
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds; at most a week.
    mutating func offset() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard var seconds = number(0...167).map({ $0 * 3_600 }) else { return nil }
        for unit in [60, 1] where take(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...3).contains(digits.count), let number = Int(Substring(digits)),
            range.contains(number)
        else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }
}
