/// A piece of a reply's text as HTML shows it.
///
/// What was written stays as it is, each mark and each space; only its looks follow from what it is.
enum TextBlock: Equatable {
    /// Lines with no empty one between them, and how many empty lines follow.
    case paragraph([Range<Int>], emptyLines: Int)
    /// One line each: `- apples`, `2. pears`.
    case list([Range<Int>], emptyLines: Int)
    /// Between two fences, these with what is between them, or what looks like code (``CodeLook``): indented, behind an
    /// empty line or one that ends with a colon; behind a fence without a second one; or without any of these.
    case code(Range<Int>, emptyLines: Int)

    var isList: Bool {
        if case .list = self { true } else { false }
    }

    /// Its lines; nil for code.
    var words: Range<Int>? {
        switch self {
        case .paragraph(let lines, _), .list(let lines, _):
            guard let first = lines.first, let last = lines.last else { return nil }
            return first.lowerBound..<last.upperBound
        case .code: return nil
        }
    }

    /// - Parameter text: With LF at line ends.
    static func blocks(of text: [UInt8]) -> [TextBlock] {
        var builder = TextBlockBuilder(text)
        return builder.build()
    }
}
