/// Numbers of ASCII digits only: no sign, no blanks.
enum PlainNumber {
    static func parse(_ text: some StringProtocol, in range: ClosedRange<Int>) -> Int? {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}
