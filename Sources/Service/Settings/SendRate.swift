/// The most mails to send in a span of time.
package struct SendRate: Hashable, Sendable, CustomStringConvertible {
    /// 1 to 1,000,000.
    package var count: Int
    /// A second or a minute.
    package var span: Duration

    package init(count: Int, span: Duration) {
        self.count = count
        self.span = span
    }

    /// `50/s` or `600/m`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = PlainNumber.parse(parts[0], in: 1...1_000_000) else {
            return nil
        }
        switch parts[1] {
        case "s": self.init(count: count, span: .seconds(1))
        case "m": self.init(count: count, span: .seconds(60))
        default: return nil
        }
    }

    package var description: String { "\(count)/\(span == .seconds(60) ? "m" : "s")" }
}
