/// What reads input from outside, and what must hold whatever it reads.
protocol FuzzTarget: Sendable {
    /// Its name on the command line, and of its file in `Corpus`.
    static var name: String { get }
    /// Longer inputs are cut, in octets.
    static var longest: Int { get }
    /// Pieces that mean something in such input.
    static var words: [String] { get }

    /// Reads the input, and compares what came of it with what was promised.
    static func check(_ input: [UInt8]) throws(Broken)
}

extension FuzzTarget {
    static var longest: Int { 4_096 }
}

/// A promise that an input breaks.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// - Parameter what: What does not hold, if the condition is false.
func demand(_ condition: Bool, _ what: @autoclosure () -> String) throws(Broken) {
    guard condition else { throw Broken(what()) }
}

enum FuzzTargets {
    static let all: [any FuzzTarget.Type] = [
        AddressTarget.self, HeaderTarget.self, ContentTarget.self, SettingsTarget.self,
        ReplyTarget.self, JournalTarget.self, AttachmentsTarget.self,
    ]

    static func named(_ name: String) -> (any FuzzTarget.Type)? { all.first { $0.name == name } }
}
