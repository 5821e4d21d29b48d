/// The words of the command line, taken one by one.
struct ArgumentList {
    private var rest: ArraySlice<String>

    init(_ words: [String]) {
        rest = words[...]
    }

    mutating func next() -> String? { rest.popFirst() }

    mutating func number(for option: String) throws -> Int {
        try Self.number(rest.popFirst() ?? "", option)
    }

    /// Separated by commas.
    mutating func numbers(for option: String) throws -> [Int] {
        try (rest.popFirst() ?? "").split(separator: ",", omittingEmptySubsequences: false)
            .map { try Self.number(String($0), option) }
    }

    private static func number(_ word: String, _ option: String) throws -> Int {
        guard let number = Int(word), (1...100_000_000).contains(number) else {
            throw Problem("\(option) takes a number from 1 on")
        }
        return number
    }
}
